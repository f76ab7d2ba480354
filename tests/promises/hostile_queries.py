"""Whatever is asked, the server answers: never a failure of its own, never slowly, and limits say what they are.

python -m tests.promises.hostile_queries --requests 10000
"""

from __future__ import annotations

import argparse
import logging
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from indexer.embedded.engine import WhooshEngine
from indexer.indexing.rebuild import rebuild
from tests.bench.measuring import percentile, private_megabytes
from tests.promises.ground import MATTERS, Verdict
from webui import create_app

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.testing import FlaskClient

MOST_SECONDS = 2.0
MOST_GROWTH_MEGABYTES = 40.0
CORPUS = Path(__file__).parents[2] / "corpus"
PATHS = (
    "/",
    "/api/search",
    "/api/suggest",
    "/feed.atom",
    "/export.csv",
    "/sources",
    "/healthz",
    "/readyz",
    "/livez",
    "/api/announcements/x",
)
NAMES = ("q", "source", "region", "form", "year", "from", "to", "number", "in", "sort", "page", "per_page", "cursor")
OTHER_NAMES = ("limit", "lang", "open", "more", "theme", "Q", "q[]", "", "__proto__", "\x00", "页")
WORDS: tuple[str, ...] = (
    *MATTERS,
    "通知",
    "扶贫",
    "示例",
    "1号",
    "国办发〔2017〕47号",
    "廣東",
    "a",
    "2020",
    "第一条",
    "，",
)
OPERATORS: tuple[str, ...] = (
    "OR",
    "或",
    "|",
    "｜",
    "NOT",
    "非",
    "-",
    "－",
    "(",
    ")",
    "（",
    "）",
    '"',
    "“",
    "”",
    "「",
    "标题:",
    "title:",
    "来源：",
)
OPERATORS += (
    "地区:",
    "文号:",
    "form:",
    "2020-01..2021-06",
    "..",
    "2020-13..",
    "文号:〔〕号",
    "AND",
    "且",
    "*",
    "?",
    "~",
    "^",
    "\\",
)
NASTY: tuple[str, ...] = (
    "\x00",
    "\u202e\u2066",
    "\ufeff",
    "\ufffd",
    "𠮷",
    "e\u0301",
    "../../etc/passwd",
    "%s%n{0}{__class__}",
    "${x}",
    "<script>",
)
NASTY += (
    "'; DROP TABLE x",
    "\r\nSet-Cookie: a=b",
    "ﬁ①㍿",
    "\U0010ffff",
    "👨‍👩‍👧",
    "0" * 40,
    "1e999",
    "-1",
    "9" * 12,
    "٣",
    "nan",
    "ı",
)
DAYS: tuple[str, ...] = (
    "2020",
    "2020-02-30",
    "0000-00-00",
    "9999-12-31",
    "99999",
    "2020-1-1",
    "10000-01-01",
    "-2020",
    "２０２０",
    "2020-01-01T00",
)


def _text(chance: random.Random) -> str:
    parts = [chance.choice(chance.choice((WORDS, OPERATORS, NASTY))) for _ in range(int(chance.expovariate(0.2)) + 1)]
    return chance.choice(("", " ", "\u3000")).join(parts)


def _monster(chance: random.Random) -> str:
    """Return one of the long ones, just below a limit or far above it."""
    size = chance.choice((90, 490, 990, 10_000, 100_000))
    pattern = chance.choice(
        ("(", ")", '"', "-", "通知 ", "通 OR ", "(通 OR ", "- ", "标题:", "NOT ", "“”", "a", "通", "的一是 ")
    )
    return (pattern * size)[:size] + chance.choice(("", ")" * (size // 9), " 通知"))


NUMBERS = ("1", "2", "10", "100", "101", "0", "1000", "10000", "999999999", "1.5", "+1", "０")
VALUES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("page", "per_page", "limit"), NUMBERS),
    **dict.fromkeys(("from", "to", "year"), DAYS),
    "sort": ("relevance", "newest", "oldest", "score"),
    "region": ("广东省", "广东省/广州市", "朝阳区", "/", "全国", "a/b/c/d/e/f"),
    "number": ("国办发〔2017〕47号", "47", "〔〕", "国办发[2017]47号"),
    "in": ("title", "body"),
    "cursor": ("x", "=", "AAAA", "1~2~3", "~", "0" * 300, "eyJhIjoxfQ=="),
}


def _value(name: str, chance: random.Random) -> str:
    return chance.choice(VALUES[name]) if name in VALUES and chance.random() < 0.75 else _text(chance)


def parameters(chance: random.Random) -> list[tuple[str, str]]:
    """Return the parameters of one request."""
    if chance.random() < 0.05:
        return [(chance.choice(("q", *NAMES)), _monster(chance))]
    if chance.random() < 0.02:
        return [(chance.choice(NAMES), _text(chance)) for _ in range(chance.choice((60, 300)))]
    names = ["q"] if chance.random() < 0.7 else []
    names += [chance.choice(NAMES) for _ in range(int(chance.expovariate(0.8)))]
    if chance.random() < 0.05:
        names.append(chance.choice(OTHER_NAMES))
    return [(name, _value(name, chance)) for name in names]


class Asker:
    """Sends requests to one application and judges its answers."""

    def __init__(self, client: FlaskClient, chance: random.Random) -> None:
        self._client = client
        self._chance = chance
        self.verdict = Verdict()
        self.seconds: list[float] = []
        self._cursors = [""]

    def ask(self) -> None:
        """Send one request."""
        chance, verdict = self._chance, self.verdict
        path = chance.choice(PATHS) if chance.random() < 0.95 else f"/number/{quote(_text(chance))}"
        asked = parameters(chance)
        if chance.random() < 0.05:  # a good cursor, whole or damaged, among anything
            cursor = chance.choice(self._cursors)
            asked.append(("cursor", cursor[: chance.randrange(len(cursor) + 1)] if chance.random() < 0.5 else cursor))
        began = time.perf_counter()
        answer = self._client.get(path, query_string=_spelled(asked, chance))
        body = answer.get_data()
        self.seconds.append(time.perf_counter() - began)
        told = f"{path} {str(asked)[:300]}"
        verdict.counts["requests"] += 1
        verdict.counts[f"answers with {answer.status_code}"] += 1
        verdict.check(answer.status_code < 500, f"{answer.status_code}: {told}: {body[:300]!r}")
        verdict.check(self.seconds[-1] < MOST_SECONDS, f"{self.seconds[-1]:.1f} s: {told}")
        verdict.check(b"Traceback" not in body and b"/site-packages/" not in body, f"a trace: {told}")
        if path.startswith("/api/") and answer.status_code == 400:
            problems = answer.get_json()["errors"]
            verdict.check(problems and all(one["expected"] for one in problems), f"says not what is wrong: {told}")
        if path == "/api/search" and answer.status_code == 200 and answer.get_json()["cursor"]:
            self._cursors = [*self._cursors[-20:], answer.get_json()["cursor"]]


def _spelled(asked: Sequence[tuple[str, str]], chance: random.Random) -> str:
    """Write an address by hand: now and then with bytes that are no UTF-8, or percent signs that stand for nothing."""
    pairs = [f"{quote(name, errors='replace')}={quote(value, errors='replace')}" for name, value in asked]
    if chance.random() < 0.05:
        pairs.append(chance.choice(("q=%ff%fe", "q=%", "q=%zz", "q=%ed%a0%80", "q", "=", "&&&", "q=%00", ";q=a")))
    return "&".join(pairs)


def prove(folder: Path, requests: int, seed: int) -> Verdict:
    """Index our samples and ask so many times."""
    engine = WhooshEngine(folder / "index")
    rebuild([CORPUS], engine, jobs=1)
    asker = Asker(create_app(engine).test_client(), random.Random(seed))
    for _ in range(requests // 4):  # what is kept for the next request is kept by then
        asker.ask()
    before = private_megabytes()
    for _ in range(requests - requests // 4):
        asker.ask()
    after = private_megabytes()
    verdict = asker.verdict
    verdict.figures["median, ms"] = 1000 * percentile(asker.seconds, 0.5)
    verdict.figures["slowest, ms"] = 1000 * max(asker.seconds)
    verdict.figures["memory after a quarter and at the end, MB"] = f"{before:.0f} and {after:.0f}"
    verdict.check(after - before < MOST_GROWTH_MEGABYTES, f"memory grew by {after - before:.0f} MB")
    return verdict


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    logging.getLogger("webui.errors").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="promises-") as folder:
        return prove(Path(folder), options.requests, options.seed).tell("Hostile queries")


if __name__ == "__main__":
    sys.exit(main())
