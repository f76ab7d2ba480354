"""How an announcement is cited: GB/T 7714-2015, electronic bulletin [EB/OL], or [Z] where no address is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from indexer.announcement import Announcement
    from indexer.answers.results import Hit


def citation(a: Announcement | Hit, today: date) -> str:
    """Write the line: issuer. title: number[EB/OL]. (published)[cited]. address. Missing parts are left out."""
    title = f"{a.title}: {a.number}" if a.number and a.number not in a.title else a.title
    published = f"({a.published})" if a.published else ""
    parts = [a.source, title + ("[EB/OL]" if a.url else "[Z]"), f"{published}[{today}]", a.url]
    return ". ".join(part for part in parts if part) + "."
