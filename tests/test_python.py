"""The Python interface: the README's examples run, and what a program relies on holds."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import pytest

import indexer
from indexer import Index, open_index
from indexer.embedded.engine import WhooshEngine
from indexer.errors import AnnouncementNotFound, IndexMissing, ParameterError
from indexer.fields import NOT
from indexer.index import Choices
from indexer.indexing.rebuild import rebuild
from indexer.query.parameters import NAMES
from indexer.report import Report
from tests.builders import announcement

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
BLOCKS = re.findall(r"^```python\n(.*?)^```", (ROOT / "indexer/README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
ALL = [
    announcement(
        str(n), title=f"第{n}号帮扶公告", body="对口帮扶。", region=("广东省",) if n % 2 else ("贵州省", "贵阳市")
    )
    for n in range(1, 31)
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    WhooshEngine(folder).replace_all(ALL, Report())
    return folder


@pytest.fixture
def index(place: Path) -> Iterator[Index]:
    with open_index(place) as opened:
        yield opened


@pytest.fixture(scope="module")
def corpus_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notebook")
    rebuild([ROOT / "corpus"], WhooshEngine(folder / "policy-index"), jobs=1)
    return folder


@pytest.mark.filterwarnings("ignore:Glyph .* missing from font:UserWarning")  # the font lacks Chinese
@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_the_examples_of_the_readme_run(
    corpus_index: Path, number: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(corpus_index)
    monkeypatch.delenv("POLICY_SEARCH_INDEX", raising=False)
    mpl.use("svg")
    names: dict[str, object] = {}
    exec(compile(BLOCKS[number], f"README, block {number + 1}", "exec"), names)
    if "counts.plot" in BLOCKS[number]:
        assert {"counts.svg", "found.parquet", "all.sqlite"} <= {path.name for path in corpus_index.iterdir()}
        counts = names["counts"]
        assert counts.loc[2021, "广东省"] >= 1  # type: ignore[attr-defined]
        assert int(counts.to_numpy().sum()) == len(names["table"])  # type: ignore[attr-defined, arg-type]
    else:
        assert len(names["titles"]) == names["found"].total  # type: ignore[arg-type, attr-defined]
        assert "对口帮扶" in capsys.readouterr().out


def test_there_are_examples() -> None:
    assert len(BLOCKS) == 2


def test_an_answer_has_one_page_of_hits_and_yields_all(index: Index) -> None:
    found = index.search("对口帮扶", per_page=5, page=2)
    assert (found.total, len(found), len(found.hits), found.relaxed) == (30, 30, 5, False)
    walked = [hit.id for hit in found]
    assert len(set(walked)) == 30
    assert walked[5:10] == [hit.id for hit in found.hits]
    assert [one.id for one in found.announcements()] == walked


def test_filters_take_one_value_or_several_days_and_numbers(index: Index) -> None:
    assert index.search(region="广东省").total == 15
    assert index.search(region=("广东省", "贵州省")).total == 30
    assert index.search(year=2020, from_=date(2020, 6, 1)).total == 30
    assert not index.search(to=date(2020, 5, 31))


def test_facets_are_mappings(index: Index) -> None:
    facets = index.search("帮扶", region="贵州省").facets
    assert facets["region"] == {"广东省": 15, "贵州省": 15, "贵州省/贵阳市": 15}
    assert facets["year"]["2020"] == 15


def test_what_is_wrong_is_told_at_once(index: Index, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"sort='up'.*page='0'|page='0'.*sort='up'"):
        index.search("x", sort="up", page=0)
    with pytest.raises(AnnouncementNotFound):
        index["nothing"]
    with pytest.raises(IndexMissing):
        open_index(tmp_path)


def test_a_closed_index_answers_no_more(place: Path) -> None:
    with open_index(place) as opened:
        assert len(opened) == len(list(opened)) == 30
    with pytest.raises(ValueError, match="closed"):
        opened.search("帮扶")


def test_tables_have_days(index: Index) -> None:
    table, frame = index.search("帮扶").to_arrow(), index.search("帮扶").to_pandas()
    assert table.num_rows == len(frame) == 30
    assert str(table.schema.field("published").type) == "date32[day]"
    assert frame["published"].dt.year.unique().tolist() == [2020]
    assert index.search("没有这些字").to_pandas().empty
    assert index.search("没有这些字").to_arrow().num_rows == 0


def test_every_parameter_of_a_search_is_a_typed_choice() -> None:
    typed = {name.rstrip("_").replace("not_", NOT) for name in Choices.__annotations__}
    assert typed == set(NAMES) - {"q"}


def test_the_package_is_imported_without_what_it_offers() -> None:
    code = "import sys, indexer; print('indexer.index' in sys.modules, indexer.open_index.__name__)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["False", "open_index"]
    with pytest.raises(AttributeError):
        indexer.nothing  # noqa: B018
