"""Hits that are written as text read as what is told of them, with their addresses."""

from __future__ import annotations

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from indexer.announcement import Repost
from indexer.answers.as_json import hit_json
from indexer.answers.relations import Evidence, Validity
from indexer.answers.results import Hit, Snippet
from indexer.relations.clause_places import ClausePlace
from webui.api.as_json import announcement_links
from webui.api.hit_text import hits_text

IDS = st.from_regex(r"[0-9A-Za-z._-]{1,64}", fullmatch=True)
TEXTS = st.text(max_size=20)
DAYS = st.none() | st.dates(date(1949, 10, 1), date(2100, 1, 1))
PATHS = st.lists(TEXTS, max_size=3).map(tuple)
MARKS = st.lists(st.tuples(st.integers(0, 9), st.integers(10, 99)), max_size=2).map(tuple)
REPOSTS = st.lists(st.builds(Repost, TEXTS, TEXTS, TEXTS, DAYS, IDS), max_size=2).map(tuple)
EVIDENCE = st.builds(Evidence, how=TEXTS, id=IDS, title=TEXTS, published=DAYS, day=DAYS, sentence=TEXTS)
VALIDITIES = st.builds(
    Validity,
    state=TEXTS,
    as_of=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    known_until=DAYS,
    evidence=st.lists(EVIDENCE, max_size=2).map(tuple),
)
HITS = st.builds(
    Hit,
    id=IDS,
    title=TEXTS,
    title_marks=MARKS,
    source=TEXTS,
    published=DAYS,
    region=PATHS,
    number=TEXTS,
    form=TEXTS,
    url=TEXTS,
    score=st.floats(0, 1000),
    snippet=st.builds(Snippet, TEXTS, MARKS),
    reposts=REPOSTS,
    repost_of=st.just("") | IDS,
    only_copies=st.booleans(),
    kind=TEXTS,
    clause=st.none() | st.builds(ClausePlace, TEXTS, PATHS),
    validity=st.none() | VALIDITIES,
    path=TEXTS,
    signed=DAYS,
    effective=DAYS,
    indexed=st.sampled_from((0, 1_700_000_000)),
)
WRITE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@given(st.lists(HITS, max_size=2), st.sampled_from(("", "q=%E7%A8%8E&page=2")))
def test_the_text_of_hits_is_what_is_told_of_them_with_their_addresses(hits: list[Hit], asked: str) -> None:
    base = "http://127.0.0.1:8000/policy"
    told = [{**hit_json(hit), "links": announcement_links(base, hit.id, asked)} for hit in hits]
    assert hits_text(hits, base, asked) == WRITE(told)
