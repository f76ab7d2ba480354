"""A window of the best hits is put in order, and says when it is too narrow to be sure of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indexer.cluster import top_hits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.cluster.connection import Body

TODAY = 20_000
SIZE = 4


def hit(name: str, score: float, day: int = 1, group: str = "", **fields: Any) -> Body:
    told = {name.replace("_", "."): [value] for name, value in fields.items()}
    return {"_score": score, "fields": {"id": [name], "day": [day], "group": [group or name], **told}}


def repealed(name: str, score: float, new: str, since: int = 1) -> Body:
    one = hit(name, score)
    one["fields"] |= {"replaced_by.repealed": [new], "validity.repealed": [since]}
    return one


def page(hits: Sequence[Body], wanted: int, behind: dict[str, int] | None = None) -> list[str] | None:
    def days_of(ids: list[str]) -> dict[str, int]:
        return {name: day for name, day in (behind or {}).items() if name in ids}

    places = top_hits.page_of(top_hits.Window(hits, SIZE), TODAY, (0, wanted), days_of)
    return None if places is None else [one.id for one in places]


def test_what_is_as_good_as_equal_is_ordered_by_day_and_id() -> None:
    assert page([hit("a", 1.0021), hit("b", 1.002, day=2), hit("c", 0.999, day=2)], 3) == ["b", "c", "a"]


def test_hits_of_the_last_step_are_not_sure_for_others_of_it_may_lie_behind() -> None:
    hits = [hit("a", 3), hit("b", 2), hit("c", 1.001), hit("d", 1)]
    assert page(hits, 2) == ["a", "b"]
    assert page(hits, 3) is None
    assert page(hits[:3], 4) == ["a", "b", "c"]  # all that is found


def test_copies_fill_no_place() -> None:
    hits = [hit("a", 4, group="g"), hit("b", 3, group="g"), hit("c", 2), hit("d", 1)]
    assert page(hits, 2) == ["a", "c"]
    assert page(hits, 3) is None


def test_what_is_repealed_stands_below_what_took_its_place() -> None:
    hits = [repealed("old", 4, "new"), hit("b", 3), hit("new", 2), hit("d", 1)]
    assert page(hits, 3) == ["b", "new", "old"]
    assert page(hits, 4) is None
    assert page([repealed("old", 4, "new", since=TODAY + 1), *hits[1:3]], 3) == ["old", "b", "new"]


def test_what_took_its_place_may_lie_behind_the_window() -> None:
    hits = [repealed("old", 4, "new"), hit("b", 3), hit("c", 2), hit("d", 1)]
    assert page(hits, 2, behind={"new": 5}) == ["b", "c"]
    assert page(hits, 2) == ["old", "b"]  # it is not found


def test_no_window_is_wide_enough_for_the_deepest_pages() -> None:
    assert top_hits.first_size(10) == top_hits.FIRST
    assert top_hits.first_size(top_hits.MOST) == 0


def test_of_a_window_among_a_few_only_those_are_sure_that_have_more_than_all_others_can() -> None:
    hits = [hit("a", 3), hit("b", 2), hit("c", 1.02)]

    def page_below(below: float, wanted: int) -> list[str] | None:
        window = top_hits.Window(hits, SIZE, below)
        places = top_hits.page_of(window, TODAY, (0, wanted), lambda _: {})
        return None if places is None else [one.id for one in places]

    assert page_below(1.0, 2) == ["a", "b"]
    assert page_below(1.0, 3) == ["a", "b", "c"]
    assert page_below(1.01, 3) is None  # a step may be lost by adding
    assert page_below(1.0, 4) is None  # one of the others may be the fourth
