"""Many clients, a tenth of them slow, on a running server: what the others wait, and what becomes of the slow ones.

python -m tests.promises.slow_clients --size 20000 --seconds 20

Slow ones come in three kinds: half a request and then a byte now and then, a connection that says nothing, and an
export of which nothing is taken. All comes from and goes to this machine; each client has a loopback address of
its own, as visitors have. ``--port`` measures a server that runs already, for comparing.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import multiprocessing
import random
import resource
import socket
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tests.bench.measuring import percentile
from tests.promises.ground import PROC, Verdict, session
from tests.promises.load import PATHS, WORDS, Server, fill

if TYPE_CHECKING:
    from collections.abc import Iterable

CLIENTS = (1, 10, 100, 500, 1000)
SLOW_SHARE = 0.1
PAUSE_SECONDS = 60.0  # longest pause of a visitor between two answers; 1,000 visitors ask for 33 answers a second
BYTE_SECONDS = 3.0  # between two bytes of a slow request; short of every idle timeout
ANSWER_SECONDS = 60.0  # after which a visitor has gone
DESCRIPTORS = 8_192
MOST_SECONDS = 300.0  # of one measurement, whatever is asked for
HALF = b"GET /api/search?q=x HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Filler: "
EXPORT = b"GET /export.csv HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@dataclass(slots=True)
class Seen:
    """What the clients of one measurement saw."""

    seconds: list[float] = field(default_factory=list)  # of each answer, from asking on
    told_to_wait: int = 0  # 503 or 429 with Retry-After
    errors: Counter[str] = field(default_factory=Counter)
    dropped: int = 0  # slow clients that the server sent away


def own_address(number: int) -> str:
    """Return a loopback address for a client of this number, from 0."""
    return f"127.1.{number // 250}.{number % 250 + 1}"


async def _connect(port: int, number: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", port, local_addr=(own_address(number), 0))


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, address: str) -> tuple[int, bool, bool]:
    """Ask once; gives the status, whether it comes with Retry-After, and whether the connection stays."""
    writer.write(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    await writer.drain()
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head.split(b" ", 2)[1])
    if b"transfer-encoding: chunked" in head:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readexactly(2)
    else:
        length = next(line for line in head.split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.split(b":")[1]))
    return status, b"retry-after:" in head, b"connection: close" not in head


async def be_visitor(port: int, number: int, end: float, seen: Seen, pause: float) -> None:
    """Ask, read and think, until the end."""
    chance, streams = random.Random(number), None
    await asyncio.sleep(chance.uniform(0, pause))
    while time.monotonic() < end:
        address = quote(chance.choice(PATHS).format(chance.choice(WORDS)), safe="/?=&")
        began = time.perf_counter()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                streams = streams or await _connect(port, number)
                status, wait, stays = await ask(*streams, address)
        except (OSError, EOFError, TimeoutError) as error:
            kept = streams is not None and time.perf_counter() - began < 1.0
            seen.errors["a kept connection was closed" if kept else type(error).__name__] += 1
            stays, status, wait = False, 0, False
        if status == 200:
            seen.seconds.append(time.perf_counter() - began)
        elif wait:
            seen.told_to_wait += 1
        elif status:
            seen.errors[str(status)] += 1
        if not stays and streams:
            streams[1].close()
            streams = None
        await asyncio.sleep(chance.uniform(0, pause))


async def be_slow(port: int, number: int, end: float, seen: Seen) -> None:
    """Hold a connection in one of three ways; come again when sent away."""
    while time.monotonic() < end:
        with contextlib.suppress(OSError, EOFError):
            reader, writer = await _connect(port, number)
            writer.write((HALF, b"", EXPORT * 20)[number % 3])
            if number % 3 == 2:
                writer.transport.pause_reading()  # type: ignore[attr-defined]
                own = writer.get_extra_info("socket")
                own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            while time.monotonic() < end:
                await asyncio.sleep(BYTE_SECONDS)
                if number % 3 == 0:
                    writer.write(b"x")
                    await writer.drain()
                if reader.at_eof() or writer.is_closing() or _reset(writer):
                    seen.dropped += 1
                    break
            writer.close()
        await asyncio.sleep(1.0)


def _reset(writer: asyncio.StreamWriter) -> bool:
    """Whether the other side has ended a connection that is not read."""
    own = writer.get_extra_info("socket")
    return bool(own.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)) if own and own.fileno() >= 0 else True


async def _measure(port: int, clients: int, seconds: float, slow_share: float, pause: float) -> Seen:
    seen, slow = Seen(), int(clients * slow_share)
    end = time.monotonic() + min(seconds, MOST_SECONDS)
    held = [asyncio.create_task(be_slow(port, number, end + 5, seen)) for number in range(slow)]
    await asyncio.sleep(1.0 if slow else 0.0)
    await asyncio.gather(*(be_visitor(port, number, end, seen, pause) for number in range(slow, clients)))
    for task in held:
        task.cancel()
    await asyncio.gather(*held, return_exceptions=True)
    return seen


def _run(queue: Any, *arguments: Any) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(DESCRIPTORS, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    queue.put(asyncio.run(_measure(*arguments)))


def measure(
    port: int, clients: int, seconds: float, slow_share: float = SLOW_SHARE, pause: float = PAUSE_SECONDS
) -> Seen:
    """Run clients in another process, so that they take nothing of this interpreter."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=_run, args=(queue, port, clients, seconds, slow_share, pause))
    process.start()
    seen: Seen = queue.get(timeout=seconds + ANSWER_SECONDS + 60)
    process.join()
    return seen


def told(seen: Seen, seconds: float) -> str:
    """Write the figures of one measurement in a line."""
    ms = [1000 * percentile(seen.seconds or [0.0], share) for share in (0.5, 0.99)]
    errors = ", ".join(f"{count} × {error}" for error, count in seen.errors.items()) or "no error"
    return (
        f"{len(seen.seconds) / seconds:.0f} answers/s, p50 {ms[0]:.0f} ms, p99 {ms[1]:.0f} ms, "
        f"{seen.told_to_wait} told to wait, {errors}, {seen.dropped} slow ones sent away"
    )


def temporary_files(processes: Iterable[int]) -> int:
    """Count open files that have no name any more: answers that wait for slow readers."""
    count = 0
    for process in processes:
        with contextlib.suppress(OSError):
            count += sum("(deleted)" in str(file.readlink()) for file in (PROC / str(process) / "fd").iterdir())
    return count


def prove(folder: Path, size: int, seconds: float, most: int = max(CLIENTS), processes: int | None = None) -> Verdict:
    """Measure with few and many clients, a tenth of them slow."""
    verdict, index = Verdict(), folder / "index"
    verdict.figures["index"] = fill(index, size)
    server = Server(index, processes)
    try:
        measure(server.port, 8, 3.0, 0.0, 0.1)  # what is kept is kept by then
        for clients in (count for count in CLIENTS if count <= most):
            seen = measure(server.port, clients, seconds)
            verdict.counts["answers"] += len(seen.seconds)
            verdict.figures[f"{clients} clients"] = told(seen, seconds)
            verdict.check(not seen.errors, f"{clients} clients: {dict(seen.errors)}")
        verdict.figures["answers kept in files for slow readers"] = str(temporary_files(session(server.process.pid)))
        verdict.check(server.stop() == 0, "SIGTERM did not end the server with status 0")
    finally:
        server.process.kill()
        server.process.communicate()
    return verdict


def compare(port: int, seconds: float, counts: Iterable[int]) -> None:
    """Print the figures of a server that runs already."""
    for clients in counts:
        sys.stdout.write(f"{clients:>5} clients: {told(measure(port, clients, seconds), seconds)}\n")
        sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=20.0, help="for each number of clients (default: 20)")
    parser.add_argument("--most", type=int, default=max(CLIENTS), help="clients at most (default: 1000)")
    parser.add_argument("--processes", type=int, help="of the server (default: as serve decides, one a core)")
    parser.add_argument("--port", type=int, help="of a server on this machine that runs already")
    options = parser.parse_args()
    if options.port:
        compare(options.port, options.seconds, [count for count in CLIENTS if count <= options.most])
        return 0
    with tempfile.TemporaryDirectory(prefix="promises-") as folder:
        return prove(Path(folder), options.size, options.seconds, options.most, options.processes).tell("Slow clients")


if __name__ == "__main__":
    sys.exit(main())
