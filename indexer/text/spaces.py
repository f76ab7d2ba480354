"""Layout spaces: what may be collapsed in Chinese text without changing what it says."""

from __future__ import annotations

import re

from indexer.text.fold import fold

_INVISIBLE = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\ufff9-\ufffc\ue000-\uf8ff\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]+"
)
_HAN = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u2018-\u201d\u2026"
# A line end in the source between two Chinese characters is the editor's, not the writer's.
_BROKEN = re.compile(rf"(?<=[{_HAN}])[ \t]*[\r\n]+[ \t]*(?=[{_HAN}])")
# Traditional characters that labels and boilerplate are written with.
_TRADITIONAL = re.compile("[發佈時間來瀏覽編輯體號標題機關責單權點擊閱讀訪問審錄網閉語當處內鏈條導備識碼維護術類傳聲]")
_AT_MARK = re.compile(r" (?=[，。、；：！？）》」』】〕”’])|(?<=[（《「『【〔“‘]) ")
_DOUBLED_STOP = re.compile("(?<!。)。。(?!。)")


def collapse(text: str) -> str:
    """Make every run of spaces one blank and drop what only served the layout."""
    text = text.strip()
    if not text.isprintable():  # line ends, ideographic and no-break spaces, private-use icons
        text = _INVISIBLE.sub("", text)
        if "\n" in text:
            text = _BROKEN.sub("", text)
    return _AT_MARK.sub("", " ".join(text.split())) if not text.isprintable() or " " in text else text


def without_doubled_stops(text: str) -> str:
    """Write one full stop where paragraphs that were put together left two; a longer run is the writer's ellipsis."""
    return _DOUBLED_STOP.sub("。", text) if "。。" in text else text


def simplified(text: str) -> str:
    """Write labels and boilerplate in simplified characters, for comparing; as long as the text."""
    return fold(text) if _TRADITIONAL.search(text) else text


def squeeze(text: str) -> str:
    """Take out every space: for comparing, never for keeping."""
    return "".join(text.split())
