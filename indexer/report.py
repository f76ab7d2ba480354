"""The account of a rebuild or update: what became of every page."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Skipped:
    """A page that was not indexed."""

    path: str
    reason: str


@dataclass(slots=True)
class Report:
    """The account of a rebuild or update; ``read`` equals the sum of what became of the pages."""

    read: int = 0
    indexed: int = 0
    unchanged: int = 0
    removed: int = 0  # vanished from the given paths since the last time; not part of ``read``
    reposts: int = 0  # folded under another announcement
    duplicates: int = 0  # the same bytes or the same text once more
    attached: int = 0  # files whose text went to the page that carries them
    replaced_characters: int = 0  # U+FFFD over all pages
    skipped: list[Skipped] = field(default_factory=list)
    ignored: int = 0  # files beside the pages that are no pages by their ending: pictures, styles, scripts
    seconds: float = 0.0
    # What became of each page, for the next update; opaque to engines, which keep it with the index
    # and give it back by ``Engine.ledger``, not here.
    ledger: bytes = field(default=b"", repr=False)

    @property
    def folded(self) -> int:
        """Pages that are in the index only as part of another."""
        return self.reposts + self.duplicates + self.attached

    @property
    def adds_up(self) -> bool:
        """Whether every page read is accounted for."""
        return self.read == self.indexed + self.unchanged + self.folded + len(self.skipped)
