"""Which file a name asks for, and how it is written: whole, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.errors import PathUnwritable
from indexer.exporting.states import told
from indexer.exporting.whole_file import whole_file
from indexer.messages import said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from indexer.announcement import Announcement
    from indexer.answers.relations import Related, Validity
    from indexer.exporting.states import Told

ENDINGS = (".jsonl", ".jsonl.gz", ".csv", ".parquet", ".sqlite")
_NO_SUCH_FORMAT = said(
    "what is written goes by the end of the name, which is one of %(endings)s", endings=" ".join(ENDINGS)
)


def export(
    announcements: Iterable[Announcement],
    file: Path,
    related: Callable[[str], Related] | None = None,
    states: Callable[[], Mapping[str, Validity | None]] = dict,
) -> int:
    """Write announcements in the format that the name of ``file`` ends in; return how many.

    ``related`` tells what one of an id cites and whether it is in force; SQLite has tables of both. ``states`` tells
    the validity of all by their ids, for the other formats.
    The file is there only once it is whole. Raises ``PathUnwritable``, ``PackageMissing`` for a format whose extra is
    not installed, ``SystemUnfit`` where SQLite is too old, or what ``announcements`` raises; a file that was there
    before stays then.
    """
    ending = next((one for one in reversed(ENDINGS) if file.name.lower().endswith(one)), "")
    if not ending:
        raise PathUnwritable(file, _NO_SUCH_FORMAT)
    with whole_file(file) as unfinished:
        if ending == ".sqlite":
            from indexer.exporting.sqlite import write_sqlite  # noqa: PLC0415 - loaded only when it is asked for

            return write_sqlite(announcements, unfinished, related)
        return _write(told(announcements, states()), unfinished, ending)


def _write(announcements: Iterable[Told], file: Path, ending: str) -> int:
    """Write in the format of an ending; each is loaded only when it is asked for."""
    match ending:
        case ".csv":
            from indexer.exporting.csv_file import write_csv  # noqa: PLC0415

            return write_csv(announcements, file)
        case ".parquet":
            from indexer.exporting.parquet import write_parquet  # noqa: PLC0415

            return write_parquet(announcements, file)
    from indexer.exporting.json_lines import write_json_lines  # noqa: PLC0415

    return write_json_lines(announcements, file, packed=ending.endswith(".gz"))
