"""What building takes beside Recoll, over a folder of saved pages, and beside Xapian, over texts.

python -m tests.bench.bench_indexers --size 20000
python -m tests.bench.bench_indexers --pages FOLDER --size 0      pages alone

The peers are Debian's packages recollcmd (``recollindex``) and xapian-omega (``scriptindex``), and xapian-tools to
count documents. Recoll reads the same files and indexes pairs of Chinese characters, as it does by itself; so does
Xapian in its first row, and in the second it is given the words that we cut. Processor time is that of all processes.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.embedded.engine import WhooshEngine
from indexer.report import Report
from indexer.text.segmenter import words_of
from tests.bench.measuring import PeakMemory, arguments, clock, table, texts_of
from tests.bench.texts import announcements, utf8_bytes
from tests.shared_data import SHARED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from indexer.announcement import Announcement

_HEADS = ["", "seconds", "processor seconds", "ours / theirs", "size / input", "documents", "peak MB"]
# The folder is read as a desktop's is, but as fast as it goes: by itself Recoll steps behind all other programs.
_RECOLL = "topdirs = {pages}\nidxniceprio = 0\nloglevel = 1\ncachedir = {room}\n"
_XAPIAN = "id : boolean=Q unique=Q\ntitle : index=S\nbody : index field\n"
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Taken:
    """What a build took."""

    seconds: float
    processor: float
    room: int
    documents: str
    megabytes: float


def main() -> None:
    """Build with each and print two tables."""
    parser = arguments(__doc__)
    parser.add_argument("--pages", type=Path, default=SHARED and SHARED / "data/pages", help="folder of saved pages")
    parser.add_argument("--jobs", type=int, default=2, help="our processes (default: 2)")
    options = parser.parse_args()
    if options.pages:
        over_pages(options.pages.resolve(), options.jobs)
    else:
        print("No folder of pages beside this clone: give one by --pages\n")
    if options.size:
        over_texts(announcements(texts_of(options), options.size), options.jobs)


def over_pages(pages: Path, jobs: int) -> None:
    """Read a folder and index what is found."""
    files = [path for path in pages.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    print(f"## {len(files)} files, {size / 1e6:.0f} MB; {jobs} processes of ours\n")
    found: dict[str, Taken] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours: list[str | Path] = [
            Path(sys.executable).with_name("policy-search"),
            "--index",
            folder / "ours",
            "rebuild",
            pages,
        ]
        found["policy-search"] = _taken(
            lambda: _run(*ours, "--jobs", str(jobs)), folder / "ours", lambda: _our_documents(folder / "ours")
        )
        if _is_there("recollindex", "recollcmd"):
            conf = folder / "recoll"
            conf.mkdir()
            (conf / "recoll.conf").write_text(_RECOLL.format(pages=pages, room=conf), encoding="utf-8")
            base = conf / "xapiandb"
            found["Recoll"] = _taken(lambda: _run("recollindex", "-c", conf, "-z"), base, lambda: _documents(base))
    _print(found, size)


def over_texts(texts: Sequence[Announcement], jobs: int) -> None:
    """Index texts that are at hand."""
    size = utf8_bytes(texts)
    print(f"## {len(texts)} announcements, {size / 1e6:.0f} MB of text; {jobs} processes of ours\n")
    found: dict[str, Taken] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engine = WhooshEngine(folder / "ours")
        found["policy-search"] = _taken(
            lambda: engine.replace_all(texts, Report(), jobs), folder / "ours", lambda: str(engine.status().documents)
        )
        if _is_there("scriptindex", "xapian-omega"):
            (folder / "script").write_text(_XAPIAN, encoding="utf-8")
            _xapian(found, folder, "Xapian, its own pairs of characters (one process)", texts, cut=False)
            _xapian(found, folder, "Xapian, our words (one process)", texts, cut=True)
    _print(found, size)


def _xapian(found: dict[str, Taken], folder: Path, name: str, texts: Sequence[Announcement], *, cut: bool) -> None:
    lines, base = folder / "lines", folder / f"xapian-{cut}"

    def build() -> None:
        _write_lines(lines, texts, cut=cut)
        # Without the variable Xapian takes a row of Chinese characters for one word.
        _run("scriptindex", base, folder / "script", lines, XAPIAN_CJK_NGRAM="" if cut else "1")

    found[name] = _taken(build, base, lambda: _documents(base))


def _write_lines(path: Path, texts: Sequence[Announcement], *, cut: bool) -> None:
    """Write texts as ``scriptindex`` reads them: a line a field, its further lines after a sign of equality."""
    with path.open("w", encoding="utf-8", errors="replace") as file:
        for at in range(0, len(texts), _BATCH):
            batch = texts[at : at + _BATCH]
            fields = [[getattr(one, field) for one in batch] for field in ("title", "body")]
            if cut:
                fields = [[" ".join(words) for words in words_of(of_field)] for of_field in fields]
            for one, title, body in zip(batch, *fields, strict=True):
                title_lines, body_lines = ("\n=".join(text.splitlines()) for text in (title, body))
                file.write(f"id={one.id}\ntitle={title_lines}\nbody={body_lines}\n\n")


def _is_there(program: str, package: str) -> bool:
    missing = [one for one in (program, "xapian-delve") if shutil.which(one) is None]
    if missing:
        print(f"Not measured, for there is no {' and no '.join(missing)}: apt install {package} xapian-tools\n")
    return not missing


def _run(*command: str | Path, **variables: str) -> str:
    environment = {name: value for name, value in (os.environ | variables).items() if value or name not in variables}
    done = subprocess.run(list(map(str, command)), env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{command[0]} failed: {done.stderr[-500:]}")
    return done.stdout


def _our_documents(index: Path) -> str:
    return str(WhooshEngine(index).status().documents)


def _documents(base: Path) -> str:
    told = re.search(r"number of documents = (\d+)", _run("xapian-delve", base))
    return told[1] if told else "unknown"


def _taken(build: Callable[[], object], place: Path, documents: Callable[[], str]) -> Taken:
    with PeakMemory() as memory, clock() as time:
        build()
    room = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
    return Taken(time.seconds, time.processor, room, documents(), memory.megabytes)


def _print(found: dict[str, Taken], size: int) -> None:
    ours = found["policy-search"].processor
    table(
        _HEADS,
        [
            [name, one.seconds, one.processor, ours / one.processor, one.room / size, one.documents, one.megabytes]
            for name, one in found.items()
        ],
    )
    print("“ours / theirs” compares processor seconds.\n")


if __name__ == "__main__":
    main()
