"""Shares of a rebuild: which page is in which, and what becomes of their ledgers; no cluster is needed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from indexer.announcement import Place
from indexer.errors import ParameterError
from indexer.indexing.ledger import Ledger, Row
from indexer.reading.corpus import Root
from indexer.settings import Part
from indexer.skip_reasons import because
from webui.cli import cli


@given(st.text(), st.integers(1, 20))
def test_every_page_is_in_exactly_one_share(path: str, of: int) -> None:
    assert sum(Part(number, of).holds(path) for number in range(1, of + 1)) == 1


def test_pages_of_a_folder_stay_together_and_lines_of_a_file_do_not() -> None:
    def shares(pages: list[tuple[str, int]]) -> set[int]:
        return {number for page in pages for number in range(1, 4) if Part(number, 3).holds(*page)}

    assert len(shares([(f"a/b/{at}.html", 0) for at in range(50)])) == 1
    assert len(shares([(f"通知#2023/{at}.html", 0) for at in range(50)])) == 1
    assert len(shares([("a/b.jsonl", at) for at in range(1, 50)])) == 3


@pytest.mark.parametrize("text", ["", "3", "0/3", "4/3", "1/0", "a/b", "1/3/5", "-1/3", "１/３"])
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(ParameterError, match="a share such as 2/3"):
        Part.read(text)


def test_a_share_is_read_as_it_is_written() -> None:
    assert Part.read("2/3") == Part(2, 3)


def test_the_embedded_engine_is_written_by_one_process(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["--index", str(tmp_path / "index"), "rebuild", str(tmp_path), "--part", "1/2"])
    assert result.exit_code == 2
    assert "POLICY_SEARCH_ENGINE=opensearch" in result.output


def test_ledgers_one_behind_the_other_are_one() -> None:
    roots = (Root(Path("/pages"), "pages"),)
    one = Ledger(
        roots,
        [
            Row("pages/a", Place("pages", "pages/a"), "d1", id="a"),
            Row("pages/x", Place("pages", "pages/x"), "d2", skipped=because("no-text")),
        ],
    )
    other = Ledger(roots, [Row("pages/b", Place("pages", "pages/b"), "d3", id="b")])
    both = Ledger.from_bytes(one.to_bytes() + other.to_bytes())
    assert (both.roots, both.rows) == (roots, [*one.rows, *other.rows])


def test_pages_of_one_id_that_lead_in_two_shares_are_read_again() -> None:
    ids = {"a": "same", "b": "other", "c": "same"}
    rows = [Row(path, Place("pages", path), f"d{path}", id=identity) for path, identity in ids.items()]
    parts = b"".join(Ledger((), [row]).to_bytes() for row in rows)
    assert [row.digest for row in Ledger.from_bytes(parts).rows] == ["", "db", ""]
