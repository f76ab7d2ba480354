"""Announcements as JSON Lines, from which a rebuild makes an equal index."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

from indexer.announcement import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from indexer.announcement import Announcement


def write_json_lines(announcements: Iterable[Announcement], file: Path, *, packed: bool) -> int:
    """Write one announcement a line, with all its keys, packed with gzip or not; return the number of lines."""
    count = 0
    with file.open("wb") as raw:
        # No name and no moment in the packed file's head: the same index gives the same bytes.
        stream = gzip.GzipFile("", "wb", 6, raw, mtime=0) if packed else raw
        for announcement in announcements:
            line = json.dumps(to_json(announcement), ensure_ascii=False)
            stream.write(line.encode("utf-8", "replace") + b"\n")
            count += 1
        if stream is not raw:
            stream.close()
    return count
