"""Check what a text cites against an index: found, with its exact text; differs, with what it really says; or not here.

Nothing is guessed. What is not in this index may well exist: that is what is said of it. Where several documents may
be meant, all are named, and the one whose words are those that the text gives comes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from indexer.assistants.claims import claims_in
from indexer.assistants.text_comparison import is_said_in, likeness, place_of, signs_of
from indexer.facts.document_kind import NEWS
from indexer.light_dataclass import dataclass
from indexer.query.parameters import read_query
from indexer.relations.clauses import Structure
from indexer.relations.titles import inner_key, title_key
from indexer.text.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.announcement import Announcement
    from indexer.answers.results import Hit
    from indexer.assistants.claims import Claim
    from indexer.engine import Engine
    from indexer.relations.clauses import NamedClause

Status = Literal["found", "differs", "not in this index"]
MAX_DOCUMENTS: Final = 8  # of one title or number; laws have about five versions
_ENDS: Final = lazily("施行|生效|实施|废止")
_LIKE: Final = 0.7  # share of the signs of words without marks that stand in the clause too, from which they are meant
# to be its words; below it they are the writer's own. Between .55 and .85 nothing changes on bench_citations.


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a document."""

    labels: tuple[str, ...]  # from the widest: 第三章, 第十二条; () for the document as a whole
    anchor: str
    start: int  # characters [start, end) of the body
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """One citation and what this index knows of it."""

    claim: Claim
    status: Status
    why: str
    announcement: Announcement | None = None  # that the verdict is about
    place: Place | None = None  # what is really said; None where no clause and no words are cited
    others: tuple[Announcement, ...] = ()  # that may be meant too


class CitationChecker:
    """Checks texts against one index; each document is read once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._documents: dict[str, Announcement] = {}
        self._structures: dict[str, Structure] = {}
        self._found: dict[tuple[str, str], tuple[Announcement, ...]] = {}

    def check(self, text: str, start: int = 0) -> Iterator[Checked]:
        """Yield a verdict for each citation of a text that begins at ``start`` or later, in order."""
        for claim in claims_in(text):
            if claim.start >= start:
                yield self._check(claim)

    def _check(self, claim: Claim) -> Checked:
        documents = self._meant(claim.title, claim.number)
        if not documents:
            return self._not_here(claim)
        verdicts = [self._against(claim, one) for one in documents]
        best = min(verdicts, key=_less_told)
        others = tuple(one for one in documents if one is not best.announcement)
        return Checked(claim, best.status, best.why, best.announcement, best.place, others)

    # ── which document ───────────────────────────────────────────────────────────────────────────────

    def _meant(self, title: str, number: str) -> tuple[Announcement, ...]:
        """Return the documents that bear a number, else those of a title, newest first; () if there are none."""
        key = (title, number)
        if key not in self._found:
            self._found[key] = self._bearing(number) if number else self._titled(title)
        return self._found[key]

    def _bearing(self, number: str) -> tuple[Announcement, ...]:
        return self._read(self._engine.lookup_number(number).bearing)

    def _titled(self, title: str) -> tuple[Announcement, ...]:
        key = title_key(title)
        if not key:
            return ()
        asked = f'标题:"{title.removeprefix("中华人民共和国")}"'.replace("“", "").replace("”", "")
        hits = self._engine.search(read_query({"q": [asked], "per_page": ["100"]})).hits
        same = [hit for hit in hits if title_key(hit.title) == key] or [
            hit for hit in hits if hit.kind != NEWS and inner_key(hit.title) == key
        ]
        return self._read(sorted(same, key=lambda hit: str(hit.published or ""), reverse=True))

    def _read(self, hits: Sequence[Hit]) -> tuple[Announcement, ...]:
        return tuple(self._document(hit.id) for hit in hits[:MAX_DOCUMENTS])

    def _document(self, identity: str) -> Announcement:
        if identity not in self._documents:
            self._documents[identity] = self._engine.find(identity).announcement
        return self._documents[identity]

    def _structure(self, document: Announcement) -> Structure:
        if document.id not in self._structures:
            self._structures[document.id] = Structure(document.body)
        return self._structures[document.id]

    def _not_here(self, claim: Claim) -> Checked:
        """Say so, with what the index holds under the title that stands beside a number."""
        why = "nothing in this index bears this number" if claim.number else "nothing in this index has this title"
        same = self._meant(claim.title, "") if claim.number and claim.title else ()
        if same:
            why += "; it holds this title, under the numbers that others name"
        return Checked(claim, "not in this index", why, others=same)

    # ── what it says ─────────────────────────────────────────────────────────────────────────────────

    def _against(self, claim: Claim, document: Announcement) -> Checked:
        if claim.number and claim.title and not _agree(claim.title, document.title):
            return Checked(claim, "differs", "the document that bears this number has another title", document)
        if not claim.clause:
            return self._against_whole(claim, document)
        structure = self._structure(document)
        clauses = structure.find(claim.clause)
        if not clauses:
            return self._without_clause(claim, document)
        verdicts = [self._against_clause(claim, document, clause) for clause in clauses]
        return min(verdicts, key=_less_told)

    def _against_whole(self, claim: Claim, document: Announcement) -> Checked:
        if not claim.words or is_said_in(claim.words, document.body) or is_said_in(claim.words, document.title):
            place = self._place_of_words(claim.words, document) if claim.words else None
            why = "the document is here" + (", and holds these words" if claim.words else "")
            return Checked(claim, "found", why, document, place)
        return Checked(claim, "differs", "the document does not hold these words", document)

    def _without_clause(self, claim: Claim, document: Announcement) -> Checked:
        """A text may be a part of its law, so that only a whole one, or a gap in it, tells that a clause is missing."""
        structure = self._structure(document)
        if claim.words and (place := self._place_of_words(claim.words, document)):
            return Checked(claim, "differs", "the words stand in another clause", document, place)
        if not structure.articles:
            why = "the document is here, but its text in this index has no articles that bear numbers"
            return Checked(claim, "not in this index", why, document)
        first, last = structure.articles[0], structure.articles[-1]
        if _is_whole(structure) or structure.find(_article(claim.clause)):
            why = f"the document has no such clause; its articles are {first.label} to {last.label}"
            return Checked(claim, "differs", why, document)
        why = f"what this index holds of the document are {first.label} to {last.label}; it may be a part"
        return Checked(claim, "not in this index", why, document)

    def _against_clause(self, claim: Claim, document: Announcement, clause: NamedClause) -> Checked:
        text = document.body[clause.start : clause.end]
        place = Place(clause.labels, clause.anchor, clause.start, clause.end, text)
        if not claim.words:
            return Checked(claim, "found", "the clause is here", document, place)
        if is_said_in(claim.words, text):
            return Checked(claim, "found", "the clause is here, and says this", document, place)
        if elsewhere := self._place_of_words(claim.words, document):
            where = elsewhere.labels[-1] if elsewhere.labels else "another place"
            why = f"the clause says something else; the words stand in {where}"
            return Checked(claim, "differs", why, document, place)
        if claim.is_quoted or likeness(claim.words, text) >= _LIKE:
            return Checked(claim, "differs", "the clause does not say it in these words", document, place)
        why = "the clause is here; what the text says of it is in its own words, and was not judged"
        return Checked(claim, "found", why, document, place)

    def _place_of_words(self, words: str, document: Announcement) -> Place | None:
        """Return the clause that holds words, or where they stand; None if they do not. A few signs stand anywhere."""
        found = place_of(words, document.body) if len(signs_of(words)) >= 6 else None
        if found is None:
            return None
        path = self._structure(document).at(found[0])
        start, end = (path[-1].start, path[-1].end) if path else found
        labels = tuple(one.label for one in path)
        return Place(labels, path[-1].anchor if path else "", start, end, document.body[start:end])


def _article(clause: str) -> str:
    """Return the article of the name of a 款 or 项 in it; "" if it names none."""
    cut = clause.find("条") + 1
    return clause[:cut]


def _is_whole(structure: Structure) -> bool:
    """Return whether a text begins with its first article and ends with the one that says when it comes into force."""
    first, last = structure.articles[0], structure.articles[-1]
    return first.label == "第一条" and _ENDS.search(structure.body, last.start, last.end) is not None


def _less_told(one: Checked) -> tuple[int, bool]:
    """Order verdicts: what is found, then what is said instead, then what is not there; of equals the newest stays."""
    return ("found", "differs", "not in this index").index(one.status), one.place is None


def _agree(cited: str, borne: str) -> bool:
    """Return whether a title that is cited beside a number may be that of its bearer: one is a part of the other."""
    one, other = title_key(cited), title_key(borne)
    return one in other or other in one


def place_json(place: Place | None, most: int) -> dict[str, Any] | None:
    """Write a stretch with its text, up to ``most`` characters of it."""
    if place is None:
        return None
    return {
        "labels": list(place.labels),
        "anchor": place.anchor,
        "range": [place.start, place.end],
        "quoted": place.text[:most],
        "cut": len(place.text) > most,
    }
