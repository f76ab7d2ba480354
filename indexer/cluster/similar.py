"""What lies near an announcement or a document number: the same matter, the numbers before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from indexer.announcement import group_of
from indexer.cluster.boolean_filters import Finder, any_of
from indexer.cluster.copies import one_of_each
from indexer.cluster.records import SHOWN, WHOLE, announcement_of
from indexer.cluster.scoring import in_steps, term_clauses
from indexer.cluster.tokens import token
from indexer.ranking.bm25f import RankingTerms, idf
from indexer.ranking.similar import candidates, nearest_numbers, same_text, top_terms, words_of

if TYPE_CHECKING:
    from collections import Counter

    from indexer.announcement import Announcement
    from indexer.cluster.connection import Body
    from indexer.cluster.statistics import Statistics

WEIGHED_WORDS: Final = 100  # the most frequent of an announcement, whose idf is looked up
NUMBERS_OF_ISSUER: Final = 10_000


def similar(statistics: Statistics, announcement: Announcement, limit: int) -> list[Body]:
    """Return the hits on the same matter as this announcement, without copies of it."""
    own = words_of(announcement)
    terms = RankingTerms(words=top_terms(own, _idfs(statistics, own)), bigrams=(), units=())
    clauses = term_clauses(terms, Finder(statistics), statistics).values()
    near = any_of(one.query for one in clauses if one.query)
    copies = {"term": {"group": group_of(announcement) or announcement.id}}
    others = {"bool": {"filter": [near], "must_not": [copies]}}
    body = {
        "query": in_steps(others, clauses).exact,
        "sort": [{"_score": "desc"}, {"day": "desc"}, {"id": "asc"}],
        "size": 4 * limit,
        **SHOWN,
        "track_total_hits": False,
    }
    hits = statistics.connection.search(statistics.version.alias, body)["hits"]["hits"]
    return one_of_each([hit for hit in hits if not same_text(own, words_of(announcement_of(hit)))])[:limit]


def _idfs(statistics: Statistics, counts: Counter[str]) -> dict[str, float]:
    frequent = sorted(candidates(counts), key=lambda word: (-counts[word], word))[:WEIGHED_WORDS]
    documents = statistics.documents()
    holding = statistics.counts([{"term": {"words": token(word)}} for word in frequent])
    # What stands in this one alone leads nowhere.
    return {word: idf(count, documents) for word, count in zip(frequent, holding, strict=True) if count > 1}


def numbers_near(statistics: Statistics, key: str, limit: int) -> tuple[str, ...]:
    """Return borne numbers of the same issuer, nearest in year and serial first."""
    of_issuer = {"prefix": {"number": f"{key.split('|', maxsplit=1)[0]}|"}}
    held = {"terms": {"field": "number", "size": NUMBERS_OF_ISSUER, "shard_size": NUMBERS_OF_ISSUER}}
    body: Body = {"query": of_issuer, "size": 0, "track_total_hits": False, "aggs": {"held": held}}
    told = statistics.connection.search(statistics.version.alias, body)["aggregations"]["held"]["buckets"]
    near = nearest_numbers((bucket["key"] for bucket in told), key, limit)
    return tuple(dict.fromkeys(_as_written(statistics, near)))


def _as_written(statistics: Statistics, keys: list[str]) -> list[str]:
    """Return for each number's key how an announcement that bears it writes it."""
    bodies: list[Body] = [{"query": {"term": {"number": key}}, "size": 1, **WHOLE} for key in keys]
    answers = statistics.connection.searches(statistics.version.alias, bodies)
    return [announcement_of(answer["hits"]["hits"][0]).number for answer in answers]
