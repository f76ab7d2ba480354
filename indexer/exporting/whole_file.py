"""A file that is there only once it is whole."""

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
