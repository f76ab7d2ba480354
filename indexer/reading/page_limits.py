"""How much one page may take, and how much one announcement may hold, whatever either comes from.

What is over its bound is cut where a shorter one still says what it is (titles, names, text) and left out where a
part would be something else (addresses, numbers); either is noted, and no page is lost for it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from indexer.workers.process import Limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.announcement import Announcement, Attachment, Repost

PAGE_CPU_SECONDS = 5.0  # a page of 50 KB takes 0.01 s; whatever takes this long is no page
_PAGE_BYTES = 768 * 1024**2  # private memory; a page of 20 MB takes about 400
_PAGE_WALL_SECONDS = 60.0  # by the clock, on a busy machine too
LIMITS = Limits(_PAGE_BYTES, PAGE_CPU_SECONDS, _PAGE_WALL_SECONDS)

BODY_CHARS: Final = 6_000_000  # a yearbook has two million; an attachment alone may have five
LINE_CHARS: Final = {  # of what stands on one line, several times the longest genuine one
    "title": 500,
    "source": 300,  # a score of ministries that sign together
    "source_from": 20,
    "number": 100,
    "index_number": 100,
    "form": 20,
    "validity_label": 200,
    "url": 2_000,  # browsers take no more
    "path": 4_096,  # of a file system
    "name": 300,
}
REGION_STEPS: Final = 6  # 省 市 县 乡 村, and one to spare
STEP_CHARS: Final = 50
ATTACHMENTS: Final = 500
REPOSTS: Final = 1_000

_WHOLE_OR_NOTHING: Final = frozenset(("number", "index_number", "url"))


class Notes:
    """What of an announcement was cut or left out, told once each."""

    def __init__(self, begun: Sequence[str] = ()) -> None:
        self._told = dict.fromkeys(begun)

    def add(self, told: str) -> None:
        """Note a sentence."""
        self._told[told] = None

    @property
    def told(self) -> tuple[str, ...]:
        """Return all that was noted, in order."""
        return tuple(self._told)


def bounded_line(field: str, text: str, notes: Notes, called: str = "") -> str:
    """Return the text of a field within its bound, noted under what it is ``called`` when it was over it."""
    most = LINE_CHARS[field]
    if len(text) <= most:
        return text
    cut = field not in _WHOLE_OR_NOTHING
    notes.add(f"{called or field}: longer than {most:,} characters, {'cut' if cut else 'left out'}")
    return text[:most].rstrip() if cut else ""


def bounded_body(body: str, notes: Notes) -> str:
    """Return a body within its bound, cut at the end of a line if there is one near."""
    if len(body) <= BODY_CHARS:
        return body
    notes.add(f"body: longer than {BODY_CHARS:,} characters, cut")
    line_end = body.rfind("\n", BODY_CHARS - 10_000, BODY_CHARS)
    return body[: line_end if line_end > 0 else BODY_CHARS]


def bounded_steps(field: str, steps: Sequence[str], notes: Notes) -> tuple[str, ...]:
    """Return the steps of a region within their bounds."""
    if len(steps) > REGION_STEPS:
        notes.add(f"{field}: more than {REGION_STEPS} steps, cut")
    if any(len(step) > STEP_CHARS for step in steps[:REGION_STEPS]):
        notes.add(f"{field}: a step longer than {STEP_CHARS} characters, cut")
    return tuple(step[:STEP_CHARS].rstrip() for step in steps[:REGION_STEPS])


def within_bounds(announcement: Announcement, begun: Sequence[str] = ()) -> Announcement:
    """Return an announcement with every field within its bound, and with notes of what was not.

    Every announcement goes through here before anything else sees it; ``begun`` are notes made elsewhere.
    """
    notes = Notes((*announcement.notes, *begun))
    return replace(
        announcement,
        title=bounded_line("title", announcement.title, notes),
        source=bounded_line("source", announcement.source, notes),
        source_from=bounded_line("source_from", announcement.source_from, notes),
        number=bounded_line("number", announcement.number, notes),
        index_number=bounded_line("index_number", announcement.index_number, notes),
        form=bounded_line("form", announcement.form, notes),
        validity_label=bounded_line("validity_label", announcement.validity_label, notes),
        url=bounded_line("url", announcement.url, notes),
        path=bounded_line("path", announcement.path, notes),
        body=bounded_body(announcement.body, notes),
        region=bounded_steps("region", announcement.region, notes),
        site_region=bounded_steps("site_region", announcement.site_region, notes),
        attachments=_attachments(announcement.attachments, notes),
        reposts=_reposts(announcement.reposts, notes),
        notes=notes.told,
    )


def _attachments(attachments: tuple[Attachment, ...], notes: Notes) -> tuple[Attachment, ...]:
    if len(attachments) > ATTACHMENTS:
        notes.add(f"attachments: more than {ATTACHMENTS}, cut")
    return tuple(
        replace(
            one,
            name=bounded_line("name", one.name, notes, "name of an attachment"),
            url=bounded_line("url", one.url, notes, "url of an attachment"),
        )
        for one in attachments[:ATTACHMENTS]
    )


def _reposts(reposts: tuple[Repost, ...], notes: Notes) -> tuple[Repost, ...]:
    if len(reposts) > REPOSTS:
        notes.add(f"reposts: more than {REPOSTS:,}, cut")
    return tuple(
        replace(
            one,
            source=bounded_line("source", one.source, notes, "source of a repost"),
            url=bounded_line("url", one.url, notes, "url of a repost"),
            path=bounded_line("path", one.path, notes, "path of a repost"),
        )
        for one in reposts[:REPOSTS]
    )
