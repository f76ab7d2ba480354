"""Lists and tables of a notice that repeals: each line names a document, mostly without 《》.

附件1
宣布失效的文件目录
1.某市人民政府关于…的通知（某政发〔2003〕5号）
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from indexer.facts.document_number import find_numbers, parse_number
from indexer.light_dataclass import dataclass
from indexer.relations.mentions import Mention
from indexer.relations.titles import LONGEST_TITLE, names_document, quoted_titles
from indexer.text.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterator

Deed = Literal["repeals", "amends", ""]

_LISTS_REPEALS: Final = lazily("废止|失效|停止执行")
_CLEARS: Final = lazily(r"清理(?:结果|情况|目录)")  # such a notice lists what is repealed and what is not
_LISTS_OTHERS: Final = lazily("修改|修订|修正|保留|继续有效|继续执行|继续实施|有效的|拟")
_AMENDS: Final = lazily("修改|修订|修正")
_HEADING_CHARS: Final = 60
_LINE: Final = lazily(r"(?:[^\n']|'(?!, '))+")  # a list written as 'a', 'b' has its lines there
_ITEM: Final = lazily(
    r"[\s　\[\]'\",，]{0,6}(?:[（(]?\d{1,4}[）)](?!\d)|\d{1,4}\s?[.、．。:：\t](?!\d)|\d{1,4}(?=[\t　 《])"
    r"|[（(]?[一二三四五六七八九十百]{1,5}[）)、．.])[\s　\t]{0,6}"
)
_NUMBER_BRACKET: Final = lazily(r"\s{0,3}[（(〔\[【]?\s{0,3}$")
# 某市人民政府关于贯彻《甲条例》的实施意见: what is listed is the opinion, not the rule that it carries out.
_ABOUT_IT: Final = lazily(r"关于|贯彻|落实|实施|执行|印发|转发|批转|发布|公布|修改|废止|解读")
_TITLE_END: Final = lazily(r"[；;。，,\t]")


@dataclass(frozen=True, slots=True)
class Listed:
    """A document that a list names, and what the list does with it."""

    mention: Mention
    deed: Deed
    line: tuple[int, int]


def lists_repeals(title: str) -> bool:
    """Return whether an announcement with this title may hold a list of documents that it repeals."""
    return bool(_LISTS_REPEALS.search(title) or _CLEARS.search(title))


def listed_in(title: str, body: str) -> Iterator[Listed]:
    """Yield what the lists of a notice that repeals name, with what its nearest heading says is done with them."""
    deed: Deed = "" if _LISTS_OTHERS.search(title) or not _LISTS_REPEALS.search(title) else "repeals"
    for match in _LINE.finditer(body):
        line = match.group()
        item = _ITEM.match(line)
        named = _named(line, item.end()) if item else None
        if named is None and item is None:
            named = _row(line)
        if named is not None and (said := _said_of(line, named, deed)):
            start = match.start()
            moved = Mention(start + named.start, start + named.end, named.title, named.number)
            yield Listed(moved, said, (start, match.end()))
        elif len(line) <= _HEADING_CHARS and (told := _heading(line)) is not None:
            deed = told


def _heading(line: str) -> Deed | None:
    """Return what a heading says is done with what follows; None if it says nothing of it."""
    repeals, others = bool(_LISTS_REPEALS.search(line)), bool(_LISTS_OTHERS.search(line))
    if repeals and not others:
        return "repeals"
    if others and not repeals:
        return "amends" if _AMENDS.search(line) else ""
    return "" if repeals else None


def _said_of(line: str, named: Mention, deed: Deed) -> Deed:
    """Return what is done with a listed document: a line that says so itself (…予以修改) knows better."""
    rest = line[named.end :]
    if _LISTS_OTHERS.search(rest):
        return "amends" if _AMENDS.search(rest) else ""
    before = line[: named.start]
    if _LISTS_OTHERS.search(before) and not _LISTS_REPEALS.search(before):
        return "amends" if _AMENDS.search(before) else ""
    return "repeals" if _LISTS_REPEALS.search(rest[:30]) else deed


def _named(line: str, start: int) -> Mention | None:
    """Return the document that an item of a list names: its first title, and the number behind that."""
    quoted = next(((one, end) for one, end in quoted_titles(line) if one >= start), None)
    numbers = [one for one in find_numbers(line) if one.start >= start]
    if quoted and quoted[0] - start <= 12 and not _ABOUT_IT.search(line[start : quoted[0]]):
        title = line[quoted[0] + 1 : quoted[1] - 1]
        if not names_document(title) and not numbers:
            return None
        number = next((one for one in numbers if 0 <= one.start - quoted[1] <= 30), None)
        end = number.end if number else quoted[1]
        return Mention(quoted[0], end, title, number.number.normal if number else "")
    if numbers:
        number = numbers[0]
        title = line[start : number.start]
        opening = _NUMBER_BRACKET.search(title)
        title = title[: opening.start()] if opening else title
        if len(title) > LONGEST_TITLE or _TITLE_END.search(title) or not (names_document(title) or quoted):
            title = ""
        return Mention(start, number.end, title.strip(), number.number.normal)
    title = _TITLE_END.split(line[start:], maxsplit=1)[0].strip("　 ']\"。")
    if 8 <= len(title) <= LONGEST_TITLE and "关于" in title and names_document(title):
        at = line.index(title, start)
        return Mention(at, at + len(title), title, "")
    return None


def _row(line: str) -> Mention | None:
    """Return the document that a row of a table names: a cell with its title, and one with its number."""
    if "\t" not in line or len(line) > 600:
        return None
    cells, at = [], 0
    for cell in line.split("\t"):
        cells.append((at, cell))
        at += len(cell) + 1
    title = next(((one, cell) for one, cell in cells if len(cell) > 5 and names_document(cell.strip("《》 　"))), None)
    if title is None:
        return None
    number = next((parsed for _, cell in cells if cell != title[1] and (parsed := parse_number(cell))), None)
    inside = find_numbers(title[1])
    written = title[1].strip()
    name = written[1:-1] if written.startswith("《") and written.endswith("》") else written
    if not number and inside:
        number = inside[-1].number
        name = name[: max(0, inside[-1].start - title[1].index(written) - 1)].rstrip("（(〔[ 　").strip("《》")
    return Mention(title[0], title[0] + len(title[1]), name.strip(), number.normal if number else "")
