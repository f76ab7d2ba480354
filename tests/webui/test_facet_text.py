"""Facets that are written as text read as what is told of them."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from indexer.answers.as_json import facets_json
from indexer.answers.results import Facets, FacetValue
from webui.api.facet_text import facets_text

VALUES = st.recursive(
    st.builds(FacetValue, st.text(), st.text(), st.integers(0), st.booleans(), excluded=st.booleans()),
    lambda inner: st.builds(FacetValue, st.text(), st.text(), st.integers(0), children=st.lists(inner).map(tuple)),
    max_leaves=8,
)
LISTS = st.lists(VALUES, max_size=3).map(tuple)


@given(st.builds(Facets, source=LISTS, region=LISTS, year=LISTS, folder=LISTS))
def test_the_text_of_facets_reads_as_what_is_told_of_them(facets: Facets) -> None:
    assert json.loads(facets_text(facets)) == facets_json(facets)
