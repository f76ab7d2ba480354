"""The schema under which Whoosh sees our index, with the analyzers that its fields are cut by.

Whoosh pickles it into its table of contents: these classes are named there, so their modules stay where they are.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from whoosh.analysis import Analyzer, Token
from whoosh.columns import NumericColumn
from whoosh.fields import DATETIME, ID, KEYWORD, STORED, TEXT, Schema
from whoosh.formats import Positions

from indexer.facts.document_number import number_key
from indexer.facts.region import parse_path
from indexer.fields import KEYWORDS
from indexer.text.segmenter import segmenter_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

UNDATED: Final = 0  # in Whoosh's column of days, where a day is the microseconds since 0001-01-01


def schema_of(user_words: Sequence[str] = ()) -> Schema:
    """Return the fields of an index that is cut by jieba's dictionary and these words."""
    return Schema(
        id=ID(stored=True, unique=True, sortable=True),
        title=_text(user_words),
        body=_text(user_words),
        **{field.name: ID(stored=True, sortable=True) for field in KEYWORDS},
        region=KEYWORD(stored=True, sortable=True, analyzer=RegionAnalyzer()),
        folder=KEYWORD(stored=True, sortable=True, analyzer=FolderAnalyzer()),
        site=ID(stored=True, sortable=True),
        number=ID(stored=True, sortable=True, analyzer=NumberAnalyzer()),
        published=DayField(),
        url=STORED,
        path=ID(stored=True, sortable=True),
    )


def _text(user_words: Sequence[str]) -> TEXT:
    analyzer = JiebaAnalyzer(user_words)
    field = TEXT(analyzer=analyzer, phrase=True, stored=True)
    field.format = WordPositions(analyzer)
    return field


class JiebaAnalyzer(Analyzer):  # type: ignore[misc]  # whoosh has no types
    """Cuts a text into the words that it is indexed by: jieba's, folded, see ``indexer.text.segmenter``."""

    def __init__(self, user_words: Sequence[str] = ()) -> None:
        """Take the words of the operator that the index is cut by."""
        self.user_words = tuple(user_words)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, JiebaAnalyzer) and self.user_words == other.user_words

    def __hash__(self) -> int:
        return hash(self.user_words)

    def __call__(self, value: str, positions: bool = False, chars: bool = False, **kwargs: Any) -> Iterator[Token]:
        """Yield each word, with its place among the words and its [start, end) in characters if asked for."""
        token = Token(positions, chars, **kwargs)
        first, shift = kwargs.get("start_pos", 0), kwargs.get("start_char", 0)
        for at, (word, start, end) in enumerate(segmenter_of(self.user_words).word_spans(value), first):
            token.text, token.original = word, value[start:end]
            token.pos, token.startchar, token.endchar = at, start + shift, end + shift
            yield token

    def positions(self, text: str) -> dict[str, list[int]]:
        """Return where each word stands among the words of a text."""
        found: dict[str, list[int]] = {}
        for at, word in enumerate(segmenter_of(self.user_words).words(text)):
            found.setdefault(word, []).append(at)
        return found


class RegionAnalyzer(Analyzer):  # type: ignore[misc]
    """A region path to its terms: itself and each region above it; of a query, the path that the typed name means."""

    def __call__(self, value: str, mode: str = "", **kwargs: Any) -> Iterator[Token]:
        """Yield the terms."""
        if mode == "query":
            yield from _whole("/".join(parse_path(value)) or value, mode=mode, **kwargs)
            return
        yield from _each_step(value, mode=mode, **kwargs)


class FolderAnalyzer(Analyzer):  # type: ignore[misc]
    """A folder to its terms: itself and each folder above it; of a query, the folder as it is typed."""

    def __call__(self, value: str, mode: str = "", **kwargs: Any) -> Iterator[Token]:
        """Yield the terms."""
        yield from (_whole if mode == "query" else _each_step)(value, mode=mode, **kwargs)


class NumberAnalyzer(Analyzer):  # type: ignore[misc]
    """A document number to its one term, equal for all ways to write it."""

    def __call__(self, value: str, **kwargs: Any) -> Iterator[Token]:
        """Yield the term."""
        yield from _whole(number_key(value), **kwargs)


def _each_step(path: str, **kwargs: Any) -> Iterator[Token]:
    steps = path.split("/")
    for depth in range(1, len(steps) + 1):
        yield from _whole("/".join(steps[:depth]), **kwargs)


def _whole(text: str, **kwargs: Any) -> Iterator[Token]:
    token = Token(**kwargs)
    token.text, token.pos, token.startchar, token.endchar = text, 0, 0, len(text)
    yield token


class WordPositions(Positions):  # type: ignore[misc]
    """Positions of words as plain lists: none are written, a text is cut again where a phrase asks for them."""

    def __init__(self, analyzer: JiebaAnalyzer) -> None:
        super().__init__()
        self.analyzer = analyzer

    def decode_positions(self, value: Sequence[int]) -> list[int]:
        """Return them as they are."""
        return list(value)

    def decode_frequency(self, value: Sequence[int]) -> int:
        """Count them."""
        return len(value)

    def combine(self, values: Sequence[Sequence[int]]) -> list[int]:
        """Return the positions of several words as those of one."""
        return sorted({at for value in values for at in value})


class DayField(DATETIME):  # type: ignore[misc]
    """A day of publication. Undated announcements sort before all days, as in our own order by date."""

    def __init__(self) -> None:
        super().__init__(stored=True, sortable=NumericColumn("Q", default=UNDATED))

    def from_column_value(self, value: int) -> datetime | None:
        """Return the day, None if there is none."""
        return None if value == UNDATED else super().from_column_value(value)


def as_datetime(day: date | None) -> datetime | None:
    """Return a day as Whoosh stores it."""
    return datetime(day.year, day.month, day.day) if day else None
