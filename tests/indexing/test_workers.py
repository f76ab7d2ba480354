"""Several processes, one order, nothing lost."""

from __future__ import annotations

import os
import signal

import pytest

from indexer.workers import OrderedMap, usable_cores


def double_or_die(number: int) -> int:
    if number == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def refuse(number: int) -> int:
    return -number


def fail(number: int) -> int:
    raise ValueError(number)


def chunked(numbers: range, size: int) -> list[list[int]]:
    return [list(numbers[start : start + size]) for start in range(0, len(numbers), size)]


def test_only_the_item_that_kills_its_worker_is_given_up() -> None:
    results = list(OrderedMap(double_or_die, 2, refuse).run(chunked(range(40), 5)))
    assert results == [-13 if number == 13 else 2 * number for number in range(40)]


def test_an_exception_of_the_function_reaches_the_caller() -> None:
    with pytest.raises(ValueError, match="1"):
        list(OrderedMap(fail, 2, refuse).run([[1]]))


def test_a_reader_that_stops_early_leaves_no_worker_behind() -> None:
    results = OrderedMap(double_or_die, 2, refuse).run(chunked(range(10), 1))
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]


def test_there_is_at_least_one_core() -> None:
    assert usable_cores() >= 1
