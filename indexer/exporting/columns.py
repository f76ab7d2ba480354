"""The columns that announcements and hits have in tables: CSV, Parquet, SQLite, Arrow, pandas.

Names are the keys of JSON. A day is a date, a region its path with "/" between the steps, widest first.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, Generic, Literal, TypeVar

from indexer.light_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from indexer.announcement import Announcement
    from indexer.answers.results import Hit
    from indexer.exporting.states import Told

Value = str | date | float | None
Kind = Literal["text", "day", "path", "number"]  # path: a region
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column of a table of announcements, or of hits."""

    name: str
    kind: Kind
    read: Callable[[Row], Value]


OF_ANNOUNCEMENTS: Final[tuple[Column[Announcement], ...]] = (
    Column("id", "text", lambda one: one.id),
    Column("title", "text", lambda one: one.title),
    Column("source", "text", lambda one: one.source),
    Column("source_from", "text", lambda one: one.source_from),
    Column("published", "day", lambda one: one.published),
    Column("signed", "day", lambda one: one.signed),
    Column("effective", "day", lambda one: one.effective),
    Column("region", "path", lambda one: "/".join(one.region)),
    Column("site_region", "path", lambda one: "/".join(one.site_region)),
    Column("number", "text", lambda one: one.number),
    Column("index_number", "text", lambda one: one.index_number),
    Column("form", "text", lambda one: one.form),
    Column("kind", "text", lambda one: one.kind),
    Column("validity_label", "text", lambda one: one.validity_label),
    Column("url", "text", lambda one: one.url),
    Column("path", "text", lambda one: one.path),
    Column("repost_of", "text", lambda one: one.repost_of),
    Column("body", "text", lambda one: one.body),
)
_OF_VALIDITY: Final[tuple[Column[Told], ...]] = (
    Column("validity", "text", lambda one: one.state),
    Column("validity_since", "day", lambda one: one.since),
    Column("validity_how", "text", lambda one: one.evidence.how if one.evidence else ""),
    Column("validity_by", "text", lambda one: one.evidence.id if one.evidence else ""),
    Column("validity_by_title", "text", lambda one: one.evidence.title if one.evidence else ""),
    Column("validity_sentence", "text", lambda one: one.evidence.sentence if one.evidence else ""),
)


def _of_told(column: Column[Announcement]) -> Column[Told]:
    return Column(column.name, column.kind, lambda one: column.read(one.announcement))


# With who says what of its validity; the text stays in the last column.
OF_TOLD: Final[tuple[Column[Told], ...]] = (
    *map(_of_told, OF_ANNOUNCEMENTS[:-1]),
    *_OF_VALIDITY,
    _of_told(OF_ANNOUNCEMENTS[-1]),
)
OF_HITS: Final[tuple[Column[Hit], ...]] = (
    Column("id", "text", lambda one: one.id),
    Column("title", "text", lambda one: one.title),
    Column("source", "text", lambda one: one.source),
    Column("published", "day", lambda one: one.published),
    Column("region", "path", lambda one: "/".join(one.region)),
    Column("number", "text", lambda one: one.number),
    Column("form", "text", lambda one: one.form),
    Column("kind", "text", lambda one: one.kind),
    Column("validity", "text", lambda one: one.validity.state if one.validity else ""),
    Column("url", "text", lambda one: one.url),
    Column("score", "number", lambda one: one.score),
    Column("snippet", "text", lambda one: one.snippet.text),
)


def storable(text: str) -> str:
    """Replace what no file of UTF-8 can hold: bytes of a path that were no characters."""
    return text.encode("utf-8", "replace").decode() if not text.isascii() else text
