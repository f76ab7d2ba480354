"""Data classes that are quick to declare and to make: as those of ``dataclasses``, which type checkers take them for.

The standard decorator writes six functions for each class and has them compiled whenever the program starts: 50 ms of a
search from the command line. Here only ``__init__`` is compiled. That nobody changes a frozen one is told by the type
checker alone: without the check at run time an announcement or a hit is made in a quarter of the time, 2 µs less.
"""

from __future__ import annotations

from dataclasses import fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass, replace
else:
    import dataclasses
    from functools import partial

    def dataclass(cls=None, /, *, frozen=False, slots=False, eq=True):
        """Declare a data class; what ``dataclasses.dataclass`` takes beside this, no class of ours needs."""
        if cls is None:
            return partial(dataclass, frozen=frozen, slots=slots, eq=eq)
        made = dataclasses.dataclass(cls, slots=slots, eq=False, repr=False)
        made.__repr__ = _shown
        names = [one.name for one in fields(made)]
        made._in_order = staticmethod(attrgetter(*names) if len(names) > 1 else _one_by_one(names))
        made._places = {name: place for place, name in enumerate(names)}
        if eq:
            compared = [one.name for one in fields(made) if one.compare]
            values = attrgetter(*compared) if compared else lambda _: ()
            made.__eq__ = _equality(values)
            made.__hash__ = _hashing(values) if frozen else None
        return made

    def replace(one, /, **changes):
        """Return a copy with some values changed: as ``dataclasses.replace``, in a third of the time."""
        values, places = [*one._in_order(one)], one._places
        for name, value in changes.items():
            values[places[name]] = value
        return one.__class__(*values)


__all__ = ["dataclass", "replace"]


def _shown(self: Any) -> str:
    values = ", ".join(f"{one.name}={getattr(self, one.name)!r}" for one in fields(self) if one.repr)
    return f"{type(self).__qualname__}({values})"


def _one_by_one(names: list[str]) -> Callable[[Any], list[object]]:
    return lambda self: [getattr(self, name) for name in names]


def _equality(values: Callable[[Any], object]) -> Callable[[Any, object], Any]:
    def equal(self: Any, other: object) -> Any:
        return values(self) == values(other) if self.__class__ is other.__class__ else NotImplemented

    return equal


def _hashing(values: Callable[[Any], object]) -> Callable[[Any], int]:
    return lambda self: hash(values(self))
