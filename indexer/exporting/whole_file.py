"""Files that are there only once they are whole, and are changed by one at a time."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from indexer.errors import PathUnwritable
from indexer.messages import of_system

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def whole_file(file: Path) -> Iterator[Path]:
    """Give a place beside ``file`` to write to; it takes the name of ``file`` when the block ends well.

    Raises ``PathUnwritable``. After any exception a file that was there before is as it was, and nothing is left over.
    """
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        yield unfinished
        with unfinished.open("rb+") as written:
            os.fsync(written.fileno())
        unfinished.replace(file)
    except OSError as error:
        raise PathUnwritable(file, of_system(error)) from error
    finally:
        with suppress(OSError):
            unfinished.unlink()


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Let one process or thread at a time into the block; another waits. Raises ``PathUnwritable``.

    The lock is a file of its own, for a file that is written whole is replaced by another each time.
    """
    try:
        import fcntl  # noqa: PLC0415 - Windows has none: there nobody waits
    except ImportError:
        yield
        return
    try:
        held = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise PathUnwritable(lock, of_system(error)) from error
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)  # lets go of the lock too
