"""What lies near an announcement or a document number: the same matter, the numbers before and after."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Final

from indexer.analyzer import words
from indexer.arrays.neighbours import MOST_SHARED, SHORTEST_WORD, TELLING_WORDS, TITLE_COUNTS
from indexer.cluster.documents import token, unpack
from indexer.cluster.finding import Finder, any_of
from indexer.cluster.scoring import in_steps, weigh
from indexer.ranking import Clues, rarity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.announcement import Announcement
    from indexer.cluster.answering import Answerer
    from indexer.cluster.connection import Body

WEIGHED_WORDS: Final = 100  # the most frequent of an announcement, whose rarity is looked up
NUMBERS_OF_PREFIX: Final = 10_000


def similar(answerer: Answerer, announcement: Announcement, limit: int) -> list[Body]:
    """Give the hits on the same matter as this announcement, without copies of it."""
    own = _words_of(announcement)
    clues = Clues(words=_telling(answerer, own), pairs=(), units=())
    weighed = weigh(clues, Finder(answerer.statistics), answerer.statistics).values()
    if not weighed:
        return []
    near = any_of(one.query for one in weighed)
    others = {"bool": {"filter": [near], "must_not": [{"term": {"id": announcement.id}}]}}
    body = {
        "query": in_steps(others, [one.query for one in weighed]),
        "sort": [{"_score": "desc"}, {"day": "desc"}, {"id": "asc"}],
        "size": 4 * limit,
        "_source": ["record"],
        "track_total_hits": False,
    }
    hits = answerer.connection.search(answerer.version.alias, body)["hits"]["hits"]
    unlike = (hit for hit in hits if not _same_text(own, unpack(hit["_source"]["record"])))
    return list(islice(unlike, limit))


def _words_of(announcement: Announcement) -> Counter[str]:
    counts = Counter(words(announcement.body))
    for word in words(announcement.title):
        counts[word] += TITLE_COUNTS
    return counts


def _telling(answerer: Answerer, counts: Counter[str]) -> tuple[str, ...]:
    candidates = [word for word in counts if len(word) >= SHORTEST_WORD and not word.isdigit()]
    candidates = sorted(candidates, key=lambda word: (-counts[word], word))[:WEIGHED_WORDS]
    documents = answerer.statistics.documents()
    holding = answerer.statistics.counts([{"term": {"words": token(word)}} for word in candidates])
    scarce = dict(zip(candidates, (rarity(count, documents) for count in holding), strict=True))
    return tuple(sorted(candidates, key=lambda word: (-counts[word] * scarce[word], word))[:TELLING_WORDS])


def _same_text(own: Counter[str], announcement: Announcement) -> bool:
    other = _words_of(announcement)
    return (own & other).total() > MOST_SHARED * (own | other).total()


def numbers_near(answerer: Answerer, key: str, limit: int) -> tuple[str, ...]:
    """Give borne numbers of the same issuer, nearest in year and serial first."""
    prefix, year, serial = key.split("|")
    of_issuer = {"prefix": {"number": f"{prefix}|"}}
    held = {"terms": {"field": "number", "size": NUMBERS_OF_PREFIX, "shard_size": NUMBERS_OF_PREFIX}}
    body: Body = {"query": of_issuer, "size": 0, "track_total_hits": False, "aggs": {"held": held}}
    told = answerer.connection.search(answerer.version.alias, body)["aggregations"]["held"]["buckets"]
    keys = [bucket["key"] for bucket in told]
    near = sorted(_distances(keys, (_whole(year), _whole(serial))))[:limit]
    written = _as_written(answerer, [value for *_, value in near])
    return tuple(dict.fromkeys(written[value] for *_, value in near))


def _distances(keys: list[str], wanted: tuple[int, int]) -> Iterator[tuple[int, int, str]]:
    for key in keys:
        _, year, serial = key.split("|")
        yield abs(_whole(year) - wanted[0]), abs(_whole(serial) - wanted[1]), key


def _as_written(answerer: Answerer, keys: list[str]) -> dict[str, str]:
    """Give for each number's key how an announcement that bears it writes it."""
    bodies: list[Body] = [{"query": {"term": {"number": key}}, "size": 1, "_source": ["record"]} for key in keys]
    answers = answerer.connection.searches(answerer.version.alias, bodies)
    return {
        key: unpack(answer["hits"]["hits"][0]["_source"]["record"]).number
        for key, answer in zip(keys, answers, strict=True)
    }


def _whole(text: str) -> int:
    return int("".join(filter(str.isdigit, text)) or 0)
