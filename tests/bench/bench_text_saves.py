"""How many pages read the same as text saves as they do as markup: prints a row for each way of saving.

    python -m tests.bench.bench_text_saves [--wrong WAY]

The pages are the golden ones of ``tests/pages`` and, when they are at hand, the measured ones. What the cleaner makes
of the markup is what it must make of the text; fields that the text does not show may be empty.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from indexer.announcement import Announcement, Page
from indexer.errors import PageUnreadable
from indexer.reading.encoding import decode
from indexer.reading.html.cleaner import clean
from indexer.text.spaces import squeeze
from tests.reading.text_saves import WAYS, as_text
from tests.shared_data import SHARED

_GOLDEN = Path(__file__).parents[1] / "pages"
_MEASURED = ("html", "saved/pages", "statecouncil")


def pages() -> list[Path]:
    found = sorted(_GOLDEN.glob("*/page.html"))
    for folder in _MEASURED if SHARED else ():
        found += sorted((SHARED / "data/pages" / folder).glob("*.html"))  # type: ignore[operator]
    return found


def differences(page: Announcement, text: Announcement, save: str) -> list[str]:
    """Return the names of the fields that the text save was read otherwise."""
    found = []
    if squeeze(page.title) != squeeze(text.title):
        found.append("title")
    if text_below_head(page) != text_below_head(text):
        found.append("body")
    if page.published != text.published and (page.published is None or _shows(save, page)):
        found.append("published")
    if page.number != text.number:
        found.append("number")
    if page.source != text.source and (not page.source or squeeze(page.source) in squeeze(save)):
        found.append("source")
    return found


def text_below_head(announcement: Announcement) -> str:
    """Return the body without spaces, and without its own title and number, that may stand above it or not."""
    body, title = squeeze(announcement.body), squeeze(announcement.title)
    number = squeeze(announcement.number)
    while any(head and body.startswith(head) for head in (title, number)):
        body = body.removeprefix(title).removeprefix(number)
    return body


def _shows(save: str, page: Announcement) -> bool:
    day = page.published
    if not day:
        return False
    plain = squeeze(save)
    return any(
        one in plain
        for one in (
            f"{day:%Y-%m-%d}",
            f"{day:%Y/%m/%d}",
            f"{day:%Y.%m.%d}",
            f"{day.year}年{day.month}月{day.day}日",
            f"{day:%Y年%m月%d日}",
        )
    )


def main() -> None:
    """Print the table; with ``--wrong WAY`` the pages too."""
    wrong = sys.argv[sys.argv.index("--wrong") + 1] if "--wrong" in sys.argv else ""
    cases = []
    for path in pages():
        content = path.read_bytes()
        try:
            page = clean(Page("page.html", content))
        except PageUnreadable:
            continue
        shown = squeeze(as_text(decode(content), "copied from a browser"))
        if len(squeeze(page.body)) >= 40 and squeeze(page.body.split("\n")[-1]) in shown:  # not by a script
            cases.append((path, decode(content), page))
    for way in WAYS:
        count: Counter[str] = Counter()
        for path, markup, page in cases:
            save = as_text(markup, way)
            try:
                text = clean(Page("page.txt", save.encode(), "text"))
            except PageUnreadable as error:
                count.update(("body", "any"))
                if way == wrong:
                    print(f"  {path.parent.name}/{path.stem}: {error}")
                continue
            found = differences(page, text, save)
            count.update(found)
            count["any"] += bool(found)
            if found and way == wrong:
                print(f"  {path.parent.name if path.stem == 'page' else path.stem}: {', '.join(found)}")
        fields = ("title", "published", "number", "source", "body", "any")
        print(f"{way:24}" + " · ".join(f"{name} {len(cases) - count[name]}/{len(cases)}" for name in fields))


if __name__ == "__main__":
    main()
