"""One vector for each text, in a file beside the index; made once, kept over rebuilds, taken up where it was left.

The file is a head and then one record a text: 16 bytes that name it by its content, then ``DIMENSIONS`` whole numbers
of one byte. Records are only ever added, so what was written stays true when an index is made anew, and copies share
one. A record that a killed process left unfinished is cut off.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Final

import numpy as np

from indexer.semantic.encoder import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from indexer.announcement import Announcement
    from indexer.semantic.encoder import Encoder, Vector

VECTORS_FILE: Final = "meaning.vectors"  # in the folder of the index
NAMES_FILE: Final = (
    "meaning.names"  # beside it: a line for each text, [key in hexadecimal digits, id of an announcement]
)
PASSAGE_CHARS: Final = 400  # of title and body: what an announcement is about stands there; 0.3 s of one core to encode
_HEAD: Final = b"policy-search e5-small-q4 1\n"  # another model or passage asks for another head
_KEY_BYTES: Final = 16
_RECORD: Final = np.dtype([("key", f"V{_KEY_BYTES}"), ("vector", np.int8, DIMENSIONS)])
_SCALE: Final = 127
_AT_ONCE: Final = 8192  # vectors that are numbers of four bytes at one time: 12 MB


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

    def nearest(self, question: Vector, limit: int) -> list[tuple[bytes, float]]:
        """Return the keys of the texts that are nearest to a question, best first, each with its cosine."""
        keys, cosines = list(self._rows), np.empty(len(self), dtype=np.float32)
        rows = np.fromiter(self._rows.values(), dtype=np.int64, count=len(keys))
        for at in range(0, len(keys), _AT_ONCE):
            some = self._vectors[rows[at : at + _AT_ONCE]].astype(np.float32)
            cosines[at : at + _AT_ONCE] = some @ question / np.linalg.norm(some, axis=1)
        best = np.argsort(-cosines, kind="stable")[:limit]
        return [(keys[one], float(cosines[one])) for one in best.tolist()]


def add_vectors(file: Path, announcements: Iterable[Announcement], encoder: Encoder) -> int:
    """Encode what has no vector yet, and return how many were added; each is kept as soon as it is made."""
    known, added = Vectors(file), 0
    names: dict[bytes, str] = {}  # of copies the first
    _cut(file)
    with file.open("ab") as out:
        for announcement in announcements:
            passage = passage_of(announcement)
            key = key_of(passage)
            if key not in known and key not in names:
                out.write(key + _quantised(encoder.passage(passage)).tobytes())
                out.flush()
                added += 1
            names.setdefault(key, announcement.id)
    _write_names(file.with_name(NAMES_FILE), names)
    return added


def _write_names(file: Path, names: Mapping[bytes, str]) -> None:
    beside = file.with_suffix(".new")
    lines = (json.dumps([key.hex(), announcement_id]) + "\n" for key, announcement_id in names.items())
    beside.write_text("".join(lines), encoding="ascii")
    beside.replace(file)


def read_names(file: Path) -> dict[bytes, str]:
    """Return the id of an announcement for the key of each text; {} if that was never written down."""
    try:
        with file.open(encoding="ascii") as lines:
            return {bytes.fromhex(key): announcement_id for key, announcement_id in map(json.loads, lines)}
    except FileNotFoundError:
        return {}


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
