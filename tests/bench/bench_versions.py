"""How fast whole answers are beside those of another checkout of this project, in the same run, by turns.

    git worktree add --detach ../before 6f2f3d1
    python -m tests.bench.bench_versions ../before --size 20000

Each checkout builds an index of the same texts with its own ``rebuild`` and serves it with its own ``serve``, in this
environment. Both are asked the same questions in small lots, by turns, so that other work on the machine slows both
alike: believe the ratios. "first": different questions, asked once each. "again": the same once more, when answers may
have been kept.
"""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.announcement import to_json
from tests.bench.bench_http import CONNECTIONS, PATHS, WARMING, questions
from tests.bench.bench_start import RUN, searched
from tests.bench.measuring import arguments, clock, median, table, texts_of
from tests.bench.serving import Server, ask_each_once, ask_in_turn, requests
from tests.bench.texts import announcements

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from indexer.announcement import Announcement

HERE = Path(__file__).resolve().parents[2]
QUESTIONS = 420
LOT = 60  # questions to one, then the same to the other
STARTS = 7
EXPORTS = 4
CHUNK_BYTES = 1 << 16


@dataclass(slots=True)
class Measured:
    """What one checkout took for one kind of request."""

    took: list[float] = field(default_factory=list)  # milliseconds, of each where they were asked in turn
    count: int = 0
    processor: float = 0.0  # seconds of all
    seconds: float = 0.0  # of all


def main() -> None:
    """Build and serve with both, and print the ratios."""
    parser = arguments(__doc__)
    parser.add_argument("other", type=Path, help="the other checkout")
    parser.add_argument("--questions", type=int, default=QUESTIONS, help=f"how many (default: {QUESTIONS})")
    parser.add_argument("--processes", type=int, default=2, help="server processes (default: 2)")
    parser.add_argument("--keep", type=Path, default=None, help="a folder for the two indexes, used again if they are")
    options = parser.parse_args()
    texts = announcements(texts_of(options), options.size)
    programs = [_program(HERE), _program(options.other.resolve())]
    with tempfile.TemporaryDirectory() as made:
        folder = options.keep or Path(made)
        names = ("ours", "other")
        indexes = [_index(program, texts, folder, name) for program, name in zip(programs, names, strict=True)]
        print(f"## {len(texts)} announcements, {options.questions} questions, beside {options.other}\n")
        with (
            Server(indexes[0], options.processes, programs[0]) as ours,
            Server(indexes[1], options.processes, programs[1]) as other,
        ):
            _compare_answers(texts, (ours, other), options.questions)
        _compare_starts(programs, indexes)


def _program(checkout: Path) -> list[str]:
    """Return the command that runs a checkout's ``policy-search``."""
    return ["env", f"PYTHONPATH={checkout}", sys.executable, "-P", "-c", RUN]


def _index(program: Sequence[str], texts: Sequence[Announcement], folder: Path, name: str) -> Path:
    """Build an index of the texts with a checkout's own command, unless there is one."""
    index, records = folder / name, folder / "texts.jsonl"
    if not records.exists():
        lines = (json.dumps(to_json(one), ensure_ascii=False) + "\n" for one in texts)
        records.write_text("".join(lines), encoding="utf-8", errors="surrogatepass")
    if not (index / "current").exists():
        subprocess.run([*program, "--index", str(index), "rebuild", str(records)], check=True, capture_output=True)
    return index


def _compare_answers(texts: Sequence[Announcement], servers: Sequence[Server], count: int) -> None:
    """Print what whole answers take, asked in turn and at once, and a long export."""
    asked, at_once, others = (questions(texts, size, seed) for seed, size in ((1, count), (3, count), (2, WARMING)))
    rows: list[list[object]] = []
    for name, path in PATHS.items():
        for server in servers:
            ask_in_turn(server.port, requests(others, path))
        written = requests(asked, path)
        rows += [_row(f"{name}, {label}", _in_lots(servers, written, _in_turn)) for label in ("first", "again")]
        together = _in_lots(servers, requests(at_once, path), _at_once)
        rows.append(_row(f"{name}, first, {CONNECTIONS} connections", together))
    rows.append(_row("CSV of 10,000", _in_lots(servers, [b""] * EXPORTS, _exported, lot=1)))
    of_each = ("ours", "other", "ratio")
    heads = ["", *(f"{what}: {of}" for what in ("median ms", "processor ms", "answers/s") for of in of_each)]
    table(heads, rows)


def _in_lots(
    servers: Sequence[Server],
    written: Sequence[bytes],
    ask: Callable[[int, Sequence[bytes]], list[float]],
    lot: int = LOT,
) -> list[Measured]:
    """Ask both servers the same, a lot each by turns."""
    measured = [Measured() for _ in servers]
    for number, start in enumerate(range(0, len(written), lot)):
        part = written[start : start + lot]
        for server, one in list(zip(servers, measured, strict=True))[:: 1 if number % 2 else -1]:
            before = server.processor_seconds()
            with clock() as watch:
                one.took += ask(server.port, part)
            one.processor += server.processor_seconds() - before
            one.seconds += watch.seconds
            one.count += len(part)
    return measured


def _in_turn(port: int, written: Sequence[bytes]) -> list[float]:
    return ask_in_turn(port, written)


def _at_once(port: int, written: Sequence[bytes]) -> list[float]:
    ask_each_once(port, written, CONNECTIONS)
    return []


def _exported(port: int, _: Sequence[bytes]) -> list[float]:
    """Take the file of the newest 10,000."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    with clock() as watch:
        connection.request("GET", "/export.csv?sort=newest")
        answer = connection.getresponse()
        while answer.read(CHUNK_BYTES):
            pass
    connection.close()
    return [watch.seconds * 1000]


def _row(name: str, measured: Sequence[Measured]) -> list[object]:
    """Write what both took, with ratios: ours to the other's."""
    row: list[object] = [name]
    for read in (_median_of, lambda one: one.processor / one.count * 1000, lambda one: one.count / one.seconds):
        ours, other = map(read, measured)
        row += [ours or "–", other or "–", ours / other if other else "–"]
    return row


def _median_of(one: Measured) -> float:
    return median(one.took) if one.took else 0.0


def _compare_starts(programs: Sequence[Sequence[str]], indexes: Sequence[Path]) -> None:
    """Print what a whole ``policy-search search`` takes, the best of some, by turns."""
    taken: list[list[tuple[float, float]]] = [[], []]
    for _ in range(STARTS):
        for of, program, index in zip(taken, programs, indexes, strict=True):
            of.append(searched(program, index))
    rows: list[list[object]] = []
    for at, what in enumerate(("seconds", "processor seconds")):
        ours, other = (min(one[at] for one in of) for of in taken)
        rows.append([what, ours, other, ours / other])
    table(["policy-search search", "ours", "other", "ratio"], rows)


if __name__ == "__main__":
    main()
