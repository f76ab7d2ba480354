"""Everyday words and the official ones: 买房 and 购房, 扶贫 and 脱贫攻坚.

They help to rank and are offered as a second search. They never change what a search finds.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from indexer.light_dataclass import dataclass, replace
from indexer.query.leaves import as_typed, runs_of
from indexer.query.printer import write
from indexer.query.tree import Node, Not, Term, rewrite
from indexer.ranking.bm25f import SynonymEntry
from indexer.text.fold import fold
from indexer.text.patterns import lazily
from indexer.text.segmenter import current_segmenter, dictionary_digest, words
from indexer.text.stop_words import content_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST_OFFERED: Final = 3  # as many as fit in one line under the search box
ONLY: Final = "!only"  # as the first line of the operator's file: without our own table
_SHORTEST_NAME: Final = 5  # characters; 扶贫办法 is what is looked for rather than a name
# How names of laws and of public bodies begin or end.
_NAME: Final = lazily(
    r"^中华人民共和国|(?:法|条例|办法|规定|细则|规则|章程|纲要|决定)$|(?:政府|委员会|办公[厅室]|中心|法院|检察院|[厅局署])$"
)
_MOST_WORDS: Final = 5  # of jieba's that an entry of the table is cut into: 延长 工作 时间 工资 报酬


@dataclass(frozen=True, slots=True, eq=False)  # one table is itself and no other: what it says of a run is kept
class Synonyms:
    """Groups of words that mean nearly the same."""

    others: Mapping[str, tuple[str, ...]]  # by folded word: the words beside it, in the order of the table

    @classmethod
    def load(cls, path: Path | None = None) -> Synonyms:
        """Read our own table and the operator's: UTF-8, one group a line, "#" begins a comment line.

        A word that stands in several groups has the words of all of them, the operator's first.
        """
        ours = (Path(__file__).parents[1] / "data" / "synonyms.txt").read_text(encoding="utf-8")
        theirs = path.read_text(encoding="utf-8-sig") if path else ""
        if theirs.lstrip().startswith(ONLY):
            theirs, ours = theirs.replace(ONLY, "", 1), ""
        return cls.of_groups(f"{theirs}\n{ours}")

    @classmethod
    def of_groups(cls, table: str) -> Synonyms:
        """Read a table that is at hand."""
        others: dict[str, dict[str, None]] = {}
        # Folded as a whole, which moves no line or word: one by one takes 20 ms.
        for line, folded in zip(table.splitlines(), fold(table).splitlines(), strict=True):
            if line.startswith("#"):
                continue
            for word, key in zip(line.split(), folded.split(), strict=True):
                others.setdefault(key, {}).update(dict.fromkeys(other for other in line.split() if other != word))
        return cls({word: tuple(found) for word, found in others.items()})

    def of(self, word: str) -> tuple[str, ...]:
        """Return the words beside this one, () if the table does not hold it."""
        return self.others.get(fold(word), ())

    def entries_in(self, root: Node | None) -> tuple[SynonymEntry, ...]:
        """Return what stands beside the words of unquoted runs, to rank by; each word has it once."""
        texts = tuple(dict.fromkeys(leaf.text for leaf in runs_of(as_typed(root))))
        return _synonyms_in(self, texts, dictionary_digest()) if texts else ()

    def also(self, root: Node | None, limit: int = MOST_OFFERED) -> tuple[str, ...]:
        """Return queries with one word of an unquoted run replaced; quoted strings and what is excluded stay."""
        return _also(self, as_typed(root), dictionary_digest())[:limit]

    def entries(self, text: str) -> Iterator[str]:
        """Return the parts of a text that are entries of the table, none within another; never a part of a word."""
        spans, at = _word_spans(text), 0
        while at < len(spans):
            for last in range(min(at + _MOST_WORDS, len(spans)) - 1, at - 1, -1):
                entry = text[spans[at][0] : spans[last][1]]
                if self.of(entry):
                    yield entry
                    at = last
                    break
            at += 1

    def changed(self, leaf: Term) -> Iterator[Term]:
        """Replace one word, or several that the table holds as one, longest first; never a part of a word."""
        text, spans = leaf.text, _word_spans(leaf.text)
        for count in range(_MOST_WORDS, 0, -1):
            for first, last in zip(spans, spans[count - 1 :], strict=False):
                before, entry, after = text[: first[0]], text[first[0] : last[1]], text[last[1] :]
                for other in self.of(entry):
                    if not _says_twice(fold(before), fold(other), fold(after)):
                        yield replace(leaf, text=before + other + after)


@lru_cache(maxsize=4096)
def _also(table: Synonyms, root: Node | None, _dictionary: str) -> tuple[str, ...]:
    if root is None:
        return ()
    leaves = runs_of(root)
    of_leaves = (
        (leaf, changed)
        for leaf in leaves
        if not _is_name(leaf.text)
        for changed in table.changed(leaf)
        if not _said_elsewhere(changed, leaf, leaves)
    )
    return tuple(dict.fromkeys(write(_with(root, leaf, changed)) for leaf, changed in of_leaves))


@lru_cache(maxsize=4096)
def _synonyms_in(table: Synonyms, texts: tuple[str, ...], _dictionary: str) -> tuple[SynonymEntry, ...]:
    typed = {word for text in texts for word in content_words(words(text))}
    found, used = list[SynonymEntry](), set[str]()
    for entry in (entry for text in texts for entry in table.entries(text)):
        own = content_words(words(entry))
        others = (content_words(words(other)) for other in table.of(entry))
        # What is typed itself is ranked by already, and what holds the entry's words lends them nothing.
        telling = tuple(other for other in others if not typed.issuperset(other) and not set(own).issubset(other))
        if telling and typed.issuperset(own) and used.isdisjoint(own):
            found.append(SynonymEntry(own, telling))
            used.update(own)
    return tuple(found)


def _is_name(text: str) -> bool:
    """Return whether a run is the name of a law or of a body: none of its words means anything else there."""
    name = fold(text).strip("《》")
    return len(name) > _SHORTEST_NAME and bool(_NAME.search(name))


def _said_elsewhere(changed: Term, leaf: Term, leaves: tuple[Term, ...]) -> bool:
    """Return whether another run of the query says what this one would say now: 脱贫攻坚 beside 脱贫."""
    now = fold(changed.text)
    others = (fold(other.text) for other in leaves if other != leaf)
    return now == fold(leaf.text) or any(other in now or now in other for other in others)


def _says_twice(before: str, other: str, after: str) -> bool:
    """Return whether what would replace a word says again what stands around it, as 河长制 for 河长 in 河长制."""
    sizes = range(1, len(other))
    return any(before.endswith(other[:size]) or after.startswith(other[-size:]) for size in sizes)


def _with(root: Node, old: Term, new: Term) -> Node:
    """Return the tree with one leaf for another; what stands in it twice is replaced twice, what it excludes is not."""
    return rewrite(root, lambda node: new if node == old else node if isinstance(node, Not) else None)


def _word_spans(text: str) -> list[tuple[int, int]]:
    """Return where the words of a run lie in it: each is a run of letters and digits, or so many Chinese characters."""
    return [(start, end) for _, start, end in current_segmenter().word_spans(text)]
