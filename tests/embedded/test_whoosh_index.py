"""A version's folder is a Whoosh index: Whoosh's own parser, searcher, groups, orders and highlights work on it."""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from whoosh.index import open_dir
from whoosh.qparser import FuzzyTermPlugin, MultifieldParser, QueryParser
from whoosh.query import Every
from whoosh.sorting import FieldFacet

from indexer.embedded.engine import WhooshEngine
from indexer.embedded.store.index_versions import current
from indexer.embedded.store.meta import OtherVersion
from indexer.embedded.whoosh.opening import open_index
from indexer.errors import IndexMissing, IndexUnsafe
from indexer.fields import UNSTATED
from indexer.query.parameters import read_query
from indexer.report import Report
from indexer.text.segmenter import words
from tests.builders import announcement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from whoosh.searching import Searcher

    from indexer.announcement import Announcement

_POOL = [
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
    "资金",
    "对口帮扶",
]
_WORDS = ("扶贫", "防汛", "通知", "工作", "乡村", "振兴", "2020", "补贴", "的", "资金", "对口", "帮扶", "abc", "没有")
_REGIONS: list[tuple[str, ...]] = [("广东省", "广州市", "花都区"), ("广东省", "广州市"), ("广东省",), ("全国",), ()]
_NUMBERS = ["国办发〔2017〕47号", "深府规〔2024〕3号", ""]
_FIRST = date(2016, 1, 1)
QUESTIONS = 400


def _made_up(count: int) -> list[Announcement]:
    chance = random.Random(12)
    return [
        announcement(
            f"{at:04}",
            "".join(chance.choices(_POOL, k=chance.randint(0, 5))),
            "".join(chance.choices([*_POOL, "ABC", "\n"], k=chance.randint(0, 40))),
            source=chance.choice(["甲局", "乙局", "国务院办公厅", ""]),
            region=chance.choice(_REGIONS),
            form=chance.choice(["通知", "意见", ""]),
            number=chance.choice(_NUMBERS),
            published=chance.choice([None, *[_FIRST + timedelta(chance.randrange(2000)) for _ in range(9)]]),
        )
        for at in range(count)
    ]


PAGES = _made_up(160)
REMOVED = {one.id for one in PAGES[::9]}
KEPT = [one for one in PAGES if one.id not in REMOVED]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of several segments, some documents of which are deleted."""
    place = tmp_path_factory.mktemp("index")
    engine = WhooshEngine(place)
    engine.replace_all(PAGES[:150], Report())
    engine.change(PAGES[150:], REMOVED & {one.id for one in PAGES[:150]}, Report())
    engine.change([], REMOVED & {one.id for one in PAGES[150:]}, Report())
    return place


@pytest.fixture(scope="module")
def searcher(place: Path) -> Iterator[Searcher]:
    with open_dir(str(current(place))).searcher() as searcher:
        yield searcher


def _found(searcher: Searcher, typed: str, **how: Any) -> list[str]:
    hits = searcher.search(QueryParser("body", searcher.schema).parse(typed), limit=None, **how)
    return [hit["id"] for hit in hits]


def _ids(holds: Callable[[Announcement], bool]) -> set[str]:
    return {one.id for one in KEPT if holds(one)}


def _holds_in_a_row(text: str, run: list[str]) -> bool:
    cut = words(text)
    return any(cut[at : at + len(run)] == run for at in range(len(cut)))


Asked = tuple[str, "Callable[[Announcement], bool]"]


def _leaf(chance: random.Random) -> Asked:
    """A word, a phrase, a value or a span of days as Whoosh's parser reads it, and what it means."""
    word, other = chance.sample(_WORDS, 2)
    day = _FIRST + timedelta(chance.randrange(2000))
    later = day + timedelta(chance.randrange(700))
    region = "/".join(chance.choice(_REGIONS[:-1]))
    source, form, number = chance.choice(["甲局", "国务院办公厅", "无"]), chance.choice(["通知", "意见"]), _NUMBERS[0]
    return chance.choice(
        [
            (word, lambda one: word in words(one.body)),
            (f"title:{word}", lambda one: word in words(one.title)),
            (f'"{word} {other}"', lambda one: _holds_in_a_row(one.body, [word, other])),
            (f'title:"{word}{other}"', lambda one: _holds_in_a_row(one.title, words(word + other))),
            ("对口帮扶", lambda one: {"对口", "帮扶"} <= {*words(one.body)}),
            (f"region:{region}", lambda one: "/".join(one.region).startswith(region)),
            (f"source:{source}", lambda one: one.source == source),
            ("source:国务院*", lambda one: one.source.startswith("国务院")),
            (f"form:{form}", lambda one: one.form == form),
            (f"number:{number}", lambda one: one.number == number),
            (f"published:{day:%Y}", lambda one: one.published is not None and one.published.year == day.year),
            (f"published:{day:%Y%m%d}", lambda one: one.published == day),
            (f"published:[{day:%Y%m%d} TO {later:%Y%m%d}]", lambda one: day <= (one.published or date.min) <= later),
            (f"published:[{day:%Y%m%d} TO]", lambda one: (one.published or date.min) >= day),
            (f"published:[TO {day:%Y%m%d}]", lambda one: (one.published or date.max) <= day),
        ]
    )


def _question(chance: random.Random, depth: int = 2) -> Asked:
    if not depth or chance.random() < 0.3:
        return _leaf(chance)
    (left, in_left), (right, in_right) = _question(chance, depth - 1), _question(chance, depth - 1)
    return chance.choice(
        [
            (f"({left} AND {right})", lambda one: in_left(one) and in_right(one)),
            (f"({left} OR {right})", lambda one: in_left(one) or in_right(one)),
            (f"({left} AND NOT {right})", lambda one: in_left(one) and not in_right(one)),
        ]
    )


def test_whooshs_search_finds_what_a_look_at_every_text_finds(searcher: Searcher) -> None:
    chance = random.Random(7)
    found_any = 0
    for _ in range(QUESTIONS):
        typed, holds = _question(chance)
        found = _found(searcher, typed)
        assert len(found) == len(set(found))
        assert set(found) == _ids(holds), typed
        found_any += bool(found)
    assert found_any > QUESTIONS / 2


def test_the_first_hits_of_whoosh_are_the_first_of_all(searcher: Searcher) -> None:
    chance = random.Random(3)
    for _ in range(60):
        query = QueryParser("body", searcher.schema).parse(_question(chance)[0])
        every = [(hit.score, hit["id"]) for hit in searcher.search(query, limit=None)]
        first = [(hit.score, hit["id"]) for hit in searcher.search(query, limit=5)]
        assert [score for score, _ in first] == pytest.approx([score for score, _ in every[:5]])


def test_whoosh_finds_what_our_engine_finds_for_words_and_filters(place: Path, searcher: Searcher) -> None:
    engine = WhooshEngine(place)

    def ours(**asked: str) -> set[str]:
        return {hit.id for hit in engine.walk(read_query({name: [value] for name, value in asked.items()}))}

    for word in ("扶贫", "防汛", "补贴", "资金", "通知"):
        either = MultifieldParser(["title", "body"], searcher.schema).parse(word)
        assert {hit["id"] for hit in searcher.search(either, limit=None)} == ours(q=f'"{word}"')
        for region in ("广东省", "广东省/广州市", "全国"):
            both = MultifieldParser(["title", "body"], searcher.schema).parse(f"{word} AND region:{region}")
            assert {hit["id"] for hit in searcher.search(both, limit=None)} == ours(q=f'"{word}"', region=region)
    assert set(_found(searcher, "published:[20170301 TO 20180630]")) == ours(
        **{"from": "2017-03-01", "to": "2018-06-30"}
    )
    assert set(_found(searcher, "number:国办发〔2017〕第47号")) == ours(number=_NUMBERS[0])


def test_whoosh_groups_by_source_form_region_and_counts_all_below_a_region(place: Path, searcher: Searcher) -> None:
    hits = searcher.search(
        QueryParser("body", searcher.schema).parse("扶贫 OR 防汛"),
        groupedby=["source", "form", FieldFacet("region", allow_overlap=True)],
        limit=None,
    )
    meant = [one for one in KEPT if {"扶贫", "防汛"} & {*words(one.body)}]
    counts = {name: {value: len(found) for value, found in hits.groups(name).items()} for name in hits.facet_names()}
    assert counts["source"] == Counter(one.source for one in meant)
    assert counts["form"] == Counter(one.form for one in meant)
    above = [one.region[: depth + 1] for one in meant for depth in range(len(one.region))]
    assert {value: count for value, count in counts["region"].items() if value} == Counter(map("/".join, above))
    facets = WhooshEngine(place).search(read_query({"region": ["广东省"]})).facets
    ours = {value.value: value.count for value in facets.region if value.value != UNSTATED}
    by_region = FieldFacet("region", allow_overlap=True)
    everything = searcher.search(Every(), groupedby=by_region, limit=None)
    assert {value: len(everything.groups()[value]) for value in ours} == ours


def test_whoosh_sorts_by_day_both_ways_with_the_undated_where_we_have_them(searcher: Searcher) -> None:
    by_id = {one.id: one for one in KEPT}
    for reverse in (False, True):
        found = _found(searcher, "*:*", sortedby="published", reverse=reverse)
        days = [by_id[one].published or date.min for one in found]
        assert len(days) == len(KEPT)
        assert days == sorted(days, reverse=reverse)
    by_facet = _found(searcher, "*:*", sortedby=FieldFacet("published", reverse=True))
    assert [by_id[one].published or date.min for one in by_facet] == sorted(days, reverse=True)
    by_source = [by_id[one].source for one in _found(searcher, "*:*", sortedby="source")]
    assert by_source == sorted(by_source, key=lambda source: source.encode())


def test_whoosh_shows_stored_fields_and_highlights_words_in_them(tmp_path: Path) -> None:
    about = {"source": "甲局", "region": ("广东省", "广州市"), "number": _NUMBERS[0]}
    page = announcement("a", "花都区通知", "2020年，對口帮扶ＡＢＣ工作。", **about)
    WhooshEngine(tmp_path).replace_all([page], Report())
    with open_dir(str(current(tmp_path))).searcher() as searcher:
        hit = searcher.search(QueryParser("body", searcher.schema).parse("帮扶 abc"))[0]
        assert (hit["title"], hit["source"], hit["region"]) == ("花都区通知", "甲局", "广东省/广州市")
        assert (hit["number"], hit["published"].date()) == (_NUMBERS[0], page.published)
        marked = re.sub(r"<[^>]+>", "|", hit.highlights("body"))
        assert marked == "2020年，對口|帮扶ＡＢＣ|工作"
        assert searcher.document(id="a")["title"] == "花都区通知"
        assert searcher.document(id="b") is None
        fuzzy = QueryParser("body", searcher.schema, plugins=[FuzzyTermPlugin()]).parse("abd~1")
        assert [one["id"] for one in searcher.search(fuzzy)] == ["a"]


def test_the_schema_cuts_queries_by_the_operators_words_too(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path, user_words=["万江街道"])
    engine.replace_all([announcement("a", "通知", "万江街道办事处")], Report())
    engine.change([announcement("b", "通知", "万江街道")], [], Report())
    index = open_index(tmp_path, ["万江街道"])
    assert str(QueryParser("body", index.schema).parse("万江街道")) == "body:万江街道"
    with index.searcher() as searcher:
        assert set(_found(searcher, "万江街道")) == {"a", "b"}
    with pytest.raises(OtherVersion):
        open_index(tmp_path)


def test_an_index_that_others_could_have_written_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        open_index(tmp_path)
    WhooshEngine(tmp_path).replace_all(KEPT[:3], Report())
    assert open_index(tmp_path).doc_count() == 3
    current(tmp_path).chmod(0o777)
    with pytest.raises(IndexUnsafe):
        open_index(tmp_path)


def test_an_empty_index_answers_whoosh_with_nothing(tmp_path: Path) -> None:
    WhooshEngine(tmp_path).replace_all([], Report())
    with open_index(tmp_path).searcher() as searcher:
        assert _found(searcher, "扶贫 OR published:2020") == []


def test_the_readmes_example_of_whooshs_own_search_runs(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    readme = (Path(__file__).parents[2] / "indexer" / "embedded" / "README.md").read_text(encoding="utf-8")
    example = next(block for block in re.findall(r"```python\n(.*?)```", readme, re.DOTALL) if "open_index" in block)
    (tmp_path / "policy-index").symlink_to(place)
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "README", "exec"), {})
    printed = re.findall("^20[12][0-9]-.*|^{.*", capsys.readouterr().out, re.MULTILINE)
    wanted = [one for one in KEPT if one.region[:1] == ("广东省",) and {"对口", "帮扶"} <= {*words(one.body)}]
    wanted = [one for one in wanted if one.published and 2017 <= one.published.year <= 2021]
    assert len(printed) == min(10, len(wanted)) + 1 > 3


def test_the_front_doors_example_of_whooshs_own_search_runs(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    example = next(block for block in re.findall(r"```python\n(.*?)```", readme, re.DOTALL) if "QueryParser" in block)
    (tmp_path / "policy-index").symlink_to(place)
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "README", "exec"), {})
    wanted = [one for one in KEPT if one.region[:1] == ("广东省",) and {"对口", "帮扶"} <= {*words(one.body)}]
    printed = capsys.readouterr().out
    assert any(repr(one.title) in printed for one in wanted)
