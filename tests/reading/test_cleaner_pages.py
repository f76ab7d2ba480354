"""Golden pages: each folder of ``tests/pages`` is one trap, with the announcement that it must become."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from indexer.announcement import Announcement, Page, to_json
from indexer.reading.html.cleaner import clean

_PAGES = Path(__file__).parents[1] / "pages"
_CASES = sorted(folder.name for folder in _PAGES.iterdir() if folder.is_dir())


def read_case(name: str) -> tuple[Announcement, dict[str, Any]]:
    folder = _PAGES / name
    page = next(folder.glob("page.*"))
    kind = "text" if page.suffix == ".txt" else "html"
    announcement = clean(Page(f"{name}/{page.name}", page.read_bytes(), kind))  # type: ignore[arg-type]
    return announcement, json.loads((folder / "expected.json").read_text(encoding="utf-8"))


def comparable(announcement: Announcement) -> dict[str, Any]:
    record = to_json(announcement)
    record["attachments"] = [[one["name"], one["url"]] for one in record["attachments"]]
    record["replaced_characters"] = announcement.replaced_characters
    return record


@pytest.mark.parametrize("name", _CASES)
def test_a_page_becomes_the_announcement_it_holds(name: str) -> None:
    announcement, expected = read_case(name)
    record = comparable(announcement)
    assert {key: record[key] for key in expected} == expected


def test_every_case_says_what_body_and_title_to_expect() -> None:
    for name in _CASES:
        expected = json.loads((_PAGES / name / "expected.json").read_text(encoding="utf-8"))
        assert expected["title"]
        assert "body" in expected
