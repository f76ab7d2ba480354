"""The text of old Word (and WPS) and spreadsheet files, by the packages of policy-search[attachments].

Each package is imported when the first such file is met, so that nobody else needs it.
"""

from __future__ import annotations

import importlib
import io
import re
import struct
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from indexer.errors import PageUnreadable
from indexer.skip_reasons import because

if TYPE_CHECKING:
    from collections.abc import Iterator

_CELLS = 2_000_000  # of one workbook


def _optional(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise PageUnreadable(because("needs-package", name=name)) from error


def sheet_lines(content: bytes) -> Iterator[str]:
    """Yield the rows of every sheet of a workbook, cells apart by tabs, empty rows left out."""
    calamine = _optional("python_calamine")
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        cells = 0
        for name in workbook.sheet_names:
            for row in workbook.get_sheet_by_name(name).to_python():
                cells += len(row)
                if cells > _CELLS:
                    raise PageUnreadable(because("many-cells", count=f"{_CELLS:,}"))
                yield "\t".join(map(_cell, row)).strip("\t")
    except calamine.PasswordError as error:
        raise PageUnreadable(because("password")) from error
    except calamine.CalamineError as error:
        raise PageUnreadable(because("damaged", why=error)) from error


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    return " ".join(str(value).split())


# Places in the file information block of Word 97 and later ([MS-DOC] 2.5).
_WORD_MAGIC, _WORD_97 = 0xA5EC, 0x00C1
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_MAIN_TEXT_LENGTH_AT, _PIECES_AT = 0x4C, 0x01A2
_PIECE_IS_8_BIT = 0x40000000

_FIELD = re.compile("\x13[^\x13\x14\x15]*\x14|\x13[^\x13\x14\x15]*\x15|\x15")
_ROW_END, _CELL_END = "\x07\x07", "\x07"


def word_lines(content: bytes) -> Iterator[str]:
    """Yield the paragraphs of a DOC or WPS file; a table row is one line, its cells apart by tabs."""
    ole = _optional("olefile")
    try:
        with ole.OleFileIO(io.BytesIO(content)) as compound:
            if compound.exists("EncryptedPackage"):
                raise PageUnreadable(because("password"))
            if not compound.exists("WordDocument"):
                raise PageUnreadable(because("no-word-document"))
            main = compound.openstream("WordDocument").read()
            text = _word_text(main, lambda name: compound.openstream(name).read())
    except (OSError, struct.error, IndexError, ValueError) as error:
        raise PageUnreadable(because("damaged", why=error)) from error
    text = _FIELD.sub("", text).replace(_ROW_END, "\n").replace(_CELL_END, "\t")
    yield from re.split(r"[\r\n\x0b\x0c]", text)


def _word_text(main: bytes, stream: Any) -> str:
    """Put the main text together from its pieces ([MS-DOC] 2.4.1)."""
    magic, version = struct.unpack_from("<HH", main)
    flags = struct.unpack_from("<H", main, 0x0A)[0]
    if magic != _WORD_MAGIC or version < _WORD_97:
        raise PageUnreadable(because("old-word"))
    if flags & _ENCRYPTED:
        raise PageUnreadable(because("password"))
    length = struct.unpack_from("<i", main, _MAIN_TEXT_LENGTH_AT)[0]
    start, size = struct.unpack_from("<II", main, _PIECES_AT)
    table = stream("1Table" if flags & _TABLE_1 else "0Table")
    return "".join(_pieces(main, table[start : start + size]))[:length]


def _pieces(main: bytes, table: bytes) -> Iterator[str]:
    at = 0
    while table[at] == 1:  # formatting, before the pieces
        at += 3 + struct.unpack_from("<H", table, at + 1)[0]
    size = struct.unpack_from("<I", table, at + 1)[0]
    count = (size - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", table, at + 5)
    for piece in range(count):
        chars = ends[piece + 1] - ends[piece]
        place = struct.unpack_from("<I", table, at + 5 + 4 * (count + 1) + 8 * piece + 2)[0]
        if place & _PIECE_IS_8_BIT:
            place = (place & ~_PIECE_IS_8_BIT) // 2
            yield main[place : place + chars].decode("cp1252", "replace")
        else:
            yield main[place : place + 2 * chars].decode("utf-16-le", "replace")
