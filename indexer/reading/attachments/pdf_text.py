"""The text of a PDF by the package pypdfium2: the printed lines of its pages, in the order of reading."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from indexer.errors import PageUnreadable
from indexer.reading.attachments.page_layout import COLUMN_END, Run, lines_in_order
from indexer.reading.attachments.printed_pages import paragraphs
from indexer.reading.attachments.recognition import PACKAGES, can_recognise, recognised_lines
from indexer.reading.attachments.recognition import PAGES as RECOGNISED_PAGES
from indexer.skip_reasons import because

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAGES = 5_000  # of one PDF
_FEWEST_CHARS = 10  # of a page that has text; a number may be stamped on a scan
_COVERED = 0.3  # of a page that a scan covers at least
_FORMS_DEEP = 3
_COLUMN_RUNS = 10  # a page of fewer has no columns
_COLUMN_CHARS = 20_000  # of a page that is looked at letter by letter
_LINE_ENDS = frozenset((0, 0x0A, 0x0D))
_SPLIT_GAP = 0.9  # of a letter's height: a wider gap parts two runs


def pdf_lines(content: bytes, notes: list[str]) -> Iterator[str]:
    """Yield the paragraphs of a PDF, which knows only printed lines, see ``printed_pages``.

    Scanned pages are recognised where the extra is there; a last line says so. ``notes`` get what was not read.
    """
    try:
        pdfium: Any = importlib.import_module("pypdfium2")
    except ImportError as error:
        raise PageUnreadable(because("needs-package", name="pypdfium2")) from error
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        why = because("password") if "assword" in str(error) else because("damaged", why=error)
        raise PageUnreadable(why) from error
    try:
        pages = [_page_lines(pdfium, document, number) for number in range(min(len(document), _PAGES))]
        scans = _scanned(pdfium, document, pages)
        if scans and not can_recognise():
            if len(scans) == len(pages) or not any(pages):
                raise PageUnreadable(because("needs-ocr", name=PACKAGES[0]))
            notes.append(f"{len(scans)} scanned pages without text: pip install 'policy-search[ocr]'")
            scans = []
        for number in scans[:RECOGNISED_PAGES]:
            pages[number] = recognised_lines(document[number])
    finally:
        document.close()
    yield from paragraphs(pages)
    if scans:
        yield _told(scans, notes)


def _told(scans: list[int], notes: list[str]) -> str:
    """Say which text was recognised, in the report and, as is returned, in the document."""
    done, left = len(scans[:RECOGNISED_PAGES]), len(scans[RECOGNISED_PAGES:])
    notes.append(f"text of {done} scanned pages recognised by OCR" + (f", {left} more left out" if left else ""))
    return f"（扫描件{done}页，文字由OCR识别，可能有误" + (f"；另有{left}页未识别）" if left else "）")


def _scanned(pdfium: Any, document: Any, pages: list[list[str]]) -> list[int]:
    """Return the numbers of the pages that show pictures and no text."""
    empty = [number for number, lines in enumerate(pages) if sum(map(len, lines)) < _FEWEST_CHARS]
    return [number for number in empty if _shows_pictures(pdfium, document, number)]


def _shows_pictures(pdfium: Any, document: Any, number: int) -> bool:
    """Return whether pictures cover much of a page."""
    try:
        page = document[number]
        width, height = page.get_size()
        for one in page.get_objects(filter=(pdfium.raw.FPDF_PAGEOBJ_IMAGE,), max_depth=_FORMS_DEEP):
            left, bottom, right, top = one.get_bounds()
            if (right - left) * (top - bottom) > _COVERED * width * height:
                return True
    except pdfium.PdfiumError:
        return False
    return False


def _page_lines(pdfium: Any, document: Any, number: int) -> list[str]:
    try:
        page = document[number]
        words = page.get_textpage()
        lines = _in_columns(pdfium, words) if _may_have_columns(words) else None
        found: list[str] = lines if lines is not None else words.get_text_bounded().splitlines()
        words.close()
        page.close()
    except pdfium.PdfiumError as error:
        raise PageUnreadable(because("damaged", why=f"page {number + 1}: {error}")) from error
    return found


def _may_have_columns(words: Any) -> bool:
    """Return whether runs stand beside each other at the middle of the page, which costs little to see."""
    count = words.count_rects()
    if count < _COLUMN_RUNS or words.count_chars() > _COLUMN_CHARS:
        return False
    boxes = [words.get_rect(at) for at in range(count)]
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    middle = (left + right) / 2
    narrow = sum(box[2] - box[0] < 0.7 * (right - left) for box in boxes)
    return narrow > count / 2 and any(box[2] < middle for box in boxes) and any(box[0] > middle for box in boxes)


def _in_columns(pdfium: Any, words: Any) -> list[str] | None:
    """Return a page's lines column by column; None where it has but one."""
    lines = lines_in_order(_runs(pdfium, words))
    return lines if COLUMN_END in lines else None


def _runs(pdfium: Any, words: Any) -> list[Run]:
    """Return the runs of letters on a page; a gap as wide as a letter ends one."""
    runs: list[Run] = []
    held: list[tuple[int, tuple[float, float, float, float]]] = []

    def end() -> None:
        if held:
            text = words.get_text_range(held[0][0], held[-1][0] - held[0][0] + 1)
            boxes = [box for _, box in held]
            if text.strip():
                runs.append(Run(text.strip(), boxes[0][0], boxes[0][1], boxes[-1][2], boxes[0][3]))
            held.clear()

    for at in range(words.count_chars()):
        if pdfium.raw.FPDFText_GetUnicode(words, at) in _LINE_ENDS:
            end()
            continue
        box = words.get_charbox(at, loose=True)
        if held:
            before = held[-1][1]
            height = max(box[3] - box[1], 0.01)
            if abs(box[1] - before[1]) > height / 2 or not -height < box[0] - before[2] < _SPLIT_GAP * height:
                end()
        held.append((at, box))
    end()
    return runs
