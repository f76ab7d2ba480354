"""The account of a rebuild or update: what became of every page."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import field, fields
from typing import Any

from indexer.light_dataclass import dataclass
from indexer.skip_reasons import SkipReason


@dataclass(frozen=True, slots=True)
class Skipped:
    """A page that was not indexed."""

    path: str
    why: SkipReason

    @property
    def reason(self) -> str:
        """Return why, in English."""
        return str(self.why)


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A page that was indexed without some of what it holds."""

    path: str
    reason: str  # the field, and why it was cut or left out


@dataclass(slots=True)
class Report:
    """The account of a rebuild or update; ``read`` equals the sum of what became of the pages."""

    read: int = 0
    indexed: int = 0  # those that stand alone or lead their copies
    unchanged: int = 0
    removed: int = 0  # vanished from the given paths since the last time; not part of ``read``
    reposts: int = 0  # indexed, too, and shown under the announcement that they are copies of
    duplicates: int = 0  # not indexed: the same once more, or corrected by a later record of the same id
    corrected: int = 0  # how many of the duplicates are such corrected records
    shared_ids: int = 0  # announcements in the index under another id than their record's, which another one has
    attached: int = 0  # files whose text went to the page that carries them
    replaced_characters: int = 0  # U+FFFD over all pages
    skipped: list[Skipped] = field(default_factory=list)
    incomplete: list[Incomplete] = field(default_factory=list)  # of those indexed: a line a field cut or left out
    ignored: int = 0  # files beside the pages that are no pages by their ending: pictures, styles, scripts
    ignored_kinds: dict[str, int] = field(default_factory=dict)  # how many of each: .png 3, .* (hidden) 1, _files/ 2
    moved: list[tuple[str, str]] = field(default_factory=list)  # folders that are gone, and where their pages are now
    gone: list[str] = field(default_factory=list)  # known folders that are not there; their pages stay in the index
    seconds: float = 0.0  # from the beginning until the new index was written
    began: float = field(default=0.0, repr=False, compare=False)  # by ``time.monotonic``; 0.0 once it is over
    # What became of each page, for the next update; opaque to engines, which keep it with the index
    # and give it back by ``Engine.ledger``, not here.
    ledger: bytes = field(default=b"", repr=False)

    def end(self) -> None:
        """Take the time: called by engines when they write the report down."""
        if self.began:
            self.seconds, self.began = time.monotonic() - self.began, 0.0

    @property
    def folded(self) -> int:
        """Return how many pages do not stand in a list by themselves: copies, duplicates, what another page carries."""
        return self.reposts + self.duplicates + self.attached

    @property
    def unread_kinds(self) -> list[tuple[str, int]]:
        """Return the endings of files that are of no known kind, so were not read; the commonest first, with counts."""
        counts = Counter(self.ignored_kinds)
        counts.update(
            dict(one.why.values).get("ending", "*") for one in self.skipped if one.why.code == "no-known-kind"
        )
        return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))

    @property
    def adds_up(self) -> bool:
        """Return whether every page read is accounted for."""
        return self.read == self.indexed + self.unchanged + self.folded + len(self.skipped)


def report_json(report: Report) -> dict[str, Any]:
    """Write the account without its ledger, for programs and for the index that keeps it."""
    told = {one.name: getattr(report, one.name) for one in fields(Report) if one.name not in ("ledger", "began")}
    return told | {
        "moved": [list(pair) for pair in report.moved],
        "gone": list(report.gone),
        "seconds": round(report.seconds, 3),
        "skipped": [
            {"path": one.path, "reason": one.reason, "code": one.why.code, "values": dict(one.why.values)}
            for one in report.skipped
        ],
        "incomplete": [{"path": one.path, "reason": one.reason} for one in report.incomplete],
    }


def report_from_json(told: dict[str, Any]) -> Report:
    """Read what ``report_json`` wrote."""
    skipped = [Skipped(one["path"], SkipReason(one["code"], tuple(one["values"].items()))) for one in told["skipped"]]
    moved = [(here, there) for here, there in told["moved"]]
    incomplete = [Incomplete(**one) for one in told.get("incomplete", ())]
    return Report(**told | {"skipped": skipped, "moved": moved, "incomplete": incomplete})
