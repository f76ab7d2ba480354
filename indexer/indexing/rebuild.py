"""Pages → announcements → engine: the whole index anew, or what changed, with an account of every page.

An update decides over all pages, kept and new, exactly as a rebuild does, and then changes what differs:
so it ends in the same index.
"""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from indexer.announcement import to_json
from indexer.errors import IndexMissing
from indexer.indexing.ledger import Ledger
from indexer.indexing.roots import covered, moved, named, those_there
from indexer.indexing.run import WORTH_WORKERS_BYTES, Run, told_of
from indexer.reading.corpus import Corpus, find_roots
from indexer.reading.file_kind import unpacked
from indexer.reading.html.cleaner import explain
from indexer.reading.page import read_page, read_pages
from indexer.reading.page_limits import within_bounds
from indexer.workers.ordered_map import usable_cores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from indexer.announcement import Announcement, Page
    from indexer.engine import Engine
    from indexer.reading.corpus import Root
    from indexer.report import Report, Skipped
    from indexer.settings import Part


def rebuild(  # noqa: PLR0913 - an option of the command each
    paths: Iterable[Path],
    engine: Engine,
    *,
    jobs: int | None = None,
    show_progress: bool = False,
    part: Part | None = None,
    global_ids: bool = False,
    keep_all: bool = False,
) -> Report:
    """Build the whole index from these paths, or a part of it; the old one stays until the new one is whole.

    Copies are put together within a part; the next update does it over all.
    ``jobs`` None: as many processes as pay. ``global_ids``: an id means one announcement in all files, of whose
    records the last one counts; ``keep_all``: pages that hold no announcement too. Raises ``PathUnreadable``,
    ``NothingToIndex`` and what ``Engine.replace_all`` raises.
    """
    began = time.monotonic()
    roots = find_roots(paths)
    with (
        engine.writing(),
        closing(Run(roots, Ledger(), _stored_in(engine), part, keep_all=keep_all, before=_ledger_of(engine))) as run,
    ):
        run.report.began = began
        run.read(jobs, show_progress=show_progress)
        run.decide(global_ids=global_ids)
        told = run.told()
        run.report.ledger = run.ledger(roots, global_ids=global_ids)
        announcements = run.announcements(told.keys())
        with tqdm(announcements, total=len(told), desc="indexing", disable=not show_progress) as counted:
            engine.replace_all(counted, run.report, jobs or usable_cores())
    return run.report


def update(  # noqa: PLR0913 - an option of the command each
    paths: Iterable[Path],
    engine: Engine,
    *,
    jobs: int | None = None,
    show_progress: bool = False,
    retire: Iterable[Path] = (),
    keep_all: bool = False,
) -> Report:
    """Add, replace and remove what changed below these paths; ends in what a rebuild would have made.

    Without paths, below all roots that the index knows and that are there; ``retire`` names roots whose pages go.
    With ``retire`` and no paths nothing is read. Raises ``IndexMissing`` when there is no index yet, ``RootUnknown``,
    else as ``rebuild``.
    """
    began = time.monotonic()
    engine.version()  # without an index there is nothing to lock
    with engine.writing():
        old = Ledger.from_bytes(engine.ledger())
        before = told_of(old.rows)  # now: settling changes rows in place
        retired = [named(old.roots, path) for path in retire]
        kept = [root for root in old.roots if root not in retired]
        paths = tuple(paths)
        roots = find_roots(paths, kept) if paths or retired else those_there(kept)
        with closing(Run(roots, old, _stored_in(engine), keep_all=keep_all)) as run:
            run.report.began = began
            run.read(jobs, show_progress=show_progress)
            now = _settle_roots(run, old, roots, retired)
            run.decide(global_ids=old.global_ids)
            told = run.told()
            changed = [identity for identity, shown in told.items() if before.get(identity) != shown]
            added = list(run.announcements(changed))
            run.report.ledger = run.ledger(now, global_ids=old.global_ids)
            engine.change(added, before.keys() - told.keys(), run.report)
    return run.report


def _ledger_of(engine: Engine) -> Ledger:
    """Return the ledger of the index that is to be replaced; an empty one if there is none that can be read."""
    try:
        return Ledger.from_bytes(engine.ledger())
    except IndexMissing:
        return Ledger()


def _stored_in(engine: Engine) -> Callable[[str], Announcement]:
    return lambda identity: engine.find(identity).announcement


def _settle_roots(run: Run, old: Ledger, roots: Sequence[Root], retired: Sequence[Root]) -> tuple[Root, ...]:
    """Drop the pages of roots that go, and return those that the index has from now on."""
    moves = moved(old, roots, run.rows)
    going = {root.label for root in (*retired, *covered(old.roots, roots), *(here for here, _ in moves))}
    run.forget(going)
    staying = [root for root in old.roots if root.label not in going]
    run.report.moved = [(str(here.place), str(there.place)) for here, there in moves]
    run.report.gone = [str(root.place) for root in staying if not root.place.exists()]
    return (*staying, *(root for root in roots if not root.within and root not in staying))


def _clean(page: Page) -> dict[str, Any]:
    return _with_notes(read_page(page))


def _with_notes(announcement: Announcement) -> dict[str, Any]:
    """Return an announcement as JSON, and beside it what of the page was cut or left out, if anything was."""
    notes = list(announcement.notes)
    return {**to_json(announcement), **({"incomplete": notes} if notes else {})}


def _explain(page: Page) -> dict[str, Any]:
    if page.kind not in ("html", "text"):
        return _clean(page)  # its keys say where they come from
    explanation = explain(unpacked(page))
    reasons = {
        "encoding": explanation.encoding,
        "encoding_rule": explanation.encoding_rule,
        "fields": [asdict(note) for note in explanation.fields],
        "cut": [asdict(cut) for cut in explanation.cut],
    }
    return {**_with_notes(within_bounds(explanation.announcement)), "explanation": reasons}


def clean_pages(
    paths: Iterable[Path], *, jobs: int | None = None, explained: bool = False, keep_all: bool = False
) -> Iterator[dict[str, Any] | Skipped]:
    """Yield what the cleaner makes of each page, in order; a page that cannot be read gives its reason."""
    corpus = Corpus(find_roots(paths))
    if jobs is None:
        jobs = usable_cores() if corpus.total_bytes > WORTH_WORKERS_BYTES else 1
    pages = (replace(page, keep_all=keep_all) for page in corpus.pages())
    yield from read_pages(pages, _explain if explained else _clean, jobs)
    yield from corpus.skipped
