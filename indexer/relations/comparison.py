"""Two texts side by side: aligned clause by clause, and within a clause word by word.

Exact: what is shown of each text, joined in the order of that text, is the text. Bounded, however the texts were made:
clauses beyond the limits of ``indexer.relations.word_changes`` are told as changed as a whole.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from heapq import nsmallest
from itertools import chain
from typing import TYPE_CHECKING, Final, Literal

from indexer.light_dataclass import dataclass
from indexer.relations.clauses import Structure
from indexer.relations.word_changes import word_changes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.relations.clauses import Clause
    from indexer.relations.word_changes import Changed, Pieces

# same: letter for letter; renumbered: but for the number; changed: some words differ; added, gone: in one text alone.
Change = Literal["same", "renumbered", "changed", "added", "gone"]

ALIKE: Final = 0.5  # share of neighbouring signs that two clauses have in common to be one, wherever they stand
ALIKE_OF_ONE_NUMBER: Final = 0.2  # the same for two of one number or heading
COMPARED_CHARS: Final = 400_000  # of each text; what follows is compared as a whole
_MOST_HOLDERS: Final = 8  # clauses that hold a pair of signs; one that more hold tells nothing
_BLANK: Final = " \t\n\u3000\xa0\u2002\u200b#*"


@dataclass(frozen=True, slots=True)
class Side:
    """A clause of one of the two texts, or what stands between two clauses."""

    start: int  # characters [start, end) of the text, with the space behind
    end: int
    anchor: str  # of the clause; "" for what stands before the first one or in no clause
    labels: tuple[str, ...]  # from the widest: 第三章, 第十二条; () as above
    pieces: Pieces  # the whole of it in order: (start, end, whether it is changed)


@dataclass(frozen=True, slots=True)
class Row:
    """What is set side by side."""

    change: Change
    moved: bool  # it stands elsewhere among its neighbours
    a: Side | None  # None for what was added
    b: Side | None  # None for what is gone
    coarse: bool = False  # the words were not compared: too long, or too little alike


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two texts aligned, in the order of the second; what is gone stands where it stood."""

    rows: tuple[Row, ...]

    @property
    def counts(self) -> dict[Change, int]:
        """Return how many rows there are of each change."""
        counted = Counter(row.change for row in self.rows)
        kinds: tuple[Change, ...] = ("same", "renumbered", "changed", "added", "gone")
        return {kind: counted.get(kind, 0) for kind in kinds}


@dataclass(frozen=True, slots=True)
class _Segment:
    """A stretch of a text that is aligned as one."""

    start: int
    end: int
    anchor: str
    labels: tuple[str, ...]
    text: str  # without its number and the space around
    heading: bool


def compare(a: str, b: str) -> Comparison:
    """Set two texts side by side."""
    of_a, of_b = _segments(a), _segments(b)
    partner = _aligned(of_a, of_b)
    staying = _in_order([partner[at] for at in sorted(partner)], sorted(partner))
    differing = [(at, place) for at, place in partner.items() if not _letter_for_letter(a, b, of_a[at], of_b[place])]
    ranges = [(of_a[at].start, of_a[at].end, of_b[place].start, of_b[place].end) for at, place in differing]
    changes = dict(zip(differing, word_changes(a, b, ranges), strict=True))
    rows: list[Row] = []
    backwards = {place: at for at, place in partner.items()}
    shown = 0  # of the first text, as far as it stays in order
    for place, segment in enumerate(of_b):
        at = backwards.get(place)
        if at is None:
            rows.append(_alone(segment, "added"))
            continue
        if at in staying:
            rows += [_alone(of_a[gone], "gone") for gone in range(shown, at) if gone not in partner]
            shown = at + 1
        rows.append(_row(of_a[at], segment, changes.get((at, place)), moved=at not in staying))
    rows += [_alone(of_a[gone], "gone") for gone in range(shown, len(of_a)) if gone not in partner]
    return Comparison(tuple(rows))


def _letter_for_letter(a: str, b: str, one: _Segment, other: _Segment) -> bool:
    return a[one.start : one.end].strip(_BLANK) == b[other.start : other.end].strip(_BLANK)


def _segments(text: str) -> list[_Segment]:
    """Cut a text where clauses begin; one without clauses, and what stands before the first, at line ends."""
    structure = Structure(text[:COMPARED_CHARS])
    clauses = structure.clauses
    first = clauses[0].start if clauses else len(structure.body)
    bounds: list[tuple[int, Clause | None]] = [(start, None) for start in _line_starts(text, first)]
    bounds += [(one.start, one) for one in clauses]
    if len(text) > COMPARED_CHARS:
        bounds.append((COMPARED_CHARS, None))
    found = []
    for place, (start, clause) in enumerate(bounds):
        end = bounds[place + 1][0] if place + 1 < len(bounds) else len(text)
        labels = tuple(one.label for one in structure.path(clause)) if clause else ()
        inside = text[start:end].strip(_BLANK)
        said = inside[len(clause.label) :].strip(_BLANK) if clause and inside.startswith(clause.label) else inside
        heading = clause is not None and clause.kind in ("annex", "book", "chapter", "section", "title")
        found.append(_Segment(start, end, clause.anchor if clause else "", labels, said, heading))
    return found


def _line_starts(text: str, end: int) -> Iterator[int]:
    """Yield where the lines up to ``end`` begin; blank ones belong to the line before."""
    start = 0
    while start < end:
        line_end = text.find("\n", start, end)
        line_end = end if line_end < 0 else line_end
        if text[start:line_end].strip() or start == 0:
            yield start
        start = line_end + 1


# ── aligning ─────────────────────────────────────────────────────────────────────────────────────────


def _aligned(of_a: Sequence[_Segment], of_b: Sequence[_Segment]) -> dict[int, int]:
    """Return which clause of the second text each clause of the first one became."""
    partner: dict[int, int] = {}
    taken: set[int] = set()

    def pair(at: int, place: int) -> None:
        partner[at] = place
        taken.add(place)

    for at, place in _equal(of_a, of_b):
        pair(at, place)
    scores = _likeness(of_a, of_b, partner, taken)
    for least, needs_name in ((ALIKE_OF_ONE_NUMBER, True), (ALIKE, False)):
        order = sorted(scores.items(), key=lambda one: (-one[1], abs(one[0][0] - one[0][1]), one[0]))
        for (at, place), score in order:
            fits = score >= least and (not needs_name or _one_name(of_a[at], of_b[place], score))
            if fits and at not in partner and place not in taken:
                pair(at, place)
    for at, place in _headings(of_a, of_b):
        if at not in partner and place not in taken:
            pair(at, place)
    return partner


def _one_name(one: _Segment, other: _Segment, score: float) -> bool:
    """Return whether two bear one number; of two that are very much alike it does not matter."""
    return score > 0.8 or (bool(one.anchor) and one.anchor == other.anchor)


def _equal(of_a: Sequence[_Segment], of_b: Sequence[_Segment]) -> Iterator[tuple[int, int]]:
    """Yield clauses with the same words: of one name first, then in their order."""
    waiting: dict[tuple[str, bool], list[int]] = {}
    for place in range(len(of_b) - 1, -1, -1):
        waiting.setdefault((of_b[place].text, of_b[place].heading), []).append(place)
    by_name = {(one.anchor, one.text): place for place, one in enumerate(of_b) if one.anchor}
    named = {at: by_name[one.anchor, one.text] for at, one in enumerate(of_a) if (one.anchor, one.text) in by_name}
    yield from named.items()
    used = set(named.values())
    for at, one in enumerate(of_a):
        if at in named:
            continue
        places = waiting.get((one.text, one.heading), [])
        while places and places[-1] in used:
            places.pop()
        if places:
            used.add(places[-1])
            yield at, places.pop()


def _headings(of_a: Sequence[_Segment], of_b: Sequence[_Segment]) -> Iterator[tuple[int, int]]:
    """Yield headings of one number, whatever they say."""
    places = {one.anchor: place for place, one in enumerate(of_b) if one.heading}
    yield from ((at, places[one.anchor]) for at, one in enumerate(of_a) if one.heading and one.anchor in places)


def _likeness(
    of_a: Sequence[_Segment], of_b: Sequence[_Segment], partner: dict[int, int], taken: set[int]
) -> dict[tuple[int, int], float]:
    """Return for clauses without a partner how alike they are: Dice's share of the pairs of neighbouring signs."""
    pairs_of_b = {place: _pairs(one.text) for place, one in enumerate(of_b) if place not in taken}
    holders: dict[str, list[int]] = {}
    for place, pairs in pairs_of_b.items():
        for pair in pairs:
            holders.setdefault(pair, []).append(place)
    scores: dict[tuple[int, int], float] = {}
    for at, one in enumerate(of_a):
        if at in partner:
            continue
        pairs = _pairs(one.text)
        told = (held for pair in pairs if len(held := holders.get(pair, ())) <= _MOST_HOLDERS)
        votes = Counter(chain.from_iterable(told))
        # Not by ``most_common``, which goes by the order of a set: another in each process.
        candidates = nsmallest(_MOST_HOLDERS, votes.items(), key=lambda one: (-one[1], one[0]))
        for place, _ in candidates:
            if one.heading == of_b[place].heading:
                scores[at, place] = 2 * len(pairs & pairs_of_b[place]) / (len(pairs) + len(pairs_of_b[place]) or 1)
    return scores


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(min(len(text), COMPARED_CHARS) - 1)} or {text}


def _in_order(places: Sequence[int], ats: Sequence[int]) -> set[int]:
    """Return which of the first text's clauses stay in order: a longest rising row of their places."""
    ends: list[int] = []  # least place at which a rising row of each length ends
    of_end: list[int] = []
    before: list[int] = []
    for index, place in enumerate(places):
        length = bisect_left(ends, place)
        before.append(of_end[length - 1] if length else -1)
        if length == len(ends):
            ends.append(place)
            of_end.append(index)
        else:
            ends[length], of_end[length] = place, index
    staying: set[int] = set()
    index = of_end[-1] if of_end else -1
    while index >= 0:
        staying.add(ats[index])
        index = before[index]
    return staying


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────


def _alone(one: _Segment, change: Literal["added", "gone"]) -> Row:
    side = Side(one.start, one.end, one.anchor, one.labels, ((one.start, one.end, True),))
    return Row(change, moved=False, a=side if change == "gone" else None, b=side if change == "added" else None)


def _row(one: _Segment, other: _Segment, changed: Changed | None, *, moved: bool) -> Row:
    change: Change = "same" if changed is None else "renumbered" if one.text == other.text else "changed"
    of_a = changed.of_a if changed else ((one.start, one.end, False),)
    of_b = changed.of_b if changed else ((other.start, other.end, False),)
    return Row(
        change,
        moved,
        Side(one.start, one.end, one.anchor, one.labels, of_a),
        Side(other.start, other.end, other.anchor, other.labels, of_b),
        changed.coarse if changed else False,
    )
