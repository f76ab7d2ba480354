"""What the cleaner and its peers make of the golden pages, and how fast: prints two tables.

    python -m tests.bench.bench_cleaner [PAGES …]

Quality is measured on ``tests/pages`` (our own pages, whole bodies known) and, when they are at hand, on the
State Council documents (fields known). Peers that are not installed are left out: they are in the
dependency group "bench". Speed is the least CPU time of several runs over PAGES, or over the pages at hand.
"""

from __future__ import annotations

import gc
import importlib
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup

from indexer.announcement import Page
from indexer.facts.dates import parse_date
from indexer.reading.encoding import decode
from indexer.reading.html.cleaner import clean
from indexer.text.spaces import squeeze
from tests.shared_data import SHARED

_PAGES = Path(__file__).parents[1] / "pages"
_RUNS = 5
_SIZES = range(15_000, 120_000)  # bytes of a usual page


@dataclass(frozen=True, slots=True)
class Reading:
    """What one tool makes of one page; "" where it says nothing."""

    body: str
    title: str = ""
    date: str = ""
    source: str = ""


def ours(content: bytes) -> Reading:
    page = clean(Page("page.html", content))
    return Reading(page.body, page.title, str(page.published or ""), page.source)


def trafilatura(content: bytes) -> Reading:
    tool: Any = importlib.import_module("trafilatura")
    found = tool.bare_extraction(decode(content), favor_precision=True, with_metadata=True)
    record = found.as_dict() if found else {}
    return Reading(record.get("text") or "", record.get("title") or "", record.get("date") or "")


def readability(content: bytes) -> Reading:
    tool: Any = importlib.import_module("readability")
    document = tool.Document(decode(content))
    return Reading(BeautifulSoup(document.summary(), "lxml").get_text("\n"), document.short_title())


def gne(content: bytes) -> Reading:
    tool: Any = importlib.import_module("gne")
    record = tool.GeneralNewsExtractor().extract(decode(content))
    day = parse_date(record["publish_time"])
    return Reading(record["content"], record["title"], str(day or ""), record.get("source", ""))


TOOLS: dict[str, tuple[str, Callable[[bytes], Reading]]] = {
    "policy-search": ("indexer", ours),
    "trafilatura": ("trafilatura", trafilatura),
    "readability-lxml": ("readability", readability),
    "gne": ("gne", gne),
}


@dataclass(frozen=True, slots=True)
class Case:
    """A page and what is known of it; None where nothing is."""

    content: bytes
    body: str | None
    title: str
    date: str | None
    source: str | None


def golden_cases() -> list[Case]:
    cases = []
    for folder in sorted(_PAGES.iterdir()):
        page = next(folder.glob("page.*"))
        if page.suffix == ".html":
            gold = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
            cases.append(
                Case(page.read_bytes(), gold["body"], gold["title"], gold.get("published"), gold.get("source"))
            )
    return cases


def state_council_cases() -> list[Case]:
    if not SHARED:
        return []
    folder = SHARED / "data/pages/statecouncil"
    rows = map(json.loads, (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines())
    return [
        Case(
            (folder / row["file"]).read_bytes(),
            None,
            row["title"],
            str(parse_date(row["table"]["发布日期"])),
            row["issuer"],
        )
        for row in rows
    ]


def grams(text: str) -> Counter[str]:
    plain = squeeze(text)
    return Counter(plain[at : at + 4] for at in range(len(plain) - 3))


def f1(found: str, gold: str) -> float:
    a, b = grams(found), grams(gold)
    if not a and not b:
        return 1.0  # a page of pictures
    return 2 * sum((a & b).values()) / max(1, a.total() + b.total())


def print_quality(name: str, cases: list[Case]) -> None:
    print(f"\n{name}: {len(cases)} pages")
    print(f"{'tool':18} {'body F1':>8} {'least':>6} {'title':>7} {'date':>7} {'source':>7}")
    for tool, (module, read) in TOOLS.items():
        try:
            importlib.import_module(module)
        except ImportError:
            print(f"{tool:18} not installed")
            continue
        readings = [(case, read(case.content)) for case in cases]
        bodies = [f1(got.body, case.body) for case, got in readings if case.body is not None]
        titles = [squeeze(got.title) == squeeze(case.title) for case, got in readings]
        dates = [got.date == case.date for case, got in readings if case.date]
        sources = [got.source == case.source for case, got in readings if case.source]
        mean, least = (f"{sum(bodies) / len(bodies):.3f}", f"{min(bodies):.2f}") if bodies else ("", "")
        hits = [f"{sum(right)}/{len(right)}" for right in (titles, dates, sources)]
        print(f"{tool:18} {mean:>8} {least:>6} {hits[0]:>7} {hits[1]:>7} {hits[2]:>7}")


def least_seconds(work: Callable[[bytes], object], pages: list[bytes]) -> float:
    """Sum over the pages of each page's least CPU time: what other programs disturb is left out."""
    total = 0.0
    for page in pages:
        times = []
        for _ in range(_RUNS):
            started = time.process_time()
            work(page)
            times.append(time.process_time() - started)
        total += min(times)
        gc.collect()
    return total


def print_speed(pages: list[bytes]) -> None:
    alone = least_seconds(lambda page: BeautifulSoup(decode(page), "lxml"), pages)
    whole = least_seconds(ours, pages)
    print(f"\nspeed: {len(pages)} pages of {sum(map(len, pages)) // len(pages):,} bytes on average, one core")
    print(f"bs4 with lxml alone {len(pages) / alone:7.1f} pages/s")
    print(f"policy-search       {len(pages) / whole:7.1f} pages/s, all fields: {alone / whole:.2f} of bs4's speed")


def main() -> None:
    """Print the tables."""
    print_quality("our golden pages", golden_cases())
    if cases := state_council_cases():
        print_quality("State Council documents", cases)
    paths = [Path(name) for name in sys.argv[1:]]
    if not paths and SHARED:
        paths = [path for path in sorted((SHARED / "data/pages").glob("*/*.html")) if path.stat().st_size in _SIZES]
    print_speed([path.read_bytes() for path in paths] or [case.content for case in golden_cases()])


if __name__ == "__main__":
    main()
