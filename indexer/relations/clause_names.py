"""How a clause is named: 第12条, 第十二条 and 十二条 are one; 第十二条第（三）项 lies in 第十二条.

A name is a row of steps from the widest to the narrowest. Written in normal form it is the anchor of the clause, so
that an address stays true as long as the clause keeps its number.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from indexer.facts.numerals import LARGEST, NUMERALS, read_numeral, write_numeral
from indexer.text.fold import fold
from indexer.text.patterns import lazily

NUMBER: Final = rf"[{NUMERALS}○0-9\uff10-\uff19]"
LONGEST_NAME: Final = 60  # characters; longer ones name nothing
_WITHOUT_SPACES: Final = str.maketrans(dict.fromkeys(map(ord, " \t\u3000\xa0\u2002"), ""))

_STEP: Final = lazily(
    r"第?(?P<number>[零〇○一二三四五六七八九十百千两]{1,9}|\d{1,4})(?P<unit>分编|编|篇|部分|章|节|条|款|项|目)"
    r"(?:之(?P<sub>[一二三四五六七八九十]{1,3}|\d{1,2}))?"
    r"|第?\((?P<bracket>[一二三四五六七八九十]{1,4}|\d{1,3})\)(?P<item>[项目]?)"
    r"|附件(?P<annex>[一二三四五六七八九十]{1,3}|\d{1,3})?(?:-\d+)?[::]?"
    r"|(?P<outline>[一二三四五六七八九十]{1,4})[、.]?"
    r"|(?P<digits>\d{1,3})[、.]?"
)
_COUNTED: Final = lazily(r"-(\d{1,4})$")


@lru_cache(maxsize=4096)  # the clauses of all texts bear the same few numbers: 30 of 80 ms in a code of 100,000 signs
def number_of(text: str) -> int | None:
    """Read the number of a clause in characters or digits of any width; None if it is none up to ``LARGEST``."""
    if text.isdecimal():
        return int(text) if len(text) <= len(str(LARGEST)) else None
    return read_numeral(text.replace("○", "〇"))


@lru_cache(maxsize=4096)  # as above
def written(unit: str, number: int, sub: int = 0) -> str:
    """Write a step in normal form: 第十二条, 第一百二十条之一."""
    return f"第{write_numeral(number)}{unit}" + (f"之{write_numeral(sub)}" if sub else "")


def normal_name(text: str) -> str:
    """Return the name of a clause in normal form: 第十二条第二款第三项 for 第12条第2款第(3)项, 一(二)3 for 一、（二）3.

    A counter after it (第一条-2) stays. "" if the text is no name of a clause.
    """
    if len(text) > LONGEST_NAME:
        return ""
    plain = fold(text).translate(_WITHOUT_SPACES).lstrip("#")
    counter = _COUNTED.search(plain)
    end = counter.start() if counter else len(plain)
    steps, at, in_article = [], 0, False
    while at < end:
        step = _STEP.match(plain, at, end)
        if not step or step.end() == at:
            return ""
        named = _named(step.groupdict(), in_article=in_article)
        if not named:
            return ""
        in_article = in_article or named.endswith("条") or "条之" in named
        steps.append(named)
        at = step.end()
    return "".join(steps) + (counter[0] if counter else "")


def _named(step: dict[str, str | None], *, in_article: bool) -> str:
    """Write one step; within an article a number in brackets is a 项, elsewhere an item of an outline."""
    if number := step["number"]:
        unit = "编" if step["unit"] == "篇" else step["unit"] or ""
        sub = number_of(step["sub"]) if step["sub"] else 0
        value = number_of(number)
        return written(unit, value, sub or 0) if value else ""
    if bracket := step["bracket"]:
        value = number_of(bracket)
        if value and (in_article or step["item"]):
            return written(step["item"] or "项", value)
        return f"({bracket})" if value else ""
    if outline := step["outline"]:
        return outline
    if digits := step["digits"]:
        return str(int(digits))
    annex = step["annex"]
    return f"附件{number_of(annex)}" if annex else "附件"
