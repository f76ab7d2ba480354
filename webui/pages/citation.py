"""What of an announcement goes into a reference to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.relations.reference_formats import Reference, gbt7714

if TYPE_CHECKING:
    from datetime import date

    from indexer.announcement import Announcement
    from indexer.answers.results import Hit


def reference(a: Announcement | Hit, today: date, clause: str = "") -> Reference:
    """Return what is cited on that day: an announcement, or a clause of it."""
    return Reference(a.id, a.title, today, a.source, a.number, a.published, a.url, clause)


def citation(a: Announcement | Hit, today: date, clause: str = "") -> str:
    """Write the line of GB/T 7714-2015."""
    return gbt7714(reference(a, today, clause))
