"""Announcements on their way to the cluster, drained into a file first: their source may fail, and be measured."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Self

from indexer.cluster.documents import SAMPLE_SIZE, Averages
from indexer.cluster.records import pack, unpack
from indexer.record_file import RecordFile
from indexer.text.segmenter import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from indexer.announcement import Announcement


class Drained:
    """Announcements that were all given before any is sent, and a sample of them; raises ``NoTemporaryRoom``."""

    def __init__(self, announcements: Iterable[Announcement]) -> None:
        self._records = RecordFile()
        self._sample: list[tuple[str, str]] = []
        self.count = 0
        try:
            self._drain(announcements)
        except BaseException:
            self._records.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._records.close()

    def _drain(self, announcements: Iterable[Announcement]) -> None:
        chance = random.Random(0)  # noqa: S311 - the same announcements give the same sample
        for announcement in announcements:
            self._records.add(pack(announcement).encode("ascii"))
            self.count += 1
            place = self.count - 1 if self.count <= SAMPLE_SIZE else chance.randrange(self.count)
            if place < SAMPLE_SIZE:
                self._sample[place : place + 1] = [(announcement.title, announcement.body)]

    def averages(self) -> Averages:
        """Average the lengths of titles and bodies, in words; 1 where there are none."""
        count = max(1, len(self._sample))
        title, body = (sum(map(len, words_of([texts[field] for texts in self._sample]))) / count for field in (0, 1))
        return Averages(title or 1.0, body or 1.0)

    def records(self) -> Iterator[str]:
        """Yield every announcement as it is stored, from the first."""
        return (record.decode("ascii") for record in self._records)

    def ids(self) -> Iterator[str]:
        """Yield the id of each."""
        return (announcement.id for announcement in self)

    def __iter__(self) -> Iterator[Announcement]:
        return map(unpack, self.records())
