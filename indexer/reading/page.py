"""Any page → its announcement, whatever kind of page it is; many pages at once, each within limits."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from indexer.announcement import Announcement, Page
from indexer.errors import PageUnreadable
from indexer.reading.attachments.attachment_text import announcement_from_attachment, with_attachment_texts
from indexer.reading.corpus import lies_within
from indexer.reading.file_kind import unpacked
from indexer.reading.html.cleaner import clean
from indexer.reading.jsonl import announcement_from_record
from indexer.reading.page_limits import LIMITS, within_bounds
from indexer.reading.record_lines import MAX_PAGE_BYTES
from indexer.report import Skipped
from indexer.skip_reasons import SkipReason, because
from indexer.workers.ordered_map import OrderedMap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Made = TypeVar("Made")

FAILED = "reader-failed"  # the code of a page that shows a fault of ours
_CHUNK_BYTES = 256 * 1024  # sent to a worker at once: some 15 pages, so that at the end none works long alone
_CHUNK_PAGES = 64  # of tiny ones


def read_page(page: Page) -> Announcement:
    """Read a page by its kind; raises ``PageUnreadable`` with the reason when there is nothing in it."""
    return within_bounds(_read(page))


def _read(page: Page) -> Announcement:
    match page.kind:
        case "record":
            return announcement_from_record(page)
        case "attachment":
            return announcement_from_attachment(page.path, page.content)
        case "html":
            return clean(unpacked(page))
        case _:
            return clean(page)


def read_with_attachments(page: Page) -> tuple[Announcement, tuple[str, ...]]:
    """Read a page together with the files that lie beside it; also give the paths of those.

    A file that cannot be read is left out: read by itself it says why. So is one that a link brings in from outside.
    """
    announcement = read_page(page)
    if page.kind != "html" or not page.attachments_digest or not announcement.attachments:
        return announcement, ()
    folder, label = Path(page.origin).parent, page.path.rpartition("/")[0]
    found: list[str] = []
    notes: list[str] = []

    def find(name: str) -> bytes | None:
        place = str(folder / name)
        if {"", ".", ".."}.intersection(name.split("/")) or not os.path.isfile(place):  # noqa: PTH113 (no name is too long for this one)
            return None
        if not lies_within(place, page.within):
            notes.append(f"text of {name}: {because('link-outside')}, left out")
            return None
        with (folder / name).open("rb") as file:
            content = file.read(MAX_PAGE_BYTES + 1)
        if len(content) > MAX_PAGE_BYTES:
            return None
        found.append(name)
        return content

    joined, problems = with_attachment_texts(announcement, find)
    unread = {problem.split(": ", 1)[0] for problem in problems}
    return within_bounds(joined, notes), tuple(f"{label}/{name}" for name in found if name not in unread)


def read_within_limits(page: Page, make: Callable[[Page], Made]) -> Made | Skipped:
    """Make something of a page, or say why not; to be called in a process that has limits."""
    try:
        return make(page)
    except PageUnreadable as error:
        return Skipped(page.path, error.why)
    except MemoryError:
        raise  # what fills the memory is still held by this very exception: the process is given up
    except RecursionError:
        return Skipped(page.path, because("nested-too-deeply"))
    except Exception as error:  # noqa: BLE001 (a page that nobody foresaw must not cost all the others)
        return Skipped(page.path, because(FAILED, why=f"{type(error).__name__}: {error}"))


def _be_quiet() -> None:
    """Send what libraries complain of to nobody: what became of a page is told by its outcome."""
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), 2)


def _died(page: Page, reason: SkipReason) -> Skipped:
    return Skipped(page.path, reason)


def _chunks(pages: Iterable[Page]) -> Iterator[list[Page]]:
    chunk: list[Page] = []
    size = 0
    for page in pages:
        chunk.append(page)
        size += len(page.content)
        if size >= _CHUNK_BYTES or len(chunk) >= _CHUNK_PAGES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def read_pages(pages: Iterable[Page], make: Callable[[Page], Made], jobs: int = 1) -> Iterator[Made | Skipped]:
    """``make`` something of each page in ``jobs`` processes; outcomes in the order of the pages.

    ``make`` is a module's function that calls ``read_page``. Each process is held to ``LIMITS``, one job or
    many: a file of 2 KB may ask for 500 GB. What ``make`` gives is pickled.
    """
    function = partial(read_within_limits, make=make)
    readers = OrderedMap[Page, Made | Skipped](function, max(jobs, 1), _died, _be_quiet, limits=LIMITS, forked=True)
    yield from readers.run(_chunks(pages))
