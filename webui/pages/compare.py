"""Two announcements side by side, and which others of one title there are to compare."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from flask import Blueprint

from indexer.errors import ParameterError, Problem
from indexer.expectations import expect
from indexer.facts.document_kind import NEWS
from indexer.query.tree import Phrase, Query
from indexer.relations.comparison import compare
from indexer.relations.editions import version_title
from webui.caching import revalidated
from webui.choices import read_choices
from webui.pages.markup import render
from webui.site import site

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from indexer.announcement import Announcement
    from indexer.answers.results import Found, Hit
    from indexer.engine import Engine

compared = Blueprint("compare", __name__)

MOST_VERSIONS: Final = 5  # offered beside a text
MOST_LOOKED_AT: Final = 8  # announcements whose titles hold its title
MOST_ROWS: Final = 3_000  # shown on a page: a page of about 2 MB; JSON holds all


@compared.get("/compare")
@revalidated
def compare_page() -> ResponseReturnValue:
    """Show two announcements side by side; with ``only=changes`` without what is the same."""
    _, values = read_choices()
    only = values.pop("only", [""])[-1]
    if only not in ("", "changes"):
        raise ParameterError([Problem("only", only, expect("one-of", names="changes"))])
    one, other = both(values)
    comparison = compare(one.announcement.body, other.announcement.body)
    rows = [row for row in comparison.rows if row.change != "same" or not only]
    return render(
        "compare.html",
        a=one.announcement,
        b=other.announcement,
        rows=rows[:MOST_ROWS],
        more=len(rows) > MOST_ROWS,
        counts=comparison.counts,
        coarse=any(row.coarse for row in rows),
        only=only,
    )


def versions_of(engine: Engine, a: Announcement) -> tuple[Hit, ...]:
    """Return other versions of an announcement in this index: of the same title, of another day; newest first.

    News have none: two meetings under one title are two meetings.
    """
    title = version_title(a.title) if a.kind != NEWS else ""
    if not title or not a.published:
        return ()
    found = engine.walk(Query(root=Phrase(title, "title"), sort="newest"), facts_only=True)
    others = (
        hit
        for hit in islice(found, MOST_LOOKED_AT)
        if hit.id != a.id and hit.published and hit.published != a.published
    )
    alike = (hit for hit in others if version_title(hit.title) == title and a.id not in (hit.repost_of, hit.id))
    return tuple(islice(alike, MOST_VERSIONS))


def both(values: dict[str, list[str]]) -> tuple[Found, Found]:
    """Return the announcements that ``a`` and ``b`` name; raises ``ParameterError`` for these and any others."""
    ids = [values.pop(name, [""])[-1] for name in ("a", "b")]
    if values:
        expected = expect("known-name", names="a, b")
        raise ParameterError([Problem(name, given[-1], expected) for name, given in values.items()])
    if not all(ids):
        missing = [name for name, given in zip(("a", "b"), ids, strict=True) if not given]
        raise ParameterError([Problem(name, "", expect("an-id")) for name in missing])
    engine = site().engine
    return engine.find(ids[0]), engine.find(ids[1])
