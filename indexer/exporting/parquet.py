"""Announcements and hits as Arrow tables and Parquet files; needs the extra ``parquet``."""

from __future__ import annotations

from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING, Any

from indexer.errors import PackageMissing
from indexer.exporting.columns import OF_TOLD, Column, Row, storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from indexer.exporting.states import Told

_BATCH_ROWS = 1_000  # about 2 MB of text; a row group is as many


def require_arrow(what: str) -> None:
    """Raise ``PackageMissing`` where pyarrow is not installed."""
    if find_spec("pyarrow") is None:
        raise PackageMissing(what, "pyarrow", "parquet")


def arrow_schema(columns: Sequence[Column[Any]]) -> Any:
    """Return the types of columns: text as string, days as date32, regions as a list of steps."""
    import pyarrow as pa  # noqa: PLC0415 - the extra need not be there

    types = {"text": pa.string(), "day": pa.date32(), "path": pa.list_(pa.string()), "number": pa.float64()}
    return pa.schema([pa.field(column.name, types[column.kind]) for column in columns])


def arrow_batches(rows: Iterable[Row], columns: Sequence[Column[Row]]) -> Iterator[Any]:
    """Yield the rows as Arrow record batches."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    schema, left = arrow_schema(columns), iter(rows)
    while batch := list(islice(left, _BATCH_ROWS)):
        values = [[_arrow_value(column, row) for row in batch] for column in columns]
        arrays = [pa.array(given, field.type) for given, field in zip(values, schema, strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _arrow_value(column: Column[Row], row: Row) -> object:
    value = column.read(row)
    if column.kind == "path":
        return [storable(step) for step in str(value).split("/")] if value else []
    return storable(value) if isinstance(value, str) else value


def write_parquet(announcements: Iterable[Told], file: Path) -> int:
    """Write one announcement a row, packed with zstd; return the number of rows."""
    require_arrow("A Parquet file")
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    count = 0
    with pq.ParquetWriter(str(file), arrow_schema(OF_TOLD), compression="zstd") as writer:
        for batch in arrow_batches(announcements, OF_TOLD):
            writer.write_batch(batch)
            count += batch.num_rows
    return count
