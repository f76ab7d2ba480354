"""Merge what the units do not say of texts: breaks, units that are written otherwise, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from indexer.embedded.store.array_file import ranges, steps
from indexer.embedded.store.postings import Counts, CountsWriter
from indexer.embedded.store.texts import BREAKS, FIELD, write_rest, written_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.embedded.store.array_file import Array, ArrayFileWriter
    from indexer.embedded.write.merge_lists import Source


def merge_texts(writer: ArrayFileWriter, sources: Sequence[Source], starts: Array) -> None:
    """Write the breaks and odd units of what is live; ``starts`` are where texts begin in the merged row."""
    odd = [_odd(source) for source in sources]
    strings, numbers = _merge_strings(sources, [as_ for _, _, as_ in odd])
    to = CountsWriter(writer, BREAKS)
    for source, new in zip(sources, numbers, strict=True):
        for breaks in _breaks(source):
            to.append(new[breaks])
    to.close()
    per_text = [steps(source.units["texts.before"])[source.live] for source in sources]
    before = np.concatenate(([0], np.concatenate(per_text).cumsum()))
    bases = np.cumsum([0, *map(len, per_text)]).tolist()
    odd_at = [starts[document + base] + offset for (document, offset, _), base in zip(odd, bases, strict=False)]
    odd_as = [new[as_] for new, (_, _, as_) in zip(numbers, odd, strict=True)]
    write_rest(writer, before, np.concatenate(odd_at), np.concatenate(odd_as), strings)


def _merge_strings(sources: Sequence[Source], odd: Sequence[Array]) -> tuple[list[bytes], list[Array]]:
    """Return the strings that stand in live texts, the most frequent first, and for each source their numbers."""
    tables = [written_in(source.units) for source in sources]
    totals: dict[bytes, int] = {}
    for source, table, of_odd in zip(sources, tables, odd, strict=True):
        counts = np.bincount(of_odd, minlength=len(table))
        for breaks in _breaks(source):
            counts += np.bincount(breaks, minlength=len(table))
        for string, count in zip(table, counts.tolist(), strict=True):
            if count:
                totals[string] = totals.get(string, 0) + count
    strings = sorted(totals, key=lambda string: (-totals[string], string))
    number = {string: at for at, string in enumerate(strings)}
    return strings, [np.array([number.get(string, 0) for string in table], dtype=np.uint32) for table in tables]


def _breaks(source: Source) -> Iterator[Array]:
    """Yield the numbers of what stands at the breaks of live texts, of some texts after the other."""
    before, breaks = source.units["texts.before"].astype(np.int64), Counts(source.units, BREAKS)
    sizes = steps(before)
    for low, high in ranges(sizes):
        found = breaks.between(int(before[low]), int(before[high]))
        yield found if source.whole else found[np.repeat(source.live[low:high], sizes[low:high])]


def _odd(source: Source) -> tuple[Array, Array, Array]:
    """Return of the odd units of live texts the text, by its number among these, the place in it and the string."""
    starts, at, odd_as = (source.units[name] for name in (f"{FIELD}.starts", "texts.odd.at", "texts.odd.as"))
    document = starts.searchsorted(at, "right") - 1
    kept = source.live[document].nonzero()[0]
    document = document[kept]
    renumbered = source.live.cumsum() - 1
    return renumbered[document], at[kept] - starts[document], odd_as[kept]
