"""Put what is repealed or amended below what took its place, where both are found: by score it may stand above."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from indexer.cluster.boolean_filters import all_of, any_of
from indexer.cluster.validity_filters import happened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from indexer.cluster.connection import Body

MOST_LOWERED: Final = 1_000  # repealed or amended ones among what is found, the best of these
_EVENTS: Final = ("repealed", "amended")
TELLING: Final = tuple(f"{of}.{event}" for of in ("validity", "replaced_by") for event in _EVENTS)  # fields
_LOWERED: Final = "def lower = params.lowered.get(doc['id'].value); return lower == null ? _score : lower;"


class Pair(NamedTuple):
    """What is repealed or amended, and what took its place, by their ids."""

    old: str
    new: str


def replaced_by(day: int) -> Body:
    """Find what something else holds instead of by a day, and possibly more."""
    return any_of(happened(event, day) for event in _EVENTS)


def lowered(scored: Body, passing: Sequence[Body], day: int, ask: Callable[[Body], Body]) -> dict[str, float]:
    """Return by id the scores of those that stand too high among what is found, as they should be.

    ``scored`` finds with scores in steps, of which counts what is ``passing``.
    """
    old = _hits(scored, (*passing, replaced_by(day)), MOST_LOWERED, ask)
    pairs = [pair for hit in old for pair in pairs_of(hit["fields"]["id"][0], hit["fields"], day)]
    new_ids = sorted({pair.new for pair in pairs})
    if not new_ids:
        return {}
    new = _hits(scored, (*passing, {"terms": {"id": new_ids}}), len(new_ids), ask)
    days = {hit["fields"]["id"][0]: int(hit["fields"]["day"][0]) for hit in new}
    scores = {hit["fields"]["id"][0]: float(hit["sort"][0]) for hit in (*old, *new)}
    return lower(pairs, scores, days)


def lower(pairs: Iterable[Pair], scores: dict[str, float], days: dict[str, int]) -> dict[str, float]:
    """Return the scores, in steps, of those that stand too high, as they should be; ``days`` are those of the new."""
    given, scores = scores, dict(scores)
    for pair in sorted((one for one in pairs if one.new in days), key=lambda one: (-days[one.new], one.old)):
        scores[pair.old] = min(scores[pair.old], max(0.0, scores[pair.new] - 1))
    return {name: score for name, score in scores.items() if score < given[name]}


def with_lowered(scored: Body, scores: dict[str, float]) -> Body:
    """Return what finds the same with some other scores."""
    return {"script_score": {"query": scored, "script": {"source": _LOWERED, "params": {"lowered": scores}}}}


def _hits(scored: Body, filters: Iterable[Body], most: int, ask: Callable[[Body], Body]) -> list[Body]:
    body: Body = {
        "query": {"bool": {"must": [scored], "filter": [all_of(filters)]}},
        "sort": [{"_score": "desc"}, {"id": "asc"}],
        "size": most,
        "track_total_hits": False,
        "_source": False,
        "docvalue_fields": ["id", "day", *TELLING],
    }
    hits: list[Body] = ask(body)["hits"]["hits"]
    return hits


def pairs_of(old: str, fields: dict[str, list[Any]], day: int) -> Iterator[Pair]:
    """Yield what took the place of an announcement by a day; ``fields`` are its ``TELLING`` ones."""
    for event in _EVENTS:
        new = fields.get(f"replaced_by.{event}")
        if new and int(fields[f"validity.{event}"][0]) <= day:
            yield Pair(old, new[0])
