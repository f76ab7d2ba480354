"""Rebuilds and updates ended at random moments leave the old or the new index, and the next run needs no hand.

Half of the runs end by SIGKILL after a random time; the others at a random step on the index's folder (a file opened,
renamed, linked, removed), so that the swap and merges are hit as often as all the rest. Every tenth gets
Ctrl-C instead.

    python -m tests.promises.kills --runs 200
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from click.testing import CliRunner

from indexer.embedded.engine import WhooshEngine
from indexer.embedded.write import batches
from indexer.indexing.rebuild import rebuild, update
from tests.promises.ground import Pages, Verdict, content, session, strangers
from webui.cli import cli

STEPS = {"open", "os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "os.truncate"}
GONE_SECONDS = 5.0  # within which workers of a dead parent must have left


@dataclass(frozen=True)
class Ending:
    """How and when a run is ended."""

    verb: str
    jobs: int
    signal: int = 0  # 0: it ends itself, at a step
    seconds: float = 0.0
    step: int = 0


class Steps:
    """Counts what is done to an index's folder; ends the process at the step that was chosen."""

    def __init__(self, index: Path, end_at: int) -> None:
        self._index = str(index)
        self._end_at = end_at
        self.done = 0

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if event not in STEPS or not isinstance(arguments[0], str | Path):
            return
        # A folder is emptied by names alone, relative to it.
        if str(arguments[0]).startswith(self._index) or event in ("os.remove", "os.rmdir"):
            self.done += 1
            if self.done == self._end_at:
                os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class Ended:
    """What a run left."""

    status: int  # negative: the signal that ended it
    seconds: float
    steps: int  # 0 when it was ended
    complaints: str


class Ground:
    """An index over changing pages, and what it held before and should hold afterwards."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.pages = Pages(folder / "pages", seed)
        self.index = folder / "index"
        self.log = folder / "log"
        self.engine = WhooshEngine(self.index)
        rebuild([self.pages.folder], self.engine, jobs=1)
        self.verdict = Verdict()

    def run(self, ending: Ending) -> Ended:
        """Run a command in a process of its own, and end it."""
        ready, tell_ready = os.pipe()
        process = os.fork()  # not a new interpreter: its start takes ten times as long as what is to be tested
        if not process:
            self._be_the_command(ending, tell_ready)
        os.close(tell_ready)
        os.read(ready, 1)  # only then it heads a session of its own and writes its own log
        os.close(ready)
        began = time.monotonic()
        status = None
        while status is None and time.monotonic() - began < ending.seconds:
            status = _ended(process)
            time.sleep(0.001)
        if status is None:
            if ending.signal:
                # Ctrl-C in a terminal reaches all processes of the foreground, a kill the one alone.
                (os.killpg if ending.signal == signal.SIGINT else os.kill)(process, ending.signal)
            status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        seconds = time.monotonic() - began
        self.verdict.check(_gone(process), f"{ending}: workers were left behind")
        complaints, _, steps = self.log.read_text(encoding="utf-8").partition("\nSTEPS ")
        return Ended(status, seconds, int((steps.split() or ["0"])[0]), complaints)

    def _be_the_command(self, ending: Ending, tell_ready: int) -> NoReturn:
        os.setsid()
        log = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for standard in (1, 2):
            os.dup2(log, standard)
        sys.stdout, sys.stderr = (open(at, "w", encoding="utf-8", closefd=False) for at in (1, 2))  # noqa: SIM115
        if ending.jobs > 1:
            batches.BATCH_DOCUMENTS = 10  # so that even few pages make several segments, workers and merges
        steps = Steps(self.index, ending.step)
        sys.addaudithook(steps)
        status = 1
        os.write(tell_ready, b".")
        try:
            cli(["--index", str(self.index), ending.verb, str(self.pages.folder), "--jobs", str(ending.jobs)])
        except SystemExit as ended:
            status = int(ended.code or 0)
        finally:
            sys.stderr.write(f"\nSTEPS {steps.done}\n")
            sys.stderr.flush()
            os._exit(status)

    def one(self, ending: Ending) -> None:
        """Change the pages, run and end a command, and look at what it left."""
        verdict = self.verdict
        before = content(self.index)
        for _ in range(self.pages.chance.randrange(1, 6)):
            self.pages.edit()
        ended = self.run(ending)
        self._tally(ending, ended)
        left = content(self.index)
        told = CliRunner().invoke(cli, ["--index", str(self.index), "status", "--json"])
        verdict.check(told.exit_code == 0, f"{ending}: status failed: {told.output[:200]}")
        counted = sum(1 for _ in WhooshEngine(self.index).announcements())
        verdict.check(json.loads(told.stdout)["documents"] == counted, f"{ending}: status told another index")

        report = update([self.pages.folder], self.engine, jobs=1)
        verdict.check(report.adds_up, f"{ending}: the next run's report does not add up")
        after = content(self.index)
        verdict.check(left in (before, after), f"{ending}: neither the old nor the new content")
        verdict.counts["left the new index" if left == after != before else "left the old index"] += 1
        verdict.check(not strangers(self.index), f"{ending}: not cleaned up: {strangers(self.index)}")
        if verdict.counts["runs"] % 10 == 0:
            rebuild([self.pages.folder], self.engine, jobs=1)
            verdict.check(content(self.index) == after, f"{ending}: the next update was not what a rebuild makes")

    def _tally(self, ending: Ending, ended: Ended) -> None:
        counts, status, complaints = self.verdict.counts, ended.status, ended.complaints
        counts["runs"] += 1
        counts[f"{ending.verb} with {ending.jobs} process{'es' if ending.jobs > 1 else ''}"] += 1
        if status == 0:
            counts["ended before it was hit"] += 1
        elif ending.signal == signal.SIGINT:
            counts["ended by Ctrl-C"] += 1
            self.verdict.check(status == 130, f"{ending}: status {status}, not 130: {complaints[-300:]}")
            self.verdict.check("Stopped." in complaints, f"{ending}: no sentence: {complaints[-300:]}")
            self.verdict.check("Traceback" not in complaints, f"{ending}: a traceback: {complaints[-1500:]}")
        else:
            counts["ended by SIGKILL at a step" if ending.step else "ended by SIGKILL at a moment"] += 1
            self.verdict.check(status == -signal.SIGKILL, f"{ending}: status {status}: {complaints[-300:]}")


def _ended(process: int) -> int | None:
    found, status = os.waitpid(process, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


def _gone(leader: int) -> bool:
    end = time.monotonic() + GONE_SECONDS
    while left := session(leader):
        if time.monotonic() > end:
            for one in left:
                os.kill(one, signal.SIGKILL)
            return False
        time.sleep(0.02)
    return True


def endings(ground: Ground, runs: int, chance: random.Random) -> list[Ending]:
    """Measure how long an undisturbed run takes, and choose when to end each."""
    found: dict[tuple[str, int], tuple[float, int]] = {}
    for verb in ("rebuild", "update"):
        for jobs in (1, 2):
            ground.pages.edit()
            ended = ground.run(Ending(verb, jobs, seconds=60))
            ground.verdict.check(ended.status == 0, f"{verb} alone failed: {ended.complaints}")
            found[verb, jobs] = ended.seconds, max(ended.steps, 1)
    chosen = []
    for number in range(runs):
        key = verb, jobs = chance.choice(("rebuild", "update")), 2 if chance.random() < 0.25 else 1
        seconds, steps = found[key]
        if number % 10 == 9:
            chosen.append(Ending(verb, jobs, signal.SIGINT, seconds=chance.uniform(0.1, 1.0) * seconds))
        elif number % 2:
            chosen.append(Ending(verb, jobs, signal.SIGKILL, seconds=chance.uniform(0.0, 1.0) * seconds))
        else:
            first = chance.choice((1, 1 + steps * 3 // 4))  # the swap and what follows is as much worth as all before
            chosen.append(Ending(verb, jobs, step=chance.randrange(first, steps + 1)))
    return chosen


def prove(folder: Path, runs: int, seed: int) -> Verdict:
    """End so many runs and give what came of it."""
    ground = Ground(folder, seed)
    for ending in endings(ground, runs, random.Random(seed)):
        ground.one(ending)
    return ground.verdict


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="promises-") as folder:
        return prove(Path(folder), options.runs, options.seed).tell("Ended at any moment")


if __name__ == "__main__":
    sys.exit(main())
