"""How what is found is shown, the same by every engine: hits, one announcement, the filters' words, other spellings."""

from __future__ import annotations

from itertools import chain, repeat
from typing import TYPE_CHECKING

from indexer.answers.highlight import cut, mark_and_cut, mark_both
from indexer.answers.highlight_terms import needles_of
from indexer.answers.results import Choice, Found, Hit, Snippet
from indexer.fields import NOT
from indexer.query.leaves import typed_texts_of
from indexer.relations.clause_places import place_of
from indexer.suggesting.spelling import did_you_mean, falls_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from indexer.announcement import Announcement
    from indexer.answers.highlight_terms import Needles
    from indexer.answers.relations import Validity
    from indexer.answers.results import Mark
    from indexer.query.readings import Reading
    from indexer.query.tree import Filters, Node, Query
    from indexer.suggesting.completion import Suggester


def show_hit(found: Announcement, score: float, needles: Needles, validity: Validity | None = None) -> Hit:
    """Return an announcement as a result list shows it."""
    return show_hits([found], [score], needles, [validity])[0]


def show_hits(
    found: Sequence[Announcement],
    scores: Iterable[float],
    needles: Needles,
    validities: Iterable[Validity | None] = (),
    only_copies: Iterable[bool] = (),
) -> tuple[Hit, ...]:
    """Return announcements as a result list shows them.

    ``only_copies`` says of each whether what it is a copy of was not found; where the last two end, there is no more
    to say of the rest.
    """
    seen = mark_and_cut([(one.title, one.body) for one in found], needles)
    said = zip(chain(validities, repeat(None)), chain(only_copies, repeat(False)), strict=False)
    shown = zip(found, scores, seen, said, strict=False)
    return tuple(
        _hit(one, score, marked, validity=validity, only_copies=alone)
        for one, score, marked, (validity, alone) in shown
    )


def show_rows(
    found: Sequence[Announcement], scores: Iterable[float], needles: Needles, validities: Iterable[Validity | None]
) -> Iterator[Hit]:
    """Yield announcements as the rows of a table show them: without marks, and without the clause that these lie in."""
    snippets = cut([one.body for one in found], needles)
    for one, score, snippet, validity in zip(found, scores, snippets, validities, strict=True):
        yield _hit(one, score, ((), snippet), validity=validity)


def facts_of(found: Announcement, score: float, validity: Validity | None = None) -> Hit:
    """Return an announcement as a hit without marks and snippet, which take most of the time that a hit takes."""
    return _hit(found, score, ((), Snippet("")), validity=validity)


def _hit(
    found: Announcement,
    score: float,
    marked: tuple[tuple[Mark, ...], Snippet],
    *,
    validity: Validity | None,
    only_copies: bool = False,
) -> Hit:
    marks, snippet = marked
    # In the order in which they are declared: told by their names they take three times as long, 10 µs a page.
    return Hit(
        found.id,
        found.title,
        marks,
        found.source,
        found.published,
        found.region,
        found.number,
        found.form,
        found.url,
        score,
        snippet,
        found.reposts,
        found.repost_of,
        only_copies,
        found.kind,
        place_of(found.body, snippet.at) if snippet.at >= 0 else None,
        validity,
        found.path,
        found.signed,
        found.effective,
        found.indexed,
    )


def show_found(announcement: Announcement, root: Node | None, version: str) -> Found:
    """Return an announcement as its own page shows it, with the matches of ``root`` marked."""
    of_title, of_body = mark_both(announcement.title, announcement.body, needles_of(root))
    return Found(announcement, of_title, of_body, version)


def choices_of(counted: Iterable[tuple[Reading, int]], shown: Reading | None) -> tuple[Choice, ...]:
    """Return the ways to read a query as an answer offers them; ``shown`` is the one that was taken."""
    selected = shown.choice if shown else None
    return tuple(Choice(one.choice, total, one.choice == selected) for one, total in counted if one.choice)


def stands_whole(choices: Sequence[Choice], total: int) -> bool:
    """Return whether all that is found holds each run of the query as it was typed: the exact reading finds as much."""
    return any(choice.match == "exact" and choice.total == total for choice in choices)


def say_filter(filters: Filters, name: str) -> str:
    """Write a filter's choice as a person reads it, by its parameter's name."""
    if name in {"from", "to"}:
        day = filters.first if name == "from" else filters.last
        return day.isoformat() if day else ""
    if name == "number":
        return filters.number
    return "、".join(filters.excluded(name.removeprefix(NOT)) if name.startswith(NOT) else filters.chosen(name))


def other_spellings(
    query: Query, suggester: Suggester, finds: Callable[[str], int], *, none_whole: bool = True
) -> tuple[str, ...]:
    """Offer other spellings of the first run that nothing holds, the rest of the query left as typed.

    When something holds all words of the query, only of a run that looks misspelt: its characters may well stand here
    and there in long texts. ``finds`` says how many announcements hold a string as it stands.
    """
    for run in typed_texts_of(query.root):
        if (none_whole or falls_apart(run)) and (near := did_you_mean(run, suggester, finds)):
            return tuple(query.text.replace(run, one, 1) if run in query.text else one for one in near)
    return ()
