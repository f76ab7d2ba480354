"""Take pictures of every page, for people to look at.

    python -m tests.browser.screenshots [INDEX] [--out tests/browser/screenshots] [--query 对口帮扶]

Without an index the pages show the invented announcements of ``tests.webui.web_engine``.
"""

from __future__ import annotations

import argparse
import base64
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.engine_choice import open_engine
from indexer.query.parameters import read_query
from indexer.settings import Settings
from tests.browser.running import browser, resize, served
from tests.webui.web_engine import MemoryEngine

if TYPE_CHECKING:
    from selenium import webdriver

    from indexer.engine import Engine

WIDTHS = (360, 768, 1280, 1920)
LONGEST_PIXELS = 2600  # of one picture; what follows below looks the same


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", nargs="?", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "screenshots")
    parser.add_argument("--query", default="对口帮扶")
    parser.add_argument("--only", default="", help="take only these pages, names with commas between")
    parser.add_argument("--width", type=int, action="append", help="only this width; repeatable")
    parser.add_argument("--scheme", choices=("light", "dark"), action="append", help="only these colours")
    chosen = parser.parse_args()
    widths, schemes = chosen.width or WIDTHS, chosen.scheme or ("light", "dark")
    engine = _engine(chosen.index)
    chosen.out.mkdir(parents=True, exist_ok=True)
    pages = {
        name: path
        for name, path in _pages(engine, chosen.query).items()
        if not chosen.only or name in chosen.only.split(",")
    }
    with served(engine) as base:
        for scheme in schemes:
            with browser(dark=scheme == "dark") as driver:
                for width in widths:
                    for name, path in pages.items():
                        _take(driver, base + path, width, chosen.out / f"{name}-{width}-{scheme}.png")
    sys.stdout.write(f"{len(pages) * len(widths) * len(schemes)} pictures in {chosen.out}\n")


def _engine(index: Path | None) -> Engine:
    if index is None:
        return MemoryEngine()
    return open_engine(Settings(index=index))


def _pages(engine: Engine, query: str) -> dict[str, str]:
    hits = engine.search(read_query({"q": [query], "per_page": ["1"]})).hits
    document = f"/announcements/{hits[0].id}" if hits else "/announcements/none"
    return {
        "front": "/",
        "results": f"/?q={query}",
        "filtered": f"/?q={query}&region=广东省&year=2021&sort=newest",
        "nothing": f"/?q={query}不存在的词句&form=通知&from=1990-01-01&to=1990-12-31",
        "document": f"{document}?q={query}",
        "number": "/number/国办发〔2017〕99999号",
        "sources": "/sources",
        "help": "/help",
        "api": "/api",
        "mistake": f"/?q={query}&from=2023-01-01&to=2020-01-01&page=0&colour=red",
        "missing": "/announcements/none",
        "english": f"/?q={query}&lang=en",
        "english-front": "/?lang=en",
        "english-help": "/help?lang=en",
        "shares": f"/?q={query}&chart=share",
    }


def _take(driver: webdriver.Chrome, address: str, width: int, target: Path) -> None:
    resize(driver, width)
    driver.get(address)
    height = min(int(driver.execute_script("return document.documentElement.scrollHeight")), LONGEST_PIXELS)
    area = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
    taken = driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": area})
    target.write_bytes(base64.b64decode(taken["data"]))
    driver.delete_all_cookies()


if __name__ == "__main__":
    main()
