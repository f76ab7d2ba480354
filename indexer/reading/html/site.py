"""Which site a page is of: the marks that its template leaves, and the place they speak for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from indexer.facts import addresses
from indexer.facts.region import site_region
from indexer.light_dataclass import dataclass
from indexer.reading.html.title import names_site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.facts.region import RegionPath
    from indexer.reading.html.document import Document

_CODE_IN_FOOTER = re.compile(r"标识码\D{0,3}(bm\d{8}|\d{10})")
_OWNER = re.compile(
    r"(?:(?:主办|版权所有|承办)(?:单位|权)?\s*[:：©]?\s*(?:©|Copyright)?|©|Copyright)[\s\d–—©-]{0,20}([\u4e00-\u9fff（）()]{4,30})"
)
_TITLE_PIECES = re.compile(r"[_|｜丨]|\s[-–—]\s|--+|[-–—](?=[^-–—]*$)")


@dataclass(frozen=True, slots=True)
class Site:
    """What tells one site from another."""

    code: str = ""  # 网站标识码
    name: str = ""
    title_suffix: str = ""
    owner: str = ""  # from the footer's 主办 or 版权所有
    host: str = ""

    def region(self, text: str = "") -> RegionPath:
        """Return the place that most of the marks agree on; a page's text tells which one a host's letters mean."""
        return site_region(
            site_code=self.code,
            site_name=self.name,
            title_suffix=self.title_suffix,
            footer=self.owner,
            host=self.host,
            text=text,
        )


def read_site(document: Document, reasons: Sequence[str], title: str, url: str) -> Site:
    """Gather a page's marks of its site."""
    footer = " ".join(line.text for line, reason in zip(document.lines, reasons, strict=True) if reason == "footer")
    code = document.metas.get("siteidcode", "")
    if not code and (match := _CODE_IN_FOOTER.search(footer)):
        code = match.group(1)
    owner = _OWNER.search(footer)
    host = addresses.host(url) or document.metas.get("sitedomain", "")
    pieces = [piece.strip() for piece in _TITLE_PIECES.split(document.title)]
    suffix = pieces[-1] if pieces[-1] not in title and (len(pieces) > 1 or names_site(pieces[-1])) else ""
    return Site(
        code or document.site_code, document.metas.get("sitename", ""), suffix, owner.group(1) if owner else "", host
    )
