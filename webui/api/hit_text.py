"""Hits as JSON text: what ``indexer.answers.as_json.hit_json`` tells, with the addresses of each.

Written in half of the time that telling and writing it takes: the keys are here as they are written, and what many
hits have alike is written once.
"""

from __future__ import annotations

import json
from functools import lru_cache
from json.encoder import encode_basestring as _string
from typing import TYPE_CHECKING, Final

from indexer.announcement import moment
from indexer.answers.as_json import repost_json
from indexer.answers.relations import validity_json

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from indexer.answers.results import Hit, Mark

_WRITTEN: Final = {True: "true", False: "false"}
_write: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
_known = lru_cache(maxsize=4096)(_string)  # of what many announcements have alike


def hits_text(hits: Iterable[Hit], base: str, whole: str) -> str:
    """Write hits; ``base`` is this server's address, ``whole`` the search that they were found by, encoded."""
    base, asked = _string(base)[1:-1], f"?{_string(whole)[1:-1]}" if whole else ""
    return f"[{','.join([_hit(hit, base, asked) for hit in hits])}]"


def _hit(hit: Hit, base: str, asked: str) -> str:
    at = f"/announcements/{hit.id}"  # an id holds no signs that are written otherwise
    snippet, clause = hit.snippet, hit.clause
    anchor = f'{{"anchor":{_string(clause.anchor)},"path":{_strings(clause.path)}}}' if clause else "null"
    reposts = _write([repost_json(repost) for repost in hit.reposts]) if hit.reposts else "[]"
    validity = _write(validity_json(hit.validity)) if hit.validity else "null"
    return (
        f'{{"id":"{hit.id}","title":{_string(hit.title)},"title_marks":{_marks(hit.title_marks)},'
        f'"source":{_known(hit.source)},"published":{_day(hit.published)},"region":{_strings(hit.region)},'
        f'"number":{_string(hit.number)},"form":{_known(hit.form)},"kind":{_known(hit.kind)},'
        f'"url":{_string(hit.url)},"path":{_string(hit.path)},"signed":{_day(hit.signed)},'
        f'"effective":{_day(hit.effective)},"indexed":{_moment(hit.indexed)},"score":{round(hit.score, 4)!r},'
        f'"snippet":{{"text":{_string(snippet.text)},"marks":{_marks(snippet.marks)}}},"clause":{anchor},'
        f'"reposts":{reposts},"repost_of":"{hit.repost_of}","only_in_repost":{_WRITTEN[hit.only_copies]},'
        f'"validity":{validity},"links":{{"html":"{base}{at}{asked}","self":"{base}/api{at}{asked}",'
        f'"original":"{base}{at}/original"}}}}'
    )


def _marks(marks: Iterable[Mark]) -> str:
    return f"[{','.join([f'[{start},{end}]' for start, end in marks])}]"


@lru_cache(maxsize=4096)  # of regions: most hits share theirs
def _strings(texts: tuple[str, ...]) -> str:
    return f"[{','.join(map(_string, texts))}]"


def _day(day: date | None) -> str:
    return f'"{day.isoformat()}"' if day else "null"


@lru_cache(maxsize=64)  # what came in together came in the same second
def _moment(seconds: int) -> str:
    written = moment(seconds)
    return f'"{written}"' if written else "null"
