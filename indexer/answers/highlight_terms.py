"""What to look for in a text: the strings and document numbers of a query, ready to be found unit by unit."""

from __future__ import annotations

from functools import cached_property, lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from indexer.answers.results import Mark
from indexer.facts.document_number import ways_to_write
from indexer.light_dataclass import dataclass
from indexer.query.readings import WINDOW_UNITS
from indexer.query.runs import chains_of, marked_strings
from indexer.query.tree import Near, Node, NumberSeries, NumberTerm, Phrase, Share, Term, walk
from indexer.text.fold import CHARACTERS, RUN
from indexer.text.units import BREAK, units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from indexer.query.readings import Reading, ReadingName


@dataclass(frozen=True, slots=True)
class Row:
    """Units without a break between them."""

    text: str  # as they read in ``FoldedRows``
    runs: tuple[Mark, ...]  # where in it runs of letters and digits lie


@dataclass(frozen=True)
class LookedFor:
    """One row, or several with breaks between."""

    rows: tuple[Row, ...]

    @cached_property
    def length(self) -> int:
        """Count its characters."""
        return sum(len(row.text) for row in self.rows)

    @cached_property
    def is_plain(self) -> bool:
        """Return whether finding its characters is finding it: one row, without letters and digits."""
        return len(self.rows) == 1 and not self.rows[0].runs

    @cached_property
    def is_run(self) -> bool:
        """Return whether it is letters and digits alone."""
        return len(self.rows) == 1 and self.rows[0].runs == ((0, len(self.rows[0].text)),)


@dataclass(frozen=True, slots=True, eq=False)  # each is made once (``_needle``): to compare the parts takes longer
class Needle:
    """What to look for: a string, or the ways to write a document number."""

    ways: tuple[LookedFor, ...]
    title_only: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """The strings of one run: marked where all stand near each other, each by itself where they nowhere do."""

    rows: tuple[Needle, ...]
    window: int  # characters from the first to the last; a run of letters or digits between them counts as many
    words: tuple[Needle, ...] = ()  # what else of the run is marked where its strings nowhere stand together


@dataclass(frozen=True)
class Needles:
    """What of a query can be seen in a text: its strings and document numbers, without what must not be there."""

    looked_for: tuple[Needle, ...] = ()  # by themselves
    together: tuple[Together, ...] = ()

    @cached_property
    def longest_first(self) -> tuple[Needle, ...]:
        """Return all in the order in which they are looked for."""
        of_runs = (needle for run in self.together for needle in (*run.rows, *run.words))
        return tuple(sorted(dict.fromkeys((*self.looked_for, *of_runs)), key=lambda needle: -needle.ways[0].length))

    @cached_property
    def held_back(self) -> dict[Together, tuple[Needle, ...]]:
        """Return what of each run is not asked for by itself."""
        alone = {*self.looked_for}
        return {run: tuple(one for one in (*run.rows, *run.words) if one not in alone) for run in self.together}

    @cached_property
    def in_body(self) -> Needles:
        """Return the same without what was asked of titles alone."""
        if not any(one.title_only for one in self.longest_first):
            return self
        return Needles(
            tuple(one for one in self.looked_for if not one.title_only),
            tuple(run for run in self.together if not run.rows[0].title_only),
        )


def needles_of(root: Node | None, reading: Reading | None = None) -> Needles:
    """Gather what a query looks for in titles and bodies; nothing from under a "not".

    Read near, what is marked is each run and its strings; read otherwise, each run and its words, but a character that
    is no word by itself only in a row with its neighbours: 万 of 万元 is no match of 万江.
    """
    needles: dict[Needle, None] = {}
    together: dict[Together, None] = {}
    for leaf in walk(root):
        if isinstance(leaf, NumberTerm):
            needles[Needle(tuple(map(_string, ways_to_write(leaf.number))))] = None
        elif isinstance(leaf, NumberSeries):
            needles[Needle((_string(leaf.name),))] = None
        elif isinstance(leaf, Near):
            together[_near(leaf)] = None
        elif isinstance(leaf, Term | Phrase) and leaf.field in {"any", "title"}:
            needles.update(_needles_of((leaf.text,), leaf.field))
            if _by_words(leaf, reading.name if reading else "part"):
                _add_words(leaf, needles, together)
    if reading and reading.name == "near":
        for node in _strings_in(reading.root):
            if isinstance(node, Near):
                together[_near(node)] = None
            else:
                needles.update(_needles_of((node.text,), node.field))
    return Needles(tuple(needles), tuple(together))


def _near(node: Near) -> Together:
    rows = tuple(_needles_of(node.rows, node.field))
    return Together(rows, node.window + _letters_in(node.rows))


def _add_words(leaf: Term | Phrase, needles: dict[Needle, None], together: dict[Together, None]) -> None:
    """Add the strings and words of a run."""
    strings = [string for string in chains_of(leaf.text) if len(units(string)) > 1]
    others = [string for string in marked_strings(leaf.text) if string not in strings]
    if len(strings) > 1 or (strings and others):
        rows, words = (tuple(_needles_of(some, leaf.field)) for some in (strings, others))
        window = len(units(leaf.text)) + WINDOW_UNITS * (len(strings) - 1) + _letters_in(strings)
        together[Together(rows, window, words)] = None
        if len(rows) == 1:
            needles[rows[0]] = None
    else:
        needles.update(_needles_of((*strings, *others), leaf.field))


def _letters_in(strings: Iterable[str]) -> int:
    """Count the characters by which strings are longer than they have units."""
    return sum(_string(string).length - sum(unit != BREAK for unit in units(string)) for string in strings)


def _by_words(leaf: Term | Phrase, reading: ReadingName) -> bool:
    """Return whether the words of a leaf are looked for one by one."""
    return reading == "sentence" or (isinstance(leaf, Term) and reading in ("loose", "part"))


def _strings_in(root: Node) -> Iterator[Near | Phrase]:
    """Yield the strings of a reading, those that stand near each other as one; no single characters of a sentence."""
    for node in walk(root):
        match node:
            case Share(parts):
                found = (one for part in parts for one in _strings_in(part))
                yield from (one for one in found if isinstance(one, Near) or len(units(one.text)) > 1)
            case Near() | Phrase(field="any" | "title"):
                yield node
            case _:
                continue


def _needles_of(strings: Iterable[str], field: str) -> dict[Needle, None]:
    return dict.fromkeys(_needle(text, title_only=field == "title") for text in strings if _string(text).rows)


@lru_cache(maxsize=4096)
def _needle(text: str, *, title_only: bool) -> Needle:
    return Needle((_string(text),), title_only)


@lru_cache(maxsize=4096)  # titles and bodies are looked through with the same strings, and so is the next page
def _string(text: str) -> LookedFor:
    return LookedFor(tuple(_row(list(part)) for is_break, part in groupby(units(text), BREAK.__eq__) if not is_break))


def _row(part: Sequence[str]) -> Row:
    runs, length = [], 0
    for unit in part:
        if CHARACTERS[unit[0]][1] == RUN:
            runs.append((length, length + len(unit)))
        length += len(unit)
    return Row("".join(part), tuple(runs))
