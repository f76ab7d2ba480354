"""What is settled over many announcements, and how states are asked for; no cluster is needed."""

from __future__ import annotations

import random
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.cluster.relation_keys import Place, place_of, read_keys, stored_keys, stored_place, told_by
from indexer.cluster.relation_register import Register
from indexer.cluster.settled import EVENT_DAYS, no_day
from indexer.cluster.validity_filters import one_of_states, state_is
from indexer.facts.document_kind import NEWS
from indexer.fields import UNSTATED
from indexer.relations.keys import DOCUMENT, IS_NEWS
from indexer.relations.validity import EVENTS, STATES, states_at
from tests.builders import announcement
from tests.contract_relations import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.announcement import Announcement


def settled(announcements: Sequence[Announcement]) -> dict[str, dict[str, Any]]:
    with Register() as register:
        for one, told in zip(announcements, told_by(announcements), strict=True):
            register.add(place_of(one), told.keys)
        outcome = register.settled()
        return {register.id_of(at): outcome.of(at) for at in range(len(register))}


def test_what_is_settled_does_not_depend_on_the_order_of_what_is_there() -> None:
    others = [
        announcement(f"{at}", f"第{at}项", "根据《示例市节水条例》。", published=date(2019, 1, 1)) for at in range(9)
    ]
    everything = [*EVERYTHING, *others]
    told = settled(everything)
    assert told["law"]["validity"] == {"repealed": (date(2019, 1, 1) - date(1970, 1, 1)).days}
    assert told["law"]["replaced_by"] == {"repealed": "new"}
    assert "replaced_by" not in told["numbered"]  # a notice that repeals puts nothing in its place
    assert (told["law"]["cited"], told["3"]["cites"]) == (11, ["law"])
    random.Random(1).shuffle(everything)
    assert settled(everything) == told


def test_what_nothing_is_known_of_has_the_same_digest_as_any_such() -> None:
    told = settled([announcement("a"), announcement("b")])
    assert told["a"] == told["b"]
    assert settled([]) == {}


def test_copies_cite_once_and_never_each_other() -> None:
    copies = [
        announcement("copy", "示例办法", "依照《示例市节水条例》和《示例办法》。", repost_of="other"),
        announcement("other", "示例办法", "依照《示例市节水条例》。"),
    ]
    told = settled([EVERYTHING[0], *copies])
    assert (told["law"]["cited"], told["other"]["cited"]) == (1, 0)


def test_what_is_known_of_an_announcement_is_the_same_when_it_is_read_back() -> None:
    long = announcement("a", "长" * 1001, region=("广东省", "广州市"), published=None)
    fields = {"id": ["a"], "region": ["广东省", "广东省/广州市"], "group": ["a"], "day": [-(2**31)]}
    assert place_of(long) == stored_place(fields) == Place("a", "", "广东省/广州市", "a", -(2**31))


def test_keys_are_read_back_with_or_without_their_last_signs() -> None:
    told = told_by(EVERYTHING)
    for one in told:
        assert stored_keys({"relation_keys": [one.keys.rstrip("=")]}) == one.keys
    assert len(read_keys(told[1].keys)[1]) > 0
    [nothing] = np.frombuffer(read_keys(stored_keys({}))[0], DOCUMENT)
    assert (nothing["title"], nothing["citations"], nothing["repealed"]) == (0, 0, -(2**31))


def finds(query: dict[str, Any], days: dict[str, int], kind: str) -> bool:
    """Ask of one document what the cluster would."""
    ((how, what),) = query.items()
    if how == "range":
        ((name, span),) = what.items()
        ((lies, day),) = span.items()
        own = days.get(name.removeprefix("validity."))
        return own is not None and {"lte": own <= day, "lt": own < day, "gt": own > day}[lies]
    if how == "term":
        return bool(what == {"kind": kind})
    if how == "match_none":
        return False
    musts = [*what.get("filter", ())]
    some = what.get("should")
    return (
        all(finds(one, days, kind) for one in musts)
        and not any(finds(one, days, kind) for one in what.get("must_not", ()))
        and (some is None or any(finds(one, days, kind) for one in some))
    )


@given(st.dictionaries(st.sampled_from(EVENT_DAYS), st.integers(-3, 3)), st.booleans())
def test_states_are_asked_for_by_the_rules_that_tell_them(days: dict[str, int], is_news: bool) -> None:
    events = np.zeros(1, dtype=EVENTS)
    for name in EVENT_DAYS:
        events[name] = days.get(name, no_day(name))
    state = STATES[int(states_at(events, np.array([IS_NEWS * is_news]), 0)[0])]
    kind = NEWS if is_news else "政策文件"
    assert [one for one in STATES if finds(state_is(one, 0), days, kind)] == [state]
    assert finds(one_of_states([state or UNSTATED], 0), days, kind)


@pytest.mark.parametrize("state", ["现行有效", "x"])
def test_a_state_that_is_none_finds_nothing(state: str) -> None:
    assert state_is(state, 0) == {"match_none": {}}
