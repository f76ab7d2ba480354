"""The whole title of an announcement, without the names of site and column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from indexer.cleaning.fields import Chosen
from indexer.cleaning.furniture import furniture, is_hijacked
from indexer.cleaning.labels import is_label_line
from indexer.cleaning.spaces import squeeze

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.cleaning.document import Document, Line
    from indexer.cleaning.labels import Labelled

_SEPARATOR = re.compile(
    r"\s*(?:[_|｜丨]+|\s[-–—]+\s|--+|——|[-–—](?=[^-–—]*(?:政府|网站?|局|厅|委员会|门户|官网|办公室|信息公开|平台|中心)$))\s*"
)
_SITE = re.compile(r"(?:网|网站|门户|官网|平台|主页|首页|政府|频道|栏目|专栏|信息公开)$")
_CUT_SHORT = re.compile(r"(?:\.{2,}|…+)$")
_SHORTEST = 4  # characters that two strings must share to be one title
_HEADINGS = ("h1", "h2", "h3")
_TITLE_BOX = re.compile(r"[\s_-](?:\w*title\w*|tit|bt|biaoti|headline|xl-?bt|wzbt)[\s_-]")


def title_parts(title: str) -> list[str]:
    """The parts of a ``<title>`` that may be the announcement's own, likeliest first."""
    parts = [part for part in _SEPARATOR.split(title) if part and not is_hijacked(part)]
    return sorted(parts, key=lambda part: (bool(_SITE.search(part)), -len(part)))


def known_titles(document: Document) -> list[str]:
    """What the page's head calls the announcement, likeliest first."""
    metas = document.metas
    named = [metas.get("articletitle", ""), metas.get("og:title", "")]
    found: list[str] = []
    for name in named:
        found += title_parts(name)[:1]
    found += title_parts(document.title)[:1]
    if document.title and not is_hijacked(document.title):
        found.append(document.title)
    return [title for title in dict.fromkeys(found) if title]


def choose_title(document: Document, labels: Sequence[Labelled], known: Sequence[str], body_first: int) -> Chosen[str]:
    """The visible headline that the head of the page confirms; else the head's; else a heading."""
    labelled = next((one.value for one in labels if one.field == "title" and len(one.value) >= _SHORTEST), "")
    wanted = [labelled, *known] if labelled else list(known)
    end = body_first + 12 if body_first >= 0 else len(document.lines)
    for title in wanted:
        if visible := _visible(document.lines[:end], title):
            return Chosen(visible, "headline that the page's head confirms")
    if labelled:
        return Chosen(labelled, "label of the title")
    heading = _heading(document, end)
    if heading and (not known or _is_site(document, known[0])):
        return Chosen(heading, "heading")
    if known:
        return Chosen(known[0], "title in the page's head")
    return Chosen("", "")


def _is_site(document: Document, title: str) -> bool:
    names = (document.metas.get("sitename", ""), document.metas.get("columnname", ""))
    return title in names or bool(_SITE.search(title)) or document.title == title and len(title) < 12


def _visible(lines: Sequence[Line], title: str) -> str:
    """The line, or lines that a break has parted, which show this title whole."""
    wanted = squeeze(_CUT_SHORT.sub("", title))
    if len(wanted) < _SHORTEST:
        return ""
    for at, line in enumerate(lines):
        plain = squeeze(line.text)
        if plain == wanted:
            return line.text
        if (
            len(wanted) >= 20
            and plain.startswith(wanted)
            and len(plain) <= len(wanted) + 80
            and not is_label_line(line)
        ):
            return line.text
        if len(plain) >= 4 and wanted.startswith(plain) and (joined := _joined(lines[at : at + 4], wanted)):
            return joined
    return ""


def _joined(lines: Sequence[Line], wanted: str) -> str:
    text = plain = ""
    for line in lines:
        plain += squeeze(line.text)
        text += line.text
        if plain == wanted:
            return text
        if not wanted.startswith(plain):
            return ""
    return ""


def _heading(document: Document, end: int) -> str:
    best, most = "", 0
    for line in document.lines[:end]:
        if (
            line.hidden
            or furniture(line.text)
            or is_label_line(line)
            or len(line.text) < _SHORTEST
            or line.link_share > 0.5
            or len(line.text) > 120
        ):
            continue
        box = document.boxes[line.box]
        score = (3 if box.tag in _HEADINGS else 0) + (2 if _TITLE_BOX.search(box.name) else 0) + (len(line.text) >= 10)
        if score > most and score >= 2:
            best, most = line.text, score
    return best
