"""Passages judged by hand, and how well they are read. Run: python -m tests.bench.bench_relations.

``gold/citations.txt`` and ``gold/repeals.txt`` hold invented sentences of the kinds that official texts are made of, a
line each. What is cited stands in ⟦…⟧ behind a letter for its relation; all else in 《》, and every number without
marks, is a trap. A title may stand before a tab; ``~`` begins a line of news; \\n and \\t break lines and cells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from indexer.relations.extraction import relations_of
from tests.builders import announcement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.announcement import Announcement
    from indexer.relations.records import Citation

GOLD: Final = Path(__file__).with_name("gold")
RELATIONS: Final = {
    "C": "cites",
    "R": "repeals",
    "P": "repeals",
    "A": "amends",
    "M": "amended_by",
    "F": "forwards",
    "B": "based_on",
    "E": "carries_out",
    "I": "interprets",
}
_MARK: Final = re.compile(r"⟦([A-Z])([^⟧]*)⟧")
_BREAKS: Final = re.compile(r"\\[nt]")
_OTHER_TITLE: Final = "关于示例工作的通知"


@dataclass(frozen=True, slots=True)
class Judged:
    """One citation that a passage holds, at characters [start, end)."""

    start: int
    end: int
    relation: str
    partly: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """One passage with all that it cites."""

    of: Announcement
    judged: tuple[Judged, ...]


@dataclass(slots=True)
class Score:
    """Hits, faults and what they are."""

    passages: int = 0
    hits: int = 0
    right: int = 0  # hits in the right relation
    judged: int = 0
    told: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Return the share of what is judged that is told."""
        return self.hits / max(1, self.judged)

    @property
    def precision(self) -> float:
        """Return the share of what is told that is judged."""
        return self.hits / max(1, self.told)


def passages(name: str) -> Iterator[Passage]:
    """Yield the passages of one file."""
    for line in (GOLD / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield _passage(line)


def _passage(line: str) -> Passage:
    kind = "动态" if line.startswith("~") else "政策文件"
    title, _, marked = line.removeprefix("~").rpartition("\t")
    marked = _BREAKS.sub(lambda match: "\n" if match.group() == "\\n" else "\t", marked)
    body, judged, at = "", [], 0
    for mark in _MARK.finditer(marked):
        body += marked[at : mark.start()]
        judged.append(Judged(len(body), len(body) + len(mark[2]), RELATIONS[mark[1]], mark[1] == "P"))
        body += mark[2]
        at = mark.end()
    body += marked[at:]
    return Passage(announcement("gold", title or _OTHER_TITLE, body, kind=kind), tuple(judged))


def score_citations() -> Score:
    """Return how well citations are found, and their relations."""
    score = Score()
    for passage in passages("citations.txt"):
        found = _cited(passage)
        left = list(passage.judged)
        for one in found:
            gold = next((gold for gold in left if gold.start < one.at.end and one.at.start < gold.end), None)
            if gold is None:
                score.wrong.append(f"not cited: {_shown(passage, one.at.start, one.at.end)}")
                continue
            left.remove(gold)
            score.hits += 1
            score.right += gold.relation == one.relation
            if gold.relation != one.relation:
                shown = _shown(passage, gold.start, gold.end)
                score.wrong.append(f"{one.relation} is {gold.relation}: {shown}")
        score.wrong += [f"missed: {_shown(passage, gold.start, gold.end)}" for gold in left]
        _add(score, passage, len(found))
    return score


def score_repeals() -> Score:
    """Return how well repeals are read; one is right when it is of the whole, or of a part, as it was judged."""
    score = Score()
    for passage in passages("repeals.txt"):
        found = [one for one in _cited(passage) if one.relation == "repeals"]
        left = list(passage.judged)
        for one in found:
            gold = next((gold for gold in left if gold.start < one.at.end and one.at.start < gold.end), None)
            if gold is None or gold.partly != one.partly:
                why = "not repealed" if gold is None else "in part" if gold.partly else "as a whole"
                score.wrong.append(f"{why}: {_shown(passage, one.at.start, one.at.end)}")
                continue
            left.remove(gold)
            score.hits += 1
        score.wrong += [f"missed: {_shown(passage, gold.start, gold.end)}" for gold in left]
        _add(score, passage, len(found))
    return score


def _cited(passage: Passage) -> list[Citation]:
    return [one for one in relations_of(passage.of).citations if not one.in_title]


def _add(score: Score, passage: Passage, told: int) -> None:
    score.passages += 1
    score.judged += len(passage.judged)
    score.told += told


def _shown(passage: Passage, start: int, end: int) -> str:
    body = passage.of.body
    return (body[max(0, start - 25) : start] + "⟦" + body[start:end] + "⟧" + body[end : end + 25]).replace("\n", "\\n")
