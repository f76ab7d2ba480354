"""A query's tree to the cluster's words: filters that find exactly what the tree means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from indexer.cluster.documents import plain
from indexer.cluster.statistics import EVERYTHING
from indexer.cluster.tokens import bigram_tokens, key_token, row_digest, row_tokens, token
from indexer.cluster.validity_filters import one_of_states, today
from indexer.facts.dates import NO_DAY, to_day
from indexer.facts.document_number import number_key, parse_number, ways_to_write
from indexer.facts.region import parse_path
from indexer.fields import FACETS, NOT, PATH, SITE, UNSTATED, VALIDITY, WHOLE_VALUES
from indexer.query.printer import RELATION_FIELDS
from indexer.query.tree import And, DateSpan, Near, Not, NumberSeries, NumberTerm, Or, Phrase, Share, Term
from indexer.ranking.bm25f import RANKING, idf
from indexer.relations.titles import title_key
from indexer.relations.validity import STATES
from indexer.text.fold import fold
from indexer.text.units import units

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from indexer.cluster.connection import Body
    from indexer.cluster.statistics import Statistics
    from indexer.fields import Field
    from indexer.query.tree import Filters, Node

NOTHING: Final[Body] = {"match_none": {}}
MOST_PARTS: Final = 500  # of a sentence, for the cluster takes 1,024 clauses in a query, and ranking needs its share
_TERMS: Final = 50_000  # values in one clause; the cluster takes 65,536
_ROUNDING: Final = 1 - 1e-6  # the cluster adds in single precision


class Finder:
    """Writes filters for one version of the index, for a sentence is found by what the index holds of it."""

    def __init__(self, statistics: Statistics, *, title_only: bool = False) -> None:
        self._statistics = statistics
        self._anywhere = "title" if title_only else "text"

    def find(self, node: Node) -> Body:
        """Find what a tree means."""
        match node:
            case And(parts):
                return all_of(self.find(part) for part in parts)
            case Or(parts):
                return any_of(self.find(part) for part in parts)
            case Not(part):
                return {"bool": {"must_not": [self.find(part)]}}
            case DateSpan(first, last):
                return between(first, last)
            case NumberTerm(number):
                return any_of((bearing(number), self.citing(number)))
            case _:
                return self._leaf(node)

    def _by_relations(self, field: str, text: str) -> Body:
        """Find what has a state, or what cites an announcement for sure, or what that cites.

        It is named by its id, its number or its title.
        """
        if field == VALIDITY.name:
            return one_of_states([state for state in STATES if fold(state) == fold(text).strip()], today())
        number, identity = parse_number(text), text.strip()
        named: Body = {"term": {"id": identity}}
        if not (identity and identity.isascii() and self._statistics.counts([named])[0]):
            own_key = {"term": {"title_key": key_token(title_key(text))}}
            named = bearing(number.normal) if number else all_of((self.holding(text, "title"), own_key))
        if field == "cited-by":
            return _having_one("id", self._statistics.values("cites", named))
        found = _having_one("cites", self._statistics.values("id", named))
        if number:
            only_citing: Body = {"bool": {"filter": [self.citing(number.normal)], "must_not": [named]}}
            found = any_of((found, only_citing))
        return found

    def _leaf(self, leaf: Term | Phrase | Near | Share | NumberSeries) -> Body:
        if isinstance(leaf, NumberSeries):
            return of_series(leaf.key)
        if isinstance(leaf, Near):
            return self._near(leaf.rows, leaf.window, leaf.field)
        if isinstance(leaf, Share):
            return self._holding_minimum(leaf.parts)
        if leaf.field in RELATION_FIELDS:
            return self._by_relations(leaf.field, leaf.text)
        if leaf.field not in ("any", "title"):
            return _by_fact(leaf.field, leaf.text)
        return self.holding(leaf.text, leaf.field)  # what runs mean is read before: ``query.readings``

    def _near(self, rows: Sequence[str], window: int, field: str) -> Body:
        """Find several rows, of two units or more each, within one window of the title or of the body.

        The cluster allows so many positions beside those of the rows; a row of n units has n - 1 bigrams.
        """
        name = f"{self._where(field)}_bigrams"
        bigrams = [bigram_tokens(units(row)) for row in rows]
        slop = window - 1 - sum(map(len, bigrams))
        spans = [_in_order([{"span_term": {name: bigram}} for bigram in of_row]) for of_row in bigrams]
        return {"span_near": {"clauses": spans, "slop": slop, "in_order": False}}

    def _where(self, field: str) -> str:
        return "title" if field == "title" else self._anywhere

    def holding(self, text: str, field: str = "any") -> Body:
        """Find a string of units in a row, in the title or in the body, never across; all if it has none."""
        row = units(text)
        where = self._where(field)
        if len(row) == 1:
            return {"term": {f"{where}_units": token(row[0])}}
        bigrams = bigram_tokens(row)
        if len(bigrams) == 1:
            return {"term": {f"{where}_bigrams": bigrams[0]}}
        return {"match_phrase": {f"{where}_bigrams": " ".join(bigrams)}} if bigrams else EVERYTHING

    def _holding_minimum(self, parts: Sequence[Node]) -> Body:
        """Find what holds a fair share of these, the rare ones counting more (``ranking.minimum_should_match``)."""
        queries = [self.find(part) for part in parts[:MOST_PARTS]]
        documents, counts = self._statistics.documents(), self._statistics.counts(queries)
        covered = any_of(
            {"constant_score": {"filter": query, "boost": idf(count, documents)}}
            for query, count in zip(queries, counts, strict=True)
            if count
        )
        least = RANKING.minimum_should_match * self._statistics.best(covered) * _ROUNDING
        return {"function_score": {"query": covered, "min_score": least}} if least else NOTHING

    def citing(self, number: str) -> Body:
        """Find announcements whose text names a document number, in whatever brackets and padding."""
        return any_of(self.holding(text) for text in ways_to_write(number))


def _in_order(spans: list[Body]) -> Body:
    return {"span_near": {"clauses": spans, "slop": 0, "in_order": True}} if len(spans) > 1 else spans[0]


def with_title(text: str) -> Body:
    """Find titles that are this string and nothing else."""
    return {"term": {"title_row": row_digest(units(text))}}


def all_of(queries: Iterable[Body]) -> Body:
    """Find what all of these find; everything if there are none."""
    filters = [query for query in queries if query != EVERYTHING]
    return {"bool": {"filter": filters}} if len(filters) > 1 else filters[0] if filters else EVERYTHING


def any_of(queries: Iterable[Body]) -> Body:
    """Find what at least one of these finds; nothing if there are none."""
    shoulds = list(queries)
    return {"bool": {"should": shoulds, "minimum_should_match": 1}} if shoulds else NOTHING


def between(first: date | None, last: date | None) -> Body:
    """Find what was published between two days, both included; open at an end that is None."""
    span: dict[str, Any] = {"gt": NO_DAY}
    if first:
        span = {"gte": to_day(first)}
    if last:
        span["lte"] = to_day(last)
    return {"range": {"day": span}}


def bearing(number: str) -> Body:
    """Find announcements that bear a document number."""
    return {"term": {"number": plain(number_key(number))}}


def of_series(key: str) -> Body:
    """Find announcements that bear a document number whose key begins so."""
    return {"prefix": {"number": plain(key)}}


def _by_fact(field: str, text: str) -> Body:
    if field == "region" and (path := parse_path(text)):
        return {"term": {"region": "/".join(path)}}
    if field == PATH.name:
        return {"prefix": {field: plain(fold(text).strip())}}
    if field == SITE.name:
        return {"term": {field: plain(fold(text).strip().lstrip("."))}}
    if field in WHOLE_VALUES:
        return {"term": {f"{field}_folded": plain(fold(text).strip())}}
    if field == "number" and parse_number(text):
        return bearing(text)
    row = " ".join(row_tokens(units(text)))
    return {"match_phrase": {f"{field}_row": row}} if row else NOTHING


def passing(filters: Filters) -> dict[str, Body]:
    """Return for each filter, by the name of its parameter, what passes it."""
    chosen: dict[str, Body] = {}
    for facet in FACETS:
        if values := filters.chosen(facet.name):
            chosen[facet.name] = _having(facet, values)
        if values := filters.excluded(facet.name):
            chosen[f"{NOT}{facet.name}"] = {"bool": {"must_not": [_having(facet, values)]}}
    if filters.first:
        chosen["from"] = between(filters.first, None)
    if filters.last:
        chosen["to"] = between(None, filters.last)
    if filters.number:
        unstated = filters.number == UNSTATED
        chosen["number"] = {"term": {"number": ""}} if unstated else bearing(filters.number)
    return chosen


def _having_one(field: str, values: Sequence[str]) -> Body:
    """Find what has one of these values, however many."""
    return any_of({"terms": {field: values[at : at + _TERMS]}} for at in range(0, len(values), _TERMS))


def _having(facet: Field, values: Sequence[str]) -> Body:
    """Find what has one of these values of a facet."""
    if facet is VALIDITY:
        return one_of_states(values, today())
    stated = [plain(value) for value in values if value != UNSTATED]
    held: list[Body]
    if facet.kind == "keyword":
        held = [{"terms": {facet.name: [*stated, *([""] if UNSTATED in values else [])]}}]
    elif facet.kind == "month":
        held = [*map(_in_period, stated)]
    else:
        held = [{"terms": {facet.name: stated}}] if stated else []
    if UNSTATED in values and facet.kind != "keyword":
        name = "month" if facet.kind == "month" else facet.name
        held.append({"bool": {"must_not": [{"exists": {"field": name}}]}})
    return any_of(held)


def _in_period(period: str) -> Body:
    return {"term": {"month": period}} if len(period) > 4 else {"prefix": {"month": f"{period}-"}}
