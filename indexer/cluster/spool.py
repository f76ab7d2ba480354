"""Announcements on their way to the cluster, drained into files first: their source may fail, and be measured."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, NamedTuple, Self

from indexer.cluster.averages import SAMPLE_SIZE, Averages
from indexer.cluster.bulk_lines import Row
from indexer.cluster.cutting import Cutting
from indexer.cluster.records import pack, unpack
from indexer.cluster.relation_keys import Place, Told, place_of, told_by
from indexer.cluster.text_fields import count_words
from indexer.record_file import RecordFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from indexer.announcement import Announcement
    from indexer.cluster.relation_register import Register
    from indexer.cluster.settled import Settled


class _ReadOff(NamedTuple):
    """What is kept of an announcement until it is sent."""

    record: bytes
    told: bytes  # ``Told`` and ``Place``, as JSON


class Drained:
    """Announcements that were all given before any is sent, what each says of others, and a sample of them."""

    def __init__(self, announcements: Iterable[Announcement], jobs: int = 1) -> None:
        """Take them all, and read off in so many processes what they say; raises ``NoTemporaryRoom``."""
        self.cutting = Cutting(jobs)
        self._records, self._told = RecordFile(), RecordFile()
        self._sample: list[tuple[str, str]] = []
        self.count = 0
        try:
            for one in self.cutting.each(_read_off, self._sampled(announcements), _size_of):
                self._records.add(one.record)
                self._told.add(one.told)
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.cutting.__exit__()
        self._records.close()
        self._told.close()

    def _sampled(self, announcements: Iterable[Announcement]) -> Iterator[Announcement]:
        chance = random.Random(0)  # noqa: S311 - the same announcements give the same sample
        for announcement in announcements:
            self.count += 1
            place = self.count - 1 if self.count <= SAMPLE_SIZE else chance.randrange(self.count)
            if place < SAMPLE_SIZE:
                self._sample[place : place + 1] = [(announcement.title, announcement.body)]
            yield announcement

    def averages(self) -> Averages:
        """Average the lengths of titles and bodies, in words; 1 where there are none."""
        count = max(1, len(self._sample))
        title, body = (
            sum(self.cutting.each(count_words, [texts[field] for texts in self._sample], len)) / count
            for field in (0, 1)
        )
        return Averages(title or 1.0, body or 1.0)

    def records(self) -> Iterator[str]:
        """Yield every announcement as it is stored, from the first."""
        return (record.decode("ascii") for record in self._records)

    def ids(self) -> Iterator[str]:
        """Yield the id of each."""
        return (place.id for _, place in self._read())

    def enter(self, register: Register) -> int:
        """Add them all to a register; return the number of the first of them there."""
        first = len(register)
        for told, place in self._read():
            register.add(place, told.keys)
        return first

    def rows(self, settled: Settled, first: int) -> Iterator[Row]:
        """Return what their documents are made of; ``first`` is the number of the first in the register."""
        pairs = zip(self.records(), self._read(), strict=True)
        return (Row(record, told, settled.of(number)) for number, (record, (told, _)) in enumerate(pairs, first))

    def _read(self) -> Iterator[tuple[Told, Place]]:
        for one in self._told:
            told, place = json.loads(one)
            yield Told(*told), Place(*place)

    def __iter__(self) -> Iterator[Announcement]:
        return map(unpack, self.records())


def _size_of(announcement: Announcement) -> int:
    return len(announcement.body)


def _read_off(announcements: list[Announcement]) -> list[_ReadOff]:
    every = zip(announcements, told_by(announcements), strict=True)
    return [_ReadOff(pack(one).encode("ascii"), _json((told, place_of(one)))) for one, told in every]


def _json(told: tuple[Told, Place]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")  # as ``json.loads`` reads it
