"""One vector for each text, in a file beside the index; made once, kept over rebuilds, taken up where it was left.

The file is a head and then one record a text: 16 bytes that name it by its content, then ``DIMENSIONS`` whole numbers
of one byte. Records are only ever added, so what was written stays true when an index is made anew, and copies share
one. A record that a killed process left unfinished is cut off.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import numpy as np

from indexer.semantic.encoder import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from indexer.announcement import Announcement
    from indexer.semantic.encoder import Encoder, Vector

VECTORS_FILE: Final = "meaning.vectors"  # in the folder of the index
PASSAGE_CHARS: Final = 400  # of title and body: what an announcement is about stands there; 0.3 s of one core to encode
_HEAD: Final = b"policy-search e5-small-q4 1\n"  # another model or passage asks for another head
_KEY_BYTES: Final = 16
_RECORD: Final = np.dtype([("key", f"V{_KEY_BYTES}"), ("vector", np.int8, DIMENSIONS)])
_SCALE: Final = 127


def passage_of(announcement: Announcement) -> str:
    """Return what is encoded of an announcement."""
    return f"{announcement.title}\n{announcement.body}".strip()[:PASSAGE_CHARS]


def key_of(passage: str) -> bytes:
    """Name a passage by its content."""
    return hashlib.blake2b(passage.encode("utf-8", "surrogatepass"), digest_size=_KEY_BYTES).digest()


class Vectors:
    """The vectors of one file, mapped."""

    def __init__(self, file: Path) -> None:
        """Open the file; a missing one, or one of another model, holds none."""
        self._rows: dict[bytes, int] = {}
        self._vectors: NDArray[np.int8] = np.zeros((0, DIMENSIONS), dtype=np.int8)
        if count := _whole_records(file):
            records = np.memmap(file, dtype=_RECORD, mode="r", offset=len(_HEAD), shape=(count,))
            self._rows = {key: row for row, key in enumerate(records["key"].tolist())}
            self._vectors = records["vector"]

    def __len__(self) -> int:
        """Count the texts."""
        return len(self._rows)

    def __contains__(self, key: bytes) -> bool:
        """Return whether a text has a vector."""
        return key in self._rows

    def cosines(self, question: Vector, keys: Sequence[bytes]) -> NDArray[np.float32]:
        """Return how near each text is to a question, from -1 to 1; NaN for those without a vector."""
        cosines = np.full(len(keys), np.nan, dtype=np.float32)
        known = [at for at, key in enumerate(keys) if key in self._rows]
        if known:
            vectors = self._vectors[[self._rows[keys[at]] for at in known]].astype(np.float32)
            cosines[known] = vectors @ question / np.linalg.norm(vectors, axis=1)
        return cosines


def add_vectors(file: Path, announcements: Iterable[Announcement], encoder: Encoder) -> int:
    """Encode what has no vector yet, and return how many were added; each is kept as soon as it is made."""
    known, added = Vectors(file), 0
    seen: set[bytes] = set()
    _cut(file)
    with file.open("ab") as out:
        for announcement in announcements:
            passage = passage_of(announcement)
            key = key_of(passage)
            if key in known or key in seen:
                continue
            seen.add(key)
            out.write(key + _quantised(encoder.passage(passage)).tobytes())
            out.flush()
            added += 1
    return added


def _quantised(vector: Vector) -> NDArray[np.int8]:
    """Return a vector in whole numbers of one byte; only its direction counts."""
    greatest = float(np.abs(vector).max()) or 1.0
    whole: NDArray[np.int8] = np.rint(vector * (_SCALE / greatest)).astype(np.int8)
    return whole


def _whole_records(file: Path) -> int:
    """Count the records that are whole; 0 if the file is missing or another's."""
    try:
        with file.open("rb") as opened:
            if opened.read(len(_HEAD)) != _HEAD:
                return 0
        return (file.stat().st_size - len(_HEAD)) // _RECORD.itemsize
    except FileNotFoundError:
        return 0


def _cut(file: Path) -> None:
    """Cut off an unfinished record; begin a file that is missing or another's."""
    count = _whole_records(file)
    with file.open("r+b" if count else "wb") as opened:
        if not count:
            opened.write(_HEAD)
        opened.truncate(len(_HEAD) + count * _RECORD.itemsize)
