"""The account of a rebuild or update in sentences, as the command line prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.report import Report

MAX_SKIPPED_SHOWN = 20
MAX_KINDS_SHOWN = 12


def report_lines(report: Report, verb: str) -> Iterator[str]:
    """Yield what became of every page; the parts of the first line add up to the pages read."""
    parts = [(report.indexed, "indexed"), (report.unchanged, "unchanged")]
    parts += [(report.reposts, "indexed as reposts of these"), (report.duplicates, "duplicates")]
    parts += [(report.attached, "joined to the page that carries them"), (len(report.skipped), "skipped")]
    told = ", ".join(f"{count:,} {what}" for count, what in parts if count or what in ("indexed", "skipped"))
    yield f"{verb} in {report.seconds:.1f} s: {report.read:,} pages read = {told}."
    yield from _of_ids(report)
    yield from _of_roots(report)
    if report.removed:
        yield f"Removed: {report.removed:,} that are no longer there."
    if report.ignored:
        yield f"Beside the pages: {report.ignored:,} files or folders of other kinds, not read."
    if kinds := report.unread_kinds:
        told = ", ".join(f"{kind} {count:,}" for kind, count in kinds[:MAX_KINDS_SHOWN])
        yield f"Kinds that are not read: {told}{', …' if len(kinds) > MAX_KINDS_SHOWN else ''}."
    if report.replaced_characters:
        yield f"Characters that could not be decoded: {report.replaced_characters:,}."
    for skipped in report.skipped[:MAX_SKIPPED_SHOWN]:
        yield f"  skipped {skipped.path}: {skipped.reason}"
    if len(report.skipped) > MAX_SKIPPED_SHOWN:
        yield f"  … all {len(report.skipped):,} of them: policy-search status --json"
    for one in report.incomplete[:MAX_SKIPPED_SHOWN]:
        yield f"  incomplete {one.path}: {one.reason}"
    if len(report.incomplete) > MAX_SKIPPED_SHOWN:
        yield f"  … all {len(report.incomplete):,} of them: policy-search status --json"


def _of_ids(report: Report) -> Iterator[str]:
    if report.corrected:
        yield f"Of the duplicates {report.corrected:,} are corrected by a later record of their id."
    if report.shared_ids:
        yield (
            f"Ids that different texts share: {report.shared_ids:,} announcements are kept under an id made of their "
            "file's name. If one id means one announcement in all files: rebuild --global-ids"
        )


def _of_roots(report: Report) -> Iterator[str]:
    for before, now in report.moved:
        yield f"Moved: {before} is gone, {now} holds its pages."
    for place in report.gone:
        yield f"Not there: {place}. Its pages stay in the index; to let them go: policy-search roots --retire {place}"
