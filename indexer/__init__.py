"""policy-search below the web: from saved pages to an index, and from a query to hits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from indexer.index import Answer, Index, open_index

__all__ = ["Answer", "Index", "open_index"]


def __getattr__(name: str) -> Any:
    """Load the Python interface when it is first asked for: the command line starts without it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from indexer import index  # noqa: PLC0415 - see above

    return getattr(index, name)
