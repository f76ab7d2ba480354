"""Measure how laws are split into clauses, and how laws are compared. Run: python -m tests.bench.bench_clauses.

Needs the measured data beside the clone. ``--show 50`` prints so many articles at random, to be read by eye;
``--seed`` chooses others. Times are of this machine, one core.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections import Counter
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from indexer.embedded.engine import WhooshEngine
from indexer.facts.numerals import read_numeral
from indexer.relations.clauses import Structure
from indexer.relations.comparison import compare
from indexer.report import Report
from tests.bench.bench_facts import rows, show, timed
from tests.builders import announcement
from webui import create_app

# The files write each article as a line of its own that opens with its number and a space.
_GOLD = re.compile(r"^#* *第([零〇一二三四五六七八九十百千]{1,9})条 ", re.MULTILINE)
_DAYS = re.compile(r"^.*\d{4}年.*$", re.MULTILINE)  # a signature, or what a text says of its versions
COMPARED = 50_000  # characters of each text
MOST_OF_A_KIND = 10  # gaps listed


def structures(laws: list[dict[str, str]]) -> list[Structure]:
    """Return the structures of all, read."""
    made = [Structure(law["text"]) for law in laws]
    for one in made:
        assert one.clauses is not None
    return made


def articles(laws: list[dict[str, str]], made: list[Structure]) -> None:
    """How many articles begin and end where they should, and which numbers are out of order or missing."""
    right = total = more = 0
    gaps: list[str] = []
    for law, structure in zip(laws, made, strict=True):
        text = law["text"]
        starts = [match.start() + match[0].index("第") for match in _GOLD.finditer(text)]
        found = {one.start: one for one in structure.articles}
        total += len(starts)
        for start, following in zip(starts, [*starts[1:], len(text)], strict=False):
            article = found.get(start)
            left = text[article.end : following] if article else ""
            right += article is not None and not re.search(
                "[。；]", re.sub(r"^.*\d{4}年.*$", "", left, flags=re.MULTILINE)
            )
        more += len(found.keys() - set(starts))
        gaps += _gaps(law["title"], structure)
    show("articles whose beginning and end are right", f"{right:,} of {total:,} ({right / total:.2%})")
    show("articles found that open no line of their own", f"{more}")
    show("gaps in the numbers, each to be looked up in the text", f"{len(gaps)}")
    for gap in gaps[:MOST_OF_A_KIND]:
        print("   ", gap)


def _gaps(title: str, structure: Structure) -> list[str]:
    gaps, last = [], 0
    for article in structure.articles:
        number = read_numeral(article.label[1 : article.label.index("条")]) or 0
        if number not in (last, last + 1, 1):
            gaps.append(f"{title}: 第{last}条 → {article.label}")
        last = number
    return gaps


def by_eye(laws: list[dict[str, str]], made: list[Structure], count: int, seed: int) -> None:
    """Print articles at random with where they stand and what stands around them."""
    chosen = random.Random(seed)
    for number in range(1, count + 1):
        place = chosen.randrange(len(laws))
        structure = made[place]
        if not structure.articles:
            continue
        article = chosen.choice(structure.articles)
        text = structure.body
        path = " › ".join(one.label for one in structure.path(article))
        print(f"{number}. {laws[place]['title']}: {path}")
        print("   before:", repr(text[max(0, article.start - 30) : article.start]))
        print(
            "   text:  ", repr(text[article.start : article.end][:60]), "…", repr(text[article.end - 40 : article.end])
        )
        print("   after: ", repr(text[article.end : article.end + 30]))


def comparing(laws: list[dict[str, str]]) -> None:
    """How long two texts of 50,000 characters take side by side: a law rewritten, and one as it may be amended."""
    by_title = {law["title"]: law["text"] for law in laws}
    old, new = by_title["人民检察院刑事诉讼规则（试行）"][:COMPARED], by_title["人民检察院刑事诉讼规则"][:COMPARED]
    amended = "\n".join(_amended(line, number) for number, line in enumerate(old.split("\n")))
    compare("第一条 甲乙丙丁。", "第一条 甲乙丁。")  # loads the dictionary
    whole_page(old, new)
    for name, other in (("rewritten from end to end", new), ("every third paragraph amended", amended)):
        runs = [timed(partial(compare, old, other)) for _ in range(5)]
        comparison = runs[0][0]
        told = ", ".join(f"{change} {count}" for change, count in comparison.counts.items())
        coarse = sum(row.coarse for row in comparison.rows)
        show(f"comparing, {name}", f"{min(seconds for _, seconds in runs):.2f} s ({told}; coarse {coarse})")


def whole_page(old: str, new: str) -> None:
    """How long the page of two texts takes from request to answer, processor time."""
    with TemporaryDirectory() as folder:
        engine = WhooshEngine(Path(folder) / "index")
        engine.replace_all([announcement(one, "示例", text) for one, text in (("a", old), ("b", new))], Report())
        client = create_app(engine).test_client()
        taken = []
        for _ in range(6):
            began = time.process_time()
            answer = client.get("/compare?a=a&b=b")
            taken.append(time.process_time() - began)
        show("the same as a page", f"{min(taken):.2f} s ({len(answer.data):,} bytes)")


def _amended(line: str, number: int) -> str:
    middle = len(line) // 2
    return line if number % 3 or middle < 20 else f"{line[:middle]}县级以上人民政府应当{line[middle + 6 :]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", type=int, default=0, help="articles to print")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    laws = rows("laws")
    made, seconds = timed(partial(structures, laws))
    characters = sum(len(law["text"]) for law in laws)
    show("laws, characters", f"{len(laws)}, {characters:,}")
    show("splitting", f"{seconds:.2f} s, {seconds / characters * 1e6:.2f} µs a character")
    kinds = Counter(one.kind for structure in made for one in structure.clauses)
    show("clauses of each kind", ", ".join(f"{kind} {count:,}" for kind, count in kinds.most_common()))
    articles(laws, made)
    comparing(laws)
    by_eye(laws, made, options.show, options.seed)


if __name__ == "__main__":
    main()
