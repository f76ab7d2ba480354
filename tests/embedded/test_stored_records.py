"""Announcements are read as they were stored, fact by fact."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.announcement import Announcement, Attachment, Repost
from indexer.embedded.engine import WhooshEngine
from indexer.embedded.search.snapshot import OpenSegment
from indexer.embedded.store.documents import Documents
from indexer.embedded.store.stored_records import pack_text, unpack_start, unpack_text
from indexer.embedded.store.texts import Texts
from indexer.embedded.whoosh.segment import ArraySegment
from indexer.embedded.write.batches import merge_all
from indexer.embedded.write.segment_builder import build_segment
from indexer.query.tree import Query
from indexer.report import Report

FULL = Announcement(
    id="full",
    title="关于𠮷的通知\ud800",
    body="甲\n\t乙，\ud83d\ude00 \U0001f600",
    source="某市人民政府",
    source_from="label",
    published=date(2021, 1, 28),
    signed=date(2021, 1, 2),
    effective=date(2021, 3, 1),
    region=("广东省", "广州市"),
    site_region=("广东省",),
    number="国办发〔2017〕47号",
    index_number="x-1",
    form="通知",
    kind="政策文件",
    validity_label="有效性：已废止",
    url="https://www.example.gov.cn/a?b=1",
    path="pages/乙.html",
    attachments=(Attachment("表.xlsx", "https://e.cn/1", "1.xlsx", has_text=True), Attachment("二", "")),
    reposts=(Repost("转载者", "", "pages/c.html", date(1969, 2, 3), "c"), Repost("", "", "")),
    repost_of="bare",
    indexed=1_600_000_000,
)
BARE = Announcement(id="bare", title="", body="")
SLASHED = Announcement(id="slashed", title="甲", body="乙", region=("甲/乙", "丙"), site_region=("甲/乙", "丙"))
ALIKE = Announcement(id="alike", title="甲", body="乙", region=("广东省",), site_region=("广东省",), repost_of="full")


@given(st.text(st.characters() | st.sampled_from("\ud83d\ude00\x00\x01\x02\U0001f600"), max_size=9))
def test_texts_are_read_as_they_were_written(text: str) -> None:
    written = memoryview(pack_text(text))
    assert unpack_text(written) == text
    assert [unpack_start(written, count) for count in range(11)] == [text[:count] for count in range(11)]


@pytest.mark.parametrize("parts", [1, 2])
def test_announcements_are_read_with_every_fact_and_without_their_text(tmp_path: Path, parts: int) -> None:
    kept = [ALIKE, BARE, FULL, SLASHED]
    engine = WhooshEngine(tmp_path)
    engine.replace_all(kept[:parts], Report())
    engine.change(kept[parts:], [], Report())
    read = list(engine.announcements())
    assert read == kept
    assert [one.indexed for one in read] == [one.indexed for one in kept]
    for hit in engine.walk(Query(sort="newest"), facts_only=True):
        stored = next(one for one in kept if one.id == hit.id)
        assert (hit.title, hit.region, hit.reposts, hit.path) == (
            stored.title,
            stored.region,
            stored.reposts,
            stored.path,
        )
        assert (hit.snippet.text, hit.title_marks, hit.indexed) == ("", (), stored.indexed)


TEXT = st.text(
    st.sampled_from("甲乙丙，。 \n\t“”ＡａB１2%％國𠮷\ud800\ud83d\ude00\U0001f600\x00\u3000") | st.characters(),
    max_size=40,
)


def _segment(folder: Path, texts: list[str], prefix: str) -> ArraySegment:
    return build_segment(folder, [Announcement(f"{prefix}{at}", "", text) for at, text in enumerate(texts)])


@given(lots=st.lists(st.lists(TEXT, min_size=1, max_size=5), min_size=1, max_size=3), gone=st.sets(st.integers(0, 4)))
def test_texts_are_told_from_their_units_before_and_after_merging(lots: list[list[str]], gone: set[int]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        segments = [_segment(folder, texts, f"{'abc'[at]}") for at, texts in enumerate(lots)]
        for segment, texts in zip(segments, lots, strict=True):
            _compare(folder, segment, texts)
        for at in gone - {0}:
            if at < len(lots[0]):
                segments[0].delete_document(at)
        (merged,) = merge_all(folder, segments)
        live = [text for at, text in enumerate(lots[0]) if not segments[0].is_deleted(at)]
        _compare(folder, merged, live + [text for texts in lots[1:] for text in texts])


def _compare(folder: Path, segment: ArraySegment, texts: list[str]) -> None:
    opened = OpenSegment(folder, segment.record(), 0, compiled=True)
    units = segment.open(folder, "units")
    for reads in [Texts(units), *([opened.compiled] if opened.compiled else [])]:
        documents = Documents(opened.docs_file, reads)
        assert [documents[at].body for at in range(len(documents))] == texts
        for at, text in enumerate(texts):
            for count in (0, 1, 2, 5, 100):
                assert documents.with_start(at, count).body == text[:count]
