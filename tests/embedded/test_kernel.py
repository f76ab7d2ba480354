"""The compiled kernel and numpy give the same numbers; damaged arrays are refused, and never read outside of.

Skipped where the kernel was not compiled; POLICY_SEARCH_KERNEL_TESTS=required, as in the gate, wants it.
"""

from __future__ import annotations

import os
import random
from array import array
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.embedded import kernel
from indexer.embedded.engine import WhooshEngine
from indexer.embedded.search.boolean_matching import DocSet, Finder
from indexer.embedded.search.copies import heads
from indexer.embedded.search.lookups import lookups_of
from indexer.embedded.search.scoring import Scorer
from indexer.embedded.search.searcher import Searcher
from indexer.embedded.search.snapshot import Snapshot
from indexer.embedded.search.top_k import first_of, order_keys
from indexer.embedded.store import positions
from indexer.embedded.store.index_versions import current
from indexer.embedded.write import frequent_terms
from indexer.query.tree import And, Not, Or, Phrase, Query, Term
from indexer.report import Report
from indexer.text.units import units
from tests.builders import announcement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from indexer.announcement import Announcement

NATIVE: Any = kernel.compiled()
if NATIVE is None:
    assert os.environ.get("POLICY_SEARCH_KERNEL_TESTS") != "required", "the kernel was not compiled"
    pytest.skip("the kernel was not compiled", allow_module_level=True)

POOL = ["扶贫", "防汛", "通知", "工作", "乡村振兴", "2020年", "补贴", "，", "。", "的", "a级", "办法", "贫困户"]
ROW = st.lists(st.sampled_from([*POOL, "扶", "贫", "2020", "从未"]), min_size=1, max_size=5).map("".join)
DOCUMENTS = 300
FIELD_ARRAYS = [*kernel._OF_UNITS, *kernel._OF_COMMON]
FIELD_ARRAYS += [f"{kind}.{name}" for kind in ("common", "words") for name in kernel._LISTS]

Both = tuple[Searcher, Searcher]


def _texts(seed: int, prefix: str, count: int) -> list[Announcement]:
    chance = random.Random(seed)

    def text(most: int) -> str:
        return "".join(chance.choices(POOL, k=chance.randint(0, most)))

    return [
        announcement(f"{prefix}{at}", text(5), text(chance.choice((3, 60))) + "补贴" * chance.choice((0, 0, 300)))
        for at in range(count)
    ]


@pytest.fixture(scope="module", params=["one segment", "several, some deleted", "steps of both kinds"])
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Both:
    """One index searched by the kernel and by numpy."""
    place = tmp_path_factory.mktemp("kernel") / "index"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frequent_terms, "COMMON_BIGRAM", 30)
        if request.param == "steps of both kinds":
            patch.setattr(positions, "LONG_SHIFT", 8)
        engine = WhooshEngine(place)
        engine.replace_all(_texts(1, "a", DOCUMENTS), Report())
        if request.param == "several, some deleted":
            engine.change(_texts(2, "b", 40), ["a3", "a7", "a200"], Report())
    searchers = [Searcher(Snapshot(current(place), compiled=compiled)) for compiled in (True, False)]
    assert [one.snapshot.native for one in searchers] == [NATIVE, None]
    return searchers[0], searchers[1]


@given(row=ROW, fields=st.sampled_from([("title", "body"), ("title",), ("body",)]))
def test_both_find_a_row_in_the_same_documents(both: Both, row: str, fields: tuple[str, ...]) -> None:
    found = [Finder(one.snapshot).holding(tuple(units(row)), fields).tolist() for one in both]
    assert found[0] == found[1]


@given(
    rows=st.lists(ROW, max_size=20),
    words=st.lists(st.sampled_from([*POOL, "从未"]), max_size=4),
    share=st.sampled_from([0.0, 0.02, 0.3, 1.0]),
    seed=st.integers(0, 99),
)
def test_both_count_and_weigh_alike(both: Both, rows: list[str], words: list[str], share: float, seed: int) -> None:
    bigrams = [pair for row in rows for pair in zip(units(row), units(row)[1:], strict=False) if "" not in pair]
    weighed = [(1.1**at, tuple(units(row))) for at, row in enumerate(rows) if units(row)]
    most = [0.3 * at + 0.1 for at in range(len(bigrams) + len(words))]
    found = np.random.default_rng(seed).random(both[0].snapshot.size) < share
    answers: list[tuple[object, ...]] = []
    for one in both:
        snapshot, scorer = one.snapshot, Scorer(one.snapshot)
        documents = DocSet.of(found).documents
        lookups = lookups_of(snapshot, documents, Finder(snapshot), scorer.factors)
        frequencies = [row.tolist() for row in lookups.frequencies(bigrams, words)]
        sums = lookups.scores(bigrams, words, most, 1.0).tolist()
        holding = scorer.statistics.of_terms(bigrams, [unit for row in rows for unit in units(row) if unit], words)
        answers.append((frequencies, sums, lookups.weights(weighed).tolist(), holding))
    assert answers[0] == answers[1]


QUERIES = st.recursive(
    st.one_of(st.builds(Term, ROW), st.builds(Phrase, ROW)),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(tuple).map(And),
        st.lists(inner, min_size=2, max_size=3).map(tuple).map(Or),
        st.tuples(inner, inner.map(Not)).map(And),
    ),
    max_leaves=4,
)


@given(root=QUERIES, per_page=st.integers(1, 40))
def test_both_answer_alike(both: Both, root: Any, per_page: int) -> None:
    answers = [one.top_docs(Query(root=root, per_page=per_page)) for one in both]
    assert answers[0] == answers[1]


KEYS = st.lists(st.integers(-(2**62), 2**62), max_size=60, unique=True)


@given(keys=KEYS, limit=st.integers(-1, 70))
def test_the_lowest_keys_come_first(keys: list[int], limit: int) -> None:
    expected = [keys.index(key) for key in sorted(keys)[: max(limit, 0)]]
    assert NATIVE.lowest(np.array(keys, dtype=np.int64), limit) == expected
    if limit > 0:
        for native in (None, NATIVE):
            assert first_of(np.array(keys, dtype=np.int64), limit, native).tolist() == expected


@given(counts=st.lists(st.integers(0, 4), max_size=60), limit=st.integers(0, 70))
def test_the_highest_counts_come_first(counts: list[int], limit: int) -> None:
    held = sorted((-count, place) for place, count in enumerate(counts) if count)[:limit]
    expected = ([place for _, place in held], [-count for count, _ in held])
    assert NATIVE.most(np.array(counts, dtype=np.int64), limit) == expected


@given(st.data())
def test_values_are_counted_as_numpy_counts_them(data: st.DataObject) -> None:
    rows = data.draw(st.integers(1, 20))
    held = data.draw(st.lists(st.integers(0, 9), min_size=3 * rows, max_size=3 * rows))
    numbers = np.array(held, dtype=data.draw(st.sampled_from([np.uint16, np.uint32])))
    documents = np.array(data.draw(st.lists(st.integers(0, rows - 1), max_size=20)), dtype=np.int64)
    counts = np.zeros(10, dtype=np.int64)
    NATIVE.count(numbers, 3, documents, counts)
    assert counts.tolist() == np.bincount(numbers.reshape(-1, 3)[documents].ravel(), minlength=10).tolist()


@given(counts=st.lists(st.integers(0, 9), max_size=20), spans=st.lists(st.integers(-3, 25), max_size=8))
def test_spans_are_added_up_as_far_as_there_are_counts(counts: list[int], spans: list[int]) -> None:
    pairs = list(zip(spans[::2], spans[1::2], strict=False))
    expected = [sum(counts[max(low, 0) : max(high, 0)]) for low, high in pairs]
    bounds = array("q", [edge for pair in pairs for edge in pair])
    assert NATIVE.sums(np.array(counts, dtype=np.int64), bounds) == expected


def test_both_put_in_the_same_order(both: Both) -> None:
    keys = []
    for one in both:
        chance = np.random.default_rng(3)
        documents = DocSet.of(one.snapshot.live).documents
        scores = (chance.random(len(documents)) * 40).astype(np.float32)
        for given_scores in (None, scores):
            keys += [order_keys(one.snapshot, documents, "relevance", given_scores).tolist()]
    assert keys[:2] == keys[2:]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(-9, 9)), max_size=30), st.randoms())
def test_both_leave_out_the_same_copies(listed: list[tuple[int, int]], chance: random.Random) -> None:
    groups = np.zeros(60, dtype=np.intp)
    documents = np.array(sorted(chance.sample(range(60), len(listed))), dtype=np.int64)
    groups[documents] = [group for group, _ in listed]
    keys = np.array([key for _, key in listed], dtype=np.int64)
    snapshots: list[Any] = [SimpleNamespace(groups=groups, native=native) for native in (None, NATIVE)]
    kept = [heads(snapshot, documents, keys) for snapshot in snapshots]
    assert [None if one is None else one.tolist() for one in kept[:1]] == [
        None if one is None else one.tolist() for one in kept[1:]
    ]


# ── what cannot be ──


def _calls(segment: Any, size: int, units: int, words: int) -> Iterator[Callable[[], object]]:
    """Yield calls that every whole segment of so many documents, units and words answers."""
    chance = random.Random(5)
    factors = np.ones(size, dtype=np.float32)
    for width in (1, 2, 3, 5):
        row = tuple(chance.randrange(units) for _ in range(width))
        pairs = array("q", [chance.randrange(-1, units) for _ in range(4)])
        terms = pairs, array("q", [chance.randrange(-1, words), 0]), factors, factors
        yield partial(segment.mark, row, 3, np.zeros(size, dtype=bool))
        yield partial(segment.holding, pairs, array("q", pairs[:1]), terms[1])
        for documents in (np.arange(size), np.arange(0, size, 40)):
            rows = [row] * 8 + [np.ones(size, dtype=bool)]
            out = np.zeros((4, len(documents) + 1), dtype=np.float32)
            weights, sums = array("f", [1.0] * 9), np.zeros(len(documents), np.float32)
            yield partial(segment.add_holding, documents, rows, weights, sums)
            yield partial(segment.frequencies, documents, *terms, out)
            yield partial(segment.add_scores, documents, *terms, sums.copy(), array("f", [1.0] * 4), 1.0)
    for document in range(0, size, 7):
        yield partial(segment.text, document, -1)
        yield partial(segment.text, document, 3)


def _opened(both: Both) -> tuple[int, list[list[Any]], list[Any]]:
    """Return how many documents the first segment has, its arrays by field and of texts, and those of both together."""
    searcher = both[0].snapshot
    record = searcher.meta.segments[0]
    files = [record.open(searcher.folder, part) for part in ("units", "words", "common")]
    together = [files[0]["document_frequency"], files[2]["words.document_frequency"]]
    fields = [list(kernel._arrays_of(field, *files)) for field in kernel.FIELDS]
    return record.documents, [*fields, [files[0][name] for name in kernel._OF_TEXTS]], together


def _refused(opened: tuple[int, list[list[Any]], list[Any]], fields: list[list[Any]]) -> tuple[int, int]:
    """Return how many calls are refused with these arrays in place of those of the segment, and how many there are."""
    size, whole, together = opened
    words = len(whole[1][FIELD_ARRAYS.index("words.offsets")]) - 1
    refused = count = 0
    try:
        segment = NATIVE.Segment(size, *map(tuple, fields), *together)
    except ValueError:
        return 1, 1
    for call in _calls(segment, size, len(together[0]), words):
        count += 1
        try:
            call()
        except ValueError:
            refused += 1
    return refused, count


def test_damaged_arrays_are_refused_or_answered_and_never_read_outside_of(both: Both) -> None:
    opened = _opened(both)
    fields = opened[1]
    assert _refused(opened, fields)[0] == 0
    chance = random.Random(9)
    rounds = []
    for _ in range(400):
        arrays = [[*field] for field in fields]
        which = chance.randrange(3)
        at = chance.randrange(len(arrays[which]))
        damaged = arrays[which][at].copy()
        if len(damaged) and chance.random() < 0.8:
            for _ in range(chance.choice((1, 30, len(damaged)))):
                damaged[chance.randrange(len(damaged))] = chance.choice((0, np.iinfo(damaged.dtype).max, 7))
        else:
            damaged = damaged[: len(damaged) // 2]
        arrays[which][at] = damaged
        rounds.append(_refused(opened, arrays))
    assert any(refused == 0 for refused, _ in rounds)
    assert any(0 < refused < count for refused, count in rounds)
    assert sum(refused > 0 for refused, _ in rounds) > 20


@pytest.mark.parametrize("name", ["first", "blocks", "starts", "offsets"])
@pytest.mark.parametrize("number", [2**63 + 5, 2**64 - 2**40, 2**64 - 1])
def test_numbers_that_would_be_negative_are_no_places(both: Both, name: str, number: int) -> None:
    opened = _opened(both)
    arrays = [[*field] for field in opened[1]]
    at = FIELD_ARRAYS.index(name)
    for of_field in arrays:
        of_field[at] = np.full(len(of_field[at]), number, dtype=np.uint64)
    refused, count = _refused(opened, arrays)
    assert 0 <= refused <= count  # what it answers is open; it has come back
    assert _refused(opened, opened[1])[0] == 0  # and left nothing behind


@pytest.mark.parametrize("score", [np.nan, np.inf, -np.inf, 3e38])
def test_a_score_that_cannot_be_is_refused(score: float) -> None:
    numbers = np.arange(3)
    scores = np.array([1, score, 2], dtype=np.float32)
    with pytest.raises(ValueError, match="score"):
        NATIVE.order_keys(numbers, numbers, 3, scores, 0.01, np.zeros(3, dtype=np.int64))


def test_arrays_of_another_kind_or_length_are_refused(both: Both) -> None:
    size, fields, together = _opened(both)
    segment = NATIVE.Segment(size, *map(tuple, fields), *together)
    documents, factors = np.arange(size), np.ones(size, dtype=np.float32)
    out = np.zeros((1, size + 1), dtype=np.float32)
    one, none, numbers = array("q", [1]), array("q"), (1, 1, 1.0, 1.0, 1.0, 1.0, 1.0)
    wrong: list[tuple[Any, tuple[Any, ...]]] = [
        (segment.mark, ((1, 2), 3, np.zeros(size - 1, dtype=bool))),
        (segment.mark, ((1, 2), 3, np.zeros(size, dtype=np.int64))),
        (segment.mark, ((1, 2), 3, bytes(size))),
        (segment.mark, ([1, 2], 3, np.zeros(size, dtype=bool))),
        (segment.mark, ((-1, 2), 3, np.zeros(size, dtype=bool))),
        (segment.frequencies, (documents + 1, none, one, factors, factors, out)),
        (segment.frequencies, (documents - 1, none, one, factors, factors, out)),
        (segment.frequencies, (documents, none, one, factors[:-1], factors, out)),
        (segment.frequencies, (documents, none, one, factors, factors, out[:, :-1])),
        (segment.frequencies, (documents, none, one, factors, factors.astype(np.float64), out)),
        (segment.frequencies, (documents.astype(np.int32), none, one, factors, factors, out)),
        (segment.frequencies, (documents[::2], none, one, factors, factors, out)),
        (segment.frequencies, (documents, none, array("q", [10**9]), factors, factors, out)),
        (segment.add_holding, (documents + 1, [(2, 3)], array("f", [1.0]), factors)),
        (segment.add_holding, (documents, [(2, 3)], array("f", [1.0, 2.0]), factors)),
        (segment.add_holding, (documents, [None], array("f", [1.0]), factors)),
        (segment.add_holding, (documents, [(2, 3), np.ones(size - 1, dtype=bool)], array("f", [1.0, 2.0]), factors)),
        (NATIVE.add_title_boost, (documents, factors > 2, documents, factors, factors[1:], factors, numbers)),
        (NATIVE.add_title_boost, (documents, factors > 2, documents, factors, factors, factors, numbers[1:])),
        (NATIVE.count, (np.zeros(6, np.uint32), 2, np.array([3]), np.zeros(1, np.int64))),
        (NATIVE.count, (np.full(6, 5, np.uint16), 2, np.array([0]), np.zeros(5, np.int64))),
        (NATIVE.count, (np.zeros(6, np.uint16), 0, np.array([0]), np.zeros(5, np.int64))),
        (NATIVE.count, (np.zeros(6, np.uint8), 2, np.array([0]), np.zeros(5, np.int64))),
        (NATIVE.order_keys, (np.array([5]), np.arange(5), 5, None, 0.01, np.zeros(1, np.int64))),
        (NATIVE.lowest, (np.zeros(3), 1)),
        (NATIVE.leave_out_copies, (documents, documents + 1, documents, factors > 2)),
        (NATIVE.leave_out_copies, (documents, documents - 1, documents, factors > 2)),
        (NATIVE.leave_out_copies, (documents, documents, documents[1:], factors > 2)),
        (NATIVE.leave_out_copies, (documents, documents, documents, factors[1:] > 2)),
        (segment.add_scores, (documents, none, one, factors, factors, factors, array("f"), 1.0)),
        (segment.add_scores, (documents, none, one, factors, factors, factors[1:], array("f", [1.0]), 1.0)),
        (
            NATIVE.add_title_boost,
            (documents, factors > 2, documents, factors, factors[1:], factors, (1, 1, *[1.0] * 5)),
        ),
        (segment.holding, (one, one, one[0])),
        (segment.text, (size, -1)),
        (segment.text, (-1, -1)),
        (NATIVE.Segment, (size, tuple(fields[0]), tuple(fields[1]), tuple(fields[2]))),
        (NATIVE.Segment, (size, tuple(fields[0]), tuple(fields[1][:-1]), tuple(fields[2]), *together)),
        (NATIVE.Segment, (size, tuple(fields[0]), tuple(fields[1]), tuple(fields[2][:-1]), *together)),
        (NATIVE.Segment, (size + 1, tuple(fields[0]), tuple(fields[1]), tuple(fields[2]), *together)),
        (NATIVE.Segment, (size, tuple(fields[0]), tuple(fields[1]), tuple(fields[2]), together[0], "words")),
    ]
    for call, given_to_it in wrong:
        with pytest.raises((ValueError, TypeError, BufferError, OverflowError)):
            call(*given_to_it)


def test_what_was_compiled_from_other_sources_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "REVISION", kernel.REVISION + 1)
    assert kernel.compiled() is None
