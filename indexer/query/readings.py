"""Read a query: what an announcement must hold to be found, strictly at first, then step by step less so.

Unquoted runs can be read in three ways:

* **exact**: the run stands as typed, as a quoted string would;
* **near**: its strings (``query.runs``) stand in one window of the title or of the body. So a reader is shown what is
  on the matter: 数字政府 does not find every text with 数字 here and 政府 there;
* **loose**: its words stand anywhere.

A run is read near unless the reader chose otherwise. A sentence (``query.sentences``) is found by a fair share of its
words; but one that some text holds as typed is a name or a title, and is read near. When nothing is found, the next
reading is looser: words anywhere, then a year as the time of publication, then without a place that was typed, then a
fair share of all that was asked for. Nothing is loosened in silence: each reading says what it is.

**The window.** As many units as the run has, and eight more for each string after the first. On 178 terms of two to six
characters over 21,742 announcements, how many times what holds the term is found, by what is added (no more, 2, 4, 8,
12, 20, 30, 60 units): the mean is 1.00, 1.05, 1.06, 1.09, 1.10, 1.12, 1.13, 1.17. Up to 8 more nearly all is on the
matter (电信网络诈骗 for 电信诈骗, 保卫蓝天 for 蓝天保卫战), beyond it hardly anything is.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, Literal

from indexer.light_dataclass import dataclass
from indexer.query.leaves import as_typed
from indexer.query.places import place_in
from indexer.query.runs import strings_of
from indexer.query.sentences import is_question, is_sentence, sentence_of
from indexer.query.signs import signed_words
from indexer.query.tree import And, Near, NumberSeries, NumberTerm, Or, Phrase, Share, Spelled, Term, conjuncts, rewrite
from indexer.query.years import time_of
from indexer.text.stop_words import content_words
from indexer.text.units import units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from indexer.query.runs import Holding
    from indexer.query.tree import Field, Match, Node

    Leaf = Callable[[Term], Node]

ReadingName = Literal["exact", "near", "loose", "sentence", "part"]

WINDOW_UNITS: Final = 8  # added for each string after the first
MOST_WINDOW: Final = 100  # units; the cluster parts title and body by as many. A longer run stands as typed


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a query."""

    name: ReadingName
    root: Node  # of strings, near strings and shares; no unquoted run of text is left in it
    place: str = ""  # a place that was typed and that texts need not name
    regions: tuple[str, ...] = ()  # what is found belongs to one of these instead
    time: str = ""  # a year or month that was typed: what is found was published then, and need not name it

    def is_relaxed(self, match: Match) -> bool:
        """Return whether this is looser than what was asked for."""
        return self.name in ("sentence", "part") or (self.name == "loose" and match != "loose")

    @property
    def choice(self) -> Match | None:
        """Return what a reader chooses it by; None for what is only shown when all else finds nothing."""
        return None if self.name == "part" else "loose" if self.name == "sentence" else self.name


def readings(root: Node, match: Match, holding: Holding) -> Iterator[Reading]:
    """Yield the ways to read a query, to be tried in order until one finds something.

    ``holding`` says of strings how many announcements hold each, with no filter.
    """
    if match == "exact":
        yield Reading("exact", exactly(root))
        return
    sentence = _sentence(root, holding)
    if sentence is not None:
        yield Reading("sentence", sentence)
        return
    first = _leaves(root, partial(_near, holding=holding)) if match == "near" else _loosely(root)
    yield Reading("near" if match == "near" else "loose", first)
    if match == "near" and (second := _loosely(root)) != first:
        yield Reading("loose", second)
    yield from _published_then(root, holding)
    yield from _without_place(root, holding)
    if part := _in_part(root, holding):
        yield Reading("part", part)


def choices(root: Node, holding: Holding, taken: Reading | None = None) -> tuple[Reading, ...]:
    """Return the readings that a reader can choose from, the strictest first; () when they are all one.

    ``taken`` is the one of ``readings`` by which something was found, if any was: it is not worked out again.
    """
    name = taken.name if taken else ""
    # What is read near or loose is no sentence.
    sentence = None if name in ("near", "loose") else _sentence(root, holding)
    loose = Reading("sentence", sentence) if sentence is not None else Reading("loose", _loosely(root))
    near: tuple[Reading, ...] = (taken,) if taken and name == "near" else ()
    if sentence is None and not near:
        near = (Reading("near", _leaves(root, partial(_near, holding=holding))),)
    exact = Reading("exact", exactly(root))
    return () if exact.root == loose.root else (exact, *near, loose)


def exactly(root: Node) -> Node:
    """Read each unquoted run as a quoted string."""
    return _leaves(root, lambda leaf: Phrase(leaf.text, leaf.field))


def _loosely(root: Node) -> Node:
    return _leaves(root, _words_anywhere)


def _leaves(node: Node, read: Leaf) -> Node:
    """Read each unquoted run of text in a tree."""
    return rewrite(node, lambda one: read(one) if isinstance(one, Term) and one.field in ("any", "title") else None)


def _words_anywhere(leaf: Term) -> Node:
    return _all([Phrase(word, leaf.field) for word in content_words(signed_words(leaf.text))])


def _near(leaf: Term, holding: Holding) -> Node:
    """Read a run by its strings; a sentence within a larger query by a share of its words."""
    if _is_free(leaf.text, holding):
        return _share(leaf.text, leaf.field, holding)
    strings = strings_of(leaf.text, holding)
    lengths = [len(units(string)) for string in strings]
    window = len(units(leaf.text)) + WINDOW_UNITS * (len(strings) - 1)
    if window > MOST_WINDOW:
        return Phrase(leaf.text, leaf.field)
    rows = tuple(string for string, length in zip(strings, lengths, strict=True) if length > 1)
    # One unit by itself, between breaks, stands nowhere near: it is found wherever it stands.
    alone = [Phrase(string, leaf.field) for string, length in zip(strings, lengths, strict=True) if length == 1]
    if len(rows) > 1:
        return _all([Near(rows, window, leaf.field), *alone])
    return _all([*(Phrase(row, leaf.field) for row in rows), *alone])


def _is_free(text: str, holding: Holding) -> bool:
    """Return whether a run is a sentence that no text holds as it stands; a question is one in any case."""
    return is_sentence(text) and (is_question(text) or not holding([text])[0])


def _sentence(spelled: Node, holding: Holding) -> Node | None:
    """Read a whole query as one sentence, with whatever else it requires; None if it is none."""
    root = as_typed(spelled)
    if root is None:
        return None
    if isinstance(root, Term) and root.field == "title":
        return _share(root.text, root.field, holding) if _is_free(root.text, holding) else None
    taken = sentence_of(root)
    if taken is None:
        return None
    required, typed = taken
    required = tuple(_leaves(part, partial(_near, holding=holding)) for part in required)
    if len(typed) == 1 and not _is_free(typed[0].text, holding):
        return None
    share = _share(" ".join(one.text for one in typed), "any", holding)
    return And((*required, share)) if required else share


def _share(text: str, field: Field, holding: Holding) -> Share:
    """Read a run by a share of its words, and of its strings that some texts hold: 公租房 beside 租房.

    A string that one announcement alone holds says nothing of all the others, and is left out.
    """
    parts = dict.fromkeys(content_words(signed_words(text)))
    strings = [string for string in strings_of(text, holding) if string not in parts]
    parts |= dict.fromkeys(one for one, count in zip(strings, holding(strings), strict=True) if count > 1)
    return Share(tuple(Phrase(one, field) for one in parts))


def _published_then(root: Node, holding: Holding) -> Iterator[Reading]:
    """Read a year or month that no text names beside the rest as the time of publication.

    Whoever types 地区:深圳 文种:通知 2023年 thinks of a filter.
    """
    parts = conjuncts(as_typed(root))
    for at, part in enumerate(parts):
        # A date has other spellings, and is a string then.
        text = part.text if isinstance(part, Term | Phrase) and part.field == "any" else ""
        if time := time_of(text):
            others = (_leaves(one, partial(_near, holding=holding)) for one in (*parts[:at], *parts[at + 1 :]))
            yield Reading("part", _all([time, *others]), time=text)
            return


def _without_place(root: Node, holding: Holding) -> Iterator[Reading]:
    """Read a place that no text names beside the rest as the region that announcements belong to; then leave it out.

    Whoever types 如东县养老服务 wants what the county published on it, or else what others did on the same matter.
    """
    parts = conjuncts(as_typed(root))
    for at, part in enumerate(parts):
        found = place_in(part.text) if isinstance(part, Term) and part.field == "any" else None
        if not found or not (found.rest or len(parts) > 1):
            continue
        rest = [Term(found.rest)] if found.rest else []
        others = _all([_leaves(one, partial(_near, holding=holding)) for one in (*parts[:at], *rest, *parts[at + 1 :])])
        regions = tuple("/".join(path) for path in found.paths)
        belonging = [Term(region, "region") for region in regions]
        within = belonging[0] if len(belonging) == 1 else Or(tuple(belonging))
        yield Reading("part", _all([within, others]), found.name, regions)
        yield Reading("part", others, found.name)
        return


def _in_part(root: Node, holding: Holding) -> Node | None:
    """Take a query apart into what stays required and what need only be there in part.

    Days, fields and what must not be there stay; a document number is rare, so it weighs more than the words around
    it. None when there is but one thing to look for.
    """
    kept, wanted = _split(root, holding)
    return And((*kept, Share(tuple(wanted)))) if len(wanted) > 1 else None


def _split(node: Node, holding: Holding) -> tuple[list[Node], list[Node]]:
    match node:
        case Spelled(parts):  # in part means: some of the words that were typed
            return _split(parts[0], holding)
        case And(parts):
            split = [_split(part, holding) for part in parts]
            return [one for kept, _ in split for one in kept], [one for _, wanted in split for one in wanted]
        case Term(text, "any" | "title" as field):
            return [], [Phrase(one, field) for one in _held_or_words(text, holding)]
        case Phrase(field="any" | "title") | NumberTerm() | NumberSeries():
            return [], [node]
        case Or():
            return [], [_loosely(node)]
        case _:
            return [_loosely(node)], []


def _held_or_words(text: str, holding: Holding) -> tuple[str, ...]:
    """Return the strings of a run; the words of one that nothing holds, but for characters that are no words."""
    strings = strings_of(text, holding)
    found: dict[str, None] = {}
    for string, count in zip(strings, holding(strings), strict=True):
        long_words = [word for word in content_words(signed_words(string)) if len(units(word)) > 1]
        found |= dict.fromkeys([string] if count or not long_words else long_words)
    return tuple(found)


def _all(parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else And(tuple(dict.fromkeys(parts)))
