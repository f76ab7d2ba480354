"""What lies near an announcement or a document number: the same matter, the numbers before and after."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from indexer.analyzer import words
from indexer.arrays.finding import Finder, Found
from indexer.arrays.ordering import first
from indexer.arrays.scoring import Giving
from indexer.number import parse_number
from indexer.ranking import Clues

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.announcement import Announcement
    from indexer.arrays.answering import Answerer
    from indexer.arrays.snapshot import Snapshot

TELLING_WORDS = 25  # what an announcement is about; more cost time and bring in what it only mentions
TITLE_COUNTS = 3  # times as much as the body
SHORTEST_WORD = 2  # single characters say little about the matter
MOST_SHARED = 0.8  # of all words; above it, it is the same text and not another on the same matter


def similar(answerer: Answerer, document: int, limit: int) -> list[tuple[int, float]]:
    """Give documents on the same matter as this one, without copies of it, each with its score."""
    snapshot = answerer.snapshot
    own = _words_of(snapshot.document(document))
    others = snapshot.live.copy()
    others[document] = False
    found, finder = Found.of(others), Finder(snapshot)
    giving = Giving(answerer.scorer, found, finder)
    giving.add_clues(Clues(words=_telling(answerer, own), pairs=(), units=()))
    scores = giving.scores
    near = [place for place in first(snapshot, found.documents, 4 * limit, scores=scores).tolist() if scores[place] > 0]
    ranked = ((int(found.documents[place]), float(scores[place])) for place in near)
    unlike = ((one, score) for one, score in ranked if not _same_text(own, snapshot, one))
    return list(islice(unlike, limit))


def _words_of(announcement: Announcement) -> Counter[str]:
    counts = Counter(words(announcement.body))
    for word in words(announcement.title):
        counts[word] += TITLE_COUNTS
    return counts


def _telling(answerer: Answerer, counts: Counter[str]) -> tuple[str, ...]:
    candidates = [word for word in counts if len(word) >= SHORTEST_WORD and not word.isdigit()]
    rarity = {word: answerer.scorer.rarity_of_word(word) for word in candidates}
    weighed = sorted(candidates, key=lambda word: (-counts[word] * rarity[word], word))
    return tuple(weighed[:TELLING_WORDS])


def _same_text(own: Counter[str], snapshot: Snapshot, document: int) -> bool:
    other = _words_of(snapshot.document(document))
    return (own & other).total() > MOST_SHARED * (own | other).total()


def numbers_near(snapshot: Snapshot, text: str, limit: int) -> tuple[str, ...]:
    """Give borne numbers of the same issuer, nearest in year and serial first."""
    wanted = parse_number(text)
    if wanted is None:
        return ()
    prefix, year, serial = wanted.key.split("|")
    held = np.unique(snapshot.facts["number"].of[snapshot.live]).tolist()
    near = sorted(_distances(snapshot, held, prefix, (_whole(year), _whole(serial))))
    return tuple(dict.fromkeys(snapshot.document(_bearer(snapshot, value)).number for *_, value in near[:limit]))


def _distances(snapshot: Snapshot, held: list[int], prefix: str, wanted: tuple[int, int]) -> Iterator[tuple[int, ...]]:
    for value in held:
        match snapshot.facts["number"].values[value].split("|"):
            case [other, year, serial] if other == prefix:
                yield abs(_whole(year) - wanted[0]), abs(_whole(serial) - wanted[1]), value


def _bearer(snapshot: Snapshot, value: int) -> int:
    return int(np.argmax((snapshot.facts["number"].of == value) & snapshot.live))


def _whole(text: str) -> int:
    digits = "".join(character for character in text if character.isdigit())
    return int(digits or 0)
