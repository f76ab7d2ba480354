"""Light data classes do what those of the standard library do, but for the check that nobody changes them."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import Any

import pytest

from indexer.light_dataclass import dataclass, replace


@dataclass(frozen=True, slots=True)
class Pair:
    """Two values, and one that is not compared."""

    one: int
    other: tuple[str, ...] = ()
    note: str = dataclasses.field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Twin(Pair):
    """The same under another name."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Holds nothing."""


@dataclass(slots=True)
class Changing:
    """May be changed, so it has no hash."""

    values: list[int] = dataclasses.field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class Itself:
    """Equal to itself alone."""

    one: int


def test_they_are_equal_by_what_is_compared_and_by_their_kind() -> None:
    assert Pair(1, ("a",), "x") == Pair(1, ("a",), "y")
    assert hash(Pair(1, ("a",), "x")) == hash(Pair(1, ("a",), "y"))
    assert Pair(1) != Pair(2)
    assert Pair(1) != Twin(1)
    assert Pair(1).__eq__((1, (), "")) is NotImplemented
    assert Nothing() == Nothing()
    assert len({Nothing(), Nothing()}) == 1
    assert Changing([1]) == Changing([1])
    assert Itself(1) != Itself(1)


def test_a_copy_with_some_values_changed_is_what_the_standard_library_makes() -> None:
    pair = Pair(1, ("a",), "x")
    for changes in ({}, {"one": 2}, {"note": "y", "other": ()}):
        changed = replace(pair, **changes)
        assert dataclasses.astuple(changed) == dataclasses.astuple(dataclasses.replace(pair, **changes))
    assert pair == Pair(1, ("a",), "x")
    assert type(replace(Twin(1), one=2)) is Twin
    assert replace(Itself(1), one=2).one == 2
    with pytest.raises(KeyError, match="third"):
        replace(pair, third=3)  # type: ignore[call-arg]


def test_what_may_be_changed_has_no_hash() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(Changing())


@pytest.mark.parametrize("one", [Pair(1, ("a",), "x"), Twin(2), Nothing(), Changing([3])])
def test_they_are_shown_copied_and_sent_on_like_the_standard_ones(one: Any) -> None:
    kind = type(one)
    standard = dataclasses.make_dataclass(kind.__qualname__, [(f.name, Any, f) for f in dataclasses.fields(one)])
    values = {field.name: getattr(one, field.name) for field in dataclasses.fields(one)}
    assert repr(one) == repr(standard(**values))
    assert dataclasses.asdict(one) == values
    assert dataclasses.replace(one) == one == copy.deepcopy(one) == pickle.loads(pickle.dumps(one))


def test_they_have_no_room_for_other_attributes() -> None:
    with pytest.raises((AttributeError, TypeError)):
        Pair(1).another = 2  # type: ignore[attr-defined]
