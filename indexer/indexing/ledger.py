"""What became of each page, kept with the index so that an update need read only what changed.

A row a page. What the index itself does not hold of a page (a repost folded under another
announcement, say) is kept here whole, for it takes over when its leader vanishes.
"""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64decode, b64encode
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from indexer.reading.corpus import Root

if TYPE_CHECKING:
    from collections.abc import Iterable

LEDGER_FORMAT = 1

# What became of a page that was read: it leads, or it is folded under another as one of these.
Fate = Literal["leads", "repost", "duplicate", "attached"]

_PLAIN = ("path", "origin", "digest", "skipped", "id", "fate", "leader", "attached", "spare")
_NUMBERED = re.compile(r"(.*)#(\d+)", re.DOTALL)


@dataclass(slots=True)
class Row:
    """One page: where it lies, what it held, what became of it."""

    path: str
    origin: str  # absolute
    digest: str  # of its bytes, and of what it may carry along
    skipped: str = ""  # the reason; all that follows is empty then
    id: str = ""
    fingerprint: bytes = b""
    fate: Fate = "leads"
    leader: str = ""  # id of the announcement that it is folded under; "" when it leads
    attached: tuple[str, ...] = ()  # paths of the files beside it whose text went into it
    spare: dict[str, Any] | None = field(default=None, repr=False)  # announcement.to_json of a folded one

    @property
    def order(self) -> tuple[str, int]:
        """Where it stands among all pages, whatever order they were given in; lines count as numbers."""
        line = _NUMBERED.fullmatch(self.path)
        return (line[1], int(line[2])) if line else (self.path, 0)


@dataclass(slots=True)
class Ledger:
    """All pages of an index, and the paths that they came from."""

    roots: tuple[Root, ...] = ()
    rows: list[Row] = field(default_factory=list)

    def to_bytes(self) -> bytes:
        """Write it as packed JSON Lines."""
        head = {"format": LEDGER_FORMAT, "roots": [[str(root.place), root.label] for root in self.roots]}
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
            ledger.rows += map(_read_row, lines)
        ledger._doubt_what_leads_twice()
        return ledger

    def _doubt_what_leads_twice(self) -> None:
        """Have pages of one id read again that lead each in its part: nobody knows which of them is in the index."""
        leading = Counter(row.id for row in self.rows if row.fate == "leads" and not row.skipped)
        for row in self.rows:
            if leading[row.id] > 1:
                row.digest = ""

    def by_path(self) -> dict[str, Row]:
        """The rows by path, each of which is there once."""
        return {row.path: row for row in self.rows}


def _row_line(row: Row) -> str:
    values = {name: getattr(row, name) for name in _PLAIN if getattr(row, name)}
    if row.fingerprint:
        values["fingerprint"] = b64encode(row.fingerprint).decode("ascii")
    # Names with undecodable bytes hold lone surrogates, which only ASCII JSON can carry.
    return json.dumps(values, ensure_ascii=True, separators=(",", ":"))


def _read_row(line: str) -> Row:
    values = json.loads(line)
    values["fingerprint"] = b64decode(values.get("fingerprint", ""))
    values["attached"] = tuple(values.get("attached", ()))
    return Row(**{"digest": "", **values})


def lies_below(path: str, roots: Iterable[Root]) -> bool:
    """Return whether a page's path is that of one of these roots or of something in them."""
    return any(
        path == root.label or path.startswith((f"{root.label}/", f"{root.label}#", f"{root.label}!/")) for root in roots
    )
