"""Where a click on a facet leads."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.query.parameters import read_query
from indexer.query.tree import Filters, Query
from webui.address import Addresses, Clicks, FacetName, address, first_page
from webui.escaping import escaped, escaped_address

VALUES: dict[FacetName, tuple[str, ...]] = {
    "source": ("甲局", "乙 & 丙局", "a=b#c"),
    "region": ("全国", "广东省", "广东省/广州市", "广东省/广州市/花都区", "浙江省"),
    "form": ("通知", "公告"),
    "year": ("2020", "2020-03", "2021"),
}


def clicks(query: Query, facet: FacetName) -> Clicks:
    return Clicks(Addresses(first_page(query)), facet)


def read(link: str) -> Query:
    return read_query(parse_qs(urlsplit(link).query))


def chosen(query: Query, facet: FacetName) -> set[str]:
    held = getattr(query.filters, facet)
    return {"/".join(value) if isinstance(value, tuple) else value for value in held}


@given(
    st.fixed_dictionaries(
        {"q": st.sampled_from(("", "帮扶", "a & b")), "sort": st.sampled_from(("newest", "relevance"))}
    ),
    st.fixed_dictionaries({facet: st.sets(st.sampled_from(values)) for facet, values in VALUES.items()}),
    st.sampled_from(list(VALUES)),
    st.data(),
)
def test_a_click_changes_its_own_facet_alone(
    search: dict[str, str], ticked: dict[str, set[str]], facet: FacetName, data: st.DataObject
) -> None:
    query = read_query({name: [value] for name, value in search.items()} | {n: sorted(v) for n, v in ticked.items()})
    value = data.draw(st.sampled_from(VALUES[facet]))
    after = read(clicks(query, facet)(value))
    assert (value in chosen(after, facet)) is (value not in chosen(query, facet))
    assert chosen(after, facet) - {value} <= chosen(query, facet)
    assert (after.text, after.sort) == (query.text, query.sort)
    for other in VALUES:
        if other != facet:
            assert chosen(after, other) == chosen(query, other)


@pytest.mark.parametrize(
    ("facet", "before", "clicked", "after"),
    [
        ("region", {"广东省"}, "广东省/广州市", {"广东省/广州市"}),
        ("region", {"广东省/广州市", "浙江省"}, "广东省", {"广东省", "浙江省"}),
        ("year", {"2020"}, "2020-03", {"2020-03"}),
        ("year", {"2020-03", "2021"}, "2020", {"2020", "2021"}),
        ("source", {"甲"}, "甲局", {"甲", "甲局"}),
    ],
)
def test_a_step_up_or_down_a_tree_takes_the_place_of_the_old_choice(
    facet: FacetName, before: set[str], clicked: str, after: set[str]
) -> None:
    link = clicks(read_query({facet: sorted(before)}), facet)(clicked)
    assert chosen(read(link), facet) == after


def test_a_click_goes_back_to_the_first_page_and_stays_at_its_facet() -> None:
    link = clicks(read_query({"q": ["帮扶"], "page": ["3"]}), "form")("通知")
    assert link == "/?q=帮扶&form=通知#form"
    assert clicks(read_query({"form": ["通知"]}), "form")("通知") == "/#form"


def test_an_address_leads_back_to_the_query_that_it_was_made_from() -> None:
    query = read_query({"q": ["“a&b” 100%"], "region": ["广东省/广州市"], "from": ["2020-01-01"], "page": ["2"]})
    assert read(address("/", query)) == query


@pytest.mark.parametrize("typed", ["", "帮扶 & 培训", "国办发〔2017〕47号"])
@pytest.mark.parametrize("held", [{}, {"form": ["通知"], "sort": ["oldest"], "per_page": ["50"]}])
@pytest.mark.parametrize(
    ("name", "value", "said"), [("sort", "newest", "newest"), ("per_page", 10, ""), ("page", 3, "3")]
)
def test_one_parameter_set_anew_is_the_address_of_the_query_that_it_makes(
    typed: str, held: dict[str, list[str]], name: str, value: object, said: str
) -> None:
    query = read_query({"q": [typed], **held})
    assert Addresses(query).varied(name, said) == address("/", first_page(query, **{name: value}))


def test_an_address_without_some_parameters_keeps_the_others_as_they_are() -> None:
    here = Addresses(read_query({"q": ["a & b"], "source": ["乙 & 丙局"], "sort": ["newest"], "per_page": ["20"]}))
    kept = Addresses(read_query({"q": ["a & b"], "source": ["乙 & 丙局"]}))
    assert here.without("/trends", "sort", "per_page") == kept.at("/trends")
    assert Addresses(read_query({"sort": ["newest"]})).without("/trends", "sort") == "/trends"


@given(search=st.text(), source=st.text(min_size=1))
def test_of_what_is_special_in_markup_an_address_holds_but_what_joins_its_parameters(search: str, source: str) -> None:
    lists = Addresses(Query(text=search, filters=Filters(source=(source,))))
    for made in (lists.at("/"), Clicks(lists, "region")(source), lists.varied("page", source)):
        assert escaped_address(made) == escaped(made)
