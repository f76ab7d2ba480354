"""Several processes, one order, nothing lost."""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
import time

import pytest

from indexer.skip_reasons import SkipReason
from indexer.workers.forking import can_fork, holds_still, no_fork_meanwhile
from indexer.workers.ordered_map import OrderedMap, usable_cores
from indexer.workers.process import Limits


def double_or_die(number: int) -> int:
    if number == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def refuse(number: int, reason: SkipReason) -> int:
    return -number


def fail(number: int) -> int:
    raise ValueError(number)


def meet_full_disk(number: int) -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def process_of(number: int) -> int:
    if number:
        raise ValueError(number)
    return os.getpid()


def chunked(numbers: range, size: int) -> list[list[int]]:
    return [list(numbers[start : start + size]) for start in range(0, len(numbers), size)]


def test_only_the_item_that_kills_its_worker_is_given_up() -> None:
    results = list(OrderedMap(double_or_die, 2, refuse).run(chunked(range(40), 5)))
    assert results == [-13 if number == 13 else 2 * number for number in range(40)]


def who_did(number: int) -> tuple[int, int]:
    time.sleep(0.01)
    return number, os.getpid()


def test_who_helps_does_a_share_and_results_keep_their_order() -> None:
    workers = OrderedMap(who_did, 2, lambda item, _: (item, 0), forked=True, helping=True)
    results = list(workers.run(chunked(range(60), 1)))
    assert [number for number, _ in results] == list(range(60))
    done_by = [process for _, process in results]
    assert len(set(done_by)) == 2
    assert 10 < done_by.count(os.getpid()) < 50


def test_one_task_is_done_by_who_helps_or_by_another_and_never_waits() -> None:
    assert list(OrderedMap(double_or_die, 2, refuse, helping=True).run([[4]])) == [8]


@pytest.mark.parametrize("helping", [False, True])
def test_an_exception_of_the_function_reaches_the_caller(helping: bool) -> None:
    with pytest.raises(ValueError, match="1"):
        list(OrderedMap(fail, 2, refuse, helping=helping).run([[1], [1], [1]]))


def test_a_full_disk_in_a_worker_is_told_and_not_taken_for_its_death() -> None:
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        list(OrderedMap(meet_full_disk, 1, refuse).run([[1]]))


def test_a_reader_that_stops_early_leaves_no_worker_behind() -> None:
    results = OrderedMap(double_or_die, 2, refuse).run(chunked(range(10), 1))
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]


def test_workers_are_kept_within_a_block_until_one_run_fails() -> None:
    with OrderedMap(process_of, 1, lambda item, _: item) as workers:
        first, second = (list(workers.run([[0]])) for _ in range(2))
        assert first == second != [os.getpid()]
        with pytest.raises(ValueError, match="7"):
            list(workers.run([[7]]))
        third = list(workers.run([[0]]))
        assert third != first
    with pytest.raises(ProcessLookupError):
        os.kill(third[0], 0)


def test_there_is_at_least_one_core() -> None:
    assert usable_cores() >= 1


def burn(number: int) -> str:
    while number == 1:
        try:
            sum(range(10_000))
        except BaseException:  # noqa: BLE001 (what a reader may do)
            continue
    if number == 2:
        time.sleep(60)
    if number == 3:
        return str(len(b"0" * 2_000_000_000))
    if number == 4:
        os.abort()
    return f"{number} done"


def reason(number: int, why: SkipReason) -> str:
    return f"{number} {why}"


@pytest.mark.skipif(sys.platform != "linux", reason="limits that Linux has")
@pytest.mark.parametrize("forked", [True, False])
def test_an_item_beyond_its_limits_is_given_up_with_the_reason_and_costs_nobody_else(forked: bool) -> None:
    limits = Limits(cpu_seconds=1)  # not by the clock: the machine may be busy
    results = list(OrderedMap(burn, 2, reason, limits=limits, forked=forked).run([[0, 1, 5], [6], [4, 7]]))
    assert results[1] == "1 took more than 1 s of processor time"
    assert results[4].startswith("4 the process that read it died (SIGABRT")
    assert [results[at] for at in (0, 2, 3, 5)] == ["0 done", "5 done", "6 done", "7 done"]


def test_an_item_that_waits_for_ever_is_given_up_by_the_clock() -> None:
    results = list(OrderedMap(burn, 1, reason, limits=Limits(wall_seconds=2), forked=True).run([[2, 6], [7]]))
    assert results == ["2 took more than 2 s", "6 done", "7 done"]


@pytest.mark.skipif(sys.platform != "linux", reason="limits that Linux has")
def test_memory_counts_from_what_a_worker_starts_with() -> None:
    limits = Limits(memory_bytes=200 * 1024**2)
    results = list(OrderedMap(burn, 1, reason, limits=limits, forked=True).run([[0, 3, 5]]))
    assert results == ["0 done", "3 took more than 200 MiB of memory", "5 done"]


def test_a_worker_closes_what_its_parent_has_open() -> None:
    reader, writer = os.pipe()
    results = OrderedMap(burn, 1, reason, forked=True).run([[5], [6], [7]])
    assert next(results) == "5 done"
    os.close(writer)
    assert os.read(reader, 1) == b""  # nobody else has the other end
    os.close(reader)
    results.close()  # type: ignore[attr-defined]


def test_beside_other_threads_workers_start_afresh_and_give_the_same() -> None:
    stop = threading.Event()
    beside = threading.Thread(target=stop.wait)
    beside.start()
    try:
        assert list(OrderedMap(burn, 1, reason, forked=True).run([[5]])) == ["5 done"]
    finally:
        stop.set()
        beside.join()


def test_large_items_and_large_results_do_not_wait_for_each_other() -> None:
    chunks = [[b"x" * 3_000_000] for _ in range(12)]
    assert list(OrderedMap(bytes.upper, 2, lambda item, _: item, forked=True).run(chunks)) == [b"X" * 3_000_000] * 12


@pytest.mark.skipif(sys.platform != "linux", reason="forks are for Linux")
def test_a_thread_that_holds_still_does_not_keep_workers_from_being_forked() -> None:
    ended = threading.Event()
    thread = threading.Thread(target=ended.wait)
    thread.start()
    try:
        before = can_fork()
        holds_still(thread)
        assert (before, can_fork()) == (False, True)
    finally:
        ended.set()
        thread.join()


def test_nobody_forks_amid_what_asks_for_that() -> None:
    order: list[str] = []

    def fork() -> None:
        order.extend(map(str, OrderedMap(double_or_die, 1, refuse).run([[1]])))

    with no_fork_meanwhile():
        thread = threading.Thread(target=fork)
        thread.start()
        time.sleep(0.1)
        order.append("done")
    thread.join()
    assert order == ["done", "2"]
