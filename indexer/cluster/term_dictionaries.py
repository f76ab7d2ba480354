"""How many announcements hold a word or a unit, read off the shards' dictionaries instead of searched for.

A search for each term costs the cluster some milliseconds on every shard, and a question has a dozen of them; a
dictionary tells all at once, and as fast for what millions hold. But it counts what its index holds, not what a version
shows: until segments are merged also what was replaced, and what a writer adds. So it is believed only while it knows
of exactly as many announcements as the version has.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from indexer.cluster.mappings import TERM_FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from indexer.cluster.connection import Body, Connection

WITNESS: Final = "text_units"  # a field that nearly every announcement has
_SOME_UNIT: Final = "的"
_ONLY_COUNTS: Final = {
    **dict.fromkeys(("positions", "offsets", "payloads", "realtime"), "false"),
    **dict.fromkeys(("term_statistics", "field_statistics"), "true"),
}
_TRIED_FOR_EACH_SHARD: Final = 50  # names, until one leads to it: of 50 shards each is found by 10 in the mean

Term = tuple[str, str]  # field and token


def term_of(query: Body) -> Term | None:
    """Return what a query asks for, if that is one term of a dictionary."""
    match query:
        case {"term": term} if len(query) == 1 and len(term) == 1:
            ((field, token),) = term.items()
            return (field, token) if field in TERM_FIELDS and isinstance(token, str) else None
    return None


class TermDictionaries:
    """The dictionaries of one index."""

    def __init__(self, connection: Connection, index: str) -> None:
        self._connection = connection
        self._index = index
        self._leading: list[str] | None = None  # names that lead to each shard; [] when they were not found

    def counts(self, terms: Sequence[Term], holding: Callable[[], int]) -> list[int] | None:
        """Return how many hold each; None unless the index holds as many that have any text as ``holding`` tells."""
        leading = self._leading_to_shards()
        if not leading:
            return None
        fields: dict[str, list[str]] = {WITNESS: [_SOME_UNIT]}
        for field, token in terms:
            fields.setdefault(field, []).append(token)
        asked = {name: " ".join(tokens) for name, tokens in fields.items()}
        told = self._ask([{"_index": self._index, "doc": asked, "routing": name} for name in leading])
        if any("term_vectors" not in one for one in told):
            return None
        vectors: list[dict[str, Any]] = [one["term_vectors"] for one in told]
        if sum(one[WITNESS]["field_statistics"]["doc_count"] for one in vectors) != holding():
            return None
        return [sum(int(one[field]["terms"][token].get("doc_freq", 0)) for one in vectors) for field, token in terms]

    def _ask(self, documents: list[Body]) -> list[Body]:
        client = self._connection.client
        answer = self._connection.tried(lambda: client.mtermvectors(body={"docs": documents}, params=_ONLY_COUNTS))
        told: list[Body] = answer["docs"]
        return told

    def _leading_to_shards(self) -> list[str]:
        if self._leading is None:
            client = self._connection.client
            count = len(self._connection.tried(lambda: client.search_shards(index=self._index))["shards"])
            found: dict[int, str] = {}
            for name in map(str, range(count * _TRIED_FOR_EACH_SHARD)):
                if len(found) == count:
                    break
                told = self._connection.tried(
                    partial(client.search_shards, index=self._index, params={"routing": name})
                )
                found.setdefault(told["shards"][0][0]["shard"], name)
            self._leading = list(found.values()) if len(found) == count else []
        return self._leading
