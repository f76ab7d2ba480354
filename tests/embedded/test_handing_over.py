"""Announcements on their way to other processes."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

from indexer.embedded.write.handing_over import Batch, evened, remove_unread
from tests.builders import announcement

if TYPE_CHECKING:
    from pathlib import Path

GIVEN = [announcement(f"{at}", f"扶贫\ud800{at}", region=("广东省",)) for at in range(3)]


def test_a_batch_arrives_as_it_was_and_leaves_no_file(tmp_path: Path) -> None:
    arrived = pickle.loads(pickle.dumps(Batch(tmp_path, GIVEN)))
    assert arrived.announcements == GIVEN
    assert not list(tmp_path.iterdir())


def test_a_batch_is_handed_over_again_when_who_had_it_died(tmp_path: Path) -> None:
    batch = Batch(tmp_path, GIVEN)
    pickle.dumps(batch)  # nobody reads it
    assert pickle.loads(pickle.dumps(batch)).announcements == GIVEN
    remove_unread(tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_last_batches_are_cut_small_and_nothing_is_lost() -> None:
    batches = [[announcement(f"{batch}-{at}") for at in range(10)] for batch in range(5)]
    cut = list(evened(batches, 2))
    assert cut[:3] == batches[:3]
    assert [len(one) for one in cut[3:]] == [3, 3, 3, 1] * 2
    assert [one for batch in cut for one in batch] == [one for batch in batches for one in batch]
