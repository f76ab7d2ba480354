"""The committed queries and the bench that asks them."""

from __future__ import annotations

from pathlib import Path

from indexer.embedded.engine import WhooshEngine
from indexer.report import Report
from tests.bench.bench_queries import Measured, Typed, measure, pages_of, read_queries
from tests.builders import announcement


def test_there_are_hundreds_of_queries_of_every_kind_and_each_once() -> None:
    queries = read_queries()
    assert len(queries) > 600
    assert len({(one.kind, one.query) for one in queries}) == len(queries)
    kinds = {one.kind for one in queries}
    assert kinds >= {"term", "topic", "short name", "date", "sign", "number", "place", "body", "question", "typo"}
    assert all(one.query for one in queries)


def test_a_query_is_measured_by_what_holds_it_and_where_the_wanted_title_stands(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path / "index")
    law = announcement("law", "中华人民共和国固体废物污染环境防治法", "固废法全文")
    engine.replace_all([law, announcement("news", "某地学习固废法", "会议")], Report())
    assert measure(engine, Typed("short name", "固废法", "固体废物污染环境防治法")) == Measured("固废法", 1.0, 1)
    assert measure(engine, Typed("short name", "固废法", "不在这里的法")).rank is None
    assert measure(engine, Typed("term", "无此词语", "")) == Measured("无此词语", None, None)
    assert next(pages_of(engine, Typed("term", "固废法", ""))).startswith("固废法  [near 2]")
