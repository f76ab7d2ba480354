"""What lies near an announcement or a document number: the same matter, the numbers before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from indexer.embedded.search.boolean_matching import DocSet, Finder
from indexer.embedded.search.copies import one_of_each
from indexer.embedded.search.scoring import ScoreAccumulator, Scorer
from indexer.embedded.search.top_k import first
from indexer.facts.document_number import parse_number
from indexer.ranking.bm25f import RankingTerms, idf
from indexer.ranking.similar import candidates, nearest_numbers, same_text, top_terms, words_of

if TYPE_CHECKING:
    from indexer.embedded.search.snapshot import Snapshot


def similar(scorer: Scorer, document: int, limit: int) -> list[tuple[int, float]]:
    """Return documents on the same matter as this one, without copies of it or of each other, each with its score."""
    snapshot = scorer.snapshot
    own = words_of(snapshot.document(document))
    others = snapshot.live.copy()
    others[document] = False
    if snapshot.groups is not None and snapshot.groups[document]:
        others &= snapshot.groups != snapshot.groups[document]
    found, finder = DocSet.of(others), Finder(snapshot)
    weighed = {word: scorer.idf_of_word(word) for word in candidates(own)}
    of_its_own = idf(1, snapshot.count)  # what stands in this one alone leads nowhere
    idfs = {word: weight for word, weight in weighed.items() if weight < of_its_own}
    accumulator = ScoreAccumulator(scorer, found, finder, scorer.factors)
    accumulator.add_terms(RankingTerms(words=top_terms(own, idfs), bigrams=(), units=()))
    scores = accumulator.scores
    near = [place for place in first(snapshot, found.documents, 4 * limit, scores=scores).tolist() if scores[place] > 0]
    ranked = ((int(found.documents[place]), float(scores[place])) for place in near)
    unlike = ((one, score) for one, score in ranked if not same_text(own, words_of(snapshot.document(one))))
    scored = dict(unlike)
    return [(one, scored[one]) for one in one_of_each(snapshot, list(scored)) if one in scored][:limit]


def numbers_near(snapshot: Snapshot, text: str, limit: int) -> tuple[str, ...]:
    """Return borne numbers of the same issuer, nearest in year and serial first."""
    wanted = parse_number(text)
    if wanted is None:
        return ()
    values = snapshot.doc_values["number"]
    held = np.unique(values.of[snapshot.live]).tolist()
    near = nearest_numbers((values.values[value] for value in held), wanted.key, limit)
    bearers = (_bearer(snapshot, values.numbers[key]) for key in near)
    return tuple(dict.fromkeys(snapshot.document(bearer).number for bearer in bearers))


def _bearer(snapshot: Snapshot, value: int) -> int:
    return int(np.argmax((snapshot.doc_values["number"].of == value) & snapshot.live))
