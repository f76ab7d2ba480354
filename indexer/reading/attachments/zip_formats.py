"""The text of DOCX and OFD files: XML in ZIP archives, read with the standard library.

Nothing is unpacked beyond a bound, and XML that declares entities is refused: neither format needs any.
"""

from __future__ import annotations

import math
import posixpath
import zipfile
import zlib
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from indexer.errors import PageUnreadable
from indexer.skip_reasons import because

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

UNPACKED_BYTES = 128 * 1024**2  # of one file; the text of a thousand pages takes about ten
_PAGES = 5_000  # of one OFD file
_LINE_MM = 1.5  # glyphs less than this apart in height stand on one line; type is 3 to 8 mm high

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _xml(archive: zipfile.ZipFile, name: str) -> ET.Element:
    """Read and parse one member, within bounds."""
    try:
        with archive.open(name) as member:
            content = member.read(UNPACKED_BYTES + 1)
    except KeyError as error:
        raise PageUnreadable(because("lacks-part", name=name)) from error
    except RuntimeError as error:  # zipfile says so of encrypted members
        raise PageUnreadable(because("password")) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise PageUnreadable(because("damaged", why=error)) from error
    if len(content) > UNPACKED_BYTES:
        raise PageUnreadable(because("unfolds", size=UNPACKED_BYTES // 1024**2))
    plain = content.replace(b"\0", b"")  # UTF-16 and UTF-32 say the same with zero bytes between
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise PageUnreadable(because("entities"))
    try:
        return ET.fromstring(content)  # noqa: S314 (what declares entities was refused)
    except ET.ParseError as error:
        raise PageUnreadable(because("damaged", why=f"{name}: {error}")) from error


def docx_lines(archive: zipfile.ZipFile) -> Iterator[str]:
    """Return the paragraphs of a DOCX file; a table row is one line, its cells apart by tabs."""
    body = _xml(archive, "word/document.xml").find(f"{_W}body")
    if body is None:
        raise PageUnreadable(because("no-body"))
    yield from _blocks(body)


def _blocks(parent: ET.Element) -> Iterator[str]:
    for child in parent:
        if child.tag == f"{_W}p":
            yield _paragraph(child)
        elif child.tag == f"{_W}tbl":
            yield from _rows(child)
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent"):  # a form field around blocks
            yield from _blocks(child)


def _rows(table: ET.Element) -> Iterator[str]:
    for row in table.iter(f"{_W}tr"):
        yield "\t".join(" ".join(filter(None, _blocks(cell))).replace("\t", " ") for cell in row.findall(f"{_W}tc"))


_IN_PARAGRAPH = {f"{_W}tab": "\t", f"{_W}br": " ", f"{_W}cr": " ", f"{_W}noBreakHyphen": "-"}


def _paragraph(paragraph: ET.Element) -> str:
    pieces = (
        (node.text or "") if node.tag == f"{_W}t" else _IN_PARAGRAPH.get(node.tag, "") for node in paragraph.iter()
    )
    return "".join(pieces)


def ofd_lines(archive: zipfile.ZipFile) -> Iterator[str]:
    """Return the lines of an OFD file (GB/T 33190-2016), page by page, from top to bottom and left to right."""
    for root in _texts(_xml(archive, "OFD.xml"), "DocRoot"):
        name = root.lstrip("/")
        document = _xml(archive, name)
        pages = [page.get("BaseLoc", "") for page in _named(document, "Page")]
        for page in pages[:_PAGES]:
            yield from _page_lines(_xml(archive, _resolved(name, page)))


def _named(parent: ET.Element, name: str) -> Iterator[ET.Element]:
    """Find elements by local name, for OFD writers use several namespaces."""
    return (node for node in parent.iter() if node.tag.rpartition("}")[2] == name)


def _texts(parent: ET.Element, name: str) -> Iterable[str]:
    return [node.text.strip() for node in _named(parent, name) if node.text]


def _resolved(name: str, location: str) -> str:
    """Resolve a location within the archive as its format does: from the root, or from the file that names it."""
    if location.startswith("/"):
        return location.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), location))


def _page_lines(page: ET.Element) -> Iterator[str]:
    """Gather glyph runs to lines by their height on the page."""
    runs: list[tuple[float, float, str]] = []
    for piece in _named(page, "TextObject"):
        left, top = _numbers(piece.get("Boundary", ""))[:2] or (0.0, 0.0)
        for code in _named(piece, "TextCode"):
            x, y = (_numbers(code.get(axis, "")) or [0.0] for axis in ("X", "Y"))
            runs.append((top + y[0], left + x[0], "".join(code.itertext())))
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
