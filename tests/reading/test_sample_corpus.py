"""The samples: what they promise a newcomer, and that each page is read as it was meant."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from indexer.reading.corpus import Corpus, find_roots
from indexer.reading.page import read_page

if TYPE_CHECKING:
    from indexer.announcement import Announcement

SAMPLES = Path(__file__).resolve().parents[2] / "corpus"
EXPECTED: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "corpus_expected.json").read_text(encoding="utf-8")
)
MAX_CORPUS_BYTES = 1_500_000  # a clone should stay small

_SAYS_SAMPLE = re.compile("示例|样例|範例")


@cache
def _read_all() -> dict[str, Announcement]:
    corpus = Corpus(find_roots([SAMPLES]))
    read = {page.path.removeprefix("corpus/"): read_page(page) for page in corpus.pages()}
    assert not corpus.skipped
    return read


def _without_heading(body: str, title: str, number: str) -> str:
    """Drop the title and the number where a page repeats them above its text."""
    lines = body.split("\n")
    while lines and lines[0] in {title, number}:
        del lines[0]
    return "\n".join(lines)


def test_every_sample_file_is_expected_and_every_expected_one_exists() -> None:
    assert set(_read_all()) == set(EXPECTED)


@pytest.mark.parametrize("path", EXPECTED)
def test_a_sample_is_read_as_it_was_meant(path: str) -> None:
    expected = EXPECTED[path]
    found = _read_all()[path]
    read = {
        "title": found.title,
        "source": found.source,
        "published": str(found.published),
        "region": "/".join(found.region),
        "number": found.number,
        "form": found.form,
        "attachments": [attachment.name for attachment in found.attachments],
    }
    assert read == {key: expected[key] for key in read}
    assert found.replaced_characters == 0


@pytest.mark.parametrize("path", EXPECTED)
def test_a_sample_body_begins_and_ends_with_its_text_and_holds_it_once(path: str) -> None:
    expected = EXPECTED[path]
    found = _read_all()[path]
    body = _without_heading(found.body, found.title, found.number)
    assert body[: len(expected["begins"])] == expected["begins"]
    assert body[-len(expected["ends"]) :] == expected["ends"]
    assert body.count(expected["ends"]) == 1


@pytest.mark.parametrize("path", [path for path, expected in EXPECTED.items() if expected["signed"]])
def test_a_day_of_signing_that_a_sample_shows_is_kept_apart(path: str) -> None:
    assert str(_read_all()[path].signed) == EXPECTED[path]["signed"]


def test_every_sample_says_in_its_text_that_it_is_one() -> None:
    silent = [
        path
        for path, found in _read_all().items()
        if "policy-search" not in found.body or not _SAYS_SAMPLE.search(found.body)
    ]
    assert silent == []


def test_no_sample_bears_a_number_that_could_be_a_real_one() -> None:
    borne = {found.number for found in _read_all().values() if found.number}
    assert len(borne) >= 30
    assert [number for number in borne if "样" not in number] == []


def test_the_samples_are_many_and_varied() -> None:
    found = _read_all().values()
    assert len(found) >= 72
    assert len({expected["shape"] for expected in EXPECTED.values()}) >= 14
    assert len({announcement.region for announcement in found}) >= 24
    assert {len(announcement.region) for announcement in found} == {1, 2, 3, 4}
    assert ("全国",) in {announcement.region for announcement in found}
    assert {found_one.published.year for found_one in found if found_one.published} == set(range(2015, 2026))
    assert len({announcement.form for announcement in found if announcement.form}) >= 12


def test_bodies_have_a_length_worth_reading() -> None:
    lengths = [len(found.body) for found in _read_all().values()]
    assert min(lengths) >= 200
    assert max(lengths) <= 2000


def test_one_matter_is_found_in_many_provinces_and_years() -> None:
    about = [found for found in _read_all().values() if "对口帮扶" in found.title + found.body]
    assert len({found.region[0] for found in about}) >= 6
    assert len({found.published.year for found in about if found.published}) >= 5


def test_a_number_that_one_sample_bears_is_cited_by_others() -> None:
    number = "粤样府办〔2021〕12号"
    found = _read_all().values()
    assert sum(announcement.number == number for announcement in found) == 1
    assert sum(number in announcement.body and announcement.number != number for announcement in found) >= 3


def test_the_readme_names_every_folder_and_counts_right() -> None:
    readme = (SAMPLES / "README.md").read_text(encoding="utf-8")
    folders = {folder.name for folder in SAMPLES.iterdir() if folder.is_dir()}
    assert {folder for folder in folders if f"`{folder}`" not in readme} == set()
    assert f"{len(EXPECTED)} announcements" in readme
    assert f"{len({expected['shape'] for expected in EXPECTED.values()})} shapes" in readme


def test_the_samples_stay_small() -> None:
    assert sum(file.stat().st_size for file in SAMPLES.rglob("*") if file.is_file()) < MAX_CORPUS_BYTES
