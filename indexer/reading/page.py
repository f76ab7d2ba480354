"""Any page → its announcement, whatever kind of page it is; many pages at once, each within limits."""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from indexer.announcement import Announcement, Page
from indexer.errors import PageUnreadable
from indexer.reading.attachments.attachment_text import announcement_from_attachment, with_attachment_texts
from indexer.reading.corpus import MAX_PAGE_BYTES
from indexer.reading.html.cleaner import clean
from indexer.reading.jsonl import announcement_from_record
from indexer.report import Skipped
from indexer.workers import OrderedMap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import FrameType

Made = TypeVar("Made")

PAGE_CPU_SECONDS = 5.0  # a page of 50 KB takes 0.01 s; whatever takes this long is no page
WORKER_BYTES = 768 * 1024**2  # private memory; a worker itself takes about 100 MB, a page of 20 MB about 400
FAILED = "our reader failed on it, please report it"  # begins the reason of a page that shows a fault of ours
_CHUNK_BYTES = 256 * 1024  # sent to a worker at once: some 15 pages, so that at the end none works long alone
_CHUNK_PAGES = 64  # of tiny ones


class _TooSlow(Exception):
    """The page used up its processor time."""


def read_page(page: Page) -> Announcement:
    """Read a page by its kind; raises ``PageUnreadable`` with the reason when there is nothing in it."""
    match page.kind:
        case "record":
            return announcement_from_record(page)
        case "attachment":
            return announcement_from_attachment(page.path, page.content)
        case _:
            return clean(page)


def read_with_attachments(page: Page) -> tuple[Announcement, tuple[str, ...]]:
    """Read a page together with the files that lie beside it; also give the paths of those.

    A file that cannot be read is left out: read by itself it says why.
    """
    announcement = read_page(page)
    if page.kind != "html" or not page.synonyms or not announcement.attachments:
        return announcement, ()
    folder, label = Path(page.origin).parent, page.path.rpartition("/")[0]
    found: list[str] = []

    def find(name: str) -> bytes | None:
        if name in ("", ".", "..") or not (folder / name).is_file():
            return None
        with (folder / name).open("rb") as file:
            content = file.read(MAX_PAGE_BYTES + 1)
        if len(content) > MAX_PAGE_BYTES:
            return None
        found.append(name)
        return content

    joined, problems = with_attachment_texts(announcement, find)
    unread = {problem.split(": ", 1)[0] for problem in problems}
    return joined, tuple(f"{label}/{name}" for name in found if name not in unread)


def _stop_page(_signal: int, _frame: FrameType | None) -> None:
    raise _TooSlow


@contextmanager
def _processor_time_limited() -> Iterator[None]:
    """Raise ``_TooSlow`` in what runs too long; only a main thread can, and not on Windows."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGPROF, _stop_page)
    signal.setitimer(signal.ITIMER_PROF, PAGE_CPU_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def read_within_limits(page: Page, make: Callable[[Page], Made]) -> Made | Skipped:
    """Make something of a page, or say why not."""
    try:
        with _processor_time_limited():
            return make(page)
    except PageUnreadable as error:
        return Skipped(page.path, str(error))
    except _TooSlow:
        return Skipped(page.path, f"took more than {PAGE_CPU_SECONDS:.0f} s of processor time")
    except MemoryError:
        return Skipped(page.path, f"took more than {WORKER_BYTES // 1024**2} MiB of memory")
    except RecursionError:
        return Skipped(page.path, "nested too deeply")
    except Exception as error:  # noqa: BLE001 (a page that nobody foresaw must not cost all the others)
        return Skipped(page.path, f"{FAILED}: {type(error).__name__}: {error}")


def _limit_memory() -> None:
    """Keep one monstrous page from taking the machine's memory; Linux counts private memory so."""
    if sys.platform == "linux":
        import resource  # noqa: PLC0415 (not on Windows)

        resource.setrlimit(resource.RLIMIT_DATA, (WORKER_BYTES, WORKER_BYTES))


def _died(page: Page) -> Skipped:
    return Skipped(page.path, "the process that read it died twice (out of memory?)")


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

    ``make`` is a module's function that calls ``read_page``; with several jobs what it gives is pickled.
    """
    function = partial(read_within_limits, make=make)
    if jobs <= 1:
        yield from map(function, pages)
    else:
        yield from OrderedMap[Page, Made | Skipped](function, jobs, _died, _limit_memory).run(_chunks(pages))
