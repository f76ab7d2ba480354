"""A real cluster of three nodes on this machine's loopback, each a process of its own that can be killed."""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from indexer.cluster_settings import Cluster

NODES: Final = 3
HEAP: Final = "256m"
PORTS: Final = (12_000, 32_000)  # Linux gives those from 32,768 on to whoever connects
START_SECONDS: Final = 180
_LAUNCHER: Final = Path(__file__).with_name("TestNode.java")
# Quick to start rather than quick in the long run, which on two cores is longer than all that is done here.
QUICK_START: Final = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")


@dataclass
class LocalCluster:
    """Starts, kills and restarts nodes; ``settings`` is how a program reaches them."""

    classpath: str
    home: Path
    heap: str = HEAP
    http: list[int] = field(default_factory=lambda: free_ports(NODES))
    transport: list[int] = field(default_factory=lambda: free_ports(NODES))
    jvm: tuple[str, ...] = QUICK_START
    _processes: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, *nodes: int) -> None:
        """Start these nodes, or all, if they are not running, and wait until they have found each other."""
        for node in nodes or range(len(self.http)):
            self.launch(node)
        self.wait(nodes=len(self._processes))

    def launch(self, node: int) -> None:
        """Start a node, if it is not running, and wait for nothing."""
        if node not in self._processes:
            self._processes[node] = self._launched(node)

    def _launched(self, node: int) -> subprocess.Popen[bytes]:
        names = ",".join(f"node-{port}" for port in self.http)
        every = ",".join(map(str, self.transport))
        home, log = self.home / str(node), (self.home / f"{node}.log").open("ab")
        where = [str(home), str(self.http[node]), str(self.transport[node]), every, names]
        with log:
            return subprocess.Popen(
                [
                    "java",
                    f"-Xms{self.heap}",
                    f"-Xmx{self.heap}",
                    *self.jvm,
                    "-cp",
                    self.classpath,
                    str(_LAUNCHER),
                    *where,
                ],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
            )

    def kill(self, node: int) -> None:
        """End a node as a power cut would."""
        process = self._processes.pop(node)
        process.kill()
        process.communicate()

    def close(self) -> None:
        """End all nodes."""
        for process in self._processes.values():
            process.kill()
        for process in self._processes.values():
            process.communicate()

    @property
    def processes(self) -> list[str]:
        """The ids of the processes that run."""
        return [str(process.pid) for process in self._processes.values()]

    @property
    def settings(self) -> Cluster:
        """How the engine reaches the cluster; two shards, so that every answer is put together."""
        return Cluster(tuple(f"http://127.0.0.1:{port}" for port in self.http), shards=2, replicas=1)

    def get(self, path: str, node: int | None = None, method: str = "GET", body: object = None) -> Any:
        """Ask a node that is there."""
        port = self.http[next(iter(self._processes)) if node is None else node]  # the one that is there longest
        data = json.dumps(body).encode() if body else None
        headers = {"Content-Type": "application/json"} if body else {}
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def wait(self, nodes: int, status: str = "yellow") -> None:
        """Wait until each node knows that so many are together and the status is so good."""
        until = time.monotonic() + START_SECONDS
        asked = f"/_cluster/health?wait_for_nodes={nodes}&wait_for_status={status}&timeout=30s&local=true"
        while time.monotonic() < until:
            if gone := [node for node, process in self._processes.items() if process.poll() is not None]:
                raise AssertionError(f"node {gone[0]} ended: {(self.home / f'{gone[0]}.log').read_text()[-2000:]}")
            try:
                if not any(self.get(asked, node)["timed_out"] for node in list(self._processes)):
                    return
            except OSError:
                time.sleep(0.5)
        raise AssertionError("the cluster did not come up")


def read_classpath() -> str:
    """Read where OpenSearch lies, for scripts; ends the program when it was not fetched."""
    fetched = Path(__file__).parents[2] / ".venv" / "opensearch-classpath"
    file = Path(os.environ.get("OPENSEARCH_CLASSPATH", fetched))
    if not file.is_file():
        raise SystemExit(f"There is no {file}; fetch OpenSearch first: make {fetched.relative_to(fetched.parents[1])}")
    return file.read_text(encoding="utf-8").strip()


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on just now, below those that systems give to whoever connects."""
    chance = random.SystemRandom()
    holders: list[socket.socket] = []
    while len(holders) < count:
        with suppress(OSError):  # taken
            holders.append(socket.create_server(("127.0.0.1", chance.randrange(*PORTS))))
    ports = [holder.getsockname()[1] for holder in holders]
    for holder in holders:
        holder.close()
    return ports
