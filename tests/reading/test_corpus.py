"""Where pages come from: every file is read, skipped with a reason, or counted as none of ours."""

from __future__ import annotations

import gzip
import json
import os
import random
import sys
import zipfile
from pathlib import Path

import pytest

from indexer.errors import PathUnreadable
from indexer.reading.corpus import Corpus, Root, find_roots, printable
from indexer.reading.record_lines import MAX_PAGE_BYTES
from indexer.settings import INDEX_MARK


def read(*paths: Path) -> tuple[list[str], dict[str, str]]:
    corpus = Corpus(find_roots(paths))
    labels = [page.path for page in corpus.pages()]
    return labels, {skipped.path: skipped.reason for skipped in corpus.skipped}


def test_a_folder_is_read_to_its_depth_in_one_stable_order(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    for name in ("b.html", "a/z.HTM", "a/c/d.shtml", "e.xhtml", "f.txt"):
        (pages / name).parent.mkdir(parents=True, exist_ok=True)
        (pages / name).write_text("x")

    assert read(pages)[0] == ["pages/a/c/d.shtml", "pages/a/z.HTM", "pages/b.html", "pages/e.xhtml", "pages/f.txt"]


def test_what_is_no_page_is_counted_and_not_read(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    (pages / "a_files").mkdir(parents=True)
    for name in ("a.html", "a_files/frame.html", "style.css", ".hidden.html"):
        (pages / name).write_text("x")
    corpus = Corpus(find_roots([pages]))

    assert [page.path for page in corpus.pages()] == ["pages/a.html"]
    assert corpus.ignored.total() == 3
    assert not corpus.skipped


def test_a_folder_that_only_looks_like_a_browsers_is_read(tmp_path: Path) -> None:
    (tmp_path / "p" / "court_files").mkdir(parents=True)
    (tmp_path / "p" / "court_files" / "x.html").write_text("x")

    assert read(tmp_path / "p")[0] == ["p/court_files/x.html"]


def test_json_lines_give_one_page_a_line_packed_or_not(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"title": "1"}\n\n{"title": "2"}\n')
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(b'{"title": "3"}'))

    assert read(tmp_path / "a.jsonl", tmp_path / "b.jsonl.gz")[0] == ["a.jsonl#1", "a.jsonl#3", "b.jsonl.gz#1"]


def test_a_damaged_archive_keeps_what_was_read_before_the_damage(tmp_path: Path) -> None:
    lines = b"".join(b'{"title": "%d", "x": "%s"}\n' % (n, os.urandom(200).hex().encode()) for n in range(2000))
    packed = gzip.compress(lines)
    (tmp_path / "half.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    labels, skipped = read(tmp_path / "half.jsonl.gz")

    assert labels
    assert list(skipped) == ["half.jsonl.gz"]


def zip_of(path: Path, **entries: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def test_an_archive_is_read_without_unpacking_and_says_what_it_leaves(tmp_path: Path) -> None:
    entries = {"a/b.html": b"x", "../../out.html": b"y", "/etc/abs.html": b"z", "logo.png": b"p", "inner.zip": b"q"}
    path = zip_of(tmp_path / "x.zip", **entries)
    labels, skipped = read(path)

    assert labels == ["x.zip!/../../out.html", "x.zip!//etc/abs.html", "x.zip!/a/b.html"]
    assert "damaged in the archive" in skipped["x.zip!/inner.zip"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x.zip"]


@pytest.mark.skipif(sys.platform == "win32", reason="has no timers that interrupt")
def test_a_read_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.reading.hanging_reads.READ_SECONDS", 0.2)
    (tmp_path / "a.html").write_text("x")
    (tmp_path / "b.html").write_text("x")
    hanging, _kept_open = os.pipe()
    opened = open

    def hang(place: str, mode: str) -> object:
        return os.fdopen(hanging, "rb") if str(place).endswith("a.html") else opened(place, mode)

    monkeypatch.setattr("indexer.reading.corpus.open", hang, raising=False)
    labels, skipped = read(tmp_path)
    assert labels == [f"{tmp_path.name}/b.html"]
    assert [str(reason) for reason in skipped.values()] == ["took more than 0 s to read"]


@pytest.mark.parametrize("line", [b"{}\n", b"\n"], ids=["tiny records", "blank lines"])
def test_a_packed_file_that_unpacks_without_end_is_read_no_further(tmp_path: Path, line: bytes) -> None:
    real = [json.dumps({"title": f"关于第{n}项工作的通知"}, ensure_ascii=False).encode() + b"\n" for n in range(50)]
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b"".join(real) + line * 1_000_000))
    labels, skipped = read(tmp_path / "a.jsonl.gz")
    assert labels[:50] == [f"a.jsonl.gz#{n}" for n in range(1, 51)]
    assert len(labels) < 50_000
    assert [str(reason) for reason in skipped.values()] == ["unpacks to more than 200 times its size; not read further"]


def test_entries_of_an_archive_that_share_their_bytes_are_read_no_further(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("a.html", "<p>各单位要做好防汛工作。</p>" * 200_000)
        one = written.infolist()[0]
        written.filelist.extend([one] * 999)  # the table names one entry a thousand times
    labels, skipped = read(archive)
    assert len(labels) < 30
    assert "unpacks to more than 200 times its size; not read further" in map(str, skipped.values())


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_in_an_archive_are_read_in_either_encoding(tmp_path: Path, encoding: str) -> None:
    path = zip_of(tmp_path / "x.zip", **{"AAAA.html": b"x"})
    name = "通知".encode(encoding)[:4].ljust(4, b"A") if encoding == "gb18030" else "通A".encode()
    path.write_bytes(path.read_bytes().replace(b"AAAA", name))

    assert read(path)[0] == ["x.zip!/通知.html" if encoding == "gb18030" else "x.zip!/通A.html"]


def test_a_bomb_in_an_archive_is_skipped_at_the_limit(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "x.zip", **{"bomb.html": b"0" * (MAX_PAGE_BYTES + 1), "fine.html": b"x"})
    labels, skipped = read(path)

    assert labels == ["x.zip!/fine.html"]
    assert skipped == {"x.zip!/bomb.html": "larger than 24 MiB"}


def test_names_in_gbk_are_read_as_gbk(tmp_path: Path) -> None:
    raw = os.fsencode(str(tmp_path)) + b"/" + "公示.html".encode("gb18030")
    with open(raw, "wb") as page:  # noqa: PTH123
        page.write(b"x")

    assert read(tmp_path)[0] == [f"{tmp_path.name}/公示.html"]
    assert printable("plain.html") == "plain.html"


def test_a_link_in_a_circle_ends_with_a_reason(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "a.html").write_text("x")
    (pages / "again").symlink_to(pages)
    (pages / "loop.html").symlink_to(pages / "loop.html")
    labels, skipped = read(pages)

    assert labels == ["pages/a.html"]
    assert skipped["pages/again"] == "a link back to a folder that it lies in"
    assert "pages/loop.html" in skipped


def test_a_file_of_another_kind_given_by_name_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(b"x")
    assert "not a kind of file that is read" in read(tmp_path / "x.png")[1]["x.png"]


def test_a_path_that_is_not_there_is_an_error_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(PathUnreadable, match="no such file or folder"):
        find_roots([tmp_path / "nothing"])


def test_a_file_that_vanishes_is_skipped_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("x")
    corpus = Corpus(find_roots([tmp_path]))
    (tmp_path / "a.html").unlink()

    assert list(corpus.pages()) == []
    assert corpus.skipped[0].reason == "no such file or directory"


def test_a_path_below_a_known_root_keeps_the_label_that_it_has_there(tmp_path: Path) -> None:
    (tmp_path / "pages" / "sub").mkdir(parents=True)
    known = [Root(tmp_path / "pages", "pages")]

    assert find_roots([tmp_path / "pages" / "sub"], known)[0].label == "pages/sub"


def test_two_roots_of_one_name_get_labels_that_differ(tmp_path: Path) -> None:
    (tmp_path / "a" / "pages").mkdir(parents=True)
    (tmp_path / "b" / "pages").mkdir(parents=True)

    labels = [root.label for root in find_roots([tmp_path / "a" / "pages", tmp_path / "b" / "pages"])]
    assert labels == ["pages", "b/pages"]


def test_a_vanished_root_is_told(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    corpus = Corpus(find_roots([tmp_path / "pages"]))
    (tmp_path / "pages").rmdir()
    assert [root.label for root in corpus.vanished()] == ["pages"]


def test_a_line_that_is_too_long_is_skipped_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.reading.record_lines.MAX_LINE_BYTES", 40)
    lines = ['{"title": "一"}', '{"title": "' + "长" * 100 + '"}', '{"title": "二"}', '{"title": "' + "末" * 100 + '"}']
    (tmp_path / "a.jsonl").write_text("\n".join(lines), "utf-8")
    corpus = Corpus(find_roots([tmp_path / "a.jsonl"]))
    assert [page.path for page in corpus.pages()] == ["a.jsonl#1", "a.jsonl#3"]
    assert [one.path for one in corpus.skipped] == ["a.jsonl#2", "a.jsonl#4"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_reading_tells_how_far_it_has_come_within_a_file(tmp_path: Path, name: str) -> None:
    chance = random.Random(1)
    text = "\n".join(json.dumps({"title": chance.randbytes(400).hex()}) for _ in range(900)).encode()
    (tmp_path / name).write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    corpus = Corpus(find_roots([tmp_path / name]))
    seen = [corpus.done_bytes for _ in corpus.pages()]
    assert seen == sorted(seen)
    assert len(set(seen)) > 3
    assert 0 < seen[len(seen) // 2] < corpus.total_bytes == corpus.done_bytes


def test_an_index_among_the_pages_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / INDEX_MARK).touch()
    for name in ("a.html", "index/b.html"):
        (tmp_path / name).write_text("x")
    corpus = Corpus(find_roots([tmp_path]))
    assert [page.path.rpartition("/")[2] for page in corpus.pages()] == ["a.html"]
    assert corpus.ignored.total() == 1
