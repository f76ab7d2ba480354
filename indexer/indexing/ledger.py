"""What became of each page, kept with the index so that an update need read only what changed.

A row a page. What the index itself does not hold of a page (a duplicate, say, or a file whose text went into another
page) is kept here whole, for it takes over when what stands for it vanishes.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections import Counter
from dataclasses import astuple, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from indexer.announcement import Place
from indexer.light_dataclass import dataclass
from indexer.reading.corpus import Root
from indexer.skip_reasons import SkipReason

if TYPE_CHECKING:
    from collections.abc import Iterable

LEDGER_FORMAT = 3

# What became of a page that was read. In the index: it stands alone or leads its copies, or it is such a copy. Not in
# it: the same stands there already, a later record of its id corrects it, or its text went into the page with it.
Fate = Literal["leads", "repost", "duplicate", "corrected", "attached"]
INDEXED: tuple[Fate, ...] = ("leads", "repost")

_PLAIN = ("path", "digest", "given", "id", "fate", "leader", "attached", "spare", "notes", "indexed")
_PACKED = ("content", "fingerprint")


@dataclass(slots=True)
class Row:
    """One page: where it lies, what it held, what became of it."""

    path: str  # as it is reported
    place: Place
    digest: str  # of its bytes, and of what it may carry along
    skipped: SkipReason | None = None  # the reason; all that follows is empty then
    given: str = ""  # its id as it was read
    id: str = ""  # its id in the index: the given one, unless another announcement has that
    content: bytes = b""  # digest of all that is found, filtered and shown of it, but for its address
    fingerprint: bytes = b""
    fate: Fate = "leads"
    leader: str = ""  # id of the announcement that stands for it; "" when it leads
    attached: tuple[str, ...] = ()  # paths of the files beside it whose text went into it
    notes: tuple[str, ...] = ()  # what of it was cut or left out
    indexed: int = 0  # when its announcement first came into the index, in seconds since 1970
    spare: dict[str, Any] | None = field(default=None, repr=False)  # announcement.to_json of one not in the index

    @property
    def order(self) -> tuple[str, str, str, int]:
        """Return where it stands among all pages, whatever order they were given in."""
        return (self.place.file, self.place.root, self.place.entry, self.place.line)

    @property
    def is_indexed(self) -> bool:
        """Return whether the index holds it."""
        return not self.skipped and self.fate in INDEXED


@dataclass(slots=True)
class Ledger:
    """All pages of an index, and the paths that they came from."""

    roots: tuple[Root, ...] = ()
    rows: list[Row] = field(default_factory=list)
    global_ids: bool = False  # one id means one announcement in all files: a later record corrects an earlier

    def to_bytes(self) -> bytes:
        """Write it as packed JSON Lines."""
        roots = [[str(root.place), root.label] for root in self.roots]
        head = {"format": LEDGER_FORMAT, "roots": roots, "global_ids": self.global_ids}
        lines = [json.dumps(head, ensure_ascii=True), *map(_row_line, self.rows)]
        return zlib.compress("\n".join(lines).encode("ascii"), 1)

    @classmethod
    def from_bytes(cls, packed: bytes) -> Ledger:
        """Read what ``to_bytes`` wrote; an empty ledger from b"" or from another format: all is read anew."""
        ledger = cls()
        while packed:  # one behind the other, when several processes rebuilt a part each
            unpacker = zlib.decompressobj()
            head, *lines = unpacker.decompress(packed).decode("ascii").split("\n")
            packed = unpacker.unused_data
            told = json.loads(head)
            if told["format"] != LEDGER_FORMAT:
                return cls()
            roots = (Root(Path(place), label) for place, label in told["roots"])
            ledger.roots = tuple(dict.fromkeys((*ledger.roots, *roots)))
            ledger.global_ids = ledger.global_ids or told["global_ids"]
            ledger.rows += map(_read_row, lines)
        ledger._doubt_what_stands_twice()
        return ledger

    def _doubt_what_stands_twice(self) -> None:
        """Have pages of one id read again that stand each in its part: nobody knows which of them is in the index."""
        held = Counter(row.id for row in self.rows if row.is_indexed)
        for row in self.rows:
            if held[row.id] > 1:
                row.digest = ""

    def by_place(self) -> dict[Place, Row]:
        """Return the rows by place, each of which is there once."""
        return {row.place: row for row in self.rows}

    def pages_of(self, root: Root) -> list[Row]:
        """Return the rows of the pages below a root."""
        return [row for row in self.rows if row.place.root == root.label]


def look_up(packed: bytes, identity: str) -> tuple[Root, Row] | None:
    """Find the row of an announcement in the index and the root it lies below, without reading all other rows.

    ``packed`` is what ``Ledger.to_bytes`` wrote; None if there is no such row, or the format is another one.
    """
    key = f'"id":{json.dumps(identity)}'.encode("ascii")
    while packed:
        unpacker = zlib.decompressobj()
        lines = unpacker.decompress(packed)
        packed = unpacker.unused_data
        told = json.loads(lines[: lines.find(b"\n")] if b"\n" in lines else lines)
        if told["format"] != LEDGER_FORMAT:
            return None
        roots = {label: Root(Path(place), label) for place, label in told["roots"]}
        at = lines.find(key)
        while at >= 0:
            end = lines.find(b"\n", at)
            end = len(lines) if end < 0 else end
            row = _read_row(lines[lines.rfind(b"\n", 0, at) + 1 : end].decode("ascii"))
            if row.id == identity and row.is_indexed and row.place.root in roots:
                return roots[row.place.root], row
            at = lines.find(key, end)
    return None


def _row_line(row: Row) -> str:
    values = {name: getattr(row, name) for name in _PLAIN if getattr(row, name)}
    values["place"] = astuple(row.place)
    if row.skipped:
        values["skipped"] = [row.skipped.code, dict(row.skipped.values)]
    for name in _PACKED:
        if getattr(row, name):
            values[name] = b64encode(getattr(row, name)).decode("ascii")
    # Names with undecodable bytes hold lone surrogates, which only ASCII JSON can carry.
    return json.dumps(values, ensure_ascii=True, separators=(",", ":"))


def _read_row(line: str) -> Row:
    values = json.loads(line)
    values["place"] = Place(*values["place"])
    if skipped := values.get("skipped"):
        values["skipped"] = SkipReason(skipped[0], tuple(skipped[1].items()))
    for name in _PACKED:
        values[name] = b64decode(values.get(name, ""))
    values["attached"] = tuple(values.get("attached", ()))
    values["notes"] = tuple(values.get("notes", ()))
    return Row(**{"digest": "", **values})


def lies_below(place: Place, roots: Iterable[Root]) -> bool:
    """Return whether a page lies in one of these roots, or is one."""
    return any(
        place.root == root.top and (place.file == root.label or place.file.startswith(f"{root.label}/"))
        for root in roots
    )
