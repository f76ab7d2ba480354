"""Texts to measure with: real announcements, and as many more as wanted, put together from their paragraphs."""

from __future__ import annotations

import gzip
import json
import random
import re
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlparse

from indexer.announcement import Announcement
from indexer.facts.document_form import form_of_title
from tests.shared_data import SHARED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_PARAGRAPH_END = re.compile(r"(?<=。)(?:。|\n)*|\n+")


def default_texts() -> Path:
    """Return where real announcements lie; ends the program when they are not at hand."""
    if SHARED is None:
        raise SystemExit("No texts beside this clone: give a JSON Lines file by --texts")
    return SHARED / "data/corpus/gov_news.jsonl.gz"


def read(path: Path) -> Iterator[Announcement]:
    """Read JSON Lines with id, title, date, region, url and text; a page without a source gets its host's name."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if not record.get("text"):
                continue
            title, day = record.get("title") or "", record.get("date") or record.get("published")
            yield Announcement(
                id=record["id"],
                title=title,
                body=record["text"],
                source=record.get("source") or urlparse(record.get("url") or "").netloc,
                published=date.fromisoformat(day[:10]) if day else None,
                region=tuple(step for step in (record.get("region") or "").split("/") if step),
                form=form_of_title(title),
                url=record.get("url") or "",
            )


def announcements(path: Path, count: int) -> list[Announcement]:
    """Return ``count`` announcements: the real ones while there are enough, else all recombined."""
    real = list(islice(read(path), count))
    return real if len(real) == count else list(recombined(real, count))


def recombined(real: Sequence[Announcement], count: int) -> Iterator[Announcement]:
    """Make announcements as long as real ones of sentences from many of them; never a whole copy."""
    chance = random.Random(count)
    pool = [part for one in real for part in _PARAGRAPH_END.split(one.body) if part.strip()]
    lengths = [len(one.body) for one in real]
    for number in range(count):
        frame, tail = chance.choice(real), chance.choice(real)
        wanted, parts, size = chance.choice(lengths), [], 0
        while size < wanted:
            parts.append(chance.choice(pool))
            size += len(parts[-1])
        title = frame.title[: len(frame.title) // 2] + tail.title[len(tail.title) // 2 :]
        yield replace(frame, id=f"r{number:07}", title=title, body="\n".join(parts), published=tail.published)


def utf8_bytes(texts: Sequence[Announcement]) -> int:
    """Return how much text there is; sizes are compared with it."""
    return sum(len((one.title + one.body).encode("utf-8", "surrogatepass")) for one in texts)
