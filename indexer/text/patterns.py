"""Regular expressions that are compiled when they are first used.

Compiling one with ranges of Chinese characters takes up to 6 ms, all of ours 30; a search needs few of them.
"""

from __future__ import annotations

import re
from typing import Any, cast


def lazily(source: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """Return what can be used as ``re.compile(source, flags)``."""
    return cast("re.Pattern[str]", _Lazy(source, flags))


class _Lazy:
    def __init__(self, source: str, flags: re.RegexFlag) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(self._source, self._flags), name)
        setattr(self, name, found)  # from now on it is found without coming here
        return found
