"""Announcements as JSON Lines, from which a rebuild makes an equal index."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

from indexer.announcement import to_json
from indexer.answers.relations import validity_json

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from indexer.exporting.states import Told


def told_json(one: Told) -> dict[str, Any]:
    """Return all keys of an announcement, and ``validity``, which a rebuild reads anew from all texts together."""
    return {**to_json(one.announcement), "validity": validity_json(one.validity)}


def write_json_lines(announcements: Iterable[Told], file: Path, *, packed: bool) -> int:
    """Write one announcement a line, with all its keys, packed with gzip or not; return the number of lines."""
    count = 0
    with file.open("wb") as raw:
        # No name and no moment in the packed file's head: the same index gives the same bytes.
        stream = gzip.GzipFile("", "wb", 6, raw, mtime=0) if packed else raw
        for one in announcements:
            line = json.dumps(told_json(one), ensure_ascii=False)
            stream.write(line.encode("utf-8", "replace") + b"\n")
            count += 1
        if stream is not raw:
            stream.close()
    return count
