"""What it takes to settle who cites whom before a version of an index on a cluster answers; no cluster is needed.

    python -m tests.bench.bench_settling --size 20000

Prints how many announcements and citations there are, the seconds for reading off, for settling and for the fields of
all documents, the share of documents that say more than that nothing is known, and the most memory that settling took.
"""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

from indexer.cluster.relation_keys import place_of, told_by
from indexer.cluster.relation_register import Register
from tests.bench.measuring import arguments, clock, table, texts_of
from tests.bench.texts import announcements

if TYPE_CHECKING:
    from indexer.cluster.relation_keys import Place, Told


def main() -> None:
    """Read off, settle, and settle once more to see what memory that takes."""
    options = arguments(__doc__).parse_args()
    texts = announcements(texts_of(options), options.size)
    with clock() as reading:
        told = told_by(texts)
    kept = [(place_of(one), said) for one, said in zip(texts, told, strict=True)]
    seconds = settle(kept)
    tracemalloc.start()
    settle(kept)
    peak = tracemalloc.get_traced_memory()[1]
    print(f"## {len(texts)} announcements\n")
    heads = ["read off s", "entered s", "settled s", "fields s", "with fields", "bytes an announcement"]
    table(heads, [[reading.seconds, *seconds, peak / len(texts)]])


def settle(kept: list[tuple[Place, Told]]) -> list[float]:
    """Return the seconds for entering, settling and for all fields, and the share of documents that have some."""
    with Register() as register:
        with clock() as entering:
            for place, told in kept:
                register.add(place, told.keys)
        with clock() as settling:
            settled = register.settled()
        with clock() as writing:
            some = sum(
                len(settled.of(number)) > len(("cited", "cites", "may_cite", "settled")) for number in range(len(kept))
            )
    return [entering.seconds, settling.seconds, writing.seconds, some / len(kept)]


if __name__ == "__main__":
    main()
