"""Queries to try, made from what the index holds: each one finds something, whatever index is served."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from indexer.errors import ParameterError
from indexer.fields import UNSTATED
from indexer.light_dataclass import dataclass
from indexer.query.parameters import read_query
from indexer.text.segmenter import words
from indexer.text.stop_words import content_words
from webui.address import link

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.answers.results import FacetValue, Hit, ResultPage
    from indexer.engine import Engine

# Matters that most collections of announcements are about, the telling ones first; those that this one holds are used.
MATTERS = ("乡村振兴", "营商环境", "安全生产", "就业", "养老", "教育", "住房", "补贴", "规划", "管理")
NEWEST = 60  # announcements whose titles and numbers are looked at
MATTERS_USED = 3
EXAMPLE_CHARS = 30  # of a name: about a line on a phone


@dataclass(frozen=True, slots=True)
class Example:
    """A query that finds something."""

    kind: str  # what it shows, a key of the help page's explanations
    text: str
    total: int

    @property
    def href(self) -> str:
        """Return where it is searched."""
        return link("/", q=self.text)


def make_examples(engine: Engine) -> dict[str, Example]:
    """Return an example of each way to write a query, by kind; what this index cannot show is left out."""
    newest = _ask(engine, "", per_page=NEWEST)
    matters = _matters(engine, newest.hits)
    found: dict[str, Example] = {}
    for kind, text in _tries(matters, newest):
        if kind not in found and (total := _found(engine, text)):
            found[kind] = Example(kind, text, total)
    return found


def _ask(engine: Engine, text: str, per_page: int = 1) -> ResultPage:
    return engine.search(read_query({"q": [text], "per_page": [str(per_page)]}))


def _found(engine: Engine, text: str) -> int:
    """Return how many announcements hold all of it; 0 when only parts are found, or it cannot be asked."""
    try:
        answer = _ask(engine, text)
    except ParameterError:  # a name of a page may be longer than a query
        return 0
    return 0 if answer.relaxed else answer.total


def _matters(engine: Engine, hits: Sequence[Hit]) -> list[str]:
    """Return words that are found: of the matters that are common, else of the newest titles."""
    known = [word for word in MATTERS if _found(engine, word)]
    if len(known) >= MATTERS_USED:
        return known
    titles: Counter[str] = Counter(
        word for hit in hits for word in content_words(words(hit.title)) if len(word) > 1 and not word.isascii()
    )
    common = [word for word, _ in titles.most_common(2 * MATTERS_USED) if word not in known]
    return [*known, *common]


def _tries(matters: Sequence[str], newest: ResultPage) -> Iterator[tuple[str, str]]:
    """Yield queries of each kind, the better ones first."""
    facets, hits = newest.facets, newest.hits
    matters = matters[: 2 * MATTERS_USED]
    for one in matters:
        yield "word", one
        yield "phrase", f"“{one}”"
        yield "title", f"标题:{one}"
        for other in matters:
            if other != one:
                yield "both", f"{one} {other}"
                yield "either", f"{one} 或 {other}"
                yield "without", f"{one} -{other}"
                yield from (("group", f"({one} 或 {other}) {third}") for third in matters if third not in (one, other))
    yield from (("source", f"来源:{value}") for value in _values(facets.source))
    yield from (("region", f"地区:{value.rpartition('/')[2]}") for value in _values(facets.region) if value != "全国")
    yield from (("form", f"文种:{value}") for value in _values(facets.form))
    for hit in hits:
        if hit.number:
            yield "number", hit.number.replace("〔", "[").replace("〕", "]")
            yield "number-field", f"文号:{hit.number}"
    dated = [value for value in facets.year if value.count and value.value != UNSTATED]
    years = sorted(dated, key=lambda value: -value.count)
    for year in years[:1]:
        yield "dates", f"{year.value}-01..{year.value}-12"
        yield from (("dated", f"{one} {year.value}-01..{year.value}-12") for one in matters)


def _values(facet: Sequence[FacetValue]) -> list[str]:
    """Return the most frequent values of a facet that can be typed behind a colon as they are."""
    return [
        value.value
        for value in facet
        if value.value != UNSTATED
        and 0 < len(value.value) <= EXAMPLE_CHARS
        and value.count
        and not set(value.value) & set(" 　:：()（）")
    ][:5]
