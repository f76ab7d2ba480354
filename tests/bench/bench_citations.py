"""How often a citation is judged rightly: real ones of laws must be found, altered ones must differ.

    python -m tests.bench.bench_citations --each 200

Citations are made from articles that stand on lines of their own, so what is true is known without our reader of
clauses: the words of an article in quotation marks, a part of them, with …… in the middle, without marks, or the
article alone. Altered ones have a word, a digit or a negation changed, words left out, another article's number, or a
number behind the last. "differs" is the class that precision and recall are of.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.assistants.citation_check import CitationChecker
from indexer.embedded.engine import WhooshEngine
from indexer.facts.numerals import write_numeral
from indexer.indexing.rebuild import rebuild
from tests.bench.measuring import table
from tests.shared_data import SHARED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.announcement import Announcement

_ARTICLE = re.compile(r"^第([一二三四五六七八九十百千]+)条[\s　]+(\S.{12,300})$", re.MULTILINE)
_SWAPS: tuple[tuple[str, str], ...] = (
    ("应当", "可以"),
    ("可以", "应当"),
    ("不得", "可以"),
    ("以上", "以下"),
    ("以下", "以上"),
    ("禁止", "允许"),
)
_SWAPS += (("负责", "协助"), ("批准", "备案"), ("县级", "市级"), ("依法", "自行"), ("公民", "居民"), ("规定", "要求"))
FORMS = (
    "《{title}》第{n}条规定：“{words}”",
    "依照《{title}》第{n}条“{words}”的规定",
    "《{title}》第{n}条明确规定，{words}",
)


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation with what is true of it."""

    text: str
    kind: str
    is_real: bool


@dataclass(frozen=True, slots=True)
class Article:
    """An article on a line of its own."""

    title: str
    number: str
    words: str
    last: int  # how many articles the law has


def articles_of(law: Announcement) -> list[Article]:
    """Return the articles that nobody can mistake: numbers in order without a gap, each on a line of its own."""
    found = _ARTICLE.findall(law.body)
    opened = re.findall(r"^第([一二三四五六七八九十百千]+)条[\s　]", law.body, re.MULTILINE)
    if opened != [write_numeral(n) for n in range(1, len(opened) + 1)] or len(opened) < 5:
        return []
    return [Article(law.title, number, words.strip(), len(opened)) for number, words in found]


def real(one: Article, chance: random.Random, turn: int) -> Cited:
    """Cite an article as it is."""
    words, form = one.words, FORMS[turn % len(FORMS)]
    kind = ("whole", "part", "left out", "alone")[turn % 4]
    sentences = re.findall(r"[^。；]+[。；]?", words)
    if kind == "part":
        words = chance.choice(sentences)
    elif kind == "left out" and len(words) > 40:
        words, form = f"{words[:15]}……{words[-15:]}", FORMS[0]
    elif kind == "alone":
        form = "《{title}》第{n}条"
    if form == FORMS[2]:
        words = sentences[0]
    number = str(_value(one.number)) if turn % 5 == 0 else one.number
    return Cited(form.format(title=one.title, n=number, words=words.rstrip("。；")), kind, True)


def _other_word(words: str) -> str:
    swap = next(((a, b) for a, b in _SWAPS if a in words), None)
    return words.replace(*swap, 1) if swap else words


def _negated(words: str) -> str:
    return words.replace("应当", "不应当", 1)


def _shortened(words: str) -> str:
    place = len(words) // 2
    return words[: place - 4] + words[place + 4 :] if len(words) >= 40 else words


def _other_figure(words: str) -> str:
    return re.sub(r"[一二三四五六七八九]?十?[二三四五六七八九](?=[日年月万千元人个])", "十一", words, count=1)


CHANGES = {"word": _other_word, "negation": _negated, "left out in silence": _shortened, "figure": _other_figure}
KINDS = (*CHANGES, "another article", "behind the last")


def altered(one: Article, other: Article, chance: random.Random, turn: int) -> Cited | None:
    """Cite an article as it is not; None if this one cannot be altered so."""
    kind, form = KINDS[turn % len(KINDS)], FORMS[turn % 2]
    words, number = one.words, one.number
    if kind == "another article":
        number = other.number
    elif kind == "behind the last":
        number = write_numeral(one.last + chance.randint(1, 30))
    else:
        words = CHANGES[kind](words)
        if turn % 3 == 0:  # without marks, up to the end of the sentence
            form, words = FORMS[2], re.split("[。；]", words)[0]
        if words in one.words:
            return None
    return Cited(form.format(title=one.title, n=number, words=words.rstrip("。；")), kind, False)


def _value(numeral: str) -> int:
    return next(n for n in range(1, 2000) if write_numeral(n) == numeral)


def made(laws: Sequence[Announcement], each: int, seed: int) -> Iterator[Cited]:
    """Yield so many real and as many altered citations, of laws whose titles stand once."""
    chance = random.Random(seed)
    titles = Counter(law.title for law in laws)
    held = [found for law in laws if titles[law.title] == 1 and len(found := articles_of(law)) > 5]
    for turn in range(each):
        yield real(chance.choice(chance.choice(held)), chance, turn)
    count = turn = 0
    while count < each:
        one, other = chance.sample(chance.choice(held), 2)
        cited = altered(one, other, chance, turn)
        if cited:
            count += 1
            yield cited
        turn += 1 if cited or chance.random() < 0.05 else 0


def main() -> None:
    """Index the laws, judge the citations, print how many were judged rightly and every one that was not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        engine = WhooshEngine(Path(folder) / "index")
        assert SHARED, "the laws are not beside this clone"
        rebuild([SHARED / "data/corpus/laws.jsonl.gz"], engine, jobs=2)
        judge(engine, list(made(list(engine.announcements()), options.each, options.seed)))


def judge(engine: WhooshEngine, cited: Sequence[Cited]) -> None:
    """Print the figures."""
    told: Counter[tuple[bool, str]] = Counter()
    by_kind: Counter[tuple[str, bool]] = Counter()
    for one in cited:
        checked = next(iter(CitationChecker(engine).check(one.text)), None)
        status = checked.status if checked else "not seen"
        told[one.is_real, status] += 1
        right = status == ("found" if one.is_real else "differs")
        by_kind[one.kind, right] += 1
        if not right:
            print(f"{status} ({one.kind}): {one.text} — {checked.why if checked else ''}\n")
    rows: list[list[object]] = []
    for status, is_real in (("differs", False), ("found", True)):
        true, made_so = told[is_real, status], sum(one.is_real is is_real for one in cited)
        rows.append([status, true / max(told[True, status] + told[False, status], 1), true / made_so, made_so])
    table(["", "precision", "recall", "made"], rows)
    kinds = sorted({kind for kind, _ in by_kind})
    table(["kind", "right", "wrong"], [[kind, by_kind[kind, True], by_kind[kind, False]] for kind in kinds])


if __name__ == "__main__":
    main()
