"""Files beside a page join it, unless a link brings them in from outside the folders that were given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.reading.corpus import Corpus, find_roots
from indexer.reading.page import read_with_attachments
from tests import office_files as made

if TYPE_CHECKING:
    from pathlib import Path

    from indexer.announcement import Announcement

PAGE = '<title>关于示例的通知</title><p>请各单位遵照执行，特此通知。</p><p><a href="{name}">附件</a></p>'


def read(root: Path) -> tuple[Announcement, tuple[str, ...]]:
    page = next(page for page in Corpus(find_roots([root])).pages() if page.kind == "html")
    return read_with_attachments(page)


def laid_out(tmp_path: Path, name: str = "x.xlsx") -> tuple[Path, bytes]:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "a.html").write_text(PAGE.format(name=name), encoding="utf-8")
    return pages, made.xlsx((1, "甲表"))


def test_a_file_beside_a_page_joins_it_whether_its_folder_or_the_page_is_given(tmp_path: Path) -> None:
    pages, sheet = laid_out(tmp_path)
    (pages / "x.xlsx").write_bytes(sheet)
    for root in (pages, pages / "a.html"):
        found, joined = read(root)
        assert "甲表" in found.body
        assert len(joined) == 1
        assert found.notes == ()


def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    pages, sheet = laid_out(tmp_path)
    (pages / "kept").mkdir()
    (pages / "kept" / "y.xlsx").write_bytes(sheet)
    (pages / "x.xlsx").symlink_to(pages / "kept" / "y.xlsx")
    assert "甲表" in read(pages)[0].body


def test_a_link_to_a_file_outside_is_not_followed_and_noted(tmp_path: Path) -> None:
    pages, sheet = laid_out(tmp_path)
    (tmp_path / "secret.xlsx").write_bytes(sheet)
    (pages / "x.xlsx").symlink_to(tmp_path / "secret.xlsx")
    for root in (pages, pages / "a.html"):
        found, joined = read(root)
        assert "甲表" not in found.body
        assert joined == ()
        assert "text of x.xlsx: a link to a place outside" in found.notes[0]


def test_a_folder_given_by_a_link_is_a_folder(tmp_path: Path) -> None:
    pages, sheet = laid_out(tmp_path)
    (pages / "x.xlsx").write_bytes(sheet)
    (tmp_path / "given").symlink_to(pages)
    assert "甲表" in read(tmp_path / "given")[0].body


def test_a_name_too_long_for_any_file_costs_nothing(tmp_path: Path) -> None:
    pages, sheet = laid_out(tmp_path, "长" * 200 + ".xlsx")
    (pages / "x.xlsx").write_bytes(sheet)
    assert "遵照执行" in read(pages)[0].body
