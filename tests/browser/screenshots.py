"""Take pictures of every page, for people to look at.

    python -m tests.browser.screenshots [INDEX] [--out tests/browser/screenshots] [--query 对口帮扶]

Without an index the pages show the invented announcements of ``tests.webui.web_engine``. Announcements with contents,
tables, attachments, a lineage or another edition are looked for in the index; a page that needs one that is not there
is left out.
"""

from __future__ import annotations

import argparse
import base64
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

from selenium.webdriver.common.by import By

from indexer.engine_choice import open_engine
from indexer.query.parameters import read_query
from indexer.relations.clauses import Structure
from indexer.settings import Settings
from tests.browser.running import browser, resize, served
from tests.webui.web_engine import MemoryEngine
from webui.config import WebConfig
from webui.pages.compare import versions_of
from webui.server.sign_in import add_user

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from selenium import webdriver

    from indexer.announcement import Announcement
    from indexer.answers.results import ResultPage
    from indexer.engine import Engine
    from indexer.query.tree import Query

WIDTHS = (360, 768, 1280, 1920)
LONGEST_PIXELS = 2600  # of one picture; what follows below looks the same
LOOKED_AT = 100  # announcements of each question among which one of a kind is looked for
QUESTIONS = ("", "标题:条例", "标题:办法", "标题:通知", "附件")
CLAUSES = 5  # of an announcement whose contents are listed


class _Failing(MemoryEngine):
    """An engine whose searches fail, for the page that says so."""

    def search(self, query: Query) -> ResultPage:
        raise RuntimeError(query.text)


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", nargs="?", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "screenshots")
    parser.add_argument("--query", default="对口帮扶")
    parser.add_argument("--only", default="", help="take only these pages, names with commas between")
    parser.add_argument("--width", type=int, action="append", help="only this width; repeatable")
    parser.add_argument("--scheme", choices=("light", "dark"), action="append", help="only these colours")
    parser.add_argument("--language", choices=("zh", "en"), action="append", help="only this language")
    chosen = parser.parse_args()
    engine = _engine(chosen.index)
    chosen.out.mkdir(parents=True, exist_ok=True)
    pages = {
        name: path
        for name, path in _pages(engine, chosen.query).items()
        if not chosen.only or name in chosen.only.split(",")
    }
    taken = 0
    with tempfile.TemporaryDirectory() as folder:
        users = Path(folder) / "users.txt"
        add_user(users, "wang", "a long password")
        with served(engine) as base, served(_Failing()) as failing, served(engine, WebConfig(users=users)) as closed:
            bases = {"failed": failing, "signin": closed}
            for scheme in chosen.scheme or ("light", "dark"):
                with browser(dark=scheme == "dark") as driver:
                    for language in chosen.language or ("zh", "en"):
                        for name, path in pages.items():
                            _open(driver, bases.get(name, base) + _said(path, language), name)
                            for width in chosen.width or WIDTHS:
                                _take(driver, width, chosen.out / f"{name}-{width}-{scheme}-{language}.png")
                                taken += 1
                            driver.delete_all_cookies()
    sys.stdout.write(f"{taken} pictures in {chosen.out}\n")


def _engine(index: Path | None) -> Engine:
    if index is None:
        return MemoryEngine()
    return open_engine(Settings(index=index))


def _said(path: str, language: str) -> str:
    address, hash_sign, anchor = path.partition("#")
    return f"{address}{'&' if '?' in address else '?'}lang={language}{hash_sign}{anchor}"


def _pages(engine: Engine, query: str) -> dict[str, str]:
    hits = engine.search(read_query({"q": [query], "per_page": ["1"]})).hits
    document = f"/announcements/{hits[0].id}" if hits else "/announcements/none"
    held = _of_each_kind(engine)
    pages = {
        "front": "/",
        "results": f"/?q={query}",
        "filtered": f"/?q={query}&region=广东省&year=2021&sort=newest",
        "city": "/?region=广东省/广州市&region=江苏省&leave=form",
        "shares": f"/?q={query}&chart=share",
        "values": "/?more=source&find=局&open=2020",
        "nothing": f"/?q={query}不存在的词句&form=通知&from=1990-01-01&to=1990-12-31",
        "mistake": f"/?q={query}&from=2023-01-01&to=2020-01-01&page=0&colour=red",
        "document": f"{document}?q={query}",
        "number": "/number/国办发〔2017〕99999号",
        "trends": "/trends?q=扶贫&q=乡村振兴&q=疫情",
        "regions": "/trends?q=扶贫&q=乡村振兴&by=region",
        "trends-empty": "/trends",
        "sources": "/sources",
        "help": "/help",
        "api": "/api",
        "check": "/check",
        "saved": f"/saved?{urlencode({'q': query})}",
        "missing": "/announcements/none",
        "failed": "/?q=x",
        "signin": "/",
    }
    pages |= {kind: f"/announcements/{id_}" for kind, id_ in held.items() if kind != "edition"}
    if "contents" in held:
        pages["cite"] = f"/announcements/{held['contents']}/cite"
        pages["cite-several"] = "/cite?" + "&".join(f"id={id_}" for id_ in held.values())
    if "lineage" in held:
        pages["lineage"] = f"/announcements/{held['lineage']}/lineage"
    if "edition" in held:
        edition = engine.find(held["edition"]).announcement
        pages["compare"] = f"/compare?a={versions_of(engine, edition)[0].id}&b={edition.id}&only=changes"
    if "attachments" in held:
        pages["original"] = f"/announcements/{held['attachments']}/original"
    return pages


def _of_each_kind(engine: Engine) -> Mapping[str, str]:
    """Return the id of an announcement of each kind that a page shows in a way of its own."""
    kinds: dict[str, Callable[[Announcement], bool]] = {
        "contents": lambda a: len(Structure(a.body).clauses) > CLAUSES,
        "table": lambda a: a.body.count("\t") > CLAUSES,
        "attachments": lambda a: any(one.file for one in a.attachments),
        "notice": lambda a: bool(a.number and a.form == "通知" and a.signed),
        "lineage": lambda a: len(engine.related(a.id).lineage.steps) > 1,
        "edition": lambda a: bool(versions_of(engine, a)),
    }
    held: dict[str, str] = {}
    for question in QUESTIONS:
        for hit in engine.search(read_query({"q": [question], "per_page": [str(LOOKED_AT)]})).hits:
            missing = [kind for kind in kinds if kind not in held]
            announcement = engine.find(hit.id).announcement
            held |= {kind: hit.id for kind in missing if kinds[kind](announcement)}
    return held


def _open(driver: webdriver.Chrome, address: str, name: str) -> None:
    """Open a page; a list to check is typed and sent, a search saved."""
    resize(driver, WIDTHS[0])
    driver.get(_refusal(address) if name == "signin" else address)
    if name == "check":
        driver.find_element(By.ID, "list").send_keys("国办发〔2017〕99999号\n中华人民共和国广告法\n对口帮扶")
        driver.find_element(By.CSS_SELECTOR, ".check .first").click()
    elif name == "saved":
        driver.find_element(By.CSS_SELECTOR, "#save button").click()


def _refusal(address: str) -> str:
    """Return the page for who is not signed in, which a browser shows only after its own box was closed."""
    try:
        with urlopen(address) as answer:
            content: bytes = answer.read()
    except HTTPError as refused:
        content = refused.read()
    return f"data:text/html;base64,{base64.b64encode(content).decode()}"


def _take(driver: webdriver.Chrome, width: int, target: Path) -> None:
    resize(driver, width)
    height = min(int(driver.execute_script("return document.documentElement.scrollHeight")), LONGEST_PIXELS)
    area = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
    taken = driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": area})
    target.write_bytes(base64.b64decode(taken["data"]))


if __name__ == "__main__":
    main()
