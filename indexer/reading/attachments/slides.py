"""The text of PPTX files, slide by slide, in the order in which they are shown."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from indexer.reading.attachments.packages import local_name, part, related

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

    from lxml import etree

_MAIN = "ppt/presentation.xml"
_MOST_SLIDES = 2_000
_SIGNS = {"br": " ", "tab": "\t"}


def slides_lines(archive: zipfile.ZipFile) -> Iterator[str]:
    """Yield the paragraphs of every slide; a table row is one line, its cells apart by tabs."""
    names = set(archive.namelist())
    for name in _in_order(archive):
        if name in names:
            yield from _blocks(part(archive, name))


def _in_order(archive: zipfile.ZipFile) -> list[str]:
    """Return the slides' names as the presentation lists them."""
    targets = {
        str(one.get("Id")): posixpath.normpath(posixpath.join("/ppt", str(one.get("Target", "")))).lstrip("/")
        for one in part(archive, "ppt/_rels/presentation.xml.rels")
    }
    known = dict.fromkeys(related(archive, _MAIN, "slide"))
    listed = [
        name
        for one in part(archive, _MAIN).iter()
        if local_name(one) == "sldId"
        for key, value in one.attrib.items()
        if str(key).endswith("}id") and (name := targets.get(str(value), "")) in known
    ]
    return list(dict.fromkeys(listed or known))[:_MOST_SLIDES]


def _blocks(parent: etree._Element) -> Iterator[str]:
    for child in parent:
        name = local_name(child)
        if name == "p":
            yield "".join(_pieces(child))
        elif name == "tr":
            cells = (" ".join(filter(None, _blocks(cell))) for cell in child if local_name(cell) == "tc")
            yield "\t".join(cells)
        elif name == "AlternateContent":
            yield from _blocks(child[0]) if len(child) else ()
        else:
            yield from _blocks(child)


def _pieces(paragraph: etree._Element) -> Iterator[str]:
    for child in paragraph.iter():
        name = local_name(child)
        yield (child.text or "") if name == "t" else _SIGNS.get(name, "")
