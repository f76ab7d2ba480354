"""How long a user waits for the first answer of a new process: of ``policy-search search``, and of the server.

    python -m tests.bench.bench_start --size 20000

Whole processes, from their start to their end or the first answer; the best of ``--runs``. "without rjieba" hides the
optional cutter from them. The index has been read before: what is measured is the program, not the disk.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.embedded.engine import WhooshEngine
from indexer.report import Report
from tests.bench.measuring import arguments, table, texts_of
from tests.bench.serving import Server, ask_in_turn
from tests.bench.texts import announcements

if TYPE_CHECKING:
    from collections.abc import Sequence

RUNS = 7
RUN = "from webui.cli import main; main()"
HIDE_RJIEBA = (
    "import importlib.util as util; find = util.find_spec; "
    "util.find_spec = lambda name, *rest: None if name == 'rjieba' else find(name, *rest); "
)
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
FIRST_REQUEST = b"GET /api/search?q=%E9%80%9A%E7%9F%A5 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def main() -> None:
    """Index these texts and start processes over them."""
    parser = arguments(__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        WhooshEngine(Path(folder)).replace_all(announcements(texts_of(options), options.size), Report(), 2)
        start(Path(folder), options.runs)


def start(index: Path, runs: int) -> None:
    """Print the best of some runs."""
    print(f"## Start: {WhooshEngine(index).status().documents} announcements\n")
    rows: list[list[object]] = []
    for name, before in (("", ""), (" without rjieba", HIDE_RJIEBA)):
        program = (sys.executable, "-c", before + RUN)
        rows.append([f"search{name}", *_best([searched(program, index) for _ in range(runs)])])
        rows.append([f"serve{name}: first answer", *_best([_served(program, index) for _ in range(runs)])])
    table(["", "seconds", "processor seconds"], rows)


def _best(measured: Sequence[tuple[float, float]]) -> list[float]:
    return [min(one) for one in zip(*measured, strict=True)]


def searched(program: Sequence[str], index: Path) -> tuple[float, float]:
    """Run one search; return the seconds that it took, and those of the processor."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [*program, "--index", str(index), "search", "乡村振兴 补贴"]
    subprocess.run(command, env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _served(program: Sequence[str], index: Path) -> tuple[float, float]:
    with Server(index, 2, program) as server:
        ask_in_turn(server.port, [FIRST_REQUEST])
        return time.perf_counter() - server.started, server.processor_seconds()


if __name__ == "__main__":
    main()
