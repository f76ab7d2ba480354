"""The text of pages that a script puts together: it stands in data, or in elements that are shown only through one.

What is found becomes markup in the place of its element, so that the same rules read it as any other page.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING

from indexer.facts.dates import parse_date
from indexer.light_dataclass import dataclass
from indexer.reading.html.unshown_elements import dead_elements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_FEWEST_HAN = 40  # Chinese characters of a text; captions and settings have fewer
_HAN = re.compile("[\u4e00-\u9fff]")
_TAG = re.compile("<[^<>]*>")
_TEXT_TYPE = re.compile(r"""type\s*=\s*["']?(?:text/(?!javascript)|x-)""", re.IGNORECASE)
_SRCDOC = re.compile(r"""srcdoc\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
# "key": "value" of JSON, key: 'value' of an object, var key = `value` of a program.
_PAIR = re.compile(
    r"""(\w{1,40})["']?\s{0,9}[:=]\s{0,9}(?:"((?:[^"\\]|\\.)*+)"|'((?:[^'\\]|\\.)*+)'|`((?:[^`\\]|\\.)*+)`)""",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_CONTROLS = {"n": "\n", "r": "\n", "t": " ", "b": "", "f": ""}
_TEXT_KEY = re.compile(r"\A(?:.*(?:content|body|text|detail)|html|zw|nr)$", re.IGNORECASE)
_TITLE_KEY = re.compile(r"\A(?:.*(?:title|name)|headline|subject|bt)$", re.IGNORECASE)
_DAY_KEY = re.compile(r"\A.*(?:date|time|published|rq|sj)\w{0,40}$", re.IGNORECASE)
_SOURCE_KEY = re.compile(r"\A(?:.*(?:source|author)|name|publisher|.*(?:org|dept)\w{0,40}|ly|fbjg)$", re.IGNORECASE)
_ORGANISATION = re.compile(r"[\u4e00-\u9fff]{2,30}(?:[厅局委部院会署办室府处所站社网报台]|中心)$")
_SHORTEST_TITLE = 6  # characters


@dataclass(frozen=True, slots=True)
class _Section:
    """A text that a script shows, as markup, and the element [start, end) that held it."""

    markup: str
    start: int
    end: int


def with_scripted_text(markup: str, longer_than: int) -> str:
    """Return the page with the longest text that a script would show in the place of its element.

    "" if none of them has more than ``longer_than`` Chinese characters.
    """
    best = max(_sections(markup), key=lambda section: _han(section.markup), default=None)
    if best is None or _han(best.markup) < max(_FEWEST_HAN, longer_than):
        return ""
    return f"{markup[: best.start]}<div>{best.markup}</div>{markup[best.end :]}"


def _sections(markup: str) -> Iterator[_Section]:
    for element in dead_elements(markup):
        opening, inner = markup[element.start : element.inner], markup[element.inner : element.inner_end]
        if element.kind == "iframe":
            found = _SRCDOC.search(opening)
            text = unescape(found[1] or found[2] or "") if found else ""
        elif element.kind in ("textarea", "template", "noscript") or _TEXT_TYPE.search(opening):
            text = _unescaped(_CDATA.sub("", inner))
        elif element.kind == "script":
            text = _from_data(inner)
        else:
            continue
        if "。" in text:
            yield _Section(text, element.start, element.end)


def _from_data(program: str) -> str:
    """Return the text among a program's strings as markup, under the title, day and source that stand nearest to it."""
    pairs = [(match[1], next(filter(None, match.groups()[1:]), "")) for match in _PAIR.finditer(program)]
    at = max(range(len(pairs)), key=lambda place: _han(pairs[place][1]), default=-1)
    if at < 0 or "。" not in (text := _string(pairs[at][1])):
        return ""
    if not _TAG.search(text):
        if "\n" not in text and not _TEXT_KEY.match(pairs[at][0]):
            return ""  # a message of the program
        text = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines())
    near = [pairs[place] for place in sorted(range(len(pairs)), key=lambda place: abs(place - at)) if place != at]
    title = _nearest(near, _TITLE_KEY, lambda value: len(value) >= _SHORTEST_TITLE and not _ORGANISATION.match(value))
    day = _nearest(near, _DAY_KEY, lambda value: parse_date(value) is not None)
    source = _nearest(near, _SOURCE_KEY, lambda value: bool(_ORGANISATION.match(value)))
    head = f"<h1>{escape(title)}</h1>" if title else ""
    info = [f"<span>{label}：{escape(value)}</span>" for label, value in (("发布时间", day), ("来源", source)) if value]
    return f"{head}<p>{''.join(info)}</p>{text}"


def _nearest(pairs: Sequence[tuple[str, str]], key: re.Pattern[str], is_right: Callable[[str], bool]) -> str:
    found = (_string(value) for name, value in pairs if key.match(name))
    return next((value for value in found if value and is_right(value)), "")


def _string(written: str) -> str:
    """Return the value of a string as programs write it."""
    return _unescaped(_ESCAPE.sub(_character, written)).strip()


def _character(match: re.Match[str]) -> str:
    code = match[1]
    return chr(int(code[1:], 16)) if len(code) > 1 else _CONTROLS.get(code, code)


def _unescaped(text: str) -> str:
    """Return markup, where it was escaped as a whole, as it was meant."""
    return unescape(text) if "&lt;" in text and "<" not in text else text


def _han(text: str) -> int:
    """Return how many Chinese characters a text has outside its tags."""
    return len(_HAN.findall(_TAG.sub("", text)))
