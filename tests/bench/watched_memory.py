"""The memory of a process and of all that it has started, looked at ten times a second by a process beside it.

A thread would keep the watched process from forking. Run as a program, this needs nothing but the standard library.
"""

from __future__ import annotations

import os
import select
import sys
from pathlib import Path

PROC = Path("/proc")
_SECONDS = 0.1  # from one look to the next


def family(process: str = "self") -> list[str]:
    """Name a process and all that it, or one of them, has started."""
    found = [process]
    for at in found:
        for children in (PROC / at / "task").glob("*/children"):
            found += children.read_text(encoding="ascii").split()
    return found


def megabytes(processes: list[str]) -> float:
    """Add up what processes have written to and hold; what several of them share counts once."""
    return sum(map(_megabytes_of, processes))


def _megabytes_of(process: str) -> float:
    try:
        lines = (PROC / process / "smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:  # it ended meanwhile
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss_Dirty")) / 1024


def main() -> None:
    """Watch until the standard input ends; then say the most that there was."""
    watched, own, most = sys.argv[1], str(os.getpid()), 0.0
    print("watching", flush=True)
    while not select.select([sys.stdin], [], [], _SECONDS)[0]:
        most = max(most, megabytes([one for one in family(watched) if one != own]))
    print(most)


if __name__ == "__main__":
    main()
