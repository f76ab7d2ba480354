"""How hits, an announcement and the state of an index are shown on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from indexer.commands.language import label, spoken, tell
from indexer.messages import Listed, said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.announcement import Announcement
    from indexer.answers.relations import Validity
    from indexer.answers.results import Hit, IndexStatus, Mark, ResultPage
    from indexer.indexing.roots import KnownRoot

_WIDE: Final = 15  # columns of what the state of an index is called
_HOW: Final = {  # what a list is that holds less than was asked for
    "part": said(" (none has all words; these have some)"),
    "loose": said(" (none has these words near each other; these have them anywhere)"),
    "sentence": said(" (read as a sentence; these have some of its words)"),
}
_FACTS: Final = {
    "source": said("source:"),
    "published": said("published:"),
    "signed": said("signed:"),
    "effective": said("effective:"),
    "region": said("region:"),
    "number": said("number:"),
    "index_number": said("index_number:"),
    "form": said("form:"),
    "kind": said("kind:"),
    "url": said("url:"),
    "path": said("path:"),
}


def show_answer(answer: ResultPage) -> None:
    """Print the hits of a page; how many there are, and what else could be asked, goes to stderr."""
    first = (answer.page - 1) * answer.per_page + 1
    _tell_total(answer, first)
    for place, hit in enumerate(answer.hits, first):
        _show_hit(place, hit)
    if answer.meant:
        tell(said("Near in meaning, in other words:"))
    for place, hit in enumerate(answer.meant, 1):
        _show_hit(place, hit)
    for choice in answer.readings:
        if not choice.selected and choice.total != answer.total:
            tell(said("With --match %(match)s: %(count)s", match=choice.match, count=f"{choice.total:,}"))
    for relief in answer.relief:
        condition = f"{relief.parameter}={relief.value}"
        tell(said("Without %(condition)s: %(count)s", condition=condition, count=f"{relief.count:,}"))
    for other in answer.did_you_mean:
        tell(said("Did you mean: %(query)s", query=other))
    for other in answer.also:
        tell(said("Also search: %(query)s", query=other))


def _tell_total(answer: ResultPage, first: int) -> None:
    parts = [said("%(count)s found", count=f"{answer.total:,}")]
    if answer.hits:
        last = first + len(answer.hits) - 1
        parts.append(said(", %(first)s–%(last)s", first=f"{first:,}", last=f"{last:,}"))
    if answer.relaxed and answer.reading in _HOW:
        parts.append(_HOW[answer.reading])
    if answer.folded:
        parts.append(said(" (%(count)s of them copies, listed under others)", count=f"{answer.folded:,}"))
    told = "".join(spoken(part) for part in parts)
    tell(f"{told} · {answer.understood or '全部公告'} · {answer.took_ms:.0f} ms")


def _bold(text: str, marks: tuple[Mark, ...]) -> str:
    """Set the marked ranges in bold; click takes the bold away where there is no terminal."""
    parts: list[str] = []
    end = 0
    for start, stop in marks:
        parts += [text[end:start], click.style(text[start:stop], bold=True)]
        end = stop
    return "".join((*parts, text[end:]))


def _show_hit(place: int, hit: Hit) -> None:
    facts = [hit.source, str(hit.published or ""), "/".join(hit.region), hit.number, hit.form]
    click.echo(f"{place}. {_bold(hit.title, hit.title_marks)}")
    click.echo(f"   {' · '.join(fact for fact in facts if fact)}")
    click.echo(f"   {_bold(hit.snippet.text, hit.snippet.marks)}")
    click.echo(f"   policy-search show {hit.id}")
    if hit.reposts:
        click.echo("   " + spoken(said("and %(count)s reposts", count=f"{len(hit.reposts):,}")))
    if hit.only_copies:
        told = said(
            "what matches stands only in this repost; the original: %(command)s",
            command=f"policy-search show {hit.repost_of}",
        )
        click.echo("   " + spoken(told))


def show_announcement(announcement: Announcement, values: dict[str, Any], validity: Validity | None) -> None:
    """Print one announcement whole; ``values`` are its keys in JSON."""
    from indexer.commands.validity_lines import validity_lines  # it loads numpy

    click.echo(click.style(announcement.title, bold=True))
    for name, line in validity_lines(validity):
        click.echo(label(name) + spoken(line))
    for name, words in _FACTS.items():
        if value := values[name]:
            click.echo(label(words) + ("/".join(value) if isinstance(value, list) else value))
    for attachment in announcement.attachments:
        click.echo(f"{label(said('attachment:'))}{attachment.name} {attachment.url}".rstrip())
    for repost in announcement.reposts:
        click.echo(f"{label(said('repost:'))}{repost.source or '?'} {repost.url or repost.path} {repost.id}".rstrip())
    if announcement.repost_of:
        click.echo(label(said("repost of:")) + announcement.repost_of)
    click.echo(f"\n{announcement.body}")


def show_status(found: IndexStatus, known: Sequence[KnownRoot]) -> None:
    """Print what an index is and holds, and what it is made from."""
    megabytes = f"{found.size_bytes / 1e6:,.1f}"
    is_this = said(
        "%(place)s (version %(version)s, %(size)s MB)", place=found.place, version=found.version, size=megabytes
    )
    made = said(
        "%(day)s, fields %(schema)s, analyzer %(analyzer)s",
        day=found.built,
        schema=found.schema,
        analyzer=found.analyzer,
    )
    holds = said(
        "%(count)s of %(sources)s sources, %(first)s to %(last)s",
        count=f"{found.documents:,}",
        sources=f"{found.sources:,}",
        first=str(found.first or "?"),
        last=str(found.last or "?"),
    )
    click.echo(label(said("index:"), _WIDE) + spoken(is_this))
    click.echo(label(said("built:"), _WIDE) + spoken(made))
    click.echo(label(said("announcements:"), _WIDE) + spoken(holds))
    for root in known:
        pages = said("%(count)s pages", count=f"{root.pages:,}")
        told = pages if root.there else Listed((pages, said("not there")), ", ")
        click.echo(f"{label(said('made from:'), _WIDE)}{root.path} ({spoken(told)})")
