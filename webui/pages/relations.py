"""What a page shows of an announcement's relations: links in its text, whom it cites, who cites it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.facts.document_number import number_key
from indexer.light_dataclass import dataclass
from indexer.relations.titles import title_key
from webui.address import document_link, link
from webui.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.answers.relations import Cited, Citing, Related

CITED_SHOWN = 30
CITING_SHOWN = 20
MOST_SHOWN = 500  # where all are asked for
PHRASE_CHARS = 60  # of a title that is looked for


@dataclass(frozen=True, slots=True)
class TextLink:
    """A stretch of the body that leads somewhere."""

    start: int
    end: int
    href: str


@dataclass(frozen=True, slots=True)
class RelationsView:
    """The relations of one announcement as its page shows them."""

    related: Related
    links: tuple[TextLink, ...]
    cites: tuple[Cited, ...]  # each document once
    cited_by: Sequence[Citing]
    names: dict[str, str]  # of the relations, in the reader's language
    everything: bool = False  # all are asked for, not the first alone


def relations_view(related: Related, *, everything: bool = False) -> RelationsView:
    """Prepare the relations of one announcement; the first of them unless ``everything`` is asked for."""
    once: dict[str, Cited] = {}
    for one in related.cites:
        key = " ".join(linked.id for linked in one.meant) or number_key(one.number) or title_key(one.title)
        before = once.get(key)
        if before is None or (before.relation == "cites" and one.relation != "cites"):
            once[key] = one
    names = {
        "cites": _("提到"),
        "repeals": _("废止"),
        "amends": _("修改"),
        "amended_by": _("据以修改"),
        "replaces": _("代替"),
        "forwards": _("印发或转发"),
        "based_on": _("依据"),
        "carries_out": _("贯彻"),
        "interprets": _("解读"),
    }
    cites = tuple(once.values())[: MOST_SHOWN if everything else CITED_SHOWN]
    cited_by = related.cited_by[: MOST_SHOWN if everything else CITING_SHOWN]
    return RelationsView(related, tuple(_links(related)), cites, cited_by, names, everything)


def _links(related: Related) -> list[TextLink]:
    """Return the links in the body: to the announcement that is meant, else to all that name the number."""
    links: list[TextLink] = []
    for one in sorted((one for one in related.cites if not one.in_title), key=lambda one: one.at.start):
        href = _href(one)
        if href and (not links or links[-1].end <= one.at.start):
            links.append(TextLink(one.at.start, one.at.end, href))
    return links


def _href(cited: Cited) -> str:
    if len(cited.meant) == 1:
        return document_link(cited.meant[0].id)
    if cited.number:
        return link("/", q=f"“{cited.number}”")
    if cited.meant:
        return link("/", q=f"标题:“{cited.title[:PHRASE_CHARS]}”")
    return ""
