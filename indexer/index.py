"""An index as a Python object: what programs and notebooks use, ``from indexer import open_index``.

Reads through the same door as the command line and the web: names and values of a search are those of the JSON
interface, checked at once. See README.md in this folder for examples, which the tests run.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from indexer.engine_choice import open_engine
from indexer.fields import FACETS, NOT
from indexer.light_dataclass import dataclass
from indexer.query.parameters import read_query
from indexer.settings import Settings, read_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from types import TracebackType
    from typing import Self

    from indexer.announcement import Announcement
    from indexer.answers.relations import Related
    from indexer.answers.results import (
        FacetValue,
        Hit,
        IndexStatus,
        NumberLookup,
        ResultPage,
        SourceCoverage,
    )
    from indexer.engine import Engine
    from indexer.query.tree import Query
    from indexer.suggesting.completion import Suggestion

Several = str | int | tuple[str, ...] | list[str]  # one value, or any of several


class Choices(TypedDict, total=False):
    """What a search may be given beside its text: the parameters of ``/api/search``.

    ``from_`` and ``in_`` end in "_" because Python keeps the words. A region is its path, "广东省/广州市".
    """

    source: Several
    region: Several
    form: Several
    kind: Several
    validity: Several
    year: Several
    folder: Several
    not_source: Several  # leaves out; so do the next six
    not_region: Several
    not_form: Several
    not_kind: Several
    not_validity: Several
    not_year: Several
    not_folder: Several
    from_: str | date
    to: str | date
    number: str
    in_: str
    match: str
    sort: str
    page: int
    per_page: int
    cursor: str


@dataclass(frozen=True)
class Answer:
    """What a search found. Iterating yields every hit in order, copies too; ``hits`` are those of one page."""

    page: ResultPage
    _query: Query
    _engine: Engine

    @property
    def total(self) -> int:
        """Return how many announcements were found, every copy counted."""
        return self.page.total

    @property
    def hits(self) -> tuple[Hit, ...]:
        """Return the hits of the page that was asked for: the first ten, if nothing else was said."""
        return self.page.hits

    @property
    def understood(self) -> str:
        """Return how the query was read, in plain Chinese."""
        return self.page.understood

    @property
    def relaxed(self) -> bool:
        """Return whether these hits need not hold all that was asked for; ``understood`` says how."""
        return self.page.relaxed

    @cached_property
    def facets(self) -> Mapping[str, Mapping[str, int]]:
        """Return the counts by facet and value, most first: ``facets["region"]["广东省"]``.

        Exact, and made with every filter but the facet's own. Of sources and forms the 50 most frequent are listed;
        months of a year and regions below one only where that year or region was asked for.
        """
        return {facet.name: dict(_counts(getattr(self.page.facets, facet.name))) for facet in FACETS}

    def __len__(self) -> int:
        return self.page.total

    def __bool__(self) -> bool:
        return self.page.total > 0

    def __iter__(self) -> Iterator[Hit]:
        return self._engine.walk(self._query)

    def announcements(self) -> Iterator[Announcement]:
        """Yield every announcement that was found, whole, in the order of the hits."""
        with self._engine.one_version():
            hits = [hit.id for hit in self]
            for identity in hits:
                yield self._engine.find(identity).announcement

    def to_arrow(self) -> Any:
        """Return every hit as a ``pyarrow.Table``: days as date32, regions as lists; needs the extra ``parquet``."""
        from indexer.exporting.tables import arrow_table  # noqa: PLC0415 - its packages are extras

        return arrow_table(self._engine.walk(self._query, as_rows=True))

    def to_pandas(self) -> Any:
        """Return every hit as a ``pandas.DataFrame``: days as datetime64, regions as "广东省/广州市"; needs pandas."""
        from indexer.exporting.tables import pandas_frame  # noqa: PLC0415 - as above

        return pandas_frame(self._engine.walk(self._query, as_rows=True))

    def export(self, file: str | Path) -> int:
        """Write every announcement that was found, see ``Index.export``."""
        from indexer.exporting.formats import export  # noqa: PLC0415 - not needed to search
        from indexer.exporting.states import states_of  # noqa: PLC0415 - as above

        with self._engine.one_version():
            states = partial(states_of, self._engine, self._query)
            return export(self.announcements(), Path(file), self._engine.related, states)


def _counts(values: Iterable[FacetValue]) -> Iterator[tuple[str, int]]:
    for value in values:
        yield value.value, value.count
        yield from _counts(value.children)


class Index:
    """An index that is open for reading; made by ``open_index``. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._opened: Engine | None = engine

    @property
    def engine(self) -> Engine:
        """Return the engine below; raises ``ValueError`` after ``close``."""
        if self._opened is None:
            raise ValueError("This index was closed")
        return self._opened

    def close(self) -> None:
        """Let go of the index's files; its memory is given back with the last object that was read from it."""
        self._opened = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return self.engine.status().documents

    def __iter__(self) -> Iterator[Announcement]:
        return self.engine.announcements()

    def __getitem__(self, announcement_id: str) -> Announcement:
        return self.engine.find(announcement_id).announcement

    def search(self, text: str = "", **choices: Unpack[Choices]) -> Answer:
        """Answer a query in the language of the search box, with filters beside it; "" asks for everything.

        Raises ``ParameterError`` with every problem, ``IndexMissing`` if the index is gone or of another version.
        """
        query = read_query(_parameters(text, choices))
        return Answer(self.engine.search(query), query, self.engine)

    def number(self, text: str) -> NumberLookup:
        """Return what bears a document number, written in any way."""
        return self.engine.lookup_number(text)

    def suggest(self, typed: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return ways to complete what has been typed, by characters or pinyin; best first."""
        return self.engine.suggest(typed, limit)

    def similar(self, announcement_id: str, limit: int = 5) -> tuple[Hit, ...]:
        """Return announcements on the same matter; raises ``AnnouncementNotFound``."""
        return self.engine.similar(announcement_id, limit)

    def related(self, announcement_id: str, as_of: date | None = None) -> Related:
        """Return what one cites, who cites it, and its validity on a day (today), each with its evidence."""
        return self.engine.related(announcement_id, as_of)

    def sources(self) -> tuple[SourceCoverage, ...]:
        """Return what the index holds of each source, most announcements first."""
        return self.engine.coverage()

    def status(self) -> IndexStatus:
        """Return what the index is and holds."""
        return self.engine.status()

    def one_version(self) -> AbstractContextManager[None]:
        """Answer all that this thread asks in the block from one version, even while the index is replaced."""
        return self.engine.one_version()

    def export(self, file: str | Path) -> int:
        """Write every announcement to a file that ends in .jsonl, .jsonl.gz, .csv, .parquet or .sqlite.

        Return how many. The file is there only once it is whole; raises ``PathUnwritable``, ``PackageMissing``
        or ``SystemUnfit``.
        """
        from indexer.exporting.formats import export  # noqa: PLC0415 - not needed to search
        from indexer.exporting.states import states_of  # noqa: PLC0415 - as above

        with self.engine.one_version():
            states = partial(states_of, self.engine, read_query({}))
            return export(self.engine.announcements(), Path(file), self.engine.related, states)


def _parameters(text: str, choices: Choices) -> dict[str, list[str]]:
    """Write choices as the parameters of an address; those that are None were not made."""
    values = {"q": [text]} if text else {}
    for name, value in choices.items():
        given = value if isinstance(value, tuple | list) else () if value is None else (value,)
        values[name.rstrip("_").replace("not_", NOT)] = [str(one) for one in given]
    return values


def open_index(place: str | Path | None = None, *, settings: Settings | None = None) -> Index:
    """Open the index in a folder, or on a cluster the index of that name; close it with ``with`` or ``close``.

    Without ``place`` the one that ``POLICY_SEARCH_INDEX`` names, else ``policy-index``; the other
    ``POLICY_SEARCH_*`` variables hold too, unless ``settings`` are given. Raises ``IndexMissing`` where there is none
    that fits this program.
    """
    chosen = settings or read_settings()
    engine = open_engine(replace(chosen, index=Path(place)) if place is not None else chosen)
    engine.version()
    return Index(engine)
