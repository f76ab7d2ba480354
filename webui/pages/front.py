"""What the front page says of the index: how much there is, of whom, from where, until when, and what to try."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g

from indexer.fields import UNSTATED
from indexer.light_dataclass import dataclass
from webui.pages.examples import make_examples
from webui.pages.saved import ON_FRONT, form_token, saved_of_user
from webui.site import site

if TYPE_CHECKING:
    from datetime import date

    from indexer.answers.results import ResultPage
    from webui.pages.examples import Example
    from webui.pages.saved import SavedView

SHOWN = ("word", "phrase", "number", "source", "dated")  # kinds of examples


@dataclass(frozen=True, slots=True)
class Front:
    """The figures and examples of the front page."""

    announcements: int
    sources: int
    provinces: int  # provinces, autonomous regions and municipalities that announcements are of
    last: date | None  # of publication
    examples: tuple[Example, ...]
    signed_in: bool  # whose searches are saved here
    saved: tuple[SavedView, ...]  # the first of them
    more_saved: bool
    token: str  # of their forms


def front_of(result: ResultPage) -> Front:
    """Return what the front page says; ``result`` finds everything."""
    status = site().status()
    found, mine = examples(), saved_of_user() or ()
    return Front(
        announcements=result.total,
        sources=status.sources,
        provinces=sum(value.value not in ("全国", UNSTATED) and value.count > 0 for value in result.facets.region),
        last=status.last,
        examples=tuple(found[kind] for kind in SHOWN if kind in found),
        signed_in=site().saved is not None and g.get("user") is not None,
        saved=mine[:ON_FRONT],
        more_saved=len(mine) > ON_FRONT,
        token=form_token(),
    )


def examples() -> dict[str, Example]:
    """Return the examples of this version of the index."""
    return site().kept("examples", lambda: make_examples(site().engine))
