"""Hostile pages end as an announcement or as a line that says why not, within time and memory; nothing else happens.

python -m tests.promises.hostile_pages --mutants 5000 --small-files 100000
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.embedded.engine import WhooshEngine
from indexer.reading.corpus import Corpus, find_roots
from indexer.reading.page import FAILED, read_pages, read_with_attachments, read_within_limits
from indexer.reading.page_limits import PAGE_CPU_SECONDS
from indexer.report import Skipped
from indexer.skip_reasons import because
from tests.promises.ground import PROC, Verdict, command, page, start
from tests.promises.hostile import mutants, write_hostile
from tests.shared_data import SHARED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.announcement import Page

MOST_SECONDS = PAGE_CPU_SECONDS + 1.0  # what a parser holds on to cannot be interrupted at once
MOST_MEGABYTES = 500
HUGE_BYTES = 64 * 1024**2  # more than any file of ours: all are written
# Read by every Python process that is started below, workers too: refuses sockets, and writes down what is opened for
# writing outside the index, what is run, and what is tried on the network.
GUARD = """
import os, sys
_log = os.open(os.environ["GUARD_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
_allowed = os.environ["GUARD_ALLOWED"].split(os.pathsep)
def _guard(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "os.system", "subprocess.Popen", "os.exec"):
        os.write(_log, f"{event} {arguments!r}\\n".encode("utf-8", "replace"))
        raise PermissionError(event)
    if event == "open" and isinstance(arguments[0], (str, bytes)) and arguments[2] & (os.O_WRONLY | os.O_RDWR):
        place = os.path.abspath(os.fsdecode(arguments[0]))
        if not place.startswith(tuple(_allowed)):
            os.write(_log, f"open {place} {arguments[1]}\\n".encode("utf-8", "replace"))
sys.addaudithook(_guard)
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one page took."""

    path: str
    seconds: float
    megabytes: float
    reason: str  # why it was skipped; "" when it was read


def measure(page: Page) -> Measured:
    """Read a page as a worker does, and take its time and the most memory that the process had meanwhile."""
    (PROC / "self/clear_refs").write_text("5")  # forget the peak so far
    began = time.process_time()  # as the limit counts: a busy machine is no fault of the page
    outcome = read_within_limits(page, read_with_attachments)
    seconds = time.process_time() - began
    status = (PROC / "self/status").read_text(encoding="utf-8")
    peak = next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))
    return Measured(page.path, seconds, peak, outcome.reason if isinstance(outcome, Skipped) else "")


def prove_limits(folder: Path, verdict: Verdict, shown: int) -> None:
    """Measure every page below a folder."""
    corpus = Corpus(find_roots([folder]))
    outcomes = list(read_pages(corpus.pages(), measure, jobs=2))
    measured = [one for one in outcomes if isinstance(one, Measured)]
    verdict.counts["pages read"] += sum(not one.reason for one in measured)
    verdict.counts["pages skipped with a reason"] += sum(bool(one.reason) for one in measured)
    verdict.counts["pages skipped with a reason"] += len(corpus.skipped)
    for lost in (one for one in outcomes if isinstance(one, Skipped)):
        verdict.check("died" not in lost.reason, f"{lost.path}: {lost.reason}")
        verdict.counts["pages skipped with a reason"] += 1
    for one in measured:
        verdict.check(not one.reason.startswith(str(because(FAILED, why=""))), f"{one.path}: {one.reason}")
        verdict.check(one.seconds < MOST_SECONDS, f"{one.path}: {one.seconds:.1f} s {one.reason}")
        verdict.check(one.megabytes < MOST_MEGABYTES, f"{one.path}: {one.megabytes:.0f} MB {one.reason}")
    slowest = sorted(measured, key=lambda one: -one.seconds)[:shown]
    largest = sorted(measured, key=lambda one: -one.megabytes)[:shown]
    for one in (*slowest, *largest):
        verdict.figures[one.path] = f"{one.seconds:.2f} s, {one.megabytes:.0f} MB {one.reason}"


def prove_rebuild(folder: Path, index: Path, verdict: Verdict) -> None:
    """Rebuild from the folder under guard."""
    guard, log = index.parent / "guard", index.parent / "guard.log"
    guard.mkdir()
    own = index.parent / "temporary"
    own.mkdir()
    (guard / "sitecustomize.py").write_text(GUARD)
    allowed = os.pathsep.join(map(str, (index, log, own, "/dev/null")))
    environment = os.environ | {"PYTHONPATH": str(guard), "GUARD_LOG": str(log), "GUARD_ALLOWED": allowed}
    environment["TMPDIR"] = str(own)
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    began = time.monotonic()
    process = start(command(index, "rebuild", folder, "--jobs", "2"), environment)
    _, complaints = process.communicate()
    verdict.figures["rebuild of all, s"] = round(time.monotonic() - began, 1)
    verdict.check(process.returncode == 0, f"the rebuild ended with {process.returncode}: {complaints[-800:]}")
    verdict.check("Traceback" not in complaints, complaints[-800:])
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else ():
        verdict.broken.append(f"done beside reading: {line[:300]}")
    verdict.check(not list(own.iterdir()), f"temporary files were left: {list(own.iterdir())}")
    if not process.returncode:
        report = WhooshEngine(index).status().report
        verdict.check(report.adds_up, f"the report does not add up: {report}")
        verdict.counts["pages in the rebuild"] += report.read
        verdict.check(all(one.reason for one in report.skipped), "a page was skipped without a reason")


def originals() -> Sequence[bytes]:
    """Return real pages where they are at hand, else our own samples."""
    places = [SHARED / "data/pages", SHARED / "seeds"] if SHARED else [Path(__file__).parents[2] / "corpus"]
    files = sorted(file for place in places for file in place.rglob("*") if file.suffix in (".html", ".htm", ".txt"))
    return [file.read_bytes() for file in files] + [page(random.Random(at)).encode() for at in range(5)]


def prove(
    folder: Path, mutated: int, small_files: int, seed: int, shown: int = 4, largest: int = HUGE_BYTES
) -> Verdict:
    """Write all pages up to a size, measure each, and rebuild from them."""
    verdict, pages = Verdict(), folder / "pages"
    write_hostile(pages, small_files, largest)
    (pages / "mutants").mkdir()
    for at, data in enumerate(mutants(originals(), mutated, seed)):
        (pages / "mutants" / f"{at}.{'txt' if at % 10 == 0 else 'html'}").write_bytes(data)
    verdict.counts["mutated pages"] = mutated
    verdict.counts["tiny files"] = small_files
    prove_limits(pages, verdict, shown)
    prove_rebuild(pages, folder / "index", verdict)
    return verdict


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mutants", type=int, default=5000)
    parser.add_argument("--small-files", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="promises-") as folder:
        return prove(Path(folder), options.mutants, options.small_files, options.seed).tell("Hostile pages")


if __name__ == "__main__":
    sys.exit(main())
