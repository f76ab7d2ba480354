"""The text of OFD files (GB/T 33190-2016), which know only where glyphs stand on their pages."""

from __future__ import annotations

import math
import posixpath
from typing import TYPE_CHECKING

from indexer.reading.attachments.packages import local_name, part

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterable, Iterator

    from lxml import etree

_PAGES = 5_000  # of one OFD file
_LINE_MM = 1.5  # glyphs less than this apart in height stand on one line; type is 3 to 8 mm high


def ofd_lines(archive: zipfile.ZipFile) -> Iterator[str]:
    """Yield the lines of an OFD file (GB/T 33190-2016), page by page, from top to bottom and left to right."""
    for root in _texts(part(archive, "OFD.xml"), "DocRoot"):
        name = root.lstrip("/")
        document = part(archive, name)
        pages = [page.get("BaseLoc", "") for page in _named(document, "Page")]
        for page in pages[:_PAGES]:
            yield from _page_lines(part(archive, _resolved(name, page)))


def _named(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """Find elements by local name, for OFD writers use several namespaces."""
    return (node for node in parent.iter() if local_name(node) == name)


def _texts(parent: etree._Element, name: str) -> Iterable[str]:
    return [node.text.strip() for node in _named(parent, name) if node.text]


def _resolved(name: str, location: str) -> str:
    """Resolve a location within the archive as its format does: from the root, or from the file that names it."""
    if location.startswith("/"):
        return location.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), location))


def _page_lines(page: etree._Element) -> Iterator[str]:
    """Gather glyph runs to lines by their height on the page."""
    runs: list[tuple[float, float, str]] = []
    for piece in _named(page, "TextObject"):
        left, top = _numbers(piece.get("Boundary", ""))[:2] or (0.0, 0.0)
        for code in _named(piece, "TextCode"):
            x, y = (_numbers(code.get(axis, "")) or [0.0] for axis in ("X", "Y"))
            runs.append((top + y[0], left + x[0], "".join(map(str, code.itertext()))))
    runs.sort()
    while runs:
        height = runs[0][0]
        line = [run for run in runs if run[0] - height < _LINE_MM]
        yield "".join(text for _, _, text in sorted(line, key=lambda run: run[1]))
        del runs[: len(line)]


def _numbers(text: str) -> list[float]:
    try:
        numbers = [float(part) for part in text.split()]
        return numbers if all(map(math.isfinite, numbers)) else []  # nan is beside nothing, not even itself
    except ValueError:
        return []
