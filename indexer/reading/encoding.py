"""Turn a page's bytes into text.

The rule: a byte order mark, else strict UTF-8, else the declared label (gb2312 and gbk read as
gb18030, which holds both), else the candidate that leaves the fewest U+FFFD. Pages lie about their
encoding often enough that a label alone is never believed before UTF-8 has been tried.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

REPLACEMENT = "\ufffd"

_HEAD_BYTES = 4096  # a label further down than this is not one that browsers look at either
_LABEL = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.\-]{2,40})""", re.IGNORECASE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHINESE = frozenset(("gb2312", "gbk", "gb18030", "hz", "gb_2312-80", "x-gbk", "cp936", "euc-cn"))
_CANDIDATES = ("utf-8", "gb18030", "big5hkscs")  # in the order that breaks ties
_WIDE_SAMPLE_BYTES = 2048
_TAIL_BYTES = 3  # a cut-off file may end inside a character of up to four bytes


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, and how it was won from the bytes."""

    text: str
    encoding: str  # Python's name of the codec
    rule: str  # "byte order mark", "strict", "declared" or "fewest replaced"
    replaced: int  # U+FFFD in the text


def decode(content: bytes, declared: str = "") -> str:
    """Decode a page; ``declared`` is a label known from elsewhere, such as an HTTP header."""
    return decode_with_reason(content, declared).text


def decode_with_reason(content: bytes, declared: str = "") -> Decoded:
    """Decode a page and say which rule decided. Never raises: what cannot be read becomes U+FFFD."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _decoded(content[len(mark) :], name, "byte order mark")
    wide = _wide_without_mark(content)
    if wide:
        return _decoded(content, wide, "zero bytes")
    if _is_utf8(content):
        return _decoded(content, "utf-8", "strict")
    label = _codec_name(declared or _declared_label(content))
    if label:
        told = _decoded(content, label, "declared")
        if not told.replaced:
            return told
    names = (label, *_CANDIDATES) if label else _CANDIDATES
    readings = [_decoded(content, name, "fewest replaced") for name in dict.fromkeys(names)]
    return min(readings, key=lambda reading: reading.replaced)


def _decoded(content: bytes, name: str, rule: str) -> Decoded:
    text = content.decode(name, "replace").lstrip("\ufeff")
    return Decoded(text, name, rule, text.count(REPLACEMENT))


def _is_utf8(content: bytes) -> bool:
    """Whether the bytes are UTF-8, allowing for a last character that the saving cut in two."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        cut_in_two = error.reason == "unexpected end of data" and len(content) - error.start <= _TAIL_BYTES
        return cut_in_two and not content[: error.start].isascii()
    return True


def _wide_without_mark(content: bytes) -> str:
    """Name UTF-16 saved without its mark: ASCII markup then has every other byte zero."""
    sample = content[:_WIDE_SAMPLE_BYTES]
    half = len(sample) // 2
    if half < 16:
        return ""
    if sample[1::2].count(0) > half * 0.4 and sample[0::2].count(0) < half * 0.05:
        return "utf-16-le"
    if sample[0::2].count(0) > half * 0.4 and sample[1::2].count(0) < half * 0.05:
        return "utf-16-be"
    return ""


def _declared_label(content: bytes) -> str:
    found = _LABEL.search(content[:_HEAD_BYTES])
    return found.group(1).decode("ascii") if found else ""


def _codec_name(label: str) -> str:
    """Python's codec for a label; "" for an unknown one. The small Chinese sets are read as gb18030."""
    lowered = label.strip().lower()
    if lowered in _CHINESE:
        return "gb18030"
    if lowered in {"big5", "big5-hkscs", "x-x-big5"}:
        return "big5hkscs"
    try:
        codec = codecs.lookup(lowered)
    except LookupError:
        return ""
    return codec.name if codec._is_text_encoding else ""
