"""Which places of a run's strings are shown: where all of them stand near each other, if they do so anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from indexer.answers.highlight_terms import Needle, Needles, Together
    from indexer.answers.results import Mark

Near = Mapping["Needle", list["Mark"]]  # where strings stand near each other: first and last character, in order


def closest(places: Mapping[Needle, Sequence[Mark]], window: int) -> Near:
    """Return the places, first and last character of each, that make up the smallest stretches that hold all strings.

    Of at most ``window`` characters; a stretch that holds another one is not the smallest. {} when there is none.
    """
    ordered = sorted((place, needle) for needle, found in enumerate(places.values()) for place in found)
    latest: dict[int, Mark] = {}
    kept: list[set[Mark]] = [set() for _ in places]
    before = -1
    for place, needle in ordered:
        latest[needle] = place
        if len(latest) < len(places):
            continue
        start = min(latest.values())[0]
        if start > before and max(last for _, last in latest.values()) - start < window:
            for at, one in latest.items():
                kept[at].add(one)
        before = start
    if not any(kept):
        return {}
    return {needle: sorted(found) for needle, found in zip(places, kept, strict=True)}


def shown_near(asked: Needles, here: Mapping[Together, Near], somewhere: Collection[Together]) -> Near:
    """Return the strings that are not shown wherever they stand, each with where it is.

    Those of the runs that stand together ``somewhere``, but for what was asked by itself or by a run that does not;
    ``here`` says where they stand together in this text.
    """
    if not somewhere:
        return {}
    apart = [needle for run in asked.together if run not in somewhere for needle in (*run.rows, *run.words)]
    found: dict[Needle, list[Mark]] = {}
    for run in somewhere:
        places = here.get(run, {})
        for needle in asked.held_back.get(run, ()):
            if needle in found:
                found[needle] = sorted({*found[needle], *places.get(needle, ())})
            elif needle not in apart:
                found[needle] = places.get(needle, [])
    return found
