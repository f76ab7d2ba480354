"""How long a suggestion takes: python -m tests.bench.bench_suggest [--size 100000] [--texts FILE.jsonl.gz].

Completes what might be typed of titles, by characters, pinyin and both, and prints for each way of typing the median,
the slowest twentieth and the slowest of all, in milliseconds. Beside it what one would write without an index: a scan
over all titles, for letters over their pinyin, made beforehand.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

from indexer.suggesting.completion import Suggester, build
from indexer.suggesting.pinyin import has_letters, syllables
from indexer.text.fold import fold
from tests.bench.measuring import arguments, clock, median, milliseconds, percentile, table, texts_of

EACH = 100  # typed strings of every kind
OFFERED = 8
Draw = Callable[[random.Random, str], str]


def read_titles(path: Path, count: int) -> list[str]:
    """Return so many titles; when there are fewer, heads and tails of them are joined to make more."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        titles = list(dict.fromkeys(title for line in lines if (title := json.loads(line).get("title"))))
    real, chance = len(titles), random.Random(count)
    while len(titles) < count:
        head, tail = titles[chance.randrange(real)], titles[chance.randrange(real)]
        titles.append(head[: len(head) // 2] + tail[len(tail) // 2 :])
    return titles[:count]


def letters_of(characters: str, length: int = 6) -> str:
    """Write characters as they are read, of each syllable no more than ``length`` letters."""
    return "".join(read[0][:length] if (read := syllables(character)) else character for character in characters)


def _part(chance: random.Random, title: str, most: int) -> str:
    start = chance.randrange(max(1, len(title) - most))
    return title[start : start + chance.randint(2, most)]


KINDS: dict[str, Draw] = {
    "one character": lambda chance, title: chance.choice(title),
    "one letter": lambda chance, title: letters_of(chance.choice(title), 1),
    "a title's first characters": lambda chance, title: title[: chance.randint(2, 8)],
    "characters within": lambda chance, title: _part(chance, title, 8),
    "first letters": lambda chance, title: letters_of(_part(chance, title, 8), 1),
    "pinyin": lambda chance, title: letters_of(_part(chance, title, 6)),
    "long pinyin": lambda chance, title: letters_of(title)[:60],
    "characters, then pinyin": lambda chance, title: title[:2] + letters_of(title[2 : chance.randint(3, 6)]),
    "pinyin, the last begun": lambda chance, title: letters_of(_part(chance, title, 6))[:-1],
}


def _scan(rows: Sequence[str], typed: str) -> list[str]:
    return list(islice((row for row in rows if typed in row), OFFERED))


def measure(titles: Sequence[str], typed_of: dict[str, list[str]]) -> None:
    """Print the table."""
    with clock() as took:
        suggester = Suggester({"title": build([(title, 1) for title in titles])})
    print(f"{len(titles):,} titles made ready in {took.seconds:.1f} s\n")
    folded = list(map(fold, titles))
    spoken = [letters_of(title) for title in folded]
    rows = []
    for kind, typed in typed_of.items():
        ours = milliseconds([partial(suggester.complete, one, OFFERED) for one in typed])
        scans = milliseconds([partial(_scan, spoken if has_letters(one) else folded, fold(one)) for one in typed], 1)
        answered = sum(bool(suggester.complete(one, OFFERED)) for one in typed)
        rows.append((kind, answered, median(ours), percentile(ours, 0.95), max(ours), median(scans), max(scans)))
    table(("typed", f"answered of {EACH}", "median ms", "p95", "worst", "scan: median", "worst"), rows)


def main() -> None:
    """Draw what is typed and measure."""
    parser = arguments(__doc__)
    parser.set_defaults(size=100_000)
    options: argparse.Namespace = parser.parse_args()
    titles = read_titles(texts_of(options), options.size)
    chance = random.Random(1)
    typed = {kind: [draw(chance, chance.choice(titles)) for _ in range(EACH)] for kind, draw in KINDS.items()}
    measure(titles, typed)


if __name__ == "__main__":
    main()
