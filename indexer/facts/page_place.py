"""Which place's part of a site a page belongs to, where a site serves many: platforms of provinces and of the nation.

The way to the page names it (某市 > 某县 > 中标公告), else the body that buys or builds by the announcement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.facts.gazetteer import NATION
from indexer.facts.region import label_region, resolve
from indexer.text.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterable

    from indexer.facts.gazetteer import RegionPath

_STEP = lazily(r"[>＞»›/→\\|｜—-]+|\s{2,}|[:：]")
_LONGEST_STEP = 20  # characters of the name of a column or a place
_BUYER = lazily(
    r"(?:采购人|采购单位|招标人|招标单位|建设单位|出让人|行政区域)(?:信息)?(?:名称)?[\s:：]{1,9}(?:名\s{0,4}称[\s:：]{1,9})?"
    r"([\u4e00-\u9fff（）()]{3,40})"
)
_BUYS = lazily(r"采购|招标|投标|中标|成交|询价|磋商|谈判|竞价|出让|拍卖|比选|遴选")
_TEXT_CHARS = 6_000  # of a text within which the buyer is named


def place_of_page(*, ways: Iterable[str], title: str, body: str, site_region: RegionPath) -> RegionPath:
    """Return the place that a page belongs to within its site's; () if the page names none that lies there.

    ``ways`` are the lines that say where on the site the page stands, as 首页 > 某市 > 某县 > 公告.
    """
    found = max((_of_way(way, site_region) for way in ways), key=len, default=())
    if found or not _BUYS.search(title):
        return found
    buyer = _BUYER.search(body[:_TEXT_CHARS])
    path = label_region(buyer[1], site_region) if buyer else ()
    return path if _lies_in(path, site_region) else ()


def _of_way(way: str, within: RegionPath) -> RegionPath:
    """Return the place that the steps of a way name, each within the one before it."""
    path: RegionPath = ()
    for step in map(str.strip, _STEP.split(way)):
        if 1 < len(step) <= _LONGEST_STEP:
            path = _below(step, path or within) or path
    return path if _lies_in(path, within) else ()


def _below(step: str, within: RegionPath) -> RegionPath:
    """Return the place that a step names, with what it names below that: 北京朝阳."""
    path = resolve(step, within)
    if not path or path == NATION:
        return ()
    for start in range(2, len(step)):
        if (part := resolve(step[start:], path)) and len(part) > len(path) and part[: len(path)] == path:
            return part
    return path


def _lies_in(path: RegionPath, within: RegionPath) -> bool:
    return bool(path) and path != NATION and (not within or within == NATION or path[: len(within)] == within)
