"""Nothing is removed or written over that this program has not written itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer.embedded.engine import WhooshEngine
from indexer.embedded.store.ownership import MARK, is_marked, mark, remove_marked
from indexer.errors import IndexMissing, PlaceTaken
from indexer.report import Report
from tests.builders import announcement
from webui.cli import cli


def everything_in(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in sorted(folder.rglob("*"))}


def make_index(place: Path, *ids: str) -> None:
    WhooshEngine(place).replace_all(map(announcement, ids), Report())


@pytest.mark.parametrize(
    "name", ["g202401/a.html", "g000001/a.html", "current", "lock", "notes.txt", ".hidden", "g000002"]
)
def test_a_folder_that_holds_other_things_is_refused_and_left_as_it_was(tmp_path: Path, name: str) -> None:
    own = tmp_path / "own"
    (own / name).parent.mkdir(parents=True)
    (own / name).write_text("g000001\n")
    (tmp_path / "a.jsonl").write_text('{"title": "甲", "text": "乙"}')
    before = everything_in(tmp_path)
    told = CliRunner().invoke(cli, ["--index", str(own), "rebuild", str(tmp_path / "a.jsonl")])
    assert told.exit_code == 2
    assert "nothing was touched" in told.stderr
    assert name.partition("/")[0] in told.stderr
    assert everything_in(tmp_path) == before


def test_a_file_is_no_place_for_an_index(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(PlaceTaken, match="it is a file"):
        make_index(tmp_path / "file", "a")
    assert (tmp_path / "file").read_text() == "mine"


def test_an_empty_folder_and_a_fresh_volume_may_become_an_index(tmp_path: Path) -> None:
    (tmp_path / "volume" / "lost+found").mkdir(parents=True)
    make_index(tmp_path / "volume", "a")
    assert [one.id for one in WhooshEngine(tmp_path / "volume").announcements()] == ["a"]
    assert (tmp_path / "volume" / "lost+found").is_dir()


def test_what_is_put_into_an_index_later_stays_whatever_its_name(tmp_path: Path) -> None:
    place = tmp_path / "index"
    make_index(place, "a")
    for name in ("g000000", "g000009", "g202401", ".g000010.new"):
        (place / name).mkdir()
        (place / name / "page.html").write_text("mine")
    for ids in ("b", "c", "d"):
        make_index(place, ids)
    assert [one.id for one in WhooshEngine(place).announcements()] == ["d"]
    for name in ("g000000", "g000009", "g202401", ".g000010.new"):
        assert (place / name / "page.html").read_text() == "mine"


def test_an_index_made_before_there_were_marks_is_taken_over(tmp_path: Path) -> None:
    place = tmp_path / "index"
    for ids in ("a", "b", "c"):
        make_index(place, ids)
    for held in place.rglob(MARK):
        held.unlink()
    make_index(place, "d")
    make_index(place, "e")
    assert [one.id for one in WhooshEngine(place).announcements()] == ["e"]
    assert len([path for path in place.iterdir() if path.is_dir()]) == 2


def test_reading_never_marks_a_folder(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        WhooshEngine(tmp_path).version()
    assert not list(tmp_path.iterdir())


def test_who_dies_while_a_generation_is_removed_leaves_one_that_is_known_as_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "g000001"
    folder.mkdir()
    mark(folder)
    for name in ("a", "b"):
        (folder / name).write_text("x")

    def die(path: Path, missing_ok: bool = False) -> None:
        raise KeyboardInterrupt(path, missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", die)
        with pytest.raises(KeyboardInterrupt):
            remove_marked(folder)
    assert is_marked(folder)
    remove_marked(folder)
    assert not folder.exists()
