"""Read 民法典 第一千零四十二条 as what it is: a clause of an announcement, which an answer can lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from indexer.light_dataclass import dataclass
from indexer.query.tree import Phrase, Query
from indexer.relations.clause_names import NUMBER, normal_name
from indexer.relations.clauses import Structure
from indexer.relations.editions import version_title
from indexer.text.fold import fold
from indexer.text.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from indexer.answers.results import Found, ResultPage

MOST_OFFERED: Final = 3  # versions of one title that have the clause
_MOST_READ: Final = 5  # announcements of that title whose texts are looked into
_MOST_FOUND: Final = 10  # announcements whose titles hold the words
_TEXT_CHARS: Final = 80  # of the clause, as a line of the answer shows it
_STATE: Final = "中华人民共和国"
_ASKED: Final = lazily(
    r"\s{0,9}[《“\"]?(?P<title>[^\s《》“”\"](?:[^《》“”\"\n]{0,60}?[^\s《》“”\"])??)[》”\"]?\s{0,9}"
    rf"(?P<clause>第?\s?{NUMBER}{{1,9}}\s?条(?:之{NUMBER}{{1,3}})?(?:第?{NUMBER}{{1,3}}款)?(?:第?[（(]?{NUMBER}{{1,3}}[）)]?项?)?)\s{{0,9}}"
)


class _Asked(Protocol):
    """What is asked of an index here."""

    def search(self, query: Query) -> ResultPage: ...

    def find(self, announcement_id: str) -> Found: ...


@dataclass(frozen=True, slots=True)
class ClauseOffer:
    """A clause that a query names, of an announcement whose title it names."""

    id: str
    title: str
    published: date | None
    anchor: str
    cited: str  # 第一千零四十二条
    text: str  # how it begins


def asked_clause(text: str) -> tuple[str, str]:
    """Return the title and the clause, in normal form, that a query names; two "" when it names none."""
    asked = _ASKED.fullmatch(text) if "条" in text else None
    clause = normal_name(asked["clause"]) if asked else ""
    title = asked["title"].strip() if asked else ""
    return (title, clause) if clause and len(title) > 1 else ("", "")


def offered_clauses(engine: _Asked, query: Query) -> tuple[ClauseOffer, ...]:
    """Return the clauses that a query names, the newest version of the text first; () for most queries.

    Only of announcements that have just the title that was typed, but for 中华人民共和国 and what tells versions apart.
    """
    title, clause = asked_clause(query.text) if query.page == 1 and not query.cursor else ("", "")
    if not title:
        return ()
    found = engine.search(Query(root=Phrase(title, "title"), filters=query.filters, per_page=_MOST_FOUND))
    meant = [hit.id for hit in found.hits if _plain(hit.title) == _plain(title)][:_MOST_READ]
    offers = sorted(_in(engine, meant, clause), key=lambda one: str(one.published), reverse=True)
    return tuple(offers[:MOST_OFFERED])


def _in(engine: _Asked, ids: list[str], clause: str) -> Iterator[ClauseOffer]:
    for one in ids:
        announcement = engine.find(one).announcement
        named = Structure(announcement.body).find(clause)
        if len(named) == 1:
            text = " ".join(announcement.body[named[0].start : named[0].end][:_TEXT_CHARS].split())
            told = (announcement.title, announcement.published, named[0].anchor, named[0].cited, text)
            yield ClauseOffer(announcement.id, *told)


def _plain(title: str) -> str:
    return (version_title(title) or fold(title)).removeprefix(_STATE)
