"""The embedded engine keeps the contract, and what only it promises: crashes, locks, versions, threads."""

from __future__ import annotations

import fcntl
import os
import threading
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from indexer.embedded.engine import WhooshEngine
from indexer.embedded.store import index_versions, meta
from indexer.embedded.store.array_file import ArrayFile
from indexer.embedded.store.ownership import make_generation
from indexer.embedded.verify import verify
from indexer.embedded.write import batches, processes
from indexer.errors import IndexLocked, IndexMissing, IndexUnsafe, IndexUnwritable, WorkersUnavailable
from indexer.query.tree import Query, Term
from indexer.report import Report
from tests.asking import found, load
from tests.builders import announcement
from tests.test_engine_contract import EngineContract

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from indexer.announcement import Announcement
    from indexer.engine import Engine

DESCRIPTORS = Path("/proc/self/fd")
MAPS = Path("/proc/self/maps")
needs_proc = pytest.mark.skipif(not DESCRIPTORS.is_dir(), reason="this system does not list open files")


class TestWhooshEngine(EngineContract):
    @classmethod
    def open(cls, folder: Path) -> Engine:
        return WhooshEngine(folder)


# ── one writer at a time ──


def test_a_second_writer_is_told_who_writes_and_since_when(place: Path) -> None:
    with index_versions.writing(place), pytest.raises(IndexLocked, match=rf"process {os.getpid()} since 20"):
        load(WhooshEngine(place), announcement("b"))
    load(WhooshEngine(place), announcement("b"))
    assert found(WhooshEngine(place)) == {"b"}


def test_the_lock_of_a_dead_process_is_free(place: Path) -> None:
    child = os.fork()
    if not child:
        file = (place / "lock").open("a+")
        fcntl.flock(file, fcntl.LOCK_EX)
        os._exit(0)
    os.waitpid(child, 0)
    load(WhooshEngine(place), announcement("b"))
    assert found(WhooshEngine(place)) == {"b"}


# ── dying on the way ──


@pytest.mark.parametrize("step", ["publish", "begin"])
def test_a_writer_that_fails_leaves_the_old_index_and_no_rubbish(
    place: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    before = {path.name for path in place.iterdir()}

    def fail(_: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(index_versions, step, fail)
    with pytest.raises(IndexUnwritable, match="No space left"):
        load(WhooshEngine(place), announcement("b"))
    with pytest.raises(IndexUnwritable, match="No space left"):
        WhooshEngine(place).change([], ["a"], Report())
    assert found(WhooshEngine(place)) == {"a"}
    assert {path.name for path in place.iterdir()} == before


def test_what_a_killed_writer_left_is_swept_away_by_the_next(place: Path) -> None:
    make_generation(place, 77)
    (place / ".g000078.new").mkdir()
    (place / "g000077" / "half").write_bytes(b"x")
    (place / "current.new").write_text("g000077")
    assert found(WhooshEngine(place)) == {"a"}
    load(WhooshEngine(place), announcement("b"))
    assert not (place / "g000077" / "half").exists()
    assert not (place / ".g000078.new").exists()
    assert not (place / "current.new").exists()


def test_all_is_flushed_to_disk_before_the_name_that_makes_it_count(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: set[tuple[int, int]] = set()
    flush, swap = os.fsync, Path.replace

    def recording(descriptor: int) -> None:
        state = os.fstat(descriptor)
        flushed.add((state.st_dev, state.st_ino))
        flush(descriptor)

    def checking(path: Path, target: Path) -> Path:
        new = place / path.read_text().strip()
        for needed in (path, new, place, *new.iterdir()):
            state = needed.stat()
            assert (state.st_dev, state.st_ino) in flushed, needed
        return swap(path, target)

    monkeypatch.setattr(os, "fsync", recording)
    monkeypatch.setattr(Path, "replace", checking)
    load(WhooshEngine(place), announcement("b"), announcement("c"))
    WhooshEngine(place).change([announcement("d")], ["b"], Report())
    assert found(WhooshEngine(place)) == {"c", "d"}


def _die(*_: object) -> None:
    os._exit(1)


def test_a_worker_that_dies_is_reported_and_the_old_index_stays(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH_DOCUMENTS", 2)
    monkeypatch.setattr(processes, "cutting_alike", lambda: _die)
    with pytest.raises(WorkersUnavailable, match="status 1"):
        WhooshEngine(place).replace_all([announcement(f"{at}") for at in range(9)], Report(), jobs=2)
    assert found(WhooshEngine(place)) == {"a"}


def test_several_processes_build_the_same_index_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [("扶贫工作" * (at % 3), "扶贫 Work\n工作。" * (at % 5)) for at in range(30)]
    kept = [announcement(f"{at:02}", *texts[at], source=f"来源{at % 4}") for at in range(30)]
    one, two = WhooshEngine(tmp_path / "one"), WhooshEngine(tmp_path / "two")
    one.replace_all(kept, Report(), jobs=1)
    monkeypatch.setattr(batches, "BATCH_DOCUMENTS", 4)
    two.replace_all(kept, Report(), jobs=2)
    query = Query(root=Term("扶贫"), per_page=20)
    assert one.search(query).hits == two.search(query).hits
    assert list(one.announcements()) == list(two.announcements()) == kept
    assert arrays_of(tmp_path / "one") == arrays_of(tmp_path / "two")


def arrays_of(place: Path) -> dict[str, bytes]:
    """Return the bytes of all arrays of an index of one segment."""
    folder = index_versions.current(place)
    files = {name: ArrayFile(next(folder.glob(name))) for name in ("*.units", "*.words", "*.docs", "*.common")}
    files |= {name: ArrayFile(folder / name) for name in ("suggestions", "relations")}
    return {f"{kind} {name}": file[name].tobytes() for kind, file in files.items() for name in file.sizes()}


def test_two_announcements_with_one_id_are_refused(place: Path) -> None:
    with pytest.raises(ValueError, match="the id b"):
        load(WhooshEngine(place), announcement("b"), announcement("b"))
    assert found(WhooshEngine(place)) == {"a"}


# ── what does not fit ──


@pytest.mark.parametrize("name", ["SCHEMA_VERSION", "FORMAT_VERSION", "ANALYZER_VERSION"])
def test_an_index_of_another_version_asks_for_a_rebuild(
    place: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(meta, name, "another")
    for path in index_versions.current(place).glob("*.units"):
        path.write_bytes(b"a form that only the other version knows")
    with pytest.raises(IndexMissing, match=r"another version.*policy-search rebuild"):
        WhooshEngine(place).version()
    assert "another version" in WhooshEngine(place).check()[0]


def test_an_index_that_anybody_could_have_written_is_not_read(place: Path) -> None:
    place.chmod(0o777)
    with pytest.raises(IndexUnsafe, match="chmod"):
        WhooshEngine(place).version()
    place.chmod(0o755)
    assert found(WhooshEngine(place)) == {"a"}


@pytest.mark.parametrize("content", ["", "g1", "../../etc", "g000099", "\xff"])
def test_a_pointer_that_leads_nowhere_asks_for_a_rebuild(place: Path, content: str) -> None:
    (place / "current").write_bytes(content.encode("latin-1"))
    with pytest.raises(IndexMissing, match="policy-search rebuild"):
        WhooshEngine(place).version()


# ── serving while the index changes ──


def test_readers_meet_whole_versions_only(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path / "index")

    def write(version: int) -> None:
        load(engine, *(announcement(f"{at}", f"扶贫{version}", source=f"{version}") for at in range(5 + version)))

    write(0)
    done, mixed = threading.Event(), []

    def read() -> None:
        while not done.is_set():
            page = engine.search(Query(root=Term("扶贫"), per_page=50))
            titles = {hit.title for hit in page.hits}
            version = int(titles.pop().removeprefix("扶贫"))
            if titles or page.total != 5 + version or page.facets.source[0].count != page.total:
                mixed.append(page)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for version in range(1, 12):
        write(version)
    done.set()
    for reader in readers:
        reader.join()
    assert mixed == []
    assert found(WhooshEngine(tmp_path / "index"), Term("扶贫")) == {f"{at}" for at in range(16)}


@needs_proc
def test_replaced_versions_are_let_go_of(place: Path) -> None:
    engine = WhooshEngine(place)

    def replace_and_read() -> tuple[int, int]:
        load(engine, announcement("a", "扶贫"))
        found(engine, Term("扶贫"))
        mapped = sum(str(place) in line for line in MAPS.read_text().splitlines())
        return len(list(DESCRIPTORS.iterdir())), mapped

    replace_and_read()
    first = replace_and_read()
    for _ in range(10):
        last = replace_and_read()
    assert last == first
    assert len([path for path in place.iterdir() if path.is_dir()]) == 2


def test_a_change_is_seen_by_another_engine_at_once(place: Path) -> None:
    reader = WhooshEngine(place)
    assert found(reader) == {"a"}
    WhooshEngine(place).change([announcement("b")], [], Report())
    assert found(reader) == {"a", "b"}


def test_many_small_changes_leave_few_segments(place: Path) -> None:
    engine = WhooshEngine(place)
    for at in range(20):
        engine.change([announcement(f"{at}", "防汛")], [], Report())
    assert len(list(index_versions.current(place).glob("*.units"))) <= 3
    assert found(engine, Term("防汛")) == {f"{at}" for at in range(20)}
    assert verify(index_versions.current(place)) == []


def test_two_engines_on_one_place_never_write_at_once(place: Path) -> None:
    """The second is told so while the first one writes; what it announces is not lost in silence."""
    first, second = WhooshEngine(place), WhooshEngine(place)
    refused = list[str]()

    verbs: list[Callable[[], None]] = [
        lambda: second.change([announcement("b")], [], Report()),
        lambda: second.replace_all([], Report()),
    ]

    def meanwhile() -> Iterator[Announcement]:
        for verb in verbs:
            with pytest.raises(IndexLocked):
                verb()
            refused.append("refused")
        yield announcement("c")

    first.change(meanwhile(), [], Report())
    first.replace_all(chain([announcement("a")], meanwhile()), Report())
    assert len(refused) == 4
    second.change([announcement("b")], [], Report())
    assert [one.id for one in first.announcements()] == ["a", "b", "c"]
