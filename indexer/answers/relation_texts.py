"""Put into words what is known of relations, the same by every engine: evidence of a state, citations, who cites.

An engine says which announcements are meant and who told of an event; texts and sentences are read here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from indexer.answers.relations import Cited, Evidence
from indexer.facts.dates import NO_DAY, from_day
from indexer.facts.document_number import number_key
from indexer.relations.keys import SOMETIME
from indexer.relations.titles import inner_key, title_key
from indexer.relations.validity import AMENDED, EXPIRED, NOT_YET, PARTLY, REPEALED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from indexer.announcement import Announcement
    from indexer.answers.relations import Linked
    from indexer.relations.records import Citation, OwnKind, OwnState, Relations, Span

SENTENCE_CHARS: Final = 300  # of a sentence that is shown
MOST_CITED: Final = 1_000  # mentions that are told of one announcement, and announcements that cite it
# Brackets of either width close each other, as people mix them.
_CLOSED_BY: Final = {
    "（": "）)", "(": "）)", "〔": "〕］]", "［": "］]〕", "[": "］]〕", "【": "】", "《": "》", "〈": "〉", "<": ">",
    "“": "”", "‘": "’", "「": "」", "『": "』",
}  # fmt: skip
OWN_EVENTS: Final[dict[str, OwnKind]] = {EXPIRED: "expired", NOT_YET: "effective"}  # by the states that they make
TOLD_EVENTS: Final = {REPEALED: "repealed", PARTLY: "partly", AMENDED: "amended"}  # the same of what others may say


def sentence_of(announcement: Announcement, span: Span, *, in_title: bool) -> str:
    """Return a sentence of an announcement as it is shown: on one line, of bounded length."""
    text = (announcement.title if in_title else announcement.body)[span.start : span.end]
    said = " ".join(text.split())
    return said if len(said) <= SENTENCE_CHARS else said[:SENTENCE_CHARS] + "…"


def sentence_with(announcement: Announcement, citation: Citation) -> str:
    """Return the sentence of an announcement that cites another."""
    return sentence_of(announcement, citation.sentence, in_title=citation.in_title)


def own_evidence(announcement: Announcement, relations: Relations, kind: OwnKind, day: int) -> Evidence:
    """Return what an announcement says of its own state since that day; the last word of it that names it counts."""
    told = [one for one in relations.own if one.kind == kind]
    named = _named(day)
    own = next((one for one in reversed(told) if one.day == named), told[-1] if told else None)
    said = ""
    if own:
        said = announcement.validity_label if own.in_label else _own_sentence(announcement, own)
    labelled = (own is not None and (own.in_label or own.day is None)) or kind == "repealed"
    how = "label" if labelled else "term" if kind == "expired" else "effective"
    return Evidence(how, announcement.id, announcement.title, announcement.published, named, said)  # type: ignore[arg-type]


def _own_sentence(announcement: Announcement, own: OwnState) -> str:
    return sentence_of(announcement, own.sentence, in_title=own.in_title)


def told_evidence(source: Announcement, citation: Citation, state: str, day: int) -> Evidence:
    """Return what another announcement says of the state of the one that it cites."""
    how = "amendment" if state == AMENDED else "repeal"
    said = sentence_with(source, citation)
    return Evidence(how, source.id, source.title, source.published, _named(day), said)  # type: ignore[arg-type]


def version_evidence(newer: Announcement) -> Evidence:
    """Return that a later version took an announcement's place."""
    return Evidence("version", newer.id, newer.title, newer.published, newer.published, "")


def _named(day: int) -> date | None:
    return None if day in (NO_DAY, SOMETIME) else from_day(day)


def cited_by_text(
    announcement: Announcement, relations: Relations, meant: Callable[[int], tuple[tuple[Linked, ...], bool]]
) -> Iterator[Cited]:
    """Yield what an announcement cites; ``meant`` tells of a citation which announcements are, and whether for sure."""
    own = inner_key(announcement.title)
    for place, citation in enumerate(relations.citations[:MOST_CITED]):
        linked, sure = meant(place)
        if not linked and own and title_key(citation.title) == own:
            continue  # what a notice issues stands below it
        yield Cited(
            citation.title,
            citation.number,
            citation.relation,
            sentence_with(announcement, citation),
            _with_closing(announcement.title if citation.in_title else announcement.body, citation.at),
            citation.in_title,
            linked,
            sure,
        )


def _with_closing(text: str, at: Span) -> Span:
    """Widen a citation by the brackets and quotes behind it that are opened in it: （国发〔2015〕4号 and ）."""
    end = at.end
    opened: list[str] = []  # what would close each
    for sign in text[at.start : end]:
        if sign in _CLOSED_BY:
            opened.append(_CLOSED_BY[sign])
        elif opened and sign in opened[-1]:
            opened.pop()
    while opened and text[end : end + 1] and text[end] in opened[-1]:
        opened.pop()
        end += 1
    return replace(at, end=end)


def count_documents(cites: Iterable[Cited]) -> int:
    """Count what is cited, each document once."""
    return len({_same(one) for one in cites})


def _same(cited: Cited) -> str:
    """Return what is equal for all mentions of one document."""
    if cited.meant:
        return " ".join(one.id for one in cited.meant)
    return number_key(cited.number) or title_key(cited.title)
