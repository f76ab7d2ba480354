"""Files of other kinds made to break a reader: office files, messages, web archives, crawls, archives in archives."""

from __future__ import annotations

import base64
import gzip
import plistlib
import random
from typing import TYPE_CHECKING

from tests.office_files import pdf, pdf_of, printed_pdf, zipped
from tests.promises.ground import page

if TYPE_CHECKING:
    from collections.abc import Iterator

MEGABYTE = 1024**2
_TEXT = "各单位应当按季度报送进展情况，"
_ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)
_TABLE = 'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
_ODT = "application/vnd.oasis.opendocument.text"
_SLIDE = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_BOMB = (
    "<!DOCTYPE x [<!ENTITY a0 'lol'>"
    + "".join(f"<!ENTITY a{at} '{f'&a{at - 1};' * 10}'>" for at in range(1, 15))
    + "]>"
)


def hostile_files(largest: int) -> Iterator[tuple[str, bytes]]:
    """Yield names and bytes, kind by kind; where no large files are wanted, of a few kinds alone."""
    yield from _office_files()
    yield from _web_archives()
    if largest < MEGABYTE:
        return
    for make in (_open_documents, _rich_texts, _printed, _messages, _crawls, _nested):
        yield from make()


def _odt(body: str, head: str = "") -> bytes:
    document = f"office:document-content {_ODF} {_TABLE}"
    content = f"{head}<{document}><office:body>{body}</office:body></office:document-content>"
    return zipped({"mimetype": _ODT, "content.xml": content})


def _open_documents() -> Iterator[tuple[str, bytes]]:
    yield "deep.odt", _odt("<text:section>" * 50_000 + f"<text:p>{_TEXT}</text:p>" + "</text:section>" * 50_000)
    yield "spans.odt", _odt("<text:p>" + "<text:span>" * 200 + _TEXT + "</text:span>" * 200 + "</text:p>")
    yield "spaces.odt", _odt('<text:p>甲<text:s text:c="2000000000"/>乙</text:p>')
    repeated = 'table:number-columns-repeated="1000000000" table:number-rows-repeated="1000000000"'
    cell = f"<table:table-cell {repeated}><text:p>甲</text:p></table:table-cell>"
    yield "repeated.ods", _odt(f"<table:table><table:table-row {repeated}>{cell}</table:table-row></table:table>")
    yield "entities.odt", _odt("<text:p>&a14;</text:p>", _BOMB)
    yield "outside.odt", _odt("<text:p>&e;</text:p>", "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>")
    yield "many.odt", _odt("<text:p/>" * 3_000_000)
    yield "long.odt", _odt("<text:p>" + _TEXT * 1_000_000 + "</text:p>")
    yield "cut.odt", _odt(f"<text:p>{_TEXT}</text:p>")[:-30]
    yield "no-xml.odt", zipped({"mimetype": _ODT, "content.xml": random.Random(11).randbytes(100_000)})
    yield "empty.odt", zipped({"mimetype": _ODT, "content.xml": ""})


def _office_files() -> Iterator[tuple[str, bytes]]:
    relations = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    relation = '<Relationship Id="r{0}" Type="x/slide" Target="{1}"/>'
    shape = "<p:sp><p:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p></p:txBody></p:sp>"
    slide = f"<p:sld {_SLIDE}><p:cSld><p:spTree>{shape}</p:spTree></p:cSld></p:sld>"
    ids = "".join(f'<p:sldId id="{at}" r:id="r{at}"/>' for at in range(5_000))
    shown = (
        f'<p:presentation {_SLIDE} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        f"<p:sldIdLst>{ids}</p:sldIdLst></p:presentation>"
    )
    same = "".join(relation.format(at, "slides/slide1.xml") for at in range(5_000))
    yield "same.pptx", zipped({"ppt/presentation.xml": shown, "ppt/_rels/presentation.xml.rels": relations.format(same),
                               "ppt/slides/slide1.xml": slide.format(_TEXT * 2_000)})  # fmt: skip
    outside = "".join(relation.format(at, "../../../../etc/passwd") for at in range(10))
    yield (
        "outside.pptx",
        zipped({"ppt/presentation.xml": shown, "ppt/_rels/presentation.xml.rels": relations.format(outside)}),
    )
    yield "none.pptx", zipped({"ppt/presentation.xml": "<p/>"})
    groups = slide.replace("<p:sp>", "<p:grpSp>" * 20_000 + "<p:sp>").replace(
        "</p:sp>", "</p:sp>" + "</p:grpSp>" * 20_000
    )
    yield "deep.pptx", zipped({"ppt/presentation.xml": shown, "ppt/_rels/presentation.xml.rels": relations.format(same),
                               "ppt/slides/slide1.xml": groups.format(_TEXT)})  # fmt: skip
    table = (
        "<w:tbl><w:tr><w:tc>" * 5_000 + f"<w:p><w:r><w:t>{_TEXT}</w:t></w:r></w:p>" + "</w:tc></w:tr></w:tbl>" * 5_000
    )
    yield "deep.docx", zipped({"word/document.xml": f"<w:document {_WORD}><w:body>{table}</w:body></w:document>"})
    notes = "".join('<w:r><w:footnoteReference w:id="1"/></w:r>' for _ in range(100_000))
    said = f"<w:p><w:r><w:t>{_TEXT * 100}</w:t></w:r>{notes[: 43 * 9]}</w:p>"
    note = f'<w:footnotes {_WORD}><w:footnote w:id="1">{said}</w:footnote></w:footnotes>'
    main = f"<w:document {_WORD}><w:body><w:p>{notes}</w:p></w:body></w:document>"
    yield "notes.docx", zipped({"word/document.xml": main, "word/footnotes.xml": note})
    yield "entities.docx", zipped({"word/document.xml": f"{_BOMB}<w:document {_WORD}>&a14;</w:document>"})


def _rich_texts() -> Iterator[tuple[str, bytes]]:
    yield "deep.rtf", b"{\\rtf1" + b"{" * 2_000_000 + _TEXT.encode("gbk")
    yield "closing.rtf", b"{\\rtf1" + b"}" * 2_000_000
    yield "binary.rtf", b"{\\rtf1\\bin2000000000 x" + b"y" * 1000
    yield "skipped.rtf", b"{\\rtf1\\uc2000000000 " + b"\\u20013 ?" * 200_000
    yield "numbers.rtf", b"{\\rtf1\\u" + b"9" * 1_000_000 + b"}"
    yield "controls.rtf", b"{\\rtf1" + b"\\b\\i\\'d6\\'d0" * 1_000_000
    yield "backslashes.rtf", b"{\\rtf1" + b"\\" * 2_000_000
    yield "fonts.rtf", b"{\\rtf1{\\fonttbl" + b"".join(b"{\\f%d\\fcharset134 x;}" % at for at in range(200_000)) + b"}"
    yield "random.rtf", b"{\\rtf1" + random.Random(12).randbytes(MEGABYTE)


def _printed() -> Iterator[tuple[str, bytes]]:
    form = "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A 4 0 R>>>>/Length 11>>"
    form += "stream\n/A Do /A Do\nendstream"
    leaf = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</XObject<</A 4 0 R>>>>/Contents 5 0 R>>"
    yield "itself.pdf", pdf_of(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", leaf, form,
                                "<</Length 5>>stream\n/A Do\nendstream"])  # fmt: skip
    yield "pages.pdf", pdf_of(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 100000000>>"])
    yield "huge.pdf", pdf(_TEXT).replace(b"[0 0 595 842]", b"[0 0 9e9 9e9]")
    yield "places.pdf", printed_pdf([(at % 500, at % 800, "甲") for at in range(20_000)])
    bitmap = (
        "<</Type/XObject/Subtype/Image/Width 60000/Height 60000/ColorSpace/DeviceGray/BitsPerComponent 8/Length 4>>"
    )
    drawn = leaf.replace("[0 0 9 9]", "[0 0 595 842]")
    yield "bitmap.pdf", pdf_of(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", drawn,
                                f"{bitmap}stream\n0000\nendstream",
                                "<</Length 28>>stream\nq 595 0 0 842 0 0 cm /A Do Q\nendstream"])  # fmt: skip


def _messages() -> Iterator[tuple[str, bytes]]:
    good = page(random.Random(13)).encode()
    head = b"From: a@example.com\nSubject: =?utf-8?b?5YWz?=\nMIME-Version: 1.0\n"
    part = b"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(good)
    boundary = b'Content-Type: multipart/related; boundary="x"\n\n'
    yield "good.mht", head + boundary + b"--x\n" + part + b"\n--x--\n"
    nested = part
    for at in range(300):
        mark = b"b%d" % at
        nested = (
            b'Content-Type: multipart/mixed; boundary="'
            + mark
            + b'"\n\n--'
            + mark
            + b"\n"
            + nested
            + b"\n--"
            + mark
            + b"--\n"
        )
    yield "nested.eml", head + nested
    yield "parts.mhtml", head + boundary + (b"--x\nContent-Type: text/html\n\n<p>x\n" * 200_000) + b"--x--\n"
    yield (
        "headers.eml",
        head + b"".join(b"X-%d: y\n" % at for at in range(300_000)) + b"Content-Type: text/html\n\n" + good,
    )
    yield "folded.eml", head + b"Content-Type: text/html;" + b"\n x" * 1_000_000 + b"\n\n" + good
    yield (
        "words.eml",
        b"Subject: " + b"=?utf-8?q?=E5=85=B3?= " * 200_000 + b"\n" + head + b"Content-Type: text/html\n\n" + good,
    )
    yield (
        "boundary.mht",
        head + b'Content-Type: multipart/related; boundary="' + b"-" * 100_000 + b'"\n\n' + b"-" * 5_000_000,
    )
    yield "unclosed.mht", head + boundary + b"--x\n" + part
    yield (
        "quoted.eml",
        head + b"Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n" + b"=\n" * 2_000_000,
    )
    yield "charset.eml", head + b"Content-Type: text/html; charset=no-such\n\n" + good
    yield "packed.html.gz", gzip.compress(b"<html>" + b"<p>" * (60 * MEGABYTE))


def _web_archives() -> Iterator[tuple[str, bytes]]:
    good = page(random.Random(14)).encode()
    main = {
        "WebMainResource": {
            "WebResourceData": good,
            "WebResourceMIMEType": "text/html",
            "WebResourceTextEncodingName": "x",
        }
    }
    yield "good.webarchive", plistlib.dumps(main, fmt=plistlib.FMT_BINARY)
    yield "number.webarchive", plistlib.dumps({"WebMainResource": 5})
    yield "text.webarchive", plistlib.dumps({"WebMainResource": {"WebResourceData": "text"}})
    yield "deep.webarchive", b"<?xml version='1.0'?><plist version='1.0'>" + b"<array>" * 200_000
    yield (
        "entities.webarchive",
        f"<?xml version='1.0'?>{_BOMB}<plist version='1.0'><string>&a14;</string></plist>".encode(),
    )
    whole = plistlib.dumps(main, fmt=plistlib.FMT_BINARY)
    yield "cut.webarchive", whole[:-20]
    # A list that holds itself twice, level by level.
    rings = b"".join(b"\xa2" + bytes((at + 1, at + 1)) for at in range(60)) + b"\xa0"
    places = bytes(8 + 3 * at for at in range(61))
    end = bytes(6) + b"\x01\x01" + (61).to_bytes(8, "big") + bytes(8) + (8 + len(rings)).to_bytes(8, "big")
    yield "rings.webarchive", b"bplist00" + rings + places + end
    yield "random.webarchive", b"bplist00" + random.Random(15).randbytes(100_000)


def _record(body: bytes, length: int | None = None, *headers: bytes) -> bytes:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + b"".join(headers) + b"\r\n" + body
    size = len(answer) if length is None else length
    head = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/x\r\nContent-Type: application/http\r\n"
    )
    return head + b"Content-Length: %d\r\n\r\n" % size + answer + b"\r\n\r\n"


def _crawls() -> Iterator[tuple[str, bytes]]:
    good = page(random.Random(16)).encode()
    yield "good.warc", _record(good)
    yield "long.warc", _record(good, 10**15)
    yield "negative.warc", _record(good, -5) + _record(good)
    yield "chunked.warc", _record(b"ffffffff\r\n" + good, None, b"Transfer-Encoding: chunked\r\n")
    yield "gzipped.warc", _record(gzip.compress(b"<p>" + b"x" * (300 * MEGABYTE)), None, b"Content-Encoding: gzip\r\n")
    yield "many.warc", _record(b"x") * 5_000
    yield "bomb.warc.gz", gzip.compress(_record(b"x" * (300 * MEGABYTE)))
    yield "cut.warc.gz", gzip.compress(_record(good))[:-9]
    yield "headers.warc", _record(good, None, b"X: y\r\n" * 300_000)
    yield "random.warc", b"WARC/1.0\r\n" + random.Random(17).randbytes(MEGABYTE)


def _nested() -> Iterator[tuple[str, bytes]]:
    good = page(random.Random(18)).encode()
    bomb = zipped({f"{at}.html": b"<p>" + b"x" * (20 * MEGABYTE) for at in range(3)})
    yield "bombs.zip", zipped({f"{at}.zip": bomb for at in range(50)})
    yield (
        "wide.zip",
        zipped(
            {f"{at}.zip": zipped({f"{one}.zip": zipped({"a.html": good}) for one in range(15)}) for at in range(15)}
        ),
    )
    yield "records.zip", zipped({"a.jsonl": b"{}\n" * 20_000, "b.jsonl.gz": gzip.compress(b" " * (100 * MEGABYTE))})
    yield "kinds.zip", zipped(dict([*_rich_texts(), *_web_archives(), *_messages()]))
    yield "pdf.zip", zipped({"a.pdf": b"%PDF-1.7\n" + random.Random(19).randbytes(50_000), "b.zip": b"PK\x03\x04"})
