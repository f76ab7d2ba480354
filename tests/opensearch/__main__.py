"""Three nodes on this machine, to try the program with, until they are stopped (Ctrl-C); nothing is kept.

make opensearch-nodes
"""

from __future__ import annotations

import signal
import tempfile
import threading
from pathlib import Path
from typing import Final

from tests.opensearch.cluster import NODES, LocalCluster, read_classpath

FIRST_PORT: Final = 9201


def main() -> None:
    """Start them, say where they are, and wait."""
    stopped = threading.Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: stopped.set())
    with tempfile.TemporaryDirectory(prefix="policy-search-nodes-") as folder:
        nodes = LocalCluster(read_classpath(), Path(folder), http=[FIRST_PORT + node for node in range(NODES)])
        try:
            nodes.start()
            print("Three nodes answer at", ", ".join(nodes.settings.nodes), flush=True)  # noqa: T201 - a script
            stopped.wait()
        finally:
            nodes.close()


if __name__ == "__main__":
    main()
