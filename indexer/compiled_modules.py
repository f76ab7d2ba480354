"""Optional compiled modules: each is used where it fits what Python calls, else Python alone does the work."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any


def compiled_module(name: str, revision: int) -> Any | None:
    """Return a compiled module.

    None where it was not built, or from sources of another ``REVISION``, or where numbers are written the other way.
    """
    try:
        module: Any = import_module(name)
    except ImportError:
        return None
    return module if getattr(module, "REVISION", 0) == revision and sys.byteorder == "little" else None
