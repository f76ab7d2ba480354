"""Measure what is read off pages: numbers, days, regions, reposts. Run: python -m tests.bench.bench_facts.

Needs the measured data beside the clone. Prints one table; times are of this machine, one core.
"""

from __future__ import annotations

import gzip
import json
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from indexer.announcement import Announcement, page_id
from indexer.facts.dates import parse_date
from indexer.facts.document_number import find_numbers, parse_number
from indexer.facts.gazetteer import gazetteer
from indexer.facts.region import NATION, RegionPath, issuer_region, region_of_host
from indexer.reading.reposts import arrange, fingerprint
from tests.shared_data import SHARED

# The upstream labels' own names for autonomous regions.
_LABELS = {
    "宁夏省": "宁夏回族自治区",
    "内蒙古省": "内蒙古自治区",
    "广西省": "广西壮族自治区",
    "新疆省": "新疆维吾尔自治区",
    "西藏省": "西藏自治区",
}


def rows(name: str) -> list[dict[str, Any]]:
    """Read one of the corpora."""
    if SHARED is None:
        raise SystemExit("the measured data are not beside this clone")
    with gzip.open(SHARED / f"data/corpus/{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """Do something; give its result and the processor seconds it took."""
    started = time.process_time()
    return work(), time.process_time() - started


def show(label: str, value: str) -> None:
    print(f"{label:<58} {value}")


def numbers() -> None:
    """How many real document numbers are read, and written back with the same meaning."""
    for name in ("numbers", "titles", "statecouncil"):
        written = [row["doc_number"] for row in rows(name) if row.get("doc_number")]
        read, seconds = timed(partial(list, map(parse_number, written)))
        known = [one for one in read if one]
        back = sum(parse_number(one.normal) == one for one in known)
        unread = [one for one, number in zip(written, read, strict=True) if number is None]
        show(f"numbers of {name}", f"{len(known):,} of {len(written):,} read, {back:,} written back the same")
        show("", f"{len(written) / seconds:,.0f}/s; unread: {sorted(set(unread))}")


def text_speed(pages: list[dict[str, Any]]) -> None:
    """How fast numbers are found in running text, and days read."""
    chars = sum(len(page["text"]) for page in pages)
    _, seconds = timed(lambda: [find_numbers(page["text"]) for page in pages])
    show("find_numbers", f"{chars / seconds / 1e6:.1f} million characters/s")
    days = [
        f"发布日期：{writing}" for writing in ("2020-12-28 14:49", "2020年12月28日", "二〇二〇年十二月二十八日")
    ] * 5000
    _, seconds = timed(lambda: [parse_date(day) for day in days])
    show("parse_date", f"{len(days) / seconds:,.0f}/s")


def regions(pages: list[dict[str, Any]]) -> None:
    """How often address and text tell a page's province and city."""
    gazetteer.cache_clear()
    _, seconds = timed(gazetteer)
    show("gazetteer loads in", f"{seconds:.3f} s")
    gazetteer.cache_clear()
    tracemalloc.start()
    gazetteer()
    show("gazetteer holds", f"{tracemalloc.get_traced_memory()[0] / 1e6:.1f} MB")
    tracemalloc.stop()
    outcomes, seconds = timed(lambda: Counter(map(_judged, pages)))
    for outcome, count in outcomes.most_common():
        show(f"region of gov_news: {outcome}", f"{count:,} = {count / len(pages):.2%}")
    show("region and issuer of a page", f"{seconds / len(pages) * 1e6:.0f} µs")
    titles = rows("titles")
    right = sum("/".join(issuer_region(source=row["source"])) == row["region"] for row in titles)
    show("issuers of titles", f"{right:,} of {len(titles):,}")


def _judged(page: dict[str, Any]) -> str:
    host = urlsplit(page["url"]).hostname or ""
    title, text = page["title"] or "", page["text"]
    found = region_of_host(host, f"{title}\n{text}")
    issuer_region(site_region=found, title=title, body=text)
    return _outcome(found, page["region"])


def _outcome(found: RegionPath, label: str) -> str:
    province, _, city = label.partition("/")
    if not found:
        return "none"
    if found == NATION:
        return "wrong (www.gov.cn, which the label puts in a city)"
    if found[0] != _LABELS.get(province, province):
        return "wrong province"
    if len(found) == 1 and city:
        return "right province, site is the province's"
    return "right" if not city or found[1] == city else "wrong city"


def reposts(pages: list[dict[str, Any]]) -> None:
    """How fast pages are compared, and how many are folded."""
    announcements = list(_announcements(pages))
    prints, seconds = timed(lambda: [fingerprint(one) for one in announcements])
    chars = sum(len(one.body) for one in announcements) / len(announcements)
    show("fingerprints", f"{len(prints) / seconds:,.0f}/s at {chars:.0f} characters")
    show("a fingerprint takes", f"{sum(map(len, prints)) / len(prints):.0f} bytes")
    places, seconds = timed(lambda: arrange(prints))
    folded = sum(len(place.reposts) for place in places), sum(len(place.duplicates) for place in places)
    show("arrange", f"{len(prints) / seconds:,.0f} pages/s")
    show("folded", f"{folded[0]} reposts, {folded[1]} duplicates under {len(places)} announcements")


def _announcements(pages: list[dict[str, Any]]) -> Iterator[Announcement]:
    for page in pages:
        day = date.fromisoformat(page["date"]) if page["date"] else None
        yield Announcement(page_id(page["id"]), page["title"] or "", page["text"], url=page["url"], published=day)


def main() -> None:
    """Print the table."""
    pages = rows("gov_news")
    numbers()
    text_speed(pages)
    regions(pages)
    reposts(pages)


if __name__ == "__main__":
    main()
