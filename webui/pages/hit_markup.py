"""Hits as markup: what a list prints ten times a page is written here, in one pass, rather than by templates.

Every text passes ``escaped`` or ``marked``; words of our own catalogs and addresses' paths need neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from indexer.announcement import moment
from indexer.facts.document_kind import NEWS
from indexer.relations.validity import NONE_FOUND
from webui.address import Addresses
from webui.escaping import escaped, escaped_value
from webui.pages.markup import marked, safe_url
from webui.pages.snippets import shown_snippet
from webui.pages.words import said, spoken
from webui.translation import chinese, ngettext
from webui.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from indexer.announcement import Announcement, Repost
    from indexer.answers.results import Hit
    from indexer.query.tree import Query
    from indexer.relations.clause_places import ClausePlace


def hit_items(hits: Iterable[Hit], here: Addresses | None = None, level: int = 2, *, ticks: bool = False) -> Markup:
    """Write hits as items of a list, with headings of this level; each leads back to the query that found it."""
    writer = _HitWriter(here or Addresses(None), level, ticks=ticks)
    return Markup("".join(map(writer.item, hits)))  # noqa: S704 - every text in it was escaped


def facts(hit: Hit | Announcement, *, badge: bool = False) -> Markup:
    """Write number, issuer, day and place as one line; with ``badge`` the form leads, else it ends it."""
    return Markup(_facts(hit, chinese(), spoken(), badge=badge))  # noqa: S704 - as above


def reposts(copies: Sequence[Repost], query: Query | None = None) -> Markup:
    """Write where else a text was published as a list."""
    return Markup(_HitWriter(Addresses(query)).reposts(copies))  # noqa: S704 - as above


class _HitWriter:
    """Writes the hits of one page: what they share is looked up once."""

    def __init__(self, here: Addresses, level: int = 2, *, ticks: bool = False) -> None:
        self._addresses = here
        self._before, self._asked = escaped(f"{here.root}/announcements/"), escaped(here.at("").removeprefix(here.root))
        self._heading = f"h{level}"
        self._ticks = ticks
        self._arrived = here.query.sort == "indexed"
        self._zh = chinese()  # for what announcements say
        self._said = spoken()  # for what is ours within it
        self._untitled = _("（无标题）")
        self._pick = _("选中：")

    def item(self, hit: Hit) -> str:
        """Write one hit."""
        parts = [
            f'<li class="hit{" news" if hit.kind == NEWS else ""}">',
            self._pick_box(hit) if self._ticks else "",
            self._title(hit),
            _facts(hit, self._zh, self._said, badge=True, came=self._came(hit)),
            self._snippet(hit),
            self._clause(hit.id, hit.clause) if hit.clause else "",
            self._folded_reposts(hit) if hit.reposts else "",
            self._original(hit) if hit.repost_of else "",
            "</li>\n",
        ]
        return "".join(parts)

    def _came(self, hit: Hit) -> str:
        """Write the day on which a hit came into the index, where hits are sorted by it."""
        came = moment(hit.indexed) if self._arrived else None
        told = _("收录于 %(day)s", day=came[:10]) if came else ""
        return f"<span>{told}</span>" if told else ""

    def _pick_box(self, hit: Hit) -> str:
        title = f"{self._pick}<bdi{self._zh}>{escaped(hit.title or self._untitled)}</bdi>"
        box = f'<input type="checkbox" form="picks" name="id" value="{escaped(hit.id)}">'
        return f'<label class="pick">{box}<span class="unseen">{title}</span></label>\n'

    def _title(self, hit: Hit) -> str:
        title = marked(hit.title, hit.title_marks) if hit.title else self._untitled
        badge = ""
        if hit.validity and hit.validity.state != NONE_FOUND:
            badge = f' <span class="badge"{self._said}>{escaped(said(hit.validity.state))}</span>'
        link = f'<a href="{self._href(hit.id)}"><bdi>{title}</bdi></a>'
        return f"<{self._heading}{self._zh}>{link}{badge}</{self._heading}>\n"

    def _snippet(self, hit: Hit) -> str:
        snippet = shown_snippet(hit)
        text = marked(snippet.text, snippet.marks)
        return f'<p class="snippet"{self._zh}><bdi>{text}</bdi></p>\n' if text else ""

    def _clause(self, announcement_id: str, clause: ClausePlace) -> str:
        path = escaped(" › ".join(clause.path))
        href = escaped(self._addresses.at(f"/announcements/{announcement_id}", clause=clause.anchor))
        href += f"#{escaped(clause.anchor)}"
        return f'<p class="at-clause"{self._zh}><a href="{href}">{path}</a></p>\n'

    def _folded_reposts(self, hit: Hit) -> str:
        count = ngettext("另有 %(num)s 处转载", "另有 %(num)s 处转载", len(hit.reposts))
        return f'<details class="reposts"><summary>{count}</summary>\n{self.reposts(hit.reposts)}</details>\n'

    def _original(self, hit: Hit) -> str:
        only = _("检索的内容仅见于这一转载。") if hit.only_copies else ""
        name = _("查看原文")
        return f'<p class="note">{only}<a href="{self._href(hit.repost_of)}">{name}</a></p>\n'

    def _href(self, announcement_id: str) -> str:
        return f"{self._before}{escaped(announcement_id)}{self._asked}"

    def reposts(self, copies: Sequence[Repost]) -> str:
        """Write a list of reposts."""
        return '<ul class="plain">\n' + "".join(map(self._repost, copies)) + "</ul>\n"

    def _repost(self, repost: Repost) -> str:
        url = safe_url(repost.url)
        name = f"<bdi>{escaped(repost.source or url or repost.path)}</bdi>"
        where = f'<a href="{escaped(url)}" rel="noreferrer noopener">{name}</a>' if url else name
        day = f" <time>{repost.published}</time>" if repost.published else ""
        text = _("全文")
        whole = f' <a href="{self._href(repost.id)}">{text}</a>' if repost.id else ""
        return f"<li>{where}{day}{whole}</li>\n"


def _facts(hit: Hit | Announcement, zh: str, ours: str, *, badge: bool, came: str = "") -> str:
    """``zh`` and ``ours`` say in which language announcements speak, and we."""
    form = escaped_value(said(hit.form)) if hit.form else ""
    number, source = escaped(hit.number), escaped_value(hit.source)
    is_news = hit.kind == NEWS
    parts = [
        f'<span class="form{" is-news" if is_news else ""}"{ours}>{form or escaped(said(NEWS))}</span>'
        if badge and (form or is_news)
        else "",
        f'<span class="number"><bdi>{number}</bdi></span>' if number else "",
        f"<span><bdi>{source}</bdi></span>" if source else "",
        f"<time>{hit.published}</time>" if hit.published else "",
        f"<span>{escaped_value(' › '.join(hit.region))}</span>" if hit.region else "",
        f"<span>{form}</span>" if form and not badge else "",
        came,
    ]
    return f'<p class="facts"{zh}>{"".join(parts)}</p>\n'
