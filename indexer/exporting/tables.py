"""Hits as tables in memory, for whoever has pyarrow or pandas."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from indexer.errors import PackageMissing
from indexer.exporting.columns import OF_HITS
from indexer.exporting.parquet import arrow_batches, arrow_schema, require_arrow
from indexer.messages import said

if TYPE_CHECKING:
    from collections.abc import Iterable

    from indexer.answers.results import Hit


def arrow_table(hits: Iterable[Hit]) -> Any:
    """Return a ``pyarrow.Table``, a row for each hit; raises ``PackageMissing``."""
    require_arrow("An Arrow table")
    import pyarrow as pa  # noqa: PLC0415 - the extra need not be there

    return pa.Table.from_batches(list(arrow_batches(hits, OF_HITS)), schema=arrow_schema(OF_HITS))


def pandas_frame(hits: Iterable[Hit]) -> Any:
    """Return a ``pandas.DataFrame``, a row for each hit, days as datetime64[s]; raises ``PackageMissing``."""
    if find_spec("pandas") is None:
        raise PackageMissing(said("A DataFrame"), "pandas")
    import pandas as pd  # noqa: PLC0415 - no extra of ours: whoever works with it has it

    rows = list(hits)
    frame = pd.DataFrame({column.name: [column.read(hit) for hit in rows] for column in OF_HITS})
    days = pd.to_datetime(frame["published"]).astype("datetime64[s]")
    return frame.assign(published=days)
