from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import ParameterError, Problem
from indexer.expectations import expect
from indexer.query.parameters import (
    MAX_QUERY_CHARS,
    MAX_QUERY_PARTS,
    MAX_VALUES,
    NAMES,
    REPEATABLE,
    read_query,
    write_query,
)
from indexer.query.tree import MAX_PER_PAGE, WINDOW, Filters, Query, Term

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def problems(values: Mapping[str, Sequence[str]]) -> tuple[Problem, ...]:
    with pytest.raises(ParameterError) as refused:
        read_query(values)
    return refused.value.problems


def values_of(query: Query) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in write_query(query):
        values.setdefault(name, []).append(value)
    return values


def test_nothing_given_asks_for_everything() -> None:
    assert read_query({}) == Query()


def test_all_parameters_are_read() -> None:
    query = read_query(
        {
            "q": [" 对口帮扶 "],
            "source": ["教育部", "花都区民政局"],
            "region": ["广东", "广东省/广州市"],
            "form": ["通知"],
            "year": ["2020", "2021-3"],
            "from": ["2020-02"],
            "to": ["2021-02"],
            "number": ["国办发[2017] 47号"],
            "in": ["title"],
            "sort": ["newest"],
            "page": ["3"],
            "per_page": ["20"],
            "cursor": ["abc_-="],
        }
    )
    assert query == Query(
        text="对口帮扶",
        root=Term("对口帮扶"),
        understood="对口帮扶",
        filters=Filters(
            source=("教育部", "花都区民政局"),
            region=(("广东省",), ("广东省", "广州市")),
            form=("通知",),
            year=("2020", "2021-03"),
            first=date(2020, 2, 1),
            last=date(2021, 2, 28),
            number="国办发〔2017〕47号",
            title_only=True,
        ),
        sort="newest",
        page=3,
        per_page=20,
        cursor="abc_-=",
    )


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("year", "20", "a year or month"),
        ("year", "2020-13", "a year or month"),
        ("year", "2020-01-01", "a year or month"),
        ("from", "2021-02-29", "a day, month or year"),
        ("from", "yesterday", "a day, month or year"),
        ("to", "0000", "a day, month or year"),
        ("to", "２０２０", "a day, month or year"),
        ("number", "扶贫", "a document number"),
        ("in", "body", "title"),
        ("sort", "best", "one of relevance, newest, oldest"),
        ("page", "0", "a whole number from 1"),
        ("page", "-1", "a whole number from 1"),
        ("page", "1.5", "a whole number from 1"),
        ("page", "9" * 5000, "a whole number from 1"),
        ("per_page", str(MAX_PER_PAGE + 1), f"a whole number from 1 to {MAX_PER_PAGE}"),
        ("cursor", "a b", "the cursor of an earlier answer"),
        ("cursor", "\0", "the cursor of an earlier answer"),
        ("q", "扶\0贫", "text without control characters"),
        ("q", "扶\ud800贫", "text without control characters"),
        ("source", "\x1b[31m", "text without control characters"),
        ("region", "广东\x07", "text without control characters"),
        ("region", "/", "a name, or several with / between them"),
        ("folder", "// /", "a name, or several with / between them"),
        ("form", "通" * 201, "at most 200 characters"),
        ("q", "贫" * (MAX_QUERY_CHARS + 1), "at most 1,000 characters, not 1,001"),
        ("q", "a " * (MAX_QUERY_CHARS // 2) + "b" * 100_000, "at most 1,000 characters"),
        ("q", " ".join(map(str, range(MAX_QUERY_PARTS + 1))), f"at most {MAX_QUERY_PARTS} words"),
    ],
)
def test_a_wrong_value_is_refused_with_what_would_be_right(name: str, value: str, expected: str) -> None:
    (problem,) = problems({name: [value]})
    assert problem.name == name
    assert str(problem.expected).startswith(expected)
    assert problem.value.isprintable()
    assert len(problem.value) < 200


def test_an_unknown_name_is_refused_with_the_names_that_there_are() -> None:
    (problem,) = problems({"query": ["扶贫"]})
    assert (problem.name, problem.value) == ("query", "扶贫")
    assert all(name in str(problem.expected) for name in NAMES)


def test_all_problems_are_reported_together() -> None:
    found = problems({"page": ["0"], "sort": ["x"], "colour": ["red"], "year": ["2020", "x", "y"], "from": ["1", "2"]})
    assert [problem.name for problem in found] == ["colour", "from", "year", "year", "sort", "page"]


def test_only_facets_may_be_repeated_and_not_without_end() -> None:
    for name in set(NAMES) - set(REPEATABLE):
        assert [problem.name for problem in problems({name: ["2020", "2021"]})] == [name]
    assert [problem.name for problem in problems({"source": ["x"] * (MAX_VALUES + 1)})] == ["source"]
    assert read_query({"form": ["通知", "公告", "通知"]}).filters.form == ("通知", "公告")


def test_a_span_that_ends_before_it_begins_is_refused() -> None:
    (problem,) = problems({"from": ["2021"], "to": ["2020-12-31"]})
    assert problem == Problem("to", "2020-12-31", expect("day-not-before", day="2021-01-01"))
    assert read_query({"from": ["2021"], "to": ["2021"]}).filters.last == date(2021, 12, 31)


def test_the_window_is_stated() -> None:
    assert read_query({"page": [str(WINDOW // 50)], "per_page": ["50"]}).page == WINDOW // 50
    (problem,) = problems({"page": [str(WINDOW // 50 + 1)], "per_page": ["50"]})
    assert str(problem.expected) == "at most 200 with per_page=50; a cursor leads further"


def test_blank_values_count_as_not_given() -> None:
    assert read_query({"q": [" "], "from": [""], "source": ["", "　"], "page": ["", "2"]}) == Query(page=2)


def test_a_region_is_known_by_its_short_name_and_an_unknown_one_is_kept_as_typed() -> None:
    assert read_query({"region": ["广州"]}).filters.region == (("广东省", "广州市"),)
    assert read_query({"region": ["大湾区 / 某园区/"]}).filters.region == (("大湾区", "某园区"),)


def test_line_ends_in_a_query_are_spaces() -> None:
    assert read_query({"q": ["乡村振兴\r\n补贴"]}).text == "乡村振兴 补贴"


given_values = st.fixed_dictionaries(
    {},
    optional={
        "q": st.lists(st.text(max_size=30), max_size=1),
        "source": st.lists(st.text(max_size=8), max_size=3),
        "region": st.lists(st.sampled_from(["广东", "广东省/广州市", "北京", "全国", "某地", "某地/某处"]), max_size=3),
        "form": st.lists(st.sampled_from(["通知", "公告", ""]), max_size=3),
        "year": st.lists(st.sampled_from(["2020", "2021-3", "2021-03", "1999"]), max_size=3),
        "from": st.lists(st.sampled_from(["2020", "2020-02", "2020-02-29", ""]), max_size=1),
        "to": st.lists(st.sampled_from(["2021", "2021-02", "2021-12-31"]), max_size=1),
        "number": st.lists(
            st.sampled_from(["国办发[2017]47号", "国务院令第721号", "财政部公告2019年第1号"]), max_size=1
        ),
        "in": st.lists(st.just("title"), max_size=1),
        "sort": st.lists(st.sampled_from(["relevance", "newest", "oldest"]), max_size=1),
        "page": st.lists(st.integers(1, 100).map(str), max_size=1),
        "per_page": st.lists(st.integers(1, 100).map(str), max_size=1),
        "cursor": st.lists(st.text("abcXYZ019_-", max_size=20), max_size=1),
    },
)


def outcome(values: Mapping[str, Sequence[str]]) -> Query | ParameterError:
    try:
        return read_query(values)
    except ParameterError as refused:
        return refused


@given(given_values)
def test_a_query_written_as_parameters_reads_as_itself(values: dict[str, list[str]]) -> None:
    query = outcome(values)
    if isinstance(query, Query):
        assert read_query(values_of(query)) == query
    else:  # a control character was drawn
        assert {problem.name for problem in query.problems} <= {"q", "source"}


@given(st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), st.lists(st.text(max_size=20), max_size=3)))
def test_whatever_is_given_is_read_or_refused(values: dict[str, list[str]]) -> None:
    found = outcome(values)
    if isinstance(found, Query):
        assert found.page * found.per_page <= WINDOW
    else:
        assert found.problems
        assert str(found).isprintable()


def test_filters_narrow_by_whatever_is_chosen() -> None:
    assert not Filters(title_only=True, opened="2020", sought=("source", "厅")).narrows
    others = {one.name for one in fields(Filters)} - {"title_only", "opened", "sought"}
    for name in others:
        assert replace(Filters(), **{name: date(2020, 1, 1) if name in ("first", "last") else ("x",)}).narrows, name  # type: ignore[arg-type]
