"""What is damaged is noticed: files that are cut, changed or gone, before and while they answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from indexer.embedded.engine import WhooshEngine
from indexer.embedded.store import file_stamps, index_versions, meta
from indexer.embedded.store.array_file import ArrayFile
from indexer.embedded.store.ownership import MARK
from indexer.embedded.verify import verify
from indexer.errors import IndexMissing
from indexer.report import Report
from tests.asking import found, load
from tests.builders import announcement

if TYPE_CHECKING:
    from pathlib import Path


def files_of(place: Path) -> list[Path]:
    """All files that are answered from."""
    files = (path for path in index_versions.current(place).iterdir() if path.name not in (MARK, file_stamps.FILE))
    return sorted(path for path in files if path.stat().st_size)


def test_every_file_that_is_cut_short_or_gone_is_noticed(place: Path) -> None:
    for path in files_of(place):
        content = path.read_bytes()
        for damage in (content[:-1], content[: len(content) // 2], None):
            path.unlink() if damage is None else path.write_bytes(damage)
            with pytest.raises(IndexMissing, match="damaged"):
                WhooshEngine(place).version()
        path.write_bytes(content)
    assert WhooshEngine(place).check() == []


def test_one_changed_byte_is_noticed_before_anything_is_answered(place: Path) -> None:
    for path in files_of(place):
        content = path.read_bytes()
        for at in (0, len(content) - 1):
            path.write_bytes(_with_another_byte(content, at))
            with pytest.raises(IndexMissing, match="damaged"):
                WhooshEngine(place).version()
        path.write_bytes(content)


def test_who_answers_once_reads_no_file_through_that_nobody_has_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_stamps, "_SETTLED_NS", -1)
    place, read = tmp_path / "index", list[str]()
    load(WhooshEngine(place), *(announcement(f"{at}", "扶贫") for at in range(20)))
    check = ArrayFile.problem_of

    def recording(file: ArrayFile, name: str) -> str:
        read.append(name)
        return check(file, name)

    monkeypatch.setattr(ArrayFile, "problem_of", recording)
    assert "1" in found(WhooshEngine(place, once=True))
    assert not read
    path = next(index_versions.current(place).glob("*.docs"))
    content = path.read_bytes()
    path.write_bytes(_with_another_byte(content, 0))
    with pytest.raises(IndexMissing, match=f"damaged: {path.name}"):
        WhooshEngine(place, once=True).version()
    # The next version shares the file, and is not the one to vouch for it.
    WhooshEngine(place).change([announcement("b")], [], Report())
    assert path.name in {one.name for one in index_versions.current(place).iterdir()}
    with pytest.raises(IndexMissing, match=f"damaged: {path.name}"):
        WhooshEngine(place, once=True).version()


def test_stamps_that_cannot_be_read_spare_nothing(place: Path) -> None:
    stamps = index_versions.current(place) / file_stamps.FILE
    for content in ("", "[]", '{"a": 1}', '{"a": [1, 2]}', "{"):
        stamps.write_text(content)
        assert not file_stamps.read_stamps(stamps.parent)
        assert found(WhooshEngine(place, once=True)) == {"a"}


def test_check_compares_whooshs_table_of_contents_with_the_record_that_readers_go_by(place: Path) -> None:
    folder = index_versions.current(place)
    others = [replace(one, deleted=(0,)) for one in meta.read_meta(folder).segments]
    meta.write_meta(folder, "1", Report(), others)
    assert "other segments" in WhooshEngine(place).check()[0]


def test_no_changed_byte_changes_an_answer(place: Path) -> None:
    whole = list(WhooshEngine(place).announcements())
    noticed = 0
    for path in files_of(place):
        content = path.read_bytes()
        for at in range(0, len(content), max(1, len(content) // 20)):
            path.write_bytes(_with_another_byte(content, at))
            try:
                assert list(WhooshEngine(place).announcements()) == whole  # it was a filling byte between arrays
            except IndexMissing:
                noticed += 1
        path.write_bytes(content)
    assert noticed


def _with_another_byte(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 0x10]) + content[at + 1 :]


def test_files_that_the_next_version_shares_are_read_through_once(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []

    def note(file: ArrayFile, _name: str) -> str:
        read.append(file.path)
        return ""

    monkeypatch.setattr(ArrayFile, "problem_of", note)
    engine = WhooshEngine(place)
    engine.version()
    before = {path.stat().st_ino for path in read}
    read.clear()
    engine.change([announcement("b")], [], Report())
    assert found(engine) == {"a", "b"}
    assert read
    assert before.isdisjoint(path.stat().st_ino for path in read)


def test_verifying_names_a_file_in_which_one_byte_changed(place: Path) -> None:
    kinds = {".units", ".words", ".docs", ".common", "suggestions"}
    files = {path.suffix or path.name: path for path in files_of(place) if kinds & {path.suffix, path.name}}
    assert files.keys() == kinds
    for path in files.values():
        content = bytearray(path.read_bytes())
        content[0] ^= 1
        path.write_bytes(content)
        assert path.name in " ".join(verify(index_versions.current(place)))
        content[0] ^= 1
        path.write_bytes(content)


@pytest.mark.parametrize("harm", ["cut", "flipped"])
def test_files_that_are_damaged_while_they_answer_are_refused_until_they_or_the_next_version_are_whole(
    place: Path, harm: str
) -> None:
    engine = WhooshEngine(place)
    assert found(engine) == {"a"}
    for path in [*index_versions.current(place).glob("*.units"), *index_versions.current(place).glob("*.docs")]:
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2] if harm == "cut" else _with_another_byte(content, 0))
        for _ in range(2):
            with pytest.raises(IndexMissing, match=f"damaged: {path.name}"):
                found(engine)
        path.write_bytes(content)
        assert found(engine) == {"a"}
    path.write_bytes(content[:100])
    load(WhooshEngine(place), announcement("b"))
    assert found(engine) == {"b"}
