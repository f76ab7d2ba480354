"""Following a folder: an update after each change, once what changes has kept still."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from indexer.embedded.engine import WhooshEngine
from indexer.embedded.store import index_versions
from indexer.indexing.rebuild import rebuild, update
from indexer.indexing.watch import RETRY_SECONDS, fingerprint, watch
from tests.promises.ground import Pages
from webui.cli import cli

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class _Over(Exception):
    """The story has been told."""


def story(folder: Path, *steps: Callable[[], object], succeeds: bool = True) -> list[int]:
    """Watch a folder while these steps happen, one before each look; at which looks was it updated?"""
    told: list[int] = []
    looks: list[float] = []

    def pause(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) > len(steps):
            raise _Over
        steps[len(looks) - 1]()

    def update() -> bool:
        told.append(len(looks))
        return succeeds

    with pytest.raises(_Over):
        watch([folder], update, pause)
    return told


def nothing() -> None:
    """Let a look find all as it was."""


def test_a_change_is_waited_out_and_then_followed_once(tmp_path: Path) -> None:
    page = tmp_path / "a.html"

    def write(text: str) -> Callable[[], object]:
        return lambda: page.write_text(text)

    assert story(tmp_path, nothing, write("a"), write("abc"), nothing, nothing, nothing) == [4]
    assert story(tmp_path, nothing, page.unlink, nothing, nothing) == [3]


def test_an_update_that_failed_is_tried_again(tmp_path: Path) -> None:
    new = tmp_path / "a.html"
    assert story(tmp_path, new.touch, nothing, nothing, nothing, nothing, succeeds=False) == [2, 4]
    assert RETRY_SECONDS > 2


def test_links_in_circles_and_vanished_folders_are_looked_at_too(tmp_path: Path) -> None:
    (tmp_path / "round").symlink_to(tmp_path)
    before = fingerprint([tmp_path, tmp_path / "none"])
    (tmp_path / "a.html").touch()
    assert fingerprint([tmp_path, tmp_path / "none"]) != before


def test_an_index_and_files_that_are_not_read_among_the_pages_change_nothing(tmp_path: Path) -> None:
    pages, index = Pages(tmp_path / "pages", 1), tmp_path / "pages" / "index"
    CliRunner().invoke(cli, ["--index", str(index), "rebuild", str(pages.folder)])
    before = fingerprint([tmp_path])
    for verb in ("update", "rebuild"):
        ended = CliRunner().invoke(cli, ["--index", str(index), verb, str(pages.folder)])
        assert ended.exit_code == 0, ended.stderr
        (pages.folder / "server.log").write_text(verb)
        (pages.folder / ".half.html").write_text(verb)
        assert fingerprint([tmp_path]) == before


def test_watching_a_folder_with_the_index_in_it_comes_to_rest(tmp_path: Path) -> None:
    """Each update writes the index anew; that is no change of the pages."""
    pages = Pages(tmp_path / "pages", 1)
    engine = WhooshEngine(pages.folder / "index")
    rebuild([pages.folder], engine, jobs=1)
    told: list[int] = []
    looks: list[float] = []

    def pause(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 1:
            pages.edit()
            (pages.folder / "new.html").write_text((pages.folder / "fixed.html").read_text("utf-8"), "utf-8")
        if len(looks) > 8:
            raise _Over

    def again() -> bool:
        told.append(len(looks))
        update([pages.folder], engine, jobs=1)
        return True

    with pytest.raises(_Over):
        watch([pages.folder], again, pause)
    assert len(told) == 1


def test_update_watches_until_it_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages, index = Pages(tmp_path / "pages", 1), str(tmp_path / "index")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("indexer.indexing.watch.watch", stop)
    CliRunner().invoke(cli, ["--index", index, "rebuild", str(pages.folder)])
    ended = CliRunner().invoke(cli, ["--index", index, "update", "--watch", str(pages.folder)])
    assert ended.exit_code == 130
    assert "Stopped. The index is whole" in ended.stderr


def test_check_says_what_is_wrong(tmp_path: Path) -> None:
    pages, index = Pages(tmp_path / "pages", 1), tmp_path / "index"
    CliRunner().invoke(cli, ["--index", str(index), "rebuild", str(pages.folder)])
    assert CliRunner().invoke(cli, ["--index", str(index), "check"]).exit_code == 0

    file = next(index_versions.current(index).glob("*.docs"))
    damaged = bytearray(file.read_bytes())
    damaged[len(damaged) // 3] ^= 1
    file.chmod(0o644)
    file.write_bytes(damaged)
    ended = CliRunner().invoke(cli, ["--index", str(index), "check"])
    assert ended.exit_code == 1
    assert file.name in ended.stdout
    assert "policy-search rebuild" in ended.stderr
