"""The record that Whoosh keeps of one of our segments, and the names of its files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from whoosh.codec.base import Segment

from indexer.embedded.store.array_file import ArrayFile, Seal, seal_of
from indexer.embedded.store.segment_record import PARTS, SegmentRecord
from indexer.embedded.whoosh.codec import ArrayCodec

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from indexer.embedded.store.array_file import Array

INDEX_NAME = "MAIN"  # Whoosh's own default


class ArraySegment(Segment):  # type: ignore[misc]  # whoosh has no types
    """A segment as Whoosh knows it: how many documents, which of them are deleted, each file's length and checksum.

    Whoosh pickles it into its table of contents; deleting marks here and leaves the files alone.
    """

    def __init__(self, documents: int) -> None:
        super().__init__(INDEX_NAME)
        self._documents = documents
        self._deleted: set[int] = set()
        self.seals: dict[str, Seal] = {}

    def path(self, folder: Path, part: str) -> Path:
        """Name the file of a part."""
        return self.record().path(folder, part)

    def seal(self, folder: Path) -> None:
        """Record the files as they are now; they never change again."""
        self.seals = {part: seal_of(self.path(folder, part)) for part in PARTS}

    def open(self, folder: Path, part: str) -> ArrayFile:
        """Open the file of a part; raises ``Damaged`` if it is not the one that was sealed."""
        return self.record().open(folder, part)

    def live(self) -> Array:
        """Return for each document whether it is still there."""
        return self.record().live()

    def record(self) -> SegmentRecord:
        """Return what readers go by."""
        return SegmentRecord(str(self.segment_id()), self._documents, tuple(sorted(self._deleted)), self.seals)

    # What Whoosh asks of a segment.

    def codec(self) -> Any:
        """Return the codec that reads this segment."""
        return ArrayCodec()

    def should_assemble(self) -> bool:
        """Never into one compound file: Whoosh copies that into memory for every searcher."""
        return False

    def doc_count_all(self) -> int:
        """Count documents, deleted ones too."""
        return self._documents

    def deleted_count(self) -> int:
        """Count deleted documents."""
        return len(self._deleted)

    def deleted_docs(self) -> Iterator[int]:
        """Return the numbers of deleted documents."""
        return iter(sorted(self._deleted))

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        """Mark a document deleted, or not."""
        (self._deleted.add if delete else self._deleted.discard)(docnum)

    def is_deleted(self, docnum: int) -> bool:
        """Return whether a document is marked deleted."""
        return docnum in self._deleted
