"""The account of a rebuild or update in sentences, as the command line prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.messages import Listed, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.messages import Words
    from indexer.report import Report

MAX_SKIPPED_SHOWN = 20
MAX_KINDS_SHOWN = 12


def report_lines(report: Report, verb: Words) -> Iterator[Words]:
    """Yield what became of every page; the parts of the first line add up to the pages read."""
    yield said(
        "%(verb)s in %(seconds)s s: %(read)s pages read = %(told)s.",
        verb=verb,
        seconds=f"{report.seconds:.1f}",
        read=f"{report.read:,}",
        told=Listed(tuple(_fates(report)), ", "),
    )
    yield from _of_ids(report)
    yield from _of_roots(report)
    if report.removed:
        yield said("Removed: %(count)s that are no longer there.", count=f"{report.removed:,}")
    if report.ignored:
        yield said(
            "Beside the pages: %(count)s files or folders of other kinds, not read.", count=f"{report.ignored:,}"
        )
    if kinds := report.unread_kinds:
        told = ", ".join(f"{kind} {count:,}" for kind, count in kinds[:MAX_KINDS_SHOWN])
        yield said("Kinds that are not read: %(kinds)s.", kinds=told + (", …" if len(kinds) > MAX_KINDS_SHOWN else ""))
    if report.replaced_characters:
        yield said("Characters that could not be decoded: %(count)s.", count=f"{report.replaced_characters:,}")
    yield from _of_pages(report)


def _fates(report: Report) -> Iterator[Words]:
    yield said("%(count)s indexed", count=f"{report.indexed:,}")
    if report.unchanged:
        yield said("%(count)s unchanged", count=f"{report.unchanged:,}")
    if report.reposts:
        yield said("%(count)s indexed as reposts of these", count=f"{report.reposts:,}")
    if report.duplicates:
        yield said("%(count)s duplicates", count=f"{report.duplicates:,}")
    if report.attached:
        yield said("%(count)s joined to the page that carries them", count=f"{report.attached:,}")
    yield said("%(count)s skipped", count=f"{len(report.skipped):,}")


def _of_pages(report: Report) -> Iterator[Words]:
    """Say what was skipped, and what is not whole."""
    for skipped in report.skipped[:MAX_SKIPPED_SHOWN]:
        yield said("  skipped %(path)s: %(why)s", path=skipped.path, why=skipped.why)
    if len(report.skipped) > MAX_SKIPPED_SHOWN:
        yield _all_of_them(len(report.skipped))
    for one in report.incomplete[:MAX_SKIPPED_SHOWN]:
        yield said("  incomplete %(path)s: %(why)s", path=one.path, why=one.reason)
    if len(report.incomplete) > MAX_SKIPPED_SHOWN:
        yield _all_of_them(len(report.incomplete))


def _all_of_them(count: int) -> Words:
    return said("  … all %(count)s of them: %(command)s", count=f"{count:,}", command="policy-search status --json")


def _of_ids(report: Report) -> Iterator[Words]:
    if report.corrected:
        yield said(
            "Of the duplicates %(count)s are corrected by a later record of their id.", count=f"{report.corrected:,}"
        )
    if report.shared_ids:
        yield said(
            "Ids that different texts share: %(count)s announcements are kept under an id made of their "
            "file's name. If one id means one announcement in all files: rebuild --global-ids",
            count=f"{report.shared_ids:,}",
        )


def _of_roots(report: Report) -> Iterator[Words]:
    for before, now in report.moved:
        yield said("Moved: %(before)s is gone, %(now)s holds its pages.", before=before, now=now)
    for place in report.gone:
        yield said(
            "Not there: %(place)s. Its pages stay in the index; to let them go: policy-search roots --retire %(place)s",
            place=place,
        )
