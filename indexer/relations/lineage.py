"""The lineage of a policy: what an announcement forwards, carries out or is based on, and what does so with it.

Walks over certain relations alone, up and down, and decides how far; knows no index and no text.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

from indexer.facts.dates import NO_DAY
from indexer.light_dataclass import dataclass
from indexer.relations.titles import local_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from indexer.facts.region import RegionPath
    from indexer.relations.records import Relation

Bond = Literal["forwards", "carries_out", "based_on", "version"]
BONDS: Final[tuple[Bond, ...]] = get_args(Bond)  # the closest first
Level = Literal["nation", "province", "city", "county", ""]
LEVELS: Final[tuple[Level, ...]] = get_args(Level)  # the highest first; "" for a place that nobody names

CHAIN: Final[tuple[Relation, ...]] = ("forwards", "carries_out", "based_on")  # relations that tie a lineage
MOST_OF_ONE: Final = 500  # ties that are looked at of one announcement
# Days by which what is forwarded may be published after what forwards it: sites put up both within weeks.
_LATE_DAYS: Final = 60
FARTHEST: Final = 4  # steps up, and steps down
MOST_STEPS: Final = 60  # announcements of one lineage; a law has hundreds that are based on it
MOST_WALKED: Final = 1_000  # announcements that are looked at
_NATIONAL: Final = ("中华人民共和国", "国务院", "中共中央", "全国人民代表大会", "全国人大")
_MUNICIPALITIES: Final = frozenset({"北京市", "天津市", "上海市", "重庆市"})  # what lies below them is a county


class Tie(NamedTuple):
    """The lower one forwards, carries out or is based on the upper one, or is a later version of it."""

    upper: int
    lower: int
    bond: Bond


@dataclass(slots=True)
class Walk:
    """What a walk came upon."""

    generations: dict[int, int]  # of each document: 0 for the first, below 0 above it, over 0 below it
    ties: list[Tie] = field(default_factory=list)
    left_out: int = 0  # documents that are not told


def may_be(bond: str, upper_day: int, lower_day: int) -> bool:
    """Return whether days of publication allow a tie: nobody forwards what comes later."""
    late = NO_DAY not in (upper_day, lower_day) and upper_day > lower_day + _LATE_DAYS
    return not (late and bond != "based_on")


def level_of(region: RegionPath, title: str = "") -> Level:
    """Return how high the place of an announcement stands; without a place its title may tell it.

    Regulations of a place bear its name: 城镇排水与污水处理条例 is the nation's.
    """
    if not region:
        of_all = title.startswith(_NATIONAL) or (title.endswith("条例") and not local_key(title)[0])
        return "nation" if of_all else ""
    if region[0] == "全国":
        return "nation"
    if len(region) == 1:
        return "province"
    return "city" if len(region) == 2 and region[0] not in _MUNICIPALITIES else "county"


def walk(
    start: int,
    above: Callable[[int], Iterable[Tie]],
    below: Callable[[int], Iterable[Tie]],
    versions: Iterable[Tie],
    order: Callable[[int], object],
) -> Walk:
    """Return the lineage of a document: all above what it comes from, all below what comes from it.

    What is merely based on something below it is no part of its lineage. Of many the nearest and the most closely
    bound are kept, then the first in ``order``.
    """
    found: dict[int, tuple[int, int]] = {start: (0, 0)}  # with how closely it is bound
    ties: dict[tuple[int, int], Tie] = {}
    for tie in versions:
        for one in (tie.upper, tie.lower):
            found.setdefault(one, (0, 0))
        ties[tie[:2]] = tie
    for direction, look in ((-1, above), (1, below)):
        _walk_one_way(start, direction, look, found, ties)
    kept = sorted(found, key=lambda one: (abs(found[one][0]), found[one][1], order(one)))[:MOST_STEPS]
    generations = {one: found[one][0] for one in kept}
    told = [tie for tie in ties.values() if tie.upper in generations and tie.lower in generations]
    return Walk(generations, told, len(found) - len(kept))


def _walk_one_way(
    start: int,
    direction: int,
    look: Callable[[int], Iterable[Tie]],
    found: dict[int, tuple[int, int]],
    ties: dict[tuple[int, int], Tie],
) -> None:
    now = [start]
    for generation in range(1, FARTHEST + 1):
        following: list[int] = []
        for one in now:
            for tie in look(one):
                if direction > 0 and generation > 1 and tie.bond == "based_on":
                    continue
                other = tie.upper if direction < 0 else tie.lower
                if other in found and found[other][0] * direction <= 0:
                    continue  # a circle
                before = ties.get(tie[:2])
                if before is None or BONDS.index(tie.bond) < BONDS.index(before.bond):
                    ties[tie[:2]] = tie
                if other not in found and len(found) < MOST_WALKED:
                    found[other] = (generation * direction, BONDS.index(tie.bond))
                    following.append(other)
        now = following
