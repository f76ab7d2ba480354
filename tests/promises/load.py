"""Many clients at once on a running server: answers a second, how long each takes, errors, memory, and a good end.

python -m tests.promises.load --size 20000 --seconds 60

With ``--processes 1`` the server is one process of several threads: what several processes gain is the difference.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import random
import re
import signal
import socket
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from indexer.embedded.engine import WhooshEngine
from indexer.report import Report
from tests.bench.measuring import percentile, private_megabytes
from tests.bench.texts import read
from tests.promises.ground import MATTERS, Verdict, command, session, start
from tests.promises.readers import announcements
from tests.shared_data import SHARED

if TYPE_CHECKING:
    import subprocess

CLIENTS = (1, 8, 32)
MOST_GROWTH = 1.10
WORDS = (
    *MATTERS,
    "通知",
    "乡村振兴",
    "疫情",
    "“优化营商环境”",
    "教育 OR 医疗",
    "补贴 -疫情",
    "2021-01..2021-06",
    "帮扶",
)
PATHS = (
    "/api/search?q={}",
    "/api/search?q={}&sort=newest",
    "/?q={}",
    "/api/suggest?q={}",
    "/api/search?q={}&form=通知",
)
TIMEOUT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Figures:
    """What one client process saw."""

    seconds: list[float]
    errors: list[str]


def _ask_until(port: int, clients: int, seconds: float, seed: int, results: Any) -> None:
    """Be so many clients, each with a connection that it keeps."""
    found, errors, end = [], [], time.monotonic() + seconds

    def be_client(number: int) -> None:
        chance = random.Random(seed * 1000 + number)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
        while time.monotonic() < end:
            address = quote(chance.choice(PATHS).format(chance.choice(WORDS)), safe="/?=&")
            began = time.perf_counter()
            try:
                connection.request("GET", address)
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException) as error:
                errors.append(f"{address}: {error!r}")
                connection.close()
                continue
            found.append(time.perf_counter() - began)
            if answer.status != 200:
                errors.append(f"{address}: {answer.status}")
        connection.close()

    threads = [threading.Thread(target=be_client, args=(number,)) for number in range(clients)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    results.put(Figures(found, errors))


def measure(port: int, clients: int, seconds: float) -> Figures:
    """Run clients in another process, so that they take nothing of the server's interpreter."""
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    process = context.Process(target=_ask_until, args=(port, clients, seconds, clients, results))
    process.start()
    figures: Figures = results.get(timeout=seconds + 60)
    process.join()
    return figures


class Server:
    """``policy-search serve`` as a process."""

    def __init__(self, index: Path, processes: int | None) -> None:
        self.log = index.parent / "server.log"
        asked = ["--processes", str(processes)] if processes else []
        with self.log.open("w") as log:
            self.process: subprocess.Popen[str] = start(command(index, "serve", "--port", "0", *asked), complaints=log)
        assert self.process.stdout is not None
        found = re.search(r":(\d+)/", self.process.stdout.readline())
        assert found, self.log.read_text()
        self.port = int(found[1])

    def megabytes(self) -> float:
        """Count all its processes."""
        return sum(private_megabytes(str(one)) for one in session(self.process.pid))

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


def prove_stuck_clients(server: Server, verdict: Verdict) -> None:
    """Hold connections that send half a request, or never read their answer, and measure beside them."""
    held = []
    for at in range(60):
        stuck = socket.create_connection(("127.0.0.1", server.port))
        half = b"GET /?q=x HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        stuck.sendall(half if at % 2 else (half + b"\r\n") * 20)
        held.append(stuck)
    figures = measure(server.port, 1, 2.0)
    verdict.check(not figures.errors and figures.seconds, f"beside stuck clients: {figures.errors[:3]}")
    verdict.figures["beside 60 stuck clients: p99, ms"] = 1000 * percentile(figures.seconds or [0.0], 0.99)
    for stuck in held:
        stuck.close()


def prove_end(server: Server, verdict: Verdict) -> None:
    """Stop the server while it answers: what is under way is finished."""
    answers: list[int] = []

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT_SECONDS)
        connection.request("GET", "/export.csv")
        answer = connection.getresponse()
        answer.read()
        answers.append(answer.status)

    asking = threading.Thread(target=ask)
    asking.start()
    time.sleep(0.1)
    verdict.check(server.stop() == 0, "SIGTERM did not end the server with status 0")
    asking.join()
    verdict.check(answers == [200], f"the answer under way was not finished: {answers}")


def fill(index: Path, size: int) -> str:
    """Index real announcements where they are at hand, else invented ones."""
    engine = WhooshEngine(index)
    if SHARED:
        engine.replace_all(islice(read(SHARED / "data/corpus/gov_news.jsonl.gz"), size), Report(), 2)
        return f"{size} real announcements"
    engine.replace_all(announcements(1), Report())
    return "300 invented announcements"


def prove(folder: Path, size: int, seconds: float, processes: int | None = None) -> Verdict:
    """Measure with few and many clients, beside stuck ones, and at the end."""
    verdict, index = Verdict(), folder / "index"
    verdict.figures["index"] = fill(index, size)
    server = Server(index, processes)
    try:
        measure(server.port, max(CLIENTS), max(3.0, seconds))  # what is kept is kept by then
        first = server.megabytes()
        for clients in CLIENTS:
            figures = measure(server.port, clients, seconds)
            verdict.counts["requests"] += len(figures.seconds)
            verdict.check(not figures.errors, f"{clients} clients: {len(figures.errors)} errors: {figures.errors[:3]}")
            ms = [1000 * percentile(figures.seconds or [0.0], share) for share in (0.5, 0.99)]
            told = f"{len(figures.seconds) / seconds:.0f} answers/s, p50 {ms[0]:.1f} ms, p99 {ms[1]:.1f} ms"
            verdict.figures[f"{clients} clients"] = told
        last = server.megabytes()
        verdict.figures["memory of the server, MB, start and end"] = f"{first:.0f} and {last:.0f}"
        verdict.check(last < MOST_GROWTH * first + 5, f"memory grew from {first:.0f} to {last:.0f} MB")
        prove_stuck_clients(server, verdict)
        prove_end(server, verdict)
        lines = [line for line in server.log.read_text().splitlines() if line.startswith("{")]
        keys = [set(json.loads(line)) for line in lines]
        wanted = {"id", "path", "ms", "hits", "status"}
        verdict.check(all(wanted <= one for one in keys), "a line of the log lacks something")
        verdict.counts["lines in the log"] = len(lines)
    finally:
        server.process.kill()
        server.process.communicate()
    return verdict


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=20.0, help="for each number of clients (default: 20)")
    parser.add_argument("--processes", type=int, help="of the server (default: as serve decides, one a core)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="promises-") as folder:
        return prove(Path(folder), options.size, options.seconds, options.processes).tell("Load")


if __name__ == "__main__":
    sys.exit(main())
