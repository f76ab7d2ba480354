r"""The text of RTF files (Rich Text Format 1.9.1): paragraphs, table rows, characters of any code page.

A group whose destination is not the text (fonts, colours, pictures, headers) is passed over. Chinese characters stand
as two bytes \'d6\'d0 in the document's code page, or as \u with a number and what old readers show instead.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z\r\n])|([{}])"
    rb"|[\r\n]+|\\[\r\n]|([^\\{}\r\n]+)|\\"
)
_ELSEWHERE_NAMES = (
    b"fonttbl colortbl stylesheet listtable listoverridetable rsidtbl generator info pict object header headerl "
    b"headerr headerf footer footerl footerr footerf ftnsep ftnsepc aftnsep annotation atnid atnauthor themedata "
    b"datastore colorschememapping latentstyles xmlnstbl mmathPr fldinst bkmkstart bkmkend panose falt filetbl revtbl "
    b"pgptbl listtext pntext private template nonshppict"
)
_ELSEWHERE = frozenset(_ELSEWHERE_NAMES.split())
_SIGNS = {
    b"par": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"nestrow": "\n", b"line": " ", b"tab": "\t",
    b"cell": "\t", b"nestcell": " ", b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“",
    b"rdblquote": "”", b"bullet": "•", b"emspace": "\u3000", b"enspace": " ",
}  # fmt: skip
_ESCAPED = {b"~": " ", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}"}
_DEEPEST = 2_000  # groups in groups
_HIGHEST = 0x10FFFF


def rtf_lines(content: bytes) -> Iterator[str]:
    """Yield the paragraphs of an RTF file; a table row is one line, its cells apart by tabs."""
    text = "".join(_pieces(content))
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # \u writes what is above FFFF in halves
    for line in text.split("\n"):
        yield line.rstrip("\t")


class _State:
    """What holds within a group: each begins with that of the one around it."""

    __slots__ = ("is_hidden", "skipped", "substitutes")

    def __init__(self, around: _State | None = None) -> None:
        self.skipped: bool = around.skipped if around else False
        self.is_hidden: bool = around.is_hidden if around else False
        self.substitutes: int = around.substitutes if around else 1  # characters behind \u that stand for it


def _pieces(content: bytes) -> Iterator[str]:
    page, pending, to_pass = "cp1252", bytearray(), 0
    states = [_State()]
    for token in _TOKEN.finditer(content):
        word, number, code, sign, brace, plain = token.groups()
        state = states[-1]
        if code is not None or plain is not None:
            data = bytes([int(code, 16)]) if code is not None else plain
            passed = min(to_pass, len(data))
            to_pass -= passed
            if not (state.skipped or state.is_hidden):
                pending += data[passed:]
            continue
        if pending:
            yield pending.decode(page, "replace")
            pending.clear()
        if brace is not None:
            to_pass = 0
            _nest(states, opens=brace == b"{")
        elif sign is not None:
            state.skipped |= sign == b"*"
            yield "" if state.skipped or state.is_hidden else _ESCAPED.get(sign, "")
        elif word == b"ansicpg":
            page = _code_page(int(number or 0)) or page
        elif word == b"u" and number:
            to_pass = state.substitutes
            yield "" if state.skipped or state.is_hidden else _character(int(number))
        elif word is not None:
            _turn(state, word, number)
            yield "" if state.skipped or state.is_hidden else _SIGNS.get(word, "")
    yield pending.decode(page, "replace")


def _nest(states: list[_State], *, opens: bool) -> None:
    if opens and len(states) < _DEEPEST:
        states.append(_State(states[-1]))
    elif not opens and len(states) > 1:
        states.pop()


def _turn(state: _State, word: bytes, number: bytes | None) -> None:
    """Let a word change what holds from here on in its group."""
    if word in _ELSEWHERE:
        state.skipped = True
    elif word == b"uc":
        state.substitutes = max(0, min(int(number or 1), 9))
    elif word in (b"v", b"deleted"):
        state.is_hidden = number != b"0"
    elif word == b"plain":
        state.is_hidden = False


def _character(number: int) -> str:
    number = number + 0x10000 if number < 0 else number
    return chr(number) if 0 < number <= _HIGHEST else ""


def _code_page(number: int) -> str:
    """Return the name of the codec for a code page; "" if there is none."""
    name = {936: "gb18030", 65001: "utf-8"}.get(number, f"cp{number}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return ""
