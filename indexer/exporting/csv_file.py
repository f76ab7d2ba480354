"""Rows as CSV that spreadsheets open as it is meant: UTF-8 with its mark, no text that runs as a formula."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, TextIO

from indexer.exporting.cells import defuse
from indexer.exporting.columns import OF_TOLD, Column, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from indexer.exporting.states import Told

BYTE_ORDER_MARK = "\ufeff"  # tells spreadsheets that this is UTF-8


def write_csv(announcements: Iterable[Told], file: Path) -> int:
    """Write one announcement a row, its text in the last column; return the number of rows without the head."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        stream.write(BYTE_ORDER_MARK)
        return write_rows(announcements, OF_TOLD, stream)


def write_rows(rows: Iterable[Row], columns: Sequence[Column[Row]], stream: TextIO) -> int:
    """Write a head and rows; days as YYYY-MM-DD, nothing for what is not known; return the number of rows."""
    writer, count = csv.writer(stream), 0
    writer.writerow([column.name for column in columns])
    for row in rows:
        values = [column.read(row) for column in columns]
        writer.writerow([defuse(str(value)) if isinstance(value, str | float) else value for value in values])
        count += 1
    return count
