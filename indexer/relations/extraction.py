"""One announcement in, all that it says of others and of its own validity out: a pure function, linear in its text."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from indexer.facts.document_kind import NEWS
from indexer.facts.document_number import number_key
from indexer.relations.citations import citations_of, groups_in, is_foreign, relation_in_title
from indexer.relations.days import day_in, issued_day, own_effective_day
from indexer.relations.held_titles import held_in
from indexer.relations.own_state import own_states
from indexer.relations.records import MOST_CITATIONS, Citation, Relations, Span
from indexer.relations.repeal_lists import listed_in, lists_repeals
from indexer.relations.repeals import is_proposal, told_of
from indexer.relations.sentences import Sentences
from indexer.relations.titles import title_key
from indexer.text.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from indexer.announcement import Announcement
    from indexer.relations.citations import Group
    from indexer.relations.records import Relation

READ_CHARS: Final = 1_000_000  # of a body; a yearbook of more is read no further

_REPEALS_IN_TITLE: Final = lazily(r"(?:废止|停止执行|宣布失效)(?:和宣布失效)?[^《]{0,30}《")
_AMENDS_IN_TITLE: Final = lazily(r"关于(?:修改|修订|修正)[^《]{0,30}《")
_REVISED: Final = lazily(r"修订|修正|修改")
_REVISED_TITLE: Final = lazily(r"(?:修订|修正)(?:版|本)?[）)]|年版[）)]?|[（(]20\d\d年?[）)]$")
_HEAD_CHARS: Final = 700
_HEAD_LINES: Final = 12
_LINE_MORE: Final = 40  # characters that a line may have beside the title that it repeats
# 2008年8月1日 中华人民共和国国务院令第531号公布: how the announcement itself was issued.
_ISSUED_BY: Final = lazily(
    r"[\s　（(#]{0,6}[12]\d{3}年[^《。；;]{4,60}令?\s?第?[^《。；;]{1,12}号[）)]?(?:公布|发布|颁布|修订|施行)"
)


def relations_of(announcement: Announcement) -> Relations:
    """Return what an announcement cites, repeals and amends, and what it says of its own validity."""
    is_news = announcement.kind == NEWS
    body = announcement.body[:READ_CHARS]
    sentences = Sentences(body)
    citations = [*_of_title(announcement), *_of_body(announcement, body, sentences, is_news=is_news)]
    own = tuple(own_states(announcement, sentences, is_news=is_news))
    return Relations(tuple(citations[:MOST_CITATIONS]), own, _is_revised(announcement))


def _is_revised(announcement: Announcement) -> bool:
    head = announcement.body[:_HEAD_CHARS]
    return bool(_REVISED_TITLE.search(announcement.title) or _REVISED.search(head))


def _of_title(announcement: Announcement) -> Iterator[Citation]:
    title = announcement.title
    own, whole = title_key(title), Span(0, len(title))
    for group in groups_in(title, Sentences(title)):
        if is_foreign(group):
            continue
        relation, day = _in_title(announcement)
        for mention in group.mentions:
            if title_key(mention.title) != own and not _is_own_number(announcement, mention.number, mention.title):
                at = Span(mention.start, mention.end)
                yield Citation(at, whole, mention.title, mention.number, relation, in_title=True, day=day)
    if held := held_in(title):
        named = "".join(title[held.start : held.end].split())
        yield Citation(Span(held.start, held.end), whole, named, "", held.relation, in_title=True)


def _in_title(announcement: Announcement) -> tuple[Relation, date | None]:
    title = announcement.title
    if not is_proposal(title) and announcement.kind != NEWS:
        for relation, cue in (("repeals", _REPEALS_IN_TITLE), ("amends", _AMENDS_IN_TITLE)):
            if cue.search(title):
                return relation, own_effective_day(announcement) or issued_day(announcement)  # type: ignore[return-value]
    return relation_in_title(title), None


def _is_own_number(announcement: Announcement, number: str, title: str) -> bool:
    """Return whether a number is the announcement's own: then nothing else is cited by it."""
    return bool(number and announcement.number and number_key(number) == number_key(announcement.number)) and (
        not title or title_key(title) == title_key(announcement.title)
    )


def _of_body(announcement: Announcement, body: str, sentences: Sentences, *, is_news: bool) -> Iterator[Citation]:
    own = title_key(announcement.title)
    proposes = is_proposal(announcement.title)
    listed: dict[int, Citation] = {}
    if lists_repeals(announcement.title) and not proposes and not is_news:
        listed = {one.at.start: one for one in _of_lists(announcement, body)}
    covered = [(one.at.start, one.at.end) for one in listed.values()]
    taken = _Taken(sorted([*covered, *_own_lines(announcement, body)]))
    yield from listed.values()
    for group in groups_in(body, sentences):
        told = None if proposes else told_of(body, group, is_news=is_news)
        day = _day_of(announcement, group, told.between) if told else None
        for mention, citation in citations_of(body, [group], sentences):
            if taken.holds(mention.start) or (title_key(mention.title) == own != "" and not told):
                continue  # what it repeals under its own title is the version before it
            if _is_own_number(announcement, mention.number, mention.title):
                continue
            done = replace(citation, relation=told.deed, partly=told.partly, day=day) if told else citation
            yield done


def _own_lines(announcement: Announcement, body: str) -> Iterator[tuple[int, int]]:
    """Yield the lines of the head that say the announcement's own title, or by which order it was issued."""
    own = title_key(announcement.title)
    at = 0
    for line in body[:_HEAD_CHARS].split("\n")[:_HEAD_LINES]:
        if _ISSUED_BY.match(line) or (
            own
            and "《" in line
            and len(line) <= len(announcement.title) + _LINE_MORE
            and title_key(line).startswith(own)
        ):
            yield at, at + len(line)
        at += len(line) + 1


class _Taken:
    """Stretches of a text that are read already."""

    def __init__(self, stretches: list[tuple[int, int]]) -> None:
        self._stretches = stretches
        self._at = 0

    def holds(self, place: int) -> bool:
        """Return whether a place, each asked for behind the one before, lies in one of them."""
        while self._at < len(self._stretches) and self._stretches[self._at][1] <= place:
            self._at += 1
        return self._at < len(self._stretches) and self._stretches[self._at][0] <= place


def _of_lists(announcement: Announcement, body: str) -> Iterator[Citation]:
    own_day = own_effective_day(announcement) or issued_day(announcement)
    for one in listed_in(announcement.title, body):
        mention = one.mention
        at = Span(mention.start, mention.end)
        if one.deed:
            yield Citation(at, Span(*one.line), mention.title, mention.number, one.deed, day=own_day)


def _day_of(announcement: Announcement, group: Group, between: str) -> date | None:
    """Return from which day a repeal holds: its own, that of the announcement coming into force, or of its issue."""
    named = day_in(between, announcement) if re.search("自|从|于|日起", between) else None
    return named or day_in(group.before, announcement) or own_effective_day(announcement) or issued_day(announcement)
