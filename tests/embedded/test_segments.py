"""The arrays under the embedded index: files, segments, merging, and Whoosh's own view of them."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh import query as whoosh_query
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

from indexer.embedded.engine import WhooshEngine
from indexer.embedded.search.boolean_matching import DocSet, Finder
from indexer.embedded.search.candidates import Candidates
from indexer.embedded.search.scoring import Scorer
from indexer.embedded.search.searcher import Searcher
from indexer.embedded.search.snapshot import Snapshot
from indexer.embedded.store.array_file import ArrayFile, ArrayFileWriter, Damaged
from indexer.embedded.store.index_versions import current
from indexer.embedded.store.term_dictionary import TermDictionary, merge_terms, write_terms
from indexer.embedded.store.unit_codes import BREAK as BREAK_NUMBER
from indexer.embedded.store.unit_codes import END, Alphabet, encode
from indexer.embedded.verify import verify
from indexer.embedded.whoosh.codec import ArrayCodec
from indexer.embedded.write import batches
from indexer.embedded.write.document_frequency import Postings, document_frequencies
from indexer.ranking.bm25f import Ranking, SynonymEntry
from indexer.ranking.prior import prior_of
from indexer.report import Report
from indexer.text.segmenter import words
from indexer.text.units import BREAK, units
from tests.builders import announcement
from tests.plain_ranking import plain_scores

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from indexer.announcement import Announcement

TEXT = st.text(st.sampled_from("花都区扶貧贫发 　，。\n\tAa1２𠮷〇か\ud800é"), max_size=20)


def made_up(count: int, seed: int = 1) -> list[Announcement]:
    """Announcements of words that come again and again."""
    chance = random.Random(seed)
    pool = [
        "扶贫",
        "防汛",
        "通知",
        "工作",
        "乡村振兴",
        "2020年",
        "补贴",
        "，花都区",
        "。",
        "的",
        "人民政府",
        "a1",
        "资金",
    ]
    return [
        announcement(
            f"{at:04}",
            "".join(chance.choices(pool, k=chance.randint(0, 5))),
            "".join(chance.choices(pool, k=chance.randint(0, 40))),
            source=chance.choice(["甲局", "乙局", ""]),
            region=chance.choice([("广东省", "广州市"), ("广东省",), ()]),
        )
        for at in range(count)
    ]


def snapshot_of(place: Path, kept: Sequence[Announcement]) -> Snapshot:
    WhooshEngine(place).replace_all(kept, Report())
    return Snapshot(current(place))


# ── files ──


@given(st.dictionaries(st.text("abc.", min_size=1, max_size=4), st.lists(st.integers(0, 2**32 - 1)), max_size=5))
def test_arrays_come_back_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, arrays: dict[str, list[int]]
) -> None:
    path = tmp_path_factory.mktemp("arrays") / "file"
    with ArrayFileWriter(path) as writer:
        for name, values in arrays.items():
            writer.start(name, np.dtype(np.uint32))
            writer.append(np.array(values[:2], dtype=np.int64))
            writer.append(np.array(values[2:], dtype=np.int64))
    file = ArrayFile(path)
    assert {name: file[name].tolist() for name in arrays} == arrays
    assert list(file.problems()) == []


@pytest.mark.parametrize("cut", [0, 1, 8, 20, 60])
def test_a_file_cut_short_is_refused(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "file"
    with ArrayFileWriter(path) as writer:
        writer.add("a", np.arange(9))
    path.write_bytes(path.read_bytes()[: -cut or 3])
    with pytest.raises(Damaged):
        ArrayFile(path)


def test_one_changed_byte_is_found_by_name(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with ArrayFileWriter(path) as writer:
        writer.add("good", np.arange(99))
        writer.add("bad", np.arange(99))
    content = bytearray(path.read_bytes())
    content[99 * 8 + 100] ^= 1
    path.write_bytes(content)
    assert list(ArrayFile(path).problems()) == ["file: bad is damaged"]


@given(st.sets(st.binary(max_size=12), max_size=30), st.sets(st.binary(max_size=12), max_size=30))
def test_tables_find_their_strings_and_unite_in_order(
    tmp_path_factory: pytest.TempPathFactory, one: set[bytes], other: set[bytes]
) -> None:
    path = tmp_path_factory.mktemp("strings") / "file"
    with ArrayFileWriter(path) as writer:
        write_terms(writer, "one", sorted(one))
        write_terms(writer, "other", sorted(other))
    file = ArrayFile(path)
    tables = [TermDictionary(file, "one"), TermDictionary(file, "other")]
    assert tables[0].all_raw() == sorted(one)
    assert [tables[0].place(string) for string in sorted(one)] == list(range(len(one)))
    union, numbers = merge_terms(tables)
    assert union == sorted(one | other)
    assert [union[number] for number in numbers[1]] == sorted(other)


# ── units and words ──


@given(st.lists(TEXT, max_size=6))
def test_encoding_many_texts_gives_the_units_of_each(texts: list[str]) -> None:
    encoded = encode(texts)
    alphabet = Alphabet.of([encoded])
    numbers = alphabet.number(encoded)
    names = [
        "",
        "END",
        *map(chr, alphabet.characters),
        *(run.decode("utf-8", "surrogatepass") for run in alphabet.runs),
    ]
    for text, low, high in zip(texts, encoded.starts, encoded.starts[1:], strict=False):
        row = numbers[low:high].tolist()
        assert row[-1] == END
        assert [BREAK if number == BREAK_NUMBER else names[number] for number in row[:-1]] == units(text)


def test_merging_in_any_order_of_batches_changes_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = made_up(60)
    whole = Searcher(snapshot_of(tmp_path / "whole", kept))
    monkeypatch.setattr(batches, "BATCH_DOCUMENTS", 7)
    monkeypatch.setattr(batches, "MERGED_AT_ONCE", 3)
    monkeypatch.setattr("indexer.embedded.store.array_file.CHUNK_ITEMS", 50)
    merged = Searcher(snapshot_of(tmp_path / "merged", kept))
    for row in ("扶贫", "的", "乡村振兴", "花都区。", "1", "人民政府2020年"):
        one, other = (Finder(index.snapshot).holding(tuple(units(row))) for index in (whole, merged))
        assert one.tolist() == other.tolist()
    assert [one.snapshot.document(5) for one in (whole, merged)] == [kept[5], kept[5]]
    assert verify(merged.snapshot.folder) == []


def test_what_is_common_is_answered_from_its_own_lists_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = made_up(40)
    monkeypatch.setattr("indexer.embedded.write.frequent_terms.DENSE_SHARE", 100)
    plain = snapshot_of(tmp_path / "plain", kept)
    monkeypatch.setattr("indexer.embedded.write.frequent_terms.DENSE_SHARE", 0)
    monkeypatch.setattr("indexer.embedded.write.frequent_terms.COMMON_BIGRAM", 3)
    monkeypatch.setattr("indexer.embedded.write.frequent_terms.BIGRAM_SHARE", 0)
    ready = snapshot_of(tmp_path / "ready", kept)
    for row in ("扶贫", "的", "工作", "补贴资金"):
        one, other = (Finder(snapshot).holding(tuple(units(row))) for snapshot in (plain, ready))
        assert one.tolist() == other.tolist()
        beside = [Candidates(one, np.arange(0, 40, 3)).holding(tuple(units(row))) for one in (plain, ready)]
        assert beside[0].tolist() == beside[1].tolist() == one[::3].tolist()
    for field in ("title", "body"):
        lists = [one.segments[0].units.bigram_postings(("扶", "贫"), field) for one in (plain, ready)]
        assert np.array_equal(lists[0][0], lists[1][0])
        assert np.array_equal(lists[0][1], lists[1][1])


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 6), st.booleans()), max_size=40))
def test_documents_of_either_field_are_counted_once(held: list[tuple[int, int, bool]]) -> None:
    fields = []
    for in_body in (False, True):
        pairs = sorted({(key, document) for key, document, of_body in held if of_body is in_body})
        keys = sorted({key for key, _ in pairs})
        lengths = [sum(one == key for one, _ in pairs) for key in keys]
        documents = np.array([document for _, document in pairs], dtype=np.uint32)
        fields.append(Postings(np.array(keys, dtype=np.uint64), np.array(lengths, dtype=np.int64), documents))
    for postings, counts in zip(fields, document_frequencies(*fields), strict=True):
        wanted = [len({document for one, document, _ in held if one == key}) for key in postings.keys]
        assert counts.tolist() == wanted


# ── ranking ──

BESIDE = (
    SynonymEntry(("扶贫",), (("乡村", "振兴"), ("没有", "资金"))),
    SynonymEntry(("乡村", "振兴"), (("工作",), ("a1",))),
)


@pytest.mark.parametrize(
    "runs",
    [
        ["扶贫"],
        ["乡村振兴补贴"],
        ["扶贫工作", "防汛"],
        ["花都区人民政府2020年"],
        ["资金，的"],
        ["没有的词"],
        ["扶贫资金怎么使用"],
    ],
)
@pytest.mark.parametrize("synonyms", [(), BESIDE])
@pytest.mark.parametrize("cut", [None, 9])
def test_scores_equal_the_plain_formula(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    runs: list[str],
    synonyms: tuple[SynonymEntry, ...],
    cut: int | None,
) -> None:
    exact = Ranking(step=1e-9)
    kept = made_up(50)
    place = tmp_path / "index"
    snapshot = snapshot_of(place, kept)
    if cut is not None:  # several segments, with deleted documents in them
        monkeypatch.setattr("indexer.embedded.write.commit.TIER", 0)
        monkeypatch.setattr("indexer.embedded.write.commit.MOST_DELETED", 1)
        WhooshEngine(place).change(kept[:cut], [kept[cut].id], Report())
        snapshot = Snapshot(current(place))
        kept = [one for one in kept if one.id != kept[cut].id]
        assert len(snapshot.segments) == 2
        assert not snapshot.all_live
    expected = plain_scores(
        runs, [(one.title, one.body) for one in kept], exact, synonyms, [prior_of(one) for one in kept]
    )
    found = DocSet.of(snapshot.live)
    scores = Scorer(snapshot, exact).score(runs, found, Finder(snapshot), synonyms=synonyms)
    by_id = dict(zip(map(snapshot.id_of, found.documents.tolist()), scores.tolist(), strict=True))
    assert [by_id[one.id] for one in kept] == pytest.approx(expected, rel=1e-5, abs=1e-5)


# ── Whoosh's own view ──


def _whoosh(place: Path) -> Any:
    return FileIndex(FileStorage(str(current(place))))


def test_whoosh_itself_finds_the_same_documents_in_our_segments(tmp_path: Path) -> None:
    kept = made_up(40)
    WhooshEngine(tmp_path).replace_all(kept, Report())
    WhooshEngine(tmp_path).change([], [kept[3].id], Report())
    kept.pop(3)
    index = _whoosh(tmp_path)
    term = whoosh_query.Term
    asked: list[tuple[Any, Callable[[Announcement], bool]]] = [
        (term("body", "扶贫"), lambda one: "扶贫" in words(one.body)),
        (term("title", "防汛"), lambda one: "防汛" in words(one.title)),
        (term("source", "甲局"), lambda one: one.source == "甲局"),
        (term("region", "广东省"), lambda one: one.region[:1] == ("广东省",)),
        (term("body", "没有"), lambda one: False),
        (
            whoosh_query.And([term("body", "工作"), term("body", "资金")]),
            lambda one: {"工作", "资金"} <= {*words(one.body)},
        ),
        (
            whoosh_query.Or([term("title", "补贴"), term("body", "的")]),
            lambda one: "补贴" in words(one.title) or "的" in words(one.body),
        ),
    ]
    with index.searcher() as searcher:
        assert searcher.doc_count() == len(kept)
        for question, wanted in asked:
            hits = searcher.search(question, limit=None)
            assert {hit["id"] for hit in hits} == {one.id for one in kept if wanted(one)}, question
        assert searcher.search(term("body", "扶贫"), limit=1)[0]["body"]


def test_whoosh_lists_our_terms_in_order_with_their_statistics(tmp_path: Path) -> None:
    kept = [announcement("a", "扶贫", "扶贫扶贫"), announcement("b", "防汛", "扶贫")]
    WhooshEngine(tmp_path).replace_all(kept, Report())
    with _whoosh(tmp_path).reader() as reader:
        assert [term for term in reader.all_terms() if term[0] in {"body", "title"}] == [
            ("body", "扶贫".encode()),
            ("title", "扶贫".encode()),
            ("title", "防汛".encode()),
        ]
        assert (reader.frequency("body", "扶贫"), reader.doc_frequency("body", "扶贫")) == (3, 2)
        assert (reader.field_length("body"), reader.doc_field_length(0, "body")) == (3, 2)


def test_adding_document_by_document_is_refused(tmp_path: Path) -> None:
    snapshot_of(tmp_path, made_up(2))

    writer = _whoosh(tmp_path).writer(codec=ArrayCodec())
    with pytest.raises(TypeError, match="written whole"):
        writer.add_document(title="扶贫")
    writer.cancel()
