"""Turn a page's bytes into text.

The rule: a byte order mark, else strict UTF-8, else the declared label (gb2312 and gbk read as
gb18030, which holds both), else the candidate that looks most like Chinese: without U+FFFD, private and rare
characters. Pages lie about their encoding often enough that a label alone is never believed before UTF-8 has been
tried. UTF-16 without its mark is known by its zero bytes.
"""

from __future__ import annotations

import codecs
import re

from indexer.light_dataclass import dataclass

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
_WIDE_CODES = frozenset(("gb18030", "big5hkscs", "euc_jp", "euc_kr", "shift_jis", "cp932", "cp949", "johab"))
_SAMPLE_BYTES = 200_000
_SAMPLE_CHARS = 100_000
_FEWEST_HIGH = 4  # bytes beyond ASCII that can tell a language
_CHINESE_SHARE = 0.7  # of them in common Chinese characters; Russian or French read as GBK gives few of those
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_HAN = re.compile("[\u4e00-\u9fff]")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_ACCENTED = re.compile("[\u0080-\u009f\u00c0-\u02af\u0590-\u0fff]")
_TAIL_BYTES = 3  # a cut-off file may end inside a character of up to four bytes


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, and how it was won from the bytes."""

    text: str
    encoding: str  # Python's name of the codec
    rule: str  # "byte order mark", "zero bytes", "strict", "declared" or "fewest replaced"
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
    if label and _is_chinese_under(label, content):
        label = ""
    if label:
        told = _decoded(content, label, "declared")
        if not told.replaced:
            return told
    names = (label, *_CANDIDATES) if label else _CANDIDATES
    readings = [_decoded(content, name, "fewest replaced") for name in dict.fromkeys(names)]
    return min(readings, key=_oddness)


def _oddness(reading: Decoded) -> int:
    """Count what no Chinese text holds: replaced characters, private ones, rare ones, letters with accents.

    Damaged UTF-8 reads as GB18030 without one U+FFFD; but then every character of it is a rare one.
    """
    sample = reading.text[:_SAMPLE_CHARS]
    return 3 * reading.replaced + len(_PRIVATE.findall(sample)) + 2 * len(_ACCENTED.findall(sample)) + _rare(sample)


def _rare(sample: str) -> int:
    """Count Chinese characters outside GB2312, which holds 99.9 % of what is written, in simplified and Big5 text."""
    rare = 0
    for character in set(_HAN.findall(sample)):
        try:
            character.encode("gb2312")
        except UnicodeEncodeError:
            try:
                character.encode("big5")
            except UnicodeEncodeError:
                rare += sample.count(character)
    return rare


def _is_chinese_under(label: str, content: bytes) -> bool:
    """Return whether a page labelled with a code of one byte a character is Chinese: half its high bytes are pairs.

    Such codes give some character for every byte, ¹ØÓÚ for 关于, so that nothing seems to be wrong.
    """
    if label in _WIDE_CODES or label.startswith("utf"):
        return False
    sample = content[:_SAMPLE_BYTES]
    high = sum(map(len, _HIGH_RUN.findall(sample)))
    if high < _FEWEST_HIGH:
        return False
    text = sample.decode("gb18030", "replace")
    if text.count(REPLACEMENT) > 1:  # one where the sample was cut
        return False
    common = sum(1 for character in _HAN.findall(text) if _is_common(character))
    return 2 * common > _CHINESE_SHARE * high


def _is_common(character: str) -> bool:
    """Return whether it is one of the 3,755 characters of GB2312's first level, ordered by sound."""
    try:
        raw = character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return 0xB0 <= raw[0] <= 0xD7


def _decoded(content: bytes, name: str, rule: str) -> Decoded:
    text = content.decode(name, "replace").lstrip("\ufeff")
    return Decoded(text, name, rule, text.count(REPLACEMENT))


def _is_utf8(content: bytes) -> bool:
    """Return whether the bytes are UTF-8, allowing for a last character that the saving cut in two."""
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
    """Return Python's codec for a label; "" for an unknown one. The small Chinese sets are read as gb18030."""
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
