"""The text of DOCX files: each thing once, as a reader sees it.

Text boxes are written twice (for new and for old readers), moved text stands at both places, deleted text stays in the
file: of each only what is shown counts. Notes follow their paragraph. Both namespaces are read, the usual one and that
of ISO 29500 strict.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from indexer.errors import PageUnreadable
from indexer.reading.attachments.packages import local_name, part, related
from indexer.skip_reasons import because

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

    from lxml import etree

_NAMESPACES = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)
_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_USUAL_PART = "word/document.xml"
_SIGNS = {"tab": "\t", "br": " ", "cr": " ", "noBreakHyphen": "-"}
# What is not shown: deleted, moved away, codes of fields, settings, and the small characters over others.
_UNSHOWN = frozenset(("del", "moveFrom", "delText", "instrText", "delInstrText", "pPr", "rPr", "rt", "sdtPr", "tblPr"))
_NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}
_UNSEEN_RUN = ("rPr", "vanish")


def docx_lines(archive: zipfile.ZipFile) -> Iterator[str]:
    """Yield the paragraphs of a DOCX file; a table row is one line, its cells apart by tabs."""
    name = next(related(archive, "", "officeDocument"), _USUAL_PART)
    name = name if name in archive.namelist() else _USUAL_PART
    body = next((child for child in part(archive, name) if _name(child) == "body"), None)
    if body is None:
        raise PageUnreadable(because("no-body"))
    yield from _Reader(archive, posixpath.dirname(name)).blocks(body)


def _name(element: etree._Element) -> str:
    """Return the local name of an element of Word's own, a sign for one with alternatives; "" of any other."""
    tag = element.tag
    if tag == _ALTERNATIVES:
        return "alternatives"
    return local_name(element) if isinstance(tag, str) and tag.startswith(_NAMESPACES) else ""


class _Reader:
    """The parts of one file that its text refers to."""

    def __init__(self, archive: zipfile.ZipFile, folder: str) -> None:
        self.archive = archive
        self.folder = folder
        self._notes: dict[str, dict[str, etree._Element]] = {}  # by kind and number

    def blocks(self, parent: etree._Element) -> Iterator[str]:
        """Yield the paragraphs and table rows right in an element."""
        for child in parent:
            name = _name(child)
            if name == "p":
                yield from self.paragraph(child)
            elif name == "tbl":
                yield from self.rows(child)
            elif name == "sdt":
                if not _is_placeholder(child):
                    yield from self.blocks(child)
            elif name == "alternatives":
                yield from self.blocks(_shown_alternative(child))
            elif name and name not in _UNSHOWN:  # a form field, an insertion or other tags around blocks
                yield from self.blocks(child)

    def rows(self, table: etree._Element) -> Iterator[str]:
        """Yield the rows of a table; a table in a cell is part of the cell's text."""
        for row in _below(table, "tr"):
            if any(_name(mark) == "del" for settings in row if _name(settings) == "trPr" for mark in settings):
                continue
            cells = (" ".join(filter(None, self.blocks(cell))).replace("\t", " ") for cell in _below(row, "tc"))
            yield "\t".join(cells)

    def paragraph(self, paragraph: etree._Element) -> Iterator[str]:
        """Yield a paragraph, then its notes and the paragraphs of the text boxes that hang on it."""
        aside: list[etree._Element] = []
        yield "".join(self._pieces(paragraph, aside))
        for one in aside:
            if _name(one) in _NOTES:
                note = self._note(one)
                lines = self.blocks(note) if note is not None else iter(())
                if text := " ".join(line.strip() for line in lines if line.strip()):
                    yield text
            else:
                yield from self.blocks(one)

    def _pieces(self, parent: etree._Element, aside: list[etree._Element]) -> Iterator[str]:
        for child in parent:
            name = _name(child)
            if name == "t":
                yield child.text or ""
            elif name in _SIGNS:
                yield _SIGNS[name]
            elif name == "txbxContent" or name in _NOTES:
                aside.append(child)
            elif name == "alternatives":
                yield from self._pieces(_shown_alternative(child), aside)
            elif name not in _UNSHOWN and not (name == "r" and _is_unseen(child)) and not _is_placeholder(child):
                yield from self._pieces(child, aside)

    def _note(self, reference: etree._Element) -> etree._Element | None:
        kind = _NOTES[_name(reference)]
        if kind not in self._notes:
            name = posixpath.join(self.folder, f"{kind}s.xml")
            notes = part(self.archive, name) if name in self.archive.namelist() else ()
            self._notes[kind] = {_attribute(note, "id"): note for note in notes}
        return self._notes[kind].get(_attribute(reference, "id"))


def _below(parent: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """Yield the rows of a table or the cells of a row, those in form fields too, but none of a table in a cell."""
    for child in parent:
        name = _name(child)
        if name == wanted:
            yield child
        elif name in ("sdt", "sdtContent", "ins", "customXml"):
            yield from _below(child, wanted)


def _shown_alternative(alternatives: etree._Element) -> etree._Element:
    """Return the first alternative that holds text, else the last."""
    chosen = alternatives
    for chosen in alternatives:
        if any(_name(one) == "t" for one in chosen.iter()):
            break
    return chosen


def _is_placeholder(element: etree._Element) -> bool:
    """Return whether a form field shows only what to fill in: 单击此处输入文字."""
    if _name(element) != "sdt":
        return False
    return any(_name(one) == "showingPlcHdr" for settings in element if _name(settings) == "sdtPr" for one in settings)


def _is_unseen(run: etree._Element) -> bool:
    settings, unseen = _UNSEEN_RUN
    return any(
        _name(mark) == unseen and _attribute(mark, "val") not in ("0", "false", "off")
        for one in run
        if _name(one) == settings
        for mark in one
    )


def _attribute(element: etree._Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), "")
