"""The folders and files that an index is made from: which they are, which of them are gone, which have moved.

A root that is not there keeps its pages: a drive may not be mounted. It is retired by hand, or when a new root turns
out to hold its pages under the same names.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.errors import PathUnreadable, RootUnknown
from indexer.indexing.ledger import Ledger
from indexer.light_dataclass import dataclass
from indexer.messages import said
from indexer.reading.corpus import covers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from indexer.indexing.ledger import Row
    from indexer.reading.corpus import Root

MOVED_SHARE = 0.5  # of a vanished root's pages that must lie, unchanged, under the same names in a new one


@dataclass(frozen=True, slots=True)
class KnownRoot:
    """A root as it is listed."""

    path: str
    label: str  # which the paths of its pages begin with
    pages: int
    there: bool

    def to_json(self) -> dict[str, Any]:
        """Write it for programs."""
        return {"path": self.path, "label": self.label, "pages": self.pages, "there": self.there}


def known_roots(ledger: bytes) -> list[KnownRoot]:
    """Return the roots of an index, out of its ledger."""
    read = Ledger.from_bytes(ledger)
    return [
        KnownRoot(str(root.place), root.label, len(read.pages_of(root)), root.place.exists()) for root in read.roots
    ]


def named(roots: Iterable[Root], path: Path) -> Root:
    """Return the root of this path or label; raises ``RootUnknown``."""
    place = Path(os.path.abspath(path))  # noqa: PTH100 (it may be gone, and links are kept as given)
    roots = tuple(roots)
    for root in roots:
        if place == root.place or str(path) == root.label:
            return root
    raise RootUnknown(path, [str(root.place) for root in roots])


def those_there(roots: Sequence[Root]) -> tuple[Root, ...]:
    """Return the roots that are there; raises ``PathUnreadable`` when none is."""
    there = tuple(root for root in roots if root.place.exists())
    if not there:
        places = ", ".join(str(root.place) for root in roots)
        raise PathUnreadable(places, said("none of the folders that the index was made from is there; name one"))
    return there


def covered(roots: Iterable[Root], new: Sequence[Root]) -> list[Root]:
    """Return the known roots that lie in one of the new ones, which reads their pages from now on."""
    return [old for old in roots if any(covers(one, old.place) for one in new if one.label != old.label)]


def moved(old: Ledger, new: Sequence[Root], rows: Sequence[Row]) -> list[tuple[Root, Root]]:
    """Return each vanished root with the new one that holds its pages now."""
    known = {root.label for root in old.roots}
    fresh = {root: _held(root, rows) for root in new if root.top not in known}
    found: list[tuple[Root, Root]] = []
    for root in old.roots:
        if root.place.exists():
            continue
        held = _held(root, old.rows)
        target = next((one for one, pages in fresh.items() if held and _share(held, pages) >= MOVED_SHARE), None)
        if target is not None:
            found.append((root, target))
    return found


def _held(root: Root, rows: Sequence[Row]) -> set[tuple[str, str, int, str]]:
    """Return the pages of a root by their names in it and what they hold."""
    return {
        (row.place.file.removeprefix(root.label), row.place.entry, row.place.line, row.digest)
        for row in rows
        if row.place.root == root.top
    }


def _share(held: set[tuple[str, str, int, str]], pages: set[tuple[str, str, int, str]]) -> float:
    return len(held & pages) / len(held)
