"""What the scripts share: pages to index, a fingerprint of what an index holds, and a verdict."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from indexer.announcement import to_json
from indexer.embedded.engine import WhooshEngine
from indexer.embedded.store.ownership import MARK
from tests.bench.measuring import table

if TYPE_CHECKING:
    from collections.abc import Mapping

PROC = Path("/proc")
MATTERS = ("道路养护", "绿化工作", "汛期值守", "招生报名", "食品抽检", "农机补贴", "医保缴费", "公租房分配")
ISSUERS = ("示例市人民政府", "示例区教育局", "示例县水务局", "示例日报", "示例网")
MAIN = "import sys; from webui.cli import main; sys.argv[0] = 'policy-search'; main()"


def page(chance: random.Random, mark: str = "") -> str:
    """Write a page as sites save them; some say the same in another frame."""
    matter, issuer = chance.choice(MATTERS), chance.choice(ISSUERS)
    number = chance.randrange(1, 40)
    clauses = "".join(
        f"<p>第{at}条　{matter}的第{(at * number) % 17}项任务由{chance.choice(ISSUERS)}负责，按季度报送进展{mark}。</p>"
        for at in range(1, chance.randrange(4, 12))
    )
    return (
        f"<html><head><meta charset='utf-8'><title>关于{matter}的通知_{issuer}</title></head><body>"
        f"<h1>关于{matter}的通知（{number}）</h1><div>发布日期：2021-{1 + number % 12:02}-{1 + number % 28:02} "
        f"来源：{issuer}</div><div id='zoom'><p>示府办〔2021〕{number}号</p>{clauses}</div></body></html>"
    )


class Pages:
    """A folder of pages that changes at random, the same way for the same seed."""

    def __init__(self, folder: Path, seed: int, most: int = 40) -> None:
        self.folder = folder
        self.chance = random.Random(seed)
        self._most = most
        folder.mkdir(parents=True)
        (folder / "fixed.html").write_text(page(self.chance), "utf-8")
        for _ in range(most // 2):
            self.edit()

    def edit(self) -> None:
        """Write, change or remove one page, or rewrite a file of records."""
        chance = self.chance
        if chance.random() < 0.1:
            lines = [self._record(at) for at in range(chance.randrange(1, 8))]
            (self.folder / "records.jsonl").write_text("\n".join(lines), "utf-8")
            return
        file = self.folder / f"{chance.randrange(self._most):03}.html"
        if file.exists() and chance.random() < 0.4:
            file.unlink()
        else:
            file.write_text(page(chance), "utf-8")

    def _record(self, at: int) -> str:
        matter = self.chance.choice(MATTERS)
        record = {"id": f"r{at}", "title": f"{matter}公告", "text": f"{matter}安排{self.chance.random()}。"}
        return json.dumps(record, ensure_ascii=False)


def content(index: Path) -> str:
    """Fingerprint every announcement that an index holds, all keys of each but when it came into this index."""
    digest = hashlib.sha256()
    for announcement in WhooshEngine(index).announcements():
        digest.update(json.dumps({**to_json(announcement), "indexed": None}, sort_keys=True).encode())
    return digest.hexdigest()


def command(index: Path, *arguments: str | Path, program: str = MAIN) -> list[str]:
    """Return the command line of ``policy-search`` run from this clone."""
    return [sys.executable, "-c", program, "--index", str(index), *map(str, arguments)]


def start(
    command_line: list[str], environment: Mapping[str, str] | None = None, complaints: IO[str] | int = subprocess.PIPE
) -> subprocess.Popen[str]:
    """Start a process as the head of a session of its own, so that all it starts can be found."""
    return subprocess.Popen(
        command_line,
        stdout=subprocess.PIPE,
        stderr=complaints,
        text=True,
        start_new_session=True,
        cwd=Path(__file__).resolve().parents[2],
        env=environment,
    )


def session(leader: int) -> list[int]:
    """List the processes of a session that are still there; those that only wait to be buried are not."""
    found = []
    for stat in PROC.glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")
        except OSError:
            continue  # it ended meanwhile
        state, _, _, of = rest.split()[:4]
        if int(of) == leader and state not in "ZX":
            found.append(int(name.split(" ", 1)[0]))
    return found


def strangers(index: Path) -> list[str]:
    """Name what lies in an index folder beside the pointer, the lock and two generations."""
    names = sorted(path.name for path in index.iterdir())
    generations = [name for name in names if name.startswith("g")]
    return [name for name in names if name not in ("current", "lock", MARK, *generations[-2:])]


@dataclass
class Verdict:
    """Counts what was tried, and keeps what was not as promised."""

    counts: Counter[str] = field(default_factory=Counter)
    figures: dict[str, object] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def check(self, kept: object, otherwise: str) -> None:
        """Note a broken promise."""
        if not kept:
            self.broken.append(otherwise)

    def tell(self, title: str) -> int:
        """Print the table and give the exit status."""
        rows: Mapping[str, object] = {**self.counts, **self.figures, "promises broken": len(self.broken)}
        table((title, ""), [(name, value) for name, value in rows.items()])
        for line in self.broken[:50]:
            sys.stderr.write(f"BROKEN: {line}\n")
        return 1 if self.broken else 0
