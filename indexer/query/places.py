"""Find the place that a run of a query names: 如东县, 花都区精准扶贫, 精准扶贫花都区."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from indexer.facts.gazetteer import gazetteer
from indexer.facts.region import parse_path
from indexer.light_dataclass import dataclass
from indexer.text.fold import fold
from indexer.text.patterns import lazily

if TYPE_CHECKING:
    from indexer.facts.gazetteer import Mention
    from indexer.facts.region import RegionPath

MOST_OF_ONE_NAME: Final = 3  # places; more share a name that says too little

# 广东省人民政府, 深圳大学, 南京路: names of something else that begin with a place.
_GOES_ON: Final = lazily(r"[省市区县]?\S{0,10}(?:政府|委员会|[局厅院署]|大学|学院|银行|公司|集团)|[路街大]|[·・]")
_WHOLE_NAME: Final = lazily(r"\A\S+[省市区县州盟旗]$")  # behind what is looked for a place stands with its kind
_LEAST_BEFORE: Final = 2  # characters: one is a part of some longer name


@dataclass(frozen=True, slots=True)
class PlaceInRun:
    """A place that a run names, and what else the run says."""

    paths: tuple[RegionPath, ...]  # several when the name is ambiguous: 朝阳区 of 北京 and of 长春
    name: str  # as typed
    rest: str  # "" if the run is nothing but the place


def place_in(run: str) -> PlaceInRun | None:
    """Return the place that a run is, begins with or ends with; None if it names none, or far too many."""
    text = fold(run)
    paths = _paths(text)
    if paths:
        return PlaceInRun(paths, run, "")
    mentions = list(gazetteer().mentions(text))
    return _at_start(run, text, mentions) or _at_end(run, text, mentions)


def _paths(name: str) -> tuple[RegionPath, ...]:
    """Return the places of a name, if they are few."""
    if path := parse_path(name):
        return (path,)
    table = gazetteer()
    places = table.full.get(name, ())
    return tuple(map(table.path, places)) if len(places) <= MOST_OF_ONE_NAME else ()


def _at_start(run: str, text: str, mentions: list[Mention]) -> PlaceInRun | None:
    """Return the place of the most names in a row at the start: 江苏省南通市如东县养老服务."""
    row: list[Mention] = []
    for mention in mentions:
        if mention.start != (row[-1].end if row else 0):
            break
        row.append(mention)
    while row:
        end, rest = row[-1].end, run[row[-1].end :]
        paths = _paths("/".join(text[one.start : one.end] for one in row))
        if paths and len(rest) != 1 and not _GOES_ON.match(rest):
            return PlaceInRun(paths, run[:end], rest)
        row.pop()
    return None


def _at_end(run: str, text: str, mentions: list[Mention]) -> PlaceInRun | None:
    if not mentions or mentions[-1].end != len(text):
        return None
    start = mentions[-1].start
    name = run[start:]
    paths = _paths(text[start:]) if _WHOLE_NAME.match(name) and start >= _LEAST_BEFORE else ()
    return PlaceInRun(paths, name, run[:start]) if paths else None
