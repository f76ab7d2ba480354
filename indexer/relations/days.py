"""From which day on what an announcement says of validity holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from indexer.facts.dates import find_dates
from indexer.text.patterns import lazily

if TYPE_CHECKING:
    from datetime import date

    from indexer.announcement import Announcement

_SINCE: Final = lazily(
    r"(?:自|从|于)(?P<day>[^，,。；;《》布发]{6,24}?)(?:起|（|\(|废止|失效|停止|施行|实施|执行|生效)"
)
_AT_ONCE: Final = lazily(
    r"(?:公布|发布|印发|颁布|签发|下发|通过|决定|本通知|本公告)[^，,。；;]{0,4}之?日起?|即日起|今日起"
)
_IN_FORCE: Final = lazily(
    r"(?:^|[。；;，,\s、）)]|本[^，,。；;《》\s]{1,12})(?:自|从|于)(?P<day>[^，,。；;《》]{6,20}?)(?:起|之日起|开始)?(?:正式)?(?:施行|实施|执行|生效|试行)"
)

_IN_FORCE_VERBS: Final = ("施行", "实施", "执行", "生效", "试行")  # one of them ends what ``_IN_FORCE`` finds,
_FARTHEST_SINCE: Final = 26  # and 自, 从 or 于 stands so many characters before it at most


def own_effective_day(announcement: Announcement) -> date | None:
    """Return the first day an announcement is in force: as its page or its text says, None if neither does."""
    if announcement.effective:
        return announcement.effective
    found = None
    if not _may_say_since_when(announcement.body):
        return None
    for match in _IN_FORCE.finditer(announcement.body):
        days = find_dates(match["day"])
        found = days[0].day if len(days) == 1 else found
    return found


def _may_say_since_when(body: str) -> bool:
    """Return whether ``_IN_FORCE`` can match at all: to look at its verbs takes a fifth of the time."""
    for verb in _IN_FORCE_VERBS:
        at = body.find(verb)
        while at >= 0:
            before = body[max(0, at - _FARTHEST_SINCE) : at]
            if "自" in before or "从" in before or "于" in before:
                return True
            at = body.find(verb, at + len(verb))
    return False


def issued_day(announcement: Announcement) -> date | None:
    """Return the day on which an announcement was issued, as far as is known."""
    return announcement.published or announcement.signed


def day_in(words: str, announcement: Announcement) -> date | None:
    """Return the day that some words of a sentence name: 自2020年1月1日起, 自公布之日起; None if they name none."""
    for match in _SINCE.finditer(words):
        days = find_dates(match["day"])
        if days:
            return days[-1].day
    return issued_day(announcement) if _AT_ONCE.search(words) else None
