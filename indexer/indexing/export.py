"""Write every announcement of an index as JSON Lines, from which a rebuild makes an equal index."""

from __future__ import annotations

import gzip
import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from indexer.announcement import to_json
from indexer.errors import PathUnwritable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from indexer.announcement import Announcement

ENDINGS = (".jsonl", ".jsonl.gz")  # what a rebuild knows JSON Lines by
_NO_SUCH_FORMAT = (
    "a whole index is exported as JSON Lines, to a name that ends in .jsonl or .jsonl.gz; "
    "the hits of a search come as CSV from /export.csv"
)


def export(announcements: Iterable[Announcement], file: Path) -> int:
    """Write a ``.jsonl`` or ``.jsonl.gz`` file, which is there only once it is whole; give the number of lines.

    Raises ``PathUnwritable``; a file that was there before stays then.
    """
    if not file.name.lower().endswith(ENDINGS):
        raise PathUnwritable(file, _NO_SUCH_FORMAT)
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    count = 0
    try:
        with unfinished.open("wb") as raw:
            # No name and no moment in the packed file's head: the same index gives the same bytes.
            stream = gzip.GzipFile("", "wb", 6, raw, mtime=0) if file.suffix.lower() == ".gz" else raw
            for announcement in announcements:
                line = json.dumps(to_json(announcement), ensure_ascii=False)
                stream.write(line.encode("utf-8", "replace") + b"\n")
                count += 1
            if stream is not raw:
                stream.close()
            raw.flush()
            os.fsync(raw.fileno())
        unfinished.replace(file)
    except OSError as error:
        raise PathUnwritable(file, error.strerror or str(error)) from error
    finally:
        with suppress(OSError):
            unfinished.unlink()
    return count
