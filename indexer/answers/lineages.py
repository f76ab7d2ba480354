"""Tell the lineage of a policy, the same by every engine, once somebody has walked it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.answers.relations import Bound, Lineage, Step
from indexer.relations.lineage import LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable

    from indexer.answers.relations import Linked
    from indexer.relations.lineage import Walk


def lineage_told(walked: Walk, told: Callable[[int], Linked], order: Callable[[int], tuple[int | str, ...]]) -> Lineage:
    """Tell what a walk came upon; an empty lineage where it is one announcement alone."""
    if len(walked.generations) < 2:
        return Lineage()
    linked = {one: told(one) for one in walked.generations}
    by_level = sorted(linked, key=lambda one: (LEVELS.index(linked[one].level), order(one)))
    return Lineage(
        tuple(Step(linked[one], walked.generations[one]) for one in by_level),
        tuple(Bound(linked[tie.upper].id, linked[tie.lower].id, tie.bond) for tie in walked.ties),
        walked.left_out,
    )
