"""The list of contents beside a text: its chapters with their articles and what each is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from indexer.light_dataclass import dataclass
from indexer.relations.clauses import gist

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexer.relations.clauses import Clause, Structure

CONTENTS_FROM: Final = 3  # entries; fewer need no list
CONTENTS_BODY_CHARS: Final = 800  # about one screen of text; what fits on a screen needs no list either
MOST_ENTRIES: Final = 2_000  # the Civil Code has 1,400
OPEN_ENTRIES: Final = 150  # in a longer list the articles of a chapter are folded


@dataclass(frozen=True, slots=True)
class Entry:
    """One clause in the list of contents."""

    anchor: str
    start: int  # where it begins in the body
    label: str
    gist: str
    below: tuple[Entry, ...] = ()
    folded: bool = False  # what is below it is folded away


def contents_of(structure: Structure, texts: Mapping[int, int]) -> tuple[Entry, ...]:
    """Return the entries of the widest clauses with those below them; () for a text that needs none.

    An item of an outline is listed only if it has a heading: a numbered sentence is none. ``texts`` are those of
    attachments, each with its number, and stand at the end.
    """
    body = structure.body
    files = tuple(
        Entry(f"file{number}", start, "", body[start : body.find("\n", start)])
        for start, number in sorted(texts.items())
    )
    clauses = structure.clauses
    listed = [at for at, one in enumerate(clauses) if _is_listed(one)][:MOST_ENTRIES]
    if len(listed) + len(files) < CONTENTS_FROM or len(structure.body) < CONTENTS_BODY_CHARS:
        return ()
    folded = len(listed) > OPEN_ENTRIES
    below: dict[int, list[Entry]] = {-1: []}
    for at in reversed(listed):
        one = clauses[at]
        entries = tuple(reversed(below.get(at, ())))
        label = "" if one.kind == "title" else one.label
        about = one.label if one.kind == "title" else gist(structure.body, one)
        folds = folded and bool(entries) and any(not entry.below for entry in entries)
        below.setdefault(_parent(clauses, at), []).append(Entry(one.anchor, one.start, label, about, entries, folds))
    return (*reversed(below[-1]), *files)


def _is_listed(clause: Clause) -> bool:
    return clause.kind not in ("item", "subitem", "point", "subpoint") or (
        clause.kind in ("item", "subitem") and bool(clause.heading)
    )


def _parent(clauses: tuple[Clause, ...], at: int) -> int:
    """Return the place of the nearest clause above that is listed; -1 for none."""
    parent = clauses[at].parent
    while parent >= 0 and not _is_listed(clauses[parent]):
        parent = clauses[parent].parent
    return parent
