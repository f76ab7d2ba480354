"""Hostile pages end as an announcement or with a reason, and cost nobody else anything."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from indexer.announcement import Page
from indexer.errors import PageUnreadable
from indexer.reading.corpus import Corpus, find_roots
from indexer.reading.html.cleaner import clean
from indexer.reading.jsonl import announcement_from_record
from indexer.reading.page import FAILED, read_page, read_pages, read_within_limits
from indexer.report import Skipped
from indexer.skip_reasons import because
from tests import office_files as made

ROOT = Path(__file__).parents[2]


def fail(page: Page) -> str:
    if page.path == "bad":
        raise IndexError("a fault of ours")
    return page.path


def test_hostile_and_mutated_pages_end_within_their_limits(tmp_path: Path) -> None:
    # In an interpreter of its own: what other tests have loaded counts as memory of the processes that are forked here.
    run = (
        "import pathlib; from tests.promises.hostile_pages import prove; "
        f"print(prove(pathlib.Path({str(tmp_path)!r}), mutated=15, small_files=20, seed=2, largest=20_000).broken)"
    )
    ended = subprocess.run([sys.executable, "-c", run], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.stdout.splitlines()[-1:] == ["[]"], ended.stdout + ended.stderr


def test_a_pipe_among_the_pages_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.html")
    corpus = Corpus(find_roots([tmp_path]))
    assert list(corpus.pages()) == []
    assert [skipped.reason for skipped in corpus.skipped] == ["a pipe, socket or device, no file"]


def test_a_page_that_shows_a_fault_of_ours_costs_only_itself() -> None:
    pages = [Page("a", b""), Page("bad", b""), Page("c", b"")]
    first, second, third = read_pages(pages, fail)
    assert (first, third) == ("a", "c")
    assert second == Skipped("bad", because(FAILED, why="IndexError: a fault of ours"))


def test_stopping_is_no_fault_of_a_page() -> None:
    def stopped(page: Page) -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_within_limits(Page("a", b""), stopped)


def test_rows_without_cells_are_no_rows() -> None:
    html = "<title>关于示例的通知</title><table><tr></tr><tr><td>甲<td>乙</tr><tr>各单位执行。</tr></table>"
    assert "甲\t乙" in clean(Page("a.html", html.encode())).body


def test_a_number_of_a_hundred_thousand_digits_is_a_wrong_record() -> None:
    with pytest.raises(PageUnreadable, match="not JSON"):
        announcement_from_record(Page("a#1", b"9" * 100_000, "record"))


def monstrous_workbook() -> bytes:
    """A workbook of a kilobyte that claims the largest sheet there can be: 550 GB once it is laid out."""
    cell = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    source, target = zipfile.ZipFile(io.BytesIO(made.xlsx((1, "甲")))), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            archive.writestr(name, source.read(name).replace(b"</sheetData>", cell.encode() + b"</sheetData>"))
    return target.getvalue()


@pytest.mark.skipif(sys.platform != "linux", reason="limits that Linux has")
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_tiny_file_that_asks_for_all_memory_costs_only_itself(jobs: int) -> None:
    pages = [
        Page("a.html", "<title>关于示例的通知</title><p>请各单位遵照执行，特此通知。</p>".encode()),
        Page("b.xlsx", monstrous_workbook(), "attachment"),
        Page("d.html", "<title>关于示例的公告</title><p>请各单位遵照执行，现予公告。</p>".encode()),
    ]
    first, second, last = read_pages(pages, title_of, jobs)
    assert (first, last) == ("关于示例的通知", "关于示例的公告")
    assert isinstance(second, Skipped)


def title_of(page: Page) -> str:
    return read_page(page).title
