"""The text of OpenDocument files (ISO 26300): texts, spreadsheets, presentations; each change and note once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.reading.attachments.packages import local_name, part

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

    from lxml import etree

_PARAGRAPHS = ("p", "h")
_UNSHOWN = frozenset(
    ("annotation", "tracked-changes", "note-citation", "script", "ruby-text", "sequence-decls", "forms")
)
_ASIDE = frozenset(("note-body", "text-box"))
_MOST_SPACES = 100  # that one sign stands for
_MOST_REPEATED = 100  # cells or rows: sheets fill their rest with repeated empty ones


def open_document_lines(archive: zipfile.ZipFile) -> Iterator[str]:
    """Yield the paragraphs of an ODT, ODS or ODP file; a table row is one line, its cells apart by tabs."""
    for body in part(archive, "content.xml").iter():
        if local_name(body) == "body":
            yield from _blocks(body)


def _blocks(parent: etree._Element) -> Iterator[str]:
    for child in parent:
        name = local_name(child)
        if name in _PARAGRAPHS:
            yield from _paragraph(child)
        elif name == "table-row":
            yield _row(child)
        elif name not in _UNSHOWN:
            yield from _blocks(child)


def _row(row: etree._Element) -> str:
    cells: list[str] = []
    for cell in row:
        if local_name(cell) in ("table-cell", "covered-table-cell"):
            text = " ".join(filter(None, _blocks(cell))).replace("\t", " ")
            cells += [text] * _times(cell, "number-columns-repeated", _MOST_REPEATED)
    return "\t".join(cells).rstrip("\t")


def _paragraph(paragraph: etree._Element) -> Iterator[str]:
    """Yield a paragraph, then what its notes and text boxes say."""
    aside: list[etree._Element] = []
    yield "".join(_pieces(paragraph, aside))
    for one in aside:
        yield " ".join(filter(None, _blocks(one)))


def _pieces(parent: etree._Element, aside: list[etree._Element]) -> Iterator[str]:
    yield parent.text or ""
    for child in parent:
        name = local_name(child)
        if name == "s":
            yield " " * _times(child, "c", _MOST_SPACES)
        elif name == "tab":
            yield "\t"
        elif name == "line-break":
            yield " "
        elif name in _ASIDE:
            aside.append(child)
        elif name and name not in _UNSHOWN:
            yield from _pieces(child, aside)
        yield child.tail or ""


def _times(element: etree._Element, name: str, most: int) -> int:
    """Return how often something is repeated, from 1 on, within a bound."""
    written = next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), "1")
    return max(1, min(int(written), most)) if written.isdecimal() and len(written) < 9 else 1
