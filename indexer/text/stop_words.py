"""Stop words: what joins, points or asks, and need not be there for a text to be found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

# Words that ask; a run with one of them and some matter besides is a question.
_INTERROGATIVES: Final = (
    "什么 哪 哪个 哪些 那些 哪里 哪儿 谁 多少 几 如何 怎么 怎样 怎么样 怎么办 "
    "为什么 为何 何 何时 请问 吗 呢 是否 能否 可否"
)
# Words that join and point. Only such as stand in nearly every text: words like 有关 or 可以 may be part of what is
# looked for, and weigh next to nothing anyway.
_FUNCTION_WORDS: Final = "的 了 地 得 和 与 及 或 在 对 从 由 被 把 将 给 向 为 以 于 是 有 我 你 您 我们 吧"
INTERROGATIVES: Final = frozenset(_INTERROGATIVES.split())
STOP_WORDS: Final = INTERROGATIVES.union(_FUNCTION_WORDS.split())
# Characters that only join: never part of a name that the segmenter split.
PURE_JOINTS: Final = frozenset("的了吗呢吧和与及或")


def content_words(of_words: Iterable[str]) -> tuple[str, ...]:
    """Return the words that must be there, each once, in order: all but stop words, or all if all are stop words."""
    distinct = dict.fromkeys(of_words)
    return tuple(word for word in distinct if word not in STOP_WORDS) or tuple(distinct)
