"""What is written of positions is read back: list by list, and many lists at once."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from indexer.embedded import kernel
from indexer.embedded.store import array_file
from indexer.embedded.store.array_file import ArrayFile, ArrayFileWriter
from indexer.embedded.store.positions import FAR, Positions, PositionsWriter

if TYPE_CHECKING:
    from pathlib import Path

    from indexer.embedded.store.array_file import Array

UNITS = 1 << 22  # a list of more than 64 positions is long


def _written(
    path: Path, lists: list[Array], *, plain: bool = False, units: int = UNITS, native: kernel.Native | None = None
) -> Positions:
    with ArrayFileWriter(path) as writer:
        to = PositionsWriter(writer, "body", units, plain=plain, native=native)
        for part in (lists[: len(lists) // 2], lists[len(lists) // 2 :]):
            to.append(np.concatenate([np.zeros(0, np.int64), *part]), np.array([len(one) for one in part], np.int64))
        to.close()
    return Positions(ArrayFile(path), "body")


def _lists(seed: int) -> list[Array]:
    chosen = random.Random(seed)
    lists = [
        np.array(sorted(chosen.sample(range(chosen.choice((2000, UNITS))), chosen.choice((1, 2, 3, 64, 65, 900)))))
        for _ in range(40)
    ]
    # Every length of a step, at its edges, in a short list and in a long one, and nothing before either.
    edges = [0, *(edge + more for edge in (1 << 7, 1 << 14, FAR, 2 * FAR, 1 << 21, 1 << 28) for more in (-1, 0, 1))]
    return [*lists, np.array(edges).cumsum(), np.array(edges * 4).cumsum(), np.array([2**32 - 1])]


@pytest.mark.parametrize("plain", [False, True])
def test_every_list_and_every_range_of_lists_is_read_as_it_was_written(tmp_path: Path, plain: bool) -> None:
    lists = _lists(1)
    positions = _written(tmp_path / "file", lists, plain=plain)
    for number, wanted in enumerate(lists):
        assert positions.of(number).tolist() == (wanted % 2**32).tolist()
    for low in range(0, len(lists), 7):
        for high in range(low, len(lists) + 1, 3):
            found, lengths = positions.between(low, high)
            assert found.tolist() == [at for one in lists[low:high] for at in one.tolist()]
            assert lengths.tolist() == list(map(len, lists[low:high]))


@pytest.mark.skipif(kernel.compiled() is None, reason="the kernel was not compiled")
def test_the_kernel_writes_the_same_bytes(tmp_path: Path) -> None:
    native = kernel.compiled()
    for units in (1 << 12, UNITS, 1 << 32):
        _written(tmp_path / f"{units}", _lists(3), units=units)
        _written(tmp_path / f"{units}-native", _lists(3), units=units, native=native)
        assert (tmp_path / f"{units}").read_bytes() == (tmp_path / f"{units}-native").read_bytes()
    assert native is not None
    three, long, sizes = np.arange(3, dtype=np.uint32), np.zeros(2, dtype=bool), np.zeros(2, dtype=np.int64)
    for lengths in ([1, 1], [1, 3], [-1, 4], [2**62, 2**62]):
        with pytest.raises(ValueError, match="not as long"):
            native.pack_steps(three, np.array(lengths, dtype=np.int64), long, sizes)


def test_lengths_are_counted_a_range_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lists = _lists(2)
    positions = _written(tmp_path / "file", lists)
    monkeypatch.setattr(array_file, "CHUNK_ITEMS", 500)
    assert positions.lengths().tolist() == list(map(len, lists))


def test_a_size_is_no_less_than_the_number_of_positions_and_little_more_than_two_bytes_each(tmp_path: Path) -> None:
    chosen = random.Random(3)
    lists = [np.array(sorted(chosen.sample(range(UNITS), 5000))), np.array(sorted(chosen.sample(range(UNITS), 60)))]
    positions = _written(tmp_path / "file", lists)
    assert positions.size(0) == 10_000
    assert 60 <= positions.size(1) <= 240


def test_nothing_is_written_and_read(tmp_path: Path) -> None:
    positions = _written(tmp_path / "file", [])
    assert not len(positions.between(0, 0)[0])
    assert not len(positions.lengths())
