"""One walk for all that is shown of a question: what was found is kept, within bounds, and is what is found anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from indexer.embedded.engine import WhooshEngine
from indexer.embedded.search import kept_searches
from indexer.embedded.search.boolean_matching import Finder
from indexer.query.parameters import read_query
from tests.asking import load
from tests.builders import announcement

if TYPE_CHECKING:
    from pathlib import Path

    from indexer.query.tree import Query


@pytest.fixture
def engine(tmp_path: Path) -> WhooshEngine:
    made = WhooshEngine(tmp_path / "index")
    days = (date(2019, 3, 1), date(2020, 5, 1), date(2020, 6, 1), date(2021, 1, 1))
    regions = ("广东省/广州市", "广东省/深圳市", "江苏省", "江苏省/南通市")
    facts = zip("abcd", days, regions, strict=True)
    load(
        made, *(announcement(one, "扶贫", published=day, region=tuple(region.split("/"))) for one, day, region in facts)
    )
    return made


@pytest.fixture
def walks(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was looked for in the whole index, one entry a walk."""
    asked: list[object] = []
    find = Finder.documents

    def counted(finder: Finder, root: object) -> object:
        asked.append(root)
        return find(finder, root)  # type: ignore[arg-type]

    monkeypatch.setattr(Finder, "documents", counted)
    return asked


def _query(**asked: str) -> Query:
    return read_query({name: [value] for name, value in asked.items()})


SHOWN = [
    pytest.param({"opened": "广东省"}, {}, id="a branch of regions"),
    pytest.param({"opened": "2020"}, {}, id="the months of a year"),
    pytest.param({"sought": ("region", "州")}, {}, id="values that hold something"),
    pytest.param({}, {"page": 2}, id="the next page"),
    pytest.param({}, {"sort": "oldest"}, id="another order"),
]


@pytest.mark.parametrize(("listing", "shown"), SHOWN)
def test_what_else_is_shown_of_a_question_needs_no_second_search(
    engine: WhooshEngine, walks: list[object], listing: dict[str, str], shown: dict[str, str]
) -> None:
    asked = _query(q="扶贫", per_page="2")
    engine.search(asked)
    walked = len(walks)
    other = replace(asked, filters=replace(asked.filters, **listing), **shown)  # type: ignore[arg-type]
    again = engine.search(other)
    assert len(walks) == walked
    assert replace(again, took_ms=0) == replace(_fresh(engine).search(other), took_ms=0)


def _fresh(engine: WhooshEngine) -> WhooshEngine:
    return WhooshEngine(engine._place)


def test_an_export_of_what_a_page_shows_needs_no_second_search(engine: WhooshEngine, walks: list[object]) -> None:
    engine.search(_query(q="扶贫"))
    walked = len(walks)
    found = [hit.id for hit in engine.walk(_query(q="扶贫"), as_rows=True)]
    assert len(walks) == walked
    assert found == [hit.id for hit in _fresh(engine).walk(_query(q="扶贫"))]


def test_another_filter_or_a_new_version_is_another_question(engine: WhooshEngine) -> None:
    assert [engine.search(_query(q="扶贫", region=one)).total for one in ("广东省", "江苏省/南通市", "广东省")] == [
        2,
        1,
        2,
    ]
    load(engine, announcement("e", "扶贫"))
    assert engine.search(_query(q="扶贫")).total == 1


def test_who_asked_longest_ago_makes_room(
    engine: WhooshEngine, walks: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_searches, "KEPT_BYTES", 2 * kept_searches.SEARCH_BYTES + 2_000)
    walked = []
    for text in ("扶贫", "“扶”", "“贫”", "“贫”", "扶贫"):
        before = len(walks)
        engine.search(_query(q=text))
        walked.append(len(walks) > before)
    assert walked == [True, True, True, False, True]


def test_an_answer_too_large_to_keep_pushes_nothing_out(
    engine: WhooshEngine, walks: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.search(_query(q="扶贫"))
    monkeypatch.setattr(kept_searches, "SEARCH_BYTES", kept_searches.KEPT_BYTES)
    engine.search(_query(q="“扶”"))
    walked = len(walks)
    engine.search(_query(q="扶贫", sort="newest"))
    assert len(walks) == walked
    engine.search(_query(q="“扶”"))
    assert len(walks) > walked
