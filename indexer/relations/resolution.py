"""Which announcements of an index are meant by what others cite: decided over all of them at once, never guessed.

A citation means what bears its number; else what has its title; else, below a place, what has its title behind the
name of that place; else what has its title behind the name of who speaks, or issues it by a notice. Where more than one
is left, all are listed and none is taken for sure. The outcome depends on nothing but the announcements themselves.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from indexer.facts.dates import NO_DAY
from indexer.light_dataclass import dataclass
from indexer.relations.keys import CODES, IS_NEWS
from indexer.relations.titles import local_key

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from indexer.relations.keys import Array

MOST_MEANT: Final = 20  # announcements that one citation is taken to mean at most
MOST_BEARING: Final = 200  # announcements of one key; more are a form, not a title

EDGE: Final = np.dtype(
    [
        ("source", "<u4"), ("target", "<u4"), ("place", "<u4"), ("day", "<i4"), ("relation", "u1"), ("partly", "u1"),
        ("sure", "u1"), ("spare", "u1"),
    ]
)  # fmt: skip

_AMENDS: Final = CODES["amends"]
_ENDS: Final = tuple(CODES[relation] for relation in ("repeals", "replaces", "amends"))  # what it ends is no part of it


class Known(NamedTuple):
    """What must be known of an announcement to choose it among others."""

    id: str
    title: str
    region: str  # path joined by "/"; "" if unknown
    group: int  # of copies; below 0 for one that stands alone


@dataclass(frozen=True, slots=True)
class Keys:
    """All documents of an index, side by side with their citations."""

    documents: Array  # see ``indexer.relations.keys.DOCUMENT``
    citations: Array  # see ``CITATION``
    live: Array  # of each document, whether it is still there


def resolve(keys: Keys, known: Callable[[int], Known]) -> Array:
    """Return an edge (see ``EDGE``) for each announcement that a citation means, by source, then place in its text."""
    return _Resolver(keys, known).edges()


class _Resolver:
    def __init__(self, keys: Keys, known: Callable[[int], Known]) -> None:
        self._keys = keys
        self._look = known
        self._known: dict[int, Known] = {}
        counts = keys.documents["citations"].astype(np.int64)
        starts = np.cumsum(counts) - counts
        sources = np.repeat(np.arange(len(counts)), counts)
        self._sources = sources
        self._places = np.arange(len(sources)) - np.repeat(starts, counts)
        self._holders = {
            (of, by): self._held(of, by)
            for of, by in (
                ("number", "number"), ("title", "title"), ("title", "local"), ("title", "about"), ("about", "title"),
                ("about", "about"), ("title", "inner"),
            )
        }  # fmt: skip

    def _held(self, cited: str, by: str) -> dict[int, list[int]]:
        """Return for each cited key that documents have the documents that have it."""
        keys = self._keys
        has = keys.documents[by]
        wanted = np.unique(keys.citations[cited])
        found = np.flatnonzero(keys.live & (has != 0) & np.isin(has, wanted))
        holders: defaultdict[int, list[int]] = defaultdict(list)
        for document, key in zip(found.tolist(), has[found].tolist(), strict=True):
            holders[key].append(document)
        return {key: held for key, held in holders.items() if len(held) <= MOST_BEARING}

    def edges(self) -> Array:
        rows = []
        citations = self._keys.citations
        for at in np.flatnonzero(self._worth_a_look()).tolist():
            source, cited = int(self._sources[at]), citations[at]
            meant, sure = self._meant(source, cited)
            rows += [
                (source, one, int(self._places[at]), cited["day"], cited["relation"], cited["partly"], sure, 0)
                for one in meant
            ]
        return np.array(rows, dtype=EDGE)

    def _worth_a_look(self) -> Array:
        """Mark the citations of live documents of which some key is had by some document."""
        citations = self._keys.citations
        marked = np.zeros(len(citations), dtype=bool)
        for (cited, _), holders in self._holders.items():
            marked |= np.isin(citations[cited], np.fromiter(holders, dtype=np.uint64, count=len(holders)))
        marked &= self._keys.live[self._sources]
        return marked

    def _meant(self, source: int, cited: Array) -> tuple[Sequence[int], bool]:
        candidates, by_number = self._candidates(source, cited)
        own = self._of(source).group
        candidates = [one for one in candidates if one != source and self._of(one).group != own]
        candidates = self._documents_first(candidates)
        groups = {self._of(one).group for one in candidates}
        if len(groups) > 1 and not by_number:
            candidates = self._of_the_issuer(source, int(cited["issuer"]), candidates)
            candidates = self._earlier(source, int(cited["relation"]), candidates)
            groups = {self._of(one).group for one in candidates}
        ordered = sorted(candidates, key=lambda one: self._of(one).id)[:MOST_MEANT]
        return ordered, len(groups) == 1

    def _candidates(self, source: int, cited: Array) -> tuple[list[int], bool]:
        number, title, about = int(cited["number"]), int(cited["title"]), int(cited["about"])
        held = self._holders
        if number and (bearing := held["number", "number"].get(number)):
            titled = {*held["title", "title"].get(title, ()), *held["title", "about"].get(title, ())}
            return [one for one in bearing if one in titled] or bearing, True
        if not title:
            return [], False
        local = [one for one in held["title", "local"].get(title, ()) if self._is_above(one, source)]
        for level in (
            [*held["title", "title"].get(title, ()), *local],
            [one for one in held["title", "about"].get(title, ()) if self._is_near(one, source)],
            [one for one in held["about", "title"].get(about, ()) if about and self._is_near(one, source)],
            []
            if self._issues(source, cited)
            else [one for one in held["title", "inner"].get(title, ()) if self._is_near(one, source)],
        ):
            numbers = self._keys.documents["number"]
            fitting = [one for one in level if not (number and numbers[one] and numbers[one] != number)]
            if fitting:
                return list(dict.fromkeys(fitting)), False
        return [], False

    def _issues(self, source: int, cited: Array) -> bool:
        """Return whether an announcement issues what it cites: then others that issue it are other versions."""
        own = int(self._keys.documents["inner"][source])
        return own != 0 and own == int(cited["title"]) and int(cited["relation"]) not in _ENDS

    def _documents_first(self, candidates: list[int]) -> list[int]:
        """Leave out news where a document has the same name."""
        flags = self._keys.documents["flags"]
        return [one for one in candidates if not flags[one] & IS_NEWS] or candidates

    def _of_the_issuer(self, source: int, issuer: int, candidates: list[int]) -> list[int]:
        """Keep those of whom the words before the citation name, where any are."""
        if issuer == 1:
            kept = [one for one in candidates if self._of(one).region in ("", "全国")]
        elif issuer == 2:
            kept = [one for one in candidates if self._is_above(one, source)]
        else:
            return candidates
        return kept or candidates

    def _earlier(self, source: int, relation: int, candidates: list[int]) -> list[int]:
        """Of several that a decision may amend keep those that were there before it, where all days are known."""
        days = self._keys.documents["issued"]
        if relation != _AMENDS or NO_DAY in (days[source], *(days[one] for one in candidates)):
            return candidates
        return [one for one in candidates if days[one] < days[source]] or candidates

    def _is_above(self, one: int, source: int) -> bool:
        """Return whether an announcement is of the place of another, or of one that holds it, and says so."""
        region, below = self._of(one).region, self._of(source).region
        place = local_key(self._of(one).title)[0]
        holds = bool(region) and region != "全国" and f"{below}/".startswith(f"{region}/")
        return holds and bool(place) and place.startswith(region.rpartition("/")[2][:2])

    def _is_near(self, one: int, source: int) -> bool:
        """Return whether an announcement may be meant without its issuer: it is of the same place or one above."""
        region, below = self._of(one).region, self._of(source).region
        return region in ("", "全国") or f"{below}/".startswith(f"{region}/")

    def _of(self, document: int) -> Known:
        if document not in self._known:
            self._known[document] = self._look(document)
        return self._known[document]


def counted(edges: Array, groups: Array, size: int) -> Array:
    """Return for each document how many others cite it for sure; ``groups`` has a number a document, one for copies."""
    sure = edges[edges["sure"] == 1]
    pairs = np.unique(groups[sure["source"]].astype(np.int64) << 32 | sure["target"])
    return np.bincount(pairs & 0xFFFFFFFF, minlength=size)
