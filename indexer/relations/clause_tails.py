"""Where the text of a last clause ends: before the signature, the day and the list of annexes below it."""

from __future__ import annotations

from typing import Final

from indexer.relations.clause_marks import lines_between
from indexer.text.patterns import lazily

_TAIL_CHARS: Final = 2000  # how far from the end it is looked for
_SIGNATURE_CHARS: Final = 40  # longest line of one
_MOST_SIGNERS: Final = 6
_NUMERAL: Final = r"[〇○零一二三四五六七八九十0-9\uff10-\uff19]"
_DAY: Final = lazily(
    rf"[（(]?{_NUMERAL}{{2,6}}[ 　]?年[ 　]?{_NUMERAL}{{1,3}}[ 　]?月[ 　]?{_NUMERAL}{{1,3}}[ 　]?日[印发）)]{{0,3}}"
)
_LIST_OF_ANNEXES: Final = lazily(r"附[ 　]{0,4}(?:件|表|录)?[ 　]{0,4}(?:[:：]|\d)|（此件|\(此件|抄送|主题词")
_ENDS: Final = "。；！？”…"
_BLANK: Final = " \t\n\u3000\xa0\u2002\u200b#*"


def content_end(body: str, start: int, end: int, *, closes: bool) -> int:
    """Return where the text of a clause ends that lies in [start, end); ``closes`` if nothing but an annex follows."""
    if closes:
        end = _before_signature(body, start, end)
    while end > start and body[end - 1] in _BLANK:
        end -= 1
    return end


def _before_signature(body: str, start: int, end: int) -> int:
    window = max(start, end - _TAIL_CHARS)
    first_end = body.find("\n", start)
    lines = [line for line in lines_between(body, window, end) if line[0] > first_end >= 0]
    at = next((at for at, (a, b) in enumerate(lines) if _LIST_OF_ANNEXES.match(body, a, b)), None)
    day = next((at for at in range(len(lines) - 1, -1, -1) if _DAY.fullmatch(body, *lines[at])), None)
    if day is not None and (at is None or day < at):
        at = day
        while at > 0 and day - at < _MOST_SIGNERS and _may_sign(body, *lines[at - 1]):
            at -= 1
    return lines[at][0] if at is not None else end


def _may_sign(body: str, start: int, end: int) -> bool:
    return end - start <= _SIGNATURE_CHARS and body[end - 1] not in _ENDS and "\t" not in body[start:end]
