"""Tiny files of each kind, made by hand, to read in tests."""

from __future__ import annotations

import base64
import gzip
import io
import struct
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """Pack members into a ZIP archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def docx(body: str) -> bytes:
    """Pack WordprocessingML blocks (w:p, w:tbl) into a DOCX file."""
    return zipped({"word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'})


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def ofd(*runs: tuple[float, float, str]) -> bytes:
    """Pack runs of glyphs (left and top in millimetres, text) into a one-page OFD file."""
    objects = "".join(
        f'<ofd:TextObject Boundary="{left} {top} 100 6"><ofd:TextCode X="0" Y="4">{text}</ofd:TextCode>'
        "</ofd:TextObject>"
        for left, top, text in runs
    )
    head = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    return zipped(
        {
            "OFD.xml": f"<ofd:OFD {head}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
            "</ofd:OFD>",
            "Doc_0/Document.xml": f'<ofd:Document {head}><ofd:Pages><ofd:Page BaseLoc="Pages/Page_0/Content.xml"/>'
            "</ofd:Pages></ofd:Document>",
            "Doc_0/Pages/Page_0/Content.xml": f"<ofd:Page {head}><ofd:Content>{objects}</ofd:Content></ofd:Page>",
        }
    )


def pdf(*lines: str) -> bytes:
    """Write a PDF of one page with these lines."""
    return printed_pdf([(70, 760 - 24 * row, line) for row, line in enumerate(lines)])


def printed_pdf(*pages: Sequence[tuple[float, float, str]]) -> bytes:
    """Write a PDF of text at places (from the left and from the foot, in points), twelve points high.

    Its font is not embedded, but says which characters its codes are.
    """
    streams = [
        "BT /F1 12 Tf "
        + "".join(f"1 0 0 1 {left} {foot} Tm <{text.encode('utf-16-be').hex()}> Tj " for left, foot, text in page)
        + "ET"
        for page in pages
    ]
    first = 6  # the number of the first page's object; each is followed by its stream
    kids = " ".join(f"{first + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>",
        "<</Type/Font/Subtype/Type0/BaseFont/Song/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/Song/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>"
        "/FontDescriptor 5 0 R>>",
        "<</Type/FontDescriptor/FontName/Song/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 800/Descent -200"
        "/CapHeight 700/StemV 80>>",
    ]
    for at, stream in enumerate(streams):
        objects.append(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>"
            f"/Contents {first + 2 * at + 1} 0 R>>"
        )
        objects.append(f"<</Length {len(stream)}>>stream\n{stream}\nendstream")
    return pdf_of(objects)


def pdf_of(objects: Sequence[str | bytes]) -> bytes:
    """Write a PDF of these objects, the first of which is its catalog."""
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, item in enumerate(objects, 1):
        places.append(len(out))
        written = item.encode() if isinstance(item, str) else item
        out += f"{number} 0 obj".encode() + written + b"endobj\n"
    start = len(out)
    entries = "".join(f"{place:010} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{entries}".encode()
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF".encode()
    return bytes(out)


_SECTOR = 512
_END, _FAT, _FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Pack streams into a compound file; each is padded to 4,096 bytes, below which another table would be needed."""
    chains: list[int] = [_FAT, _END]  # sector 0 holds this table, sector 1 the directory
    entries = [_entry("Root Entry", 5, child=1, right=_FREE, start=_END, size=0)]
    data = b""
    for position, (name, content) in enumerate(streams.items(), 1):
        padded = content + bytes(max(4096 - len(content), -len(content) % _SECTOR))
        sectors, first = len(padded) // _SECTOR, len(chains)
        chains += [*range(first + 1, first + sectors), _END]
        right = position + 1 if position < len(streams) else _FREE
        entries.append(_entry(name, 2, child=_FREE, right=right, start=first, size=len(padded)))
        data += padded
    directory = b"".join(entries).ljust(_SECTOR, b"\0")
    table = struct.pack(f"<{len(chains)}I", *chains).ljust(_SECTOR, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0) + struct.pack("<I", 0) + b"\xff" * 432
    return head + table + directory + data


def _entry(name: str, kind: int, *, child: int, right: int, start: int, size: int) -> bytes:
    spelled = name.encode("utf-16-le")
    head = spelled.ljust(64, b"\0") + struct.pack("<HBB", len(spelled) + 2, kind, 1)
    return head + struct.pack("<III", _FREE, right, child) + bytes(36) + struct.pack("<IQ", start, size)


def doc(text: str, *, flags: int = 0x0200, version: int = 0xC1) -> bytes:
    """Pack text into a Word 97 file of two pieces, the first of 8-bit and the second of 16-bit characters."""
    cut = next((at for at, character in enumerate(text) if character > "~"), len(text))
    narrow, wide = text[:cut].encode("cp1252"), text[cut:].encode("utf-16-le")
    place = 0x400
    ends = struct.pack("<III", 0, cut, len(text))
    pieces = struct.pack("<HIH", 0, place * 2 | 0x40000000, 0) + struct.pack("<HIH", 0, place + len(narrow), 0)
    formatting = struct.pack("<BH", 1, 4) + bytes(4)
    table = formatting + struct.pack("<BI", 2, len(ends + pieces)) + ends + pieces
    main = bytearray(place)
    struct.pack_into("<HH", main, 0, 0xA5EC, version)
    struct.pack_into("<H", main, 0x0A, flags)
    struct.pack_into("<i", main, 0x4C, len(text))
    struct.pack_into("<II", main, 0x01A2, 0, len(table))
    return compound({"WordDocument": bytes(main) + narrow + wide, "1Table" if flags & 0x0200 else "0Table": table})


def xlsx(*rows: tuple[str | float, ...]) -> bytes:
    """Pack rows into a workbook of one sheet."""
    sheet = "".join(f"<row>{''.join(map(_sheet_cell, row))}</row>" for row in rows)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    return zipped(
        {
            "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{relations}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>'
            '<sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}"><Relationship Id="r1" '
            f'Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>',
        }
    )


def _sheet_cell(value: str | float) -> str:
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
    return f"<c><v>{value}</v></c>"


# 序号 单位 金额 / 1 测试市第一小学 1200.5 / 2 测试市第二小学 300, written by xlwt.
_XLS = (
    "H4sIAHZCAmsCA+1YTWgTQRT+ZpI0P+S3pkIrlFCwas1FvHhpVwXtQRqrsShaqqmNIK2pBC8qaLXmpKLiRUUPhV681J+DP+hBb4JC"
    "/aEIgpDUoydB0UOb9c3b3ZrWIg1oUZlvmTdv3ptvZ3Z+3s7uy/FYceROQwlz0AYXyqYfNRU2QcnvFKIgv2kq1cl9lEyNfwp+H01k"
    "jQePQi+8ag7VfJcgcdv9lCQwSakbh5EazGUTi4iN3IeMUH1oJSlwnSxh1HOvalnuZ7mE5S2u+ZjleracZ9lKdYtiN8aNVMs6exXv"
    "kk3sC0Pd9z5z3rFlDerwTK3ikxeFVdeDDfmDmYG/09HoDmIUNG/t2Vw2nxkoIk4TOIovZgL47OzUJwltX1y7ANm/zbZ757Fflm5g"
    "COY+XuAFBDHpUh4pQju60lMwaKLBifwXer6mKetKd2yl7NWlG1e8EFsOTZyVPcnjSEW6D+ypMJxjQ0BFbN7h0Vk7PMQrP0iyDxHW"
    "Y7z+oxTDp25+et3R22nsZcsQR3Ur9i9X3YWJU4pB5DB7XDOyhRmrWZ7muy5jvYFlnB6E8ubOOlvZPMx1zrC3mdpZy3hjrKjQV5Je"
    "+LjtQWPhg7GK9LH20rH42FtjBE30LuojvrqGkRRJce2qwkPDyYUdJ96zrP8pZvhk1O67ab/gIphGgNUYS6ukRkfMlKQ9Voot5rBP"
    "yADbYjzKqr5gthody6fYz9NeZst52JLZAZttzYzbZktm36Vim6zFPVWVYt0PBKChoaGhoaGhoaHxawg+0Vrnd7f9saHOrl77v840"
    "pbL+TfLfYjsG6TpCH6abkKM8j6NVrZ+l8AjnXmKBHOd/ocJOaj2PfvRyP/qrXr/0hScqn2fBxOjv20LVtl+upp9/uP3vQp4s5AAW"
    "AAA="
)


def xls() -> bytes:
    """Return a workbook of Excel 97."""
    return gzip.decompress(base64.b64decode(_XLS))
