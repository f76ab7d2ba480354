"""What it takes to settle who cites whom before a version of an index on a cluster answers; no cluster is needed.

    python -m tests.bench.bench_settling --size 20000

Prints, for each announcement, the microseconds of processor time for reading off what it says of others, for entering
it, for settling and for the fields of its document, and the most memory that settling took; and the share of documents
that say more than that nothing is known.
"""

from __future__ import annotations

import time
import tracemalloc
from typing import TYPE_CHECKING, TypeVar

from indexer.cluster.relation_keys import place_of, told_by
from indexer.cluster.relation_register import Register
from tests.bench.measuring import arguments, table, texts_of
from tests.bench.texts import announcements

if TYPE_CHECKING:
    from collections.abc import Callable

    from indexer.cluster.relation_keys import Place, Told

Made = TypeVar("Made")


def main() -> None:
    """Read off, settle, and settle once more to see what memory that takes."""
    options = arguments(__doc__).parse_args()
    texts = announcements(texts_of(options), options.size)
    told, reading = timed(lambda: told_by(texts))
    kept = [(place_of(one), said) for one, said in zip(texts, told, strict=True)]
    seconds, share = settle(kept)
    tracemalloc.start()
    settle(kept)
    peak = tracemalloc.get_traced_memory()[1]
    print(f"## {len(texts)} announcements\n")
    heads = ["read off, µs", "entered, µs", "settled, µs", "fields, µs", "bytes", "with fields"]
    table(heads, [[*(1e6 * took / len(texts) for took in (reading, *seconds)), peak / len(texts), share]])


def timed(doing: Callable[[], Made]) -> tuple[Made, float]:
    """Return what is made, and the seconds of processor time that it took."""
    started = time.process_time()
    made = doing()
    return made, time.process_time() - started


def enter(register: Register, kept: list[tuple[Place, Told]]) -> int:
    """Enter all; return how many there are then."""
    for place, told in kept:
        register.add(place, told.keys)
    return len(register)


def settle(kept: list[tuple[Place, Told]]) -> tuple[list[float], float]:
    """Return the seconds for entering, settling and all fields, and the share of documents that have some."""
    with Register() as register:
        _, entering = timed(lambda: enter(register, kept))
        settled, settling = timed(register.settled)
        fields, writing = timed(lambda: [len(settled.of(number)) for number in range(len(kept))])
    return [entering, settling, writing], sum(count > min(fields) for count in fields) / len(kept)


if __name__ == "__main__":
    main()
