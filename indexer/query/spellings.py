"""The ways in which one thing is written: 第14条 and 第十四条, 5% and 百分之五, 2024-03-05 and 2024年3月5日.

Looked for at search time: a string is found where any of its spellings stands in a row, so what a quoted string finds
is the union of what its spellings find, each exactly. Nothing is known here of how anything is found, nor of an index.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, Final

from indexer.facts.dates import find_dates, parse_date
from indexer.facts.numerals import NUMERALS, read_numeral, write_digits, write_numeral
from indexer.query.leaves import count_leaves
from indexer.query.sentences import is_sentence
from indexer.query.tree import And, Node, Phrase, Spelled, Term, rewrite, walk
from indexer.text.fold import fold
from indexer.text.patterns import lazily
from indexer.text.units import units

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from indexer.query.tree import Field

MOST_SPELLINGS: Final = 16  # of one string; a day has about eleven
MOST_LEAVES: Final = 12  # with all spellings of each, that is 200 look-ups
_LONGEST: Final = 60  # characters; longer strings are pasted from a text, and stand there as they are
_SAID: Final = 2  # spellings that an answer names

_YEAR: Final = r"(?<![\d一二三四五六七八九十〇零])(?P<year>(?:19|20)\d\d|[一二][〇零0-9一二三四五六七八九]{3})\s?年"
_SMALL: Final = r"(?:1\d|2\d|3[01]|0?[1-9]|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_COUNTED: Final = "条章节款项目编号届次期批类级位名个版稿轮季阶学段"
_SUPERSCRIPTS: Final = str.maketrans("23", "²³")
# ㎡ ㎏ ㎞ and the like, and the letters that they stand for
_SQUARED: Final = {
    chr(code): letters
    for code in range(0x3371, 0x33E0)
    if (letters := unicodedata.normalize("NFKC", chr(code))).isascii() and letters.isalnum()
}
# Of two signs for the same letters the first is the usual one: ㎞ before ㏎.
_SQUARES: Final = {letters.lower(): sign for sign, letters in reversed(_SQUARED.items())}
_HYPHENED: Final = {"wifi": "wi-fi", "email": "e-mail", "lifi": "li-fi", "ecommerce": "e-commerce"}
_FIRST_ROMAN: Final = 0x2170  # ⅰ, as folding writes it
_ROMAN: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")

# What is written in several ways, each under the name of the function below that writes them; the first that fits.
_PIECES: Final = lazily(
    rf"(?P<month>{_YEAR}\s?(?P<of_year>{_SMALL})\s?月(?!\s?{_SMALL}[日号]))"
    rf"|(?P<years>{_YEAR.replace('year', 'only_year')})"
    rf"|(?P<monthday>(?<![\d{NUMERALS}年])(?P<m>{_SMALL})月(?P<d>{_SMALL})(?P<dayword>[日号]))"
    rf"|(?P<nth>第\s?(?P<ordinal>\d{{1,4}}|[{NUMERALS}]{{1,7}})(?=\s?[{_COUNTED}]))"
    rf"|(?P<percent>(?<![\d.])(?P<figure>\d{{1,4}}(?:\.\d{{1,4}})?)\s?(?P<sign>[%‰]))"
    rf"|(?P<parts>(?P<whole>[百千])分之(?P<share>\d{{1,4}}(?:\.\d{{1,4}})?|[{NUMERALS}]{{1,7}}(?:点[{NUMERALS}]{{1,4}})?))"
    rf"|(?P<grouped>(?<![\w.,])\d{{1,3}}(?:[,，]\d{{3}})+(?!\d))"
    rf"|(?P<thousands>(?<![\w.,])[1-9]\d{{3,9}}(?![\d,]))"
    rf"|(?P<measure>(?<![a-z])(?P<amount>\d*)\s?(?P<unit>[{''.join(_SQUARED)}]|℃|°\s?c|[munkcdμ]?m[23²³]|"
    rf"(?<=\d)(?:kg|mg|km|cm|mm|ml|kw|mw|hz|khz|mhz|ghz|kpa|mpa)|(?<=\d\s)(?:kg|mg|km|cm|mm|ml|kw|mw))(?![a-z0-9²³]))"
    rf"|(?P<roman>(?<![a-z0-9])(?:{'|'.join(reversed(_ROMAN))})(?![a-z0-9])|[ⅰ-ⅻ])"
    rf"|(?P<letters>(?<![a-z0-9])[a-z0-9]+(?:[ \-‐–·][a-z0-9]+)*(?![a-z0-9]))"
    rf"|(?P<slogan>(?<![{NUMERALS}双])[双两三四五六七八一](?![年月日个次天人元万亿名条项是定些般种])[\u4e00-\u9fff]{{2,3}}?[、，·]?"
    rf"[一二三四五六七八九十](?![年月日个次天人元万亿名条项是定些般种{NUMERALS}])[\u4e00-\u9fff]{{1,3}})"
)


# What every alternative above needs at least one of.
_MAY_HOLD_PIECES: Final = lazily(rf"[\da-z℃ⅰ-ⅻ{NUMERALS}双两{''.join(_SQUARED)}]")


def spellings(text: str) -> tuple[str, ...]:
    """Return all ways to write a string, first as given; no two of them have the same units."""
    return _spellings(text) if len(text) <= _LONGEST else (text,)


@lru_cache(maxsize=4096)
def _spellings(text: str) -> tuple[str, ...]:
    pieces = list(_pieces(text))
    ways: dict[tuple[str, ...], str] = {tuple(units(text)): text}
    for changes in _changes(pieces):
        written = _with(text, changes)
        ways.setdefault(tuple(units(written)), written)
        if len(ways) == MOST_SPELLINGS:
            break
    return tuple(ways.values())


_Piece = tuple[int, int, tuple[str, ...]]  # characters [start, end) of a text, and other ways to write them


def _changes(pieces: Sequence[_Piece]) -> Iterator[list[tuple[int, int, str]]]:
    """Yield what to write instead: all pieces in their first other way, each by itself, then in the second."""
    for nth in zip_longest(*(ways for *_, ways in pieces)):
        changes = [(start, end, way) for (start, end, _), way in zip(pieces, nth, strict=True) if way is not None]
        if len(changes) > 1:
            yield changes
        yield from ([change] for change in changes)


def _with(text: str, changes: Sequence[tuple[int, int, str]]) -> str:
    for start, end, way in reversed(changes):
        text = text[:start] + way + text[end:]
    return text


def _pieces(text: str) -> Iterator[_Piece]:
    """Find what is written in several ways: the days first, then what stands between them."""
    at = 0
    if text.isascii() and text.isdecimal() and len(text) == len("20240305") and (day := parse_date(text)):
        yield 0, len(text), _days(day)
        return
    for found in find_dates(text):
        yield from _between_days(text, at, found.start)
        yield found.start, found.end, _days(found.day)
        at = found.end
    yield from _between_days(text, at, len(text))


def _between_days(text: str, start: int, end: int) -> Iterator[_Piece]:
    if not _MAY_HOLD_PIECES.search(fold(text)):
        return  # before the long pattern, which takes 5 ms to make
    for match in _PIECES.finditer(fold(text), start, end):
        kind = next(name for name in _WAYS if match[name] is not None)
        ways = tuple(_WAYS[kind](match, text[match.start() : match.end()]))
        if ways:
            yield match.start(), match.end(), ways


# ── ways to write each kind of piece ─────────────────────────────────────────────────────────────────


def _days(day: date) -> tuple[str, ...]:
    year, month, of_month = day.year, day.month, day.day
    chinese = f"年{write_numeral(month)}月{write_numeral(of_month)}日"
    return (
        f"{year}年{month}月{of_month}日",
        f"{day:%Y-%m-%d}",
        f"{write_digits(str(year))}{chinese}",
        f"{year}年{month:02}月{of_month:02}日",
        f"{year}-{month}-{of_month}",
        f"{day:%Y/%m/%d}",
        f"{year}/{month}/{of_month}",
        f"{write_digits(str(year), '零')}{chinese}",
        f"{year}年{month}月{of_month:02}日",
        f"{year}年{month:02}月{of_month}日",
        f"{year}年{month}月{of_month}号",
    )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else read_numeral(text) or 0


def _years(year: str) -> tuple[str, ...]:
    digits = "".join(character if character.isdecimal() else str(read_numeral(character)) for character in year)
    return f"{digits}年", f"{write_digits(digits)}年", f"{write_digits(digits, '零')}年"


def _month(match: re.Match[str], _typed: str) -> Iterator[str]:
    month = _number(match["of_year"])
    digits, round_zero, square_zero = _years(match["year"])
    yield from (f"{digits}{month}月", f"{round_zero}{write_numeral(month)}月", f"{square_zero}{write_numeral(month)}月")
    yield f"{digits}{month:02}月"


def _only_year(match: re.Match[str], _typed: str) -> Iterator[str]:
    yield from _years(match["only_year"])


def _month_day(match: re.Match[str], _typed: str) -> Iterator[str]:
    month, day, word = _number(match["m"]), _number(match["d"]), match["dayword"]
    yield f"{month}月{day}{word}"
    yield f"{write_numeral(month)}月{write_numeral(day)}{word}"
    yield f"{month:02}月{day:02}{word}"


def _nth(match: re.Match[str], _typed: str) -> Iterator[str]:
    if number := _number(match["ordinal"]):
        yield from (f"第{number}", f"第{write_numeral(number)}", f"第{write_numeral(number, '〇')}")


def _percent(match: re.Match[str], _typed: str) -> Iterator[str]:
    whole, _, part = match["figure"].partition(".")
    words = write_numeral(int(whole)) + (f"点{write_digits(part, '零')}" if part else "")
    of = "百分之" if match["sign"] == "%" else "千分之"
    yield from (f"{of}{words}", f"{of}{match['figure']}")
    if match["figure"] == "100":
        yield f"{of}百"


def _parts(match: re.Match[str], _typed: str) -> Iterator[str]:
    whole, point, part = match["share"].partition("点" if "点" in match["share"] else ".")
    sign, of = ("%" if match["whole"] == "百" else "‰"), f"{match['whole']}分之"
    number = 100 if whole == "百" else 1000 if whole == "千" else _number(whole)
    after = part if part.isdecimal() and part.isascii() else "".join(str(read_numeral(one) or 0) for one in part)
    figure = f"{number}.{after}" if point else str(number)
    words = write_numeral(number) + (f"点{write_digits(after, '零')}" if point else "")
    yield from (f"{figure}{sign}", f"{of}{words}", f"{of}{figure}")
    if number == 100:
        yield f"{of}百"


def _grouped(_match: re.Match[str], typed: str) -> Iterator[str]:
    yield re.sub("[,，]", "", typed)


def _thousands(match: re.Match[str], _typed: str) -> Iterator[str]:
    year = len(match[0]) == 4 and match[0][:2] in {"19", "20"}
    if not year:
        yield f"{int(match[0]):,}"


def _measure(match: re.Match[str], _typed: str) -> Iterator[str]:
    amount, unit = match["amount"], match["unit"].replace(" ", "")
    if unit in {"℃", "°c"}:
        signs = ["℃", "°C"]
    else:
        letters = _SQUARED.get(unit, unit.replace("²", "2").replace("³", "3"))
        signs = [sign for sign in (_SQUARES.get(letters.lower()), letters) if sign]
        if letters[-1:] in "23":
            signs.insert(1, letters[:-1] + letters[-1].translate(_SUPERSCRIPTS))
    for sign in signs:
        yield amount + sign
        if amount and sign.isascii() | sign[:1].isascii():
            yield f"{amount} {sign}"


def _roman(match: re.Match[str], _typed: str) -> Iterator[str]:
    if match[0] in _ROMAN:
        yield chr(_FIRST_ROMAN + _ROMAN.index(match[0])).upper()
    else:
        yield _ROMAN[ord(match[0]) - _FIRST_ROMAN].upper()


_ATOMS: Final = lazily(r"([ \-‐–·]?)([A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+)")
_HYPHENS: Final = frozenset("-‐–·")
_MOST_ATOMS: Final = 6


def _letters(_match: re.Match[str], typed: str) -> Iterator[str]:
    """Write letters and digits joined, apart, and with a hyphen: ISO9001, ISO 9001; Wi-Fi, WiFi."""
    atoms = _ATOMS.findall(unicodedata.normalize("NFKC", typed))
    if len(atoms) <= _MOST_ATOMS and any(atom.isalpha() for _, atom in atoms):
        for choice in ("", " ", "-"):
            written = atoms[0][1]
            for (_, before), (joint, after) in pairwise(atoms):
                written += (choice if _may_be(choice, before, joint, after) else joint) + after
            yield written
    if hyphened := _HYPHENED.get(typed.lower()):
        yield hyphened


def _may_be(choice: str, before: str, joint: str, after: str) -> bool:
    """Return whether two pieces that are written with ``joint`` between may as well be with ``choice``."""
    if before.isdecimal() and after.isdecimal():
        return False
    if before.isalpha() and after.isalpha():  # WiFi and Wi-Fi, not kV or policy search
        return joint in _HYPHENS or (joint == "" and choice == "-" and min(len(before), len(after)) > 1)
    return choice != "-" or joint in _HYPHENS or (before.isalpha() and len(before) > 1)


def _slogan(match: re.Match[str], typed: str) -> Iterator[str]:
    """Write 双随机一公开 with and without the mark between."""
    joined = re.sub("[、，·]", "", typed)
    if joined != typed:
        yield joined
        return
    for at in range(2, len(match[0]) - 1):
        if match[0][at] in "一二三四五六七八九十":
            yield f"{typed[:at]}、{typed[at:]}"
            return


_WAYS: Final = {
    "month": _month,
    "years": _only_year,
    "monthday": _month_day,
    "nth": _nth,
    "percent": _percent,
    "parts": _parts,
    "grouped": _grouped,
    "thousands": _thousands,
    "measure": _measure,
    "roman": _roman,
    "letters": _letters,
    "slogan": _slogan,
}


# ── a query with the spellings of its leaves ─────────────────────────────────────────────────────────


def with_spellings(root: Node | None) -> Node | None:
    """Return a tree in which each run and string that is written in several ways stands beside the others.

    A query of more than ``MOST_LEAVES`` is long enough to be found as it stands.
    """
    return root if root is None or count_leaves(root) > MOST_LEAVES else _spelled(root)


@lru_cache(maxsize=4096)
def _spelled(root: Node) -> Node:
    return rewrite(root, _spelled_node)


def _spelled_node(node: Node) -> Node | None:
    match node:
        case Spelled():
            return node
        case And(parts) if (joined := _with_joined(parts)) != parts:
            return And(tuple(map(_spelled, joined)))
        case Phrase(text, "any" | "title") if len(ways := spellings(text)) > 1:
            return Spelled(tuple(replace(node, text=way) for way in ways))
        case Term(text, "any" | "title" as field):
            return _spelled_run(node, text, field)
        case _:
            return None


def _spelled_run(node: Term, text: str, field: Field) -> Node:
    pieces = list(_pieces(text)) if len(text) <= _LONGEST else []
    ways = spellings(text) if pieces else (text,)
    if len(ways) == 1:
        return node
    if len(pieces) == 1 and pieces[0][:2] == (0, len(text)):  # nothing but a day, a measure, the name of a standard
        return Spelled(tuple(Phrase(way, field) for way in ways))
    # Of a sentence a fair share is enough anyway.
    return node if is_sentence(text) else Spelled(tuple(Term(way, field) for way in ways))


def _with_joined(parts: tuple[Node, ...]) -> tuple[Node, ...]:
    """Put beside two runs that read as one, such as GB 5749 and 110 kV, that one."""
    joined: list[Node] = []
    at = 0
    while at < len(parts):
        one, other = parts[at], parts[at + 1] if at + 1 < len(parts) else None
        if isinstance(one, Term) and isinstance(other, Term) and (text := _as_one(one, other)):
            ways = (Phrase(way, one.field) for way in spellings(text))
            joined.append(Spelled((And((one, other)), *ways)))
            at += 2
        else:
            joined.append(one)
            at += 1
    return tuple(joined)


_YEAR_ALONE: Final = lazily(r"(?:19|20)\d\d")


def _as_one(one: Term, other: Term) -> str:
    """Return two runs as one, if letters end the first and digits begin the second or the other way; "" if not."""
    before, after = fold(one.text), fold(other.text)
    last, first = before[-1:], after[:1]
    joins = last.isascii() and first.isascii() and {last.isdecimal(), first.isdecimal()} == {True, False}
    if one.field != other.field or one.field not in {"any", "title"} or not joins:
        return ""
    if not (last.isalnum() and first.isalnum()) or _YEAR_ALONE.fullmatch(before) or _YEAR_ALONE.fullmatch(after):
        return ""
    return one.text + other.text


def say_spellings(root: Node | None) -> str:
    """Say which other spellings of a query's runs and strings are looked for; "" if none are."""
    every = [node for node in walk(with_spellings(root)) if isinstance(node, Spelled)]
    leaves = (leaf for spelled in every for leaf in spelled.parts[1 : _SAID + 1])
    others = [leaf.text for leaf in leaves if isinstance(leaf, Term | Phrase)]
    more = any(len(spelled.parts) > _SAID + 1 for spelled in every)
    named = "、".join(f"“{other}”" for other in dict.fromkeys(others))
    return f"（也作{named}{'等' if more else ''}）" if named else ""
