"""Which titles are of versions of one text: 示例条例（2018年修正）, 示例条例（试行） and 示例条例."""

from __future__ import annotations

from typing import Final

from indexer.text.fold import fold
from indexer.text.patterns import lazily

SHORTEST_TITLE: Final = 4  # characters; 公告 is the title of a thousand texts
# In brackets at the end: a year, what was done to the text, or that it is on trial.
_MARK: Final = lazily(
    r"[(\[〔【](?:(?:19|20)\d\d年?(?:版|本)?)?(?:第[一二三四五六七八九十\d]{1,3}次)?"
    r"(?:修订|修正|修改|试行|暂行|草案|送审稿|征求意见稿)?(?:版|本|稿)?[)\]〕】]$"
)
_YEAR: Final = lazily(r"(?:(?:19|20)\d\d年?(?:修订|修正)?版|(?:修订|修正)版)$")
_SPACES: Final = str.maketrans(dict.fromkeys(map(ord, " \t\u3000\xa0《》<>")))
_MOST_MARKS: Final = 3


def version_title(title: str) -> str:
    """Return a title without what tells its versions apart; "" for one that is too short to tell texts apart."""
    plain = fold(title).translate(_SPACES)
    for _ in range(_MOST_MARKS):
        mark = _MARK.search(plain[-24:]) or _YEAR.search(plain[-24:])
        if not mark or len(mark[0]) <= 2:
            break
        plain = plain[: len(plain) - len(mark[0])]
    return plain if len(plain) >= SHORTEST_TITLE else ""
