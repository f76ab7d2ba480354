"""How long a snippet takes: python -m tests.bench.bench_snippets [FILE.jsonl.gz].

Prints the median and the slowest of many calls, in milliseconds, for a document of a usual length and one of
50,000 characters, made of the file's texts (``text`` of each line) or, without a file, of a sentence of our own; and
for one of 50,000 characters that is full of what is looked for.
"""

from __future__ import annotations

import gzip
import json
import statistics
import sys
import time
from pathlib import Path

from indexer.answers.highlight import make_snippet
from indexer.answers.highlight_terms import needles_of
from indexer.query.parser import parse
from indexer.text.fold import fold

QUERIES = (
    "对口帮扶",
    "乡村振兴 补贴 -疫情",
    "关于进一步加强安全生产工作的通知",
    "企业 项目 工作 发展 建设 服务 经济 社会 管理 政府",
    "甲 OR 乙 OR a OR 1",
    "国办发〔2017〕47号",
    "“人民政府”",
    "2021年 covid",
    "的",
    "没有的词语",
)
LENGTHS = (740, 50_000)
ROUNDS = 200
OWN = "为进一步做好对口帮扶和乡村振兴工作，市人民政府决定自2021年3月1日起发放产业补贴，有关事项通知如下。\n"


def read_text(length: int, file: Path | None) -> str:
    """Return a text of this length."""
    if file is None:
        return (OWN * (length // len(OWN) + 1))[:length]
    text = ""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            text += json.loads(line)["text"] + "\n"
            if len(text) >= length:
                break
    return text[:length]


def main() -> None:
    """Print the table."""
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    print(f"{'characters':>10}  {'median ms':>9}  {'slowest 5 % ms':>14}  query")
    for query in QUERIES:
        needles = needles_of(parse(query)[0])
        full = (fold(query) + "，") * (max(LENGTHS) // len(query))
        for name, body in (*((f"{length:,}", read_text(length, file)) for length in LENGTHS), ("full of it", full)):
            took = []
            for _ in range(ROUNDS):
                began = time.perf_counter()
                make_snippet(body, needles)
                took.append((time.perf_counter() - began) * 1000)
            slowest = statistics.quantiles(took, n=20)[-1]
            print(f"{name:>10}  {statistics.median(took):>9.2f}  {slowest:>14.2f}  {query}")


if __name__ == "__main__":
    main()
