"""Scanned PDF pages: recognised where the packages are there, named with the cure where they are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.announcement import Page
from indexer.errors import PageUnreadable
from indexer.reading.attachments import pdf_text, recognition
from indexer.reading.attachments.attachment_text import announcement_from_attachment, read_attachment
from indexer.reading.page import read_page, read_pages
from indexer.report import Skipped
from tests import office_files as made

pdfium = pytest.importorskip("pypdfium2", reason="needs policy-search[attachments]")
needs_ocr = pytest.mark.skipif(
    not recognition.can_recognise(), reason="needs policy-search[ocr], 300 MB that are not in the lock files"
)
LINES = (
    "示例市水利局关于开展汛前检查的通知",
    "各县区水利局：",
    "请于三月底前完成汛前检查，及时消除隐患，并将结果书面报送示例市水利局。",
)


def scanned(*pages: bytes) -> bytes:
    """Return a PDF that shows pictures of the first pages of other PDFs, as a scanner makes it."""
    objects: list[str | bytes] = ["<</Type/Catalog/Pages 2 0 R>>", ""]
    for content in pages:
        bitmap = pdfium.PdfDocument(content)[0].render(scale=150 / 72, grayscale=True)
        grey = bitmap.to_numpy().tobytes()
        at = len(objects) + 1
        head = f"<</Type/XObject/Subtype/Image/Width {bitmap.width}/Height {bitmap.height}/ColorSpace/DeviceGray"
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</I {at + 1} 0 R>>>>"
            f"/Contents {at + 2} 0 R>>",
            f"{head}/BitsPerComponent 8/Length {len(grey)}>>stream\n".encode() + grey + b"\nendstream",
            "<</Length 29>>stream\nq 595 0 0 842 0 0 cm /I Do Q \nendstream",
        ]
    kids = " ".join(f"{3 + 3 * at} 0 R" for at in range(len(pages)))
    objects[1] = f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>"
    return made.pdf_of(objects)


def test_a_scan_is_named_with_the_cure_where_characters_cannot_be_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_text, "can_recognise", lambda: False)
    with pytest.raises(PageUnreadable, match=r"scanned, no text: pip install 'policy-search\[ocr\]'"):
        read_attachment("a.pdf", scanned(made.pdf(*LINES)))


def test_recognised_text_is_read_in_order_and_said_to_be_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_text, "can_recognise", lambda: True)
    monkeypatch.setattr(pdf_text, "recognised_lines", lambda _page: list(LINES))
    monkeypatch.setattr(pdf_text, "RECOGNISED_PAGES", 1)
    found = announcement_from_attachment("a.pdf", scanned(made.pdf(*LINES), made.pdf(*LINES)))
    assert found.title == LINES[0]
    assert found.body == "\n".join((*LINES, "（扫描件1页，文字由OCR识别，可能有误；另有1页未识别）"))
    assert found.notes == ("text of 1 scanned pages recognised by OCR, 1 more left out",)


def test_a_page_with_text_is_not_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_text, "recognised_lines", lambda _page: pytest.fail("recognised"))
    assert read_attachment("a.pdf", made.pdf(*LINES)).startswith(LINES[0])


def _read(page: Page) -> str:
    return read_page(page).body


@needs_ocr
def test_a_scan_is_recognised_within_the_limits_of_a_reader(tmp_path: Path) -> None:
    content = scanned(made.pdf(*LINES))
    (body,) = read_pages([Page(str(tmp_path / "a.pdf"), content, "attachment")], _read)
    assert not isinstance(body, Skipped)
    if not body:
        pytest.skip("no font with Chinese characters on this machine")
    assert "关于开展汛前检查的通知" in body
    assert "OCR" in body.split("\n")[-1]
