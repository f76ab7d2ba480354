"""A list of titles and numbers is checked line by line."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from typing import TYPE_CHECKING

import pytest

from indexer import list_check
from indexer.embedded.engine import WhooshEngine
from indexer.report import Report
from tests.builders import announcement
from webui import create_app

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> WhooshEngine:
    engine = WhooshEngine(tmp_path_factory.mktemp("list") / "index")
    held = [
        announcement("old", "示例市节水条例", "正文。", published=date(2001, 1, 1), kind="政策文件"),
        announcement(
            "new",
            "示例市水资源条例",
            "本条例自2019年1月1日起施行。《示例市节水条例》同时废止。",
            published=date(2018, 1, 1),
            kind="政策文件",
        ),
        announcement("number", "关于供水的通知", "请办。", number="示政发〔2020〕3号", kind="政策文件"),
    ]
    engine.replace_all(held, Report())
    return engine


def told(engine: WhooshEngine, text: str) -> list[tuple[str, list[str], str]]:
    checked = list_check.check(engine, list_check.read_lines(text))
    return [(list_check.said_of(one), [hit.id for hit in one.found], one.state) for one in checked]


def test_titles_and_numbers_are_found_in_any_writing(engine: WhooshEngine) -> None:
    assert told(engine, "1. 《示例市节水条例》\n示政发[2020]第3号\n关于供水的通知（示政发〔2020〕3号）\n") == [
        ("found", ["old"], "已废止"),
        ("found", ["number"], "未见废止"),
        ("found", ["number"], "未见废止"),
    ]


@pytest.mark.parametrize(
    "title",
    [
        "示例市节水条例实施细则",
        "示例市人民政府关于废止示例市节水条例的决定",
        "关于适用《示例市节水条例》的解释（二）",
    ],
)
def test_a_document_about_another_is_not_taken_for_it(tmp_path: Path, engine: WhooshEngine, title: str) -> None:
    """Neither is found under the other's title."""
    assert told(engine, title)[0][0] == "not in this index"
    other = WhooshEngine(tmp_path / "index")
    other.replace_all([announcement("other", title, "正文。")], Report())
    assert told(other, "示例市节水条例")[0][0] == "not in this index"


def test_a_notice_that_issues_a_document_is_found_by_the_title_of_it(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path / "index")
    engine.replace_all([announcement("notice", "示例市人民政府关于印发示例市节水办法的通知", "正文。")], Report())
    assert told(engine, "示例市节水办法")[0][:2] == ("found", ["notice"])


def test_what_is_not_there_is_said_to_be_not_in_this_index_with_what_is_near(engine: WhooshEngine) -> None:
    (one,) = list_check.check(engine, list_check.read_lines("示例市节约用水条例"))
    assert list_check.said_of(one) == "not in this index"
    assert one.state == ""
    assert "old" in [hit.id for hit in one.near]
    assert told(engine, "示政发〔2020〕4号") == [("not in this index", [], "")]


def test_a_title_with_another_number_is_another_document(engine: WhooshEngine) -> None:
    assert told(engine, "关于供水的通知（示政发〔2021〕9号）") == [("not in this index", [], "")]


def test_control_characters_end_no_list(engine: WhooshEngine) -> None:
    listed = "示例市节水\x07条例\n\x02示政发〔2020〕3号\x07\n关于\ud800别的事\n"
    assert [found for _, found, _ in told(engine, listed)] == [["old"], ["number"], []]


def test_csv_is_read_by_its_cells(engine: WhooshEngine) -> None:
    wanted = list_check.read_file("a.csv", "序号,文件名称,发文字号\n1,关于供水的通知,示政发〔2020〕3号\n".encode())
    assert [(one.title, one.number) for one in wanted] == [("关于供水的通知", "示政发〔2020〕3号")]


def test_a_list_without_anything_and_a_packed_bomb_are_refused() -> None:
    with pytest.raises(list_check.ListUnusable):
        list_check.read_lines(" \n\n")
    pytest.importorskip("python_calamine")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(list_check.MOST_UNPACKED_BYTES + 1))
    with pytest.raises(list_check.ListUnusable, match="20 MB"):
        list_check.read_file("a.xlsx", packed.getvalue())
    with pytest.raises(list_check.ListUnusable, match="XLSX"):
        list_check.read_file("a.xlsx", b"PK\x03\x04broken")


def test_the_page_names_its_own_limit_however_long_a_list_is(engine: WhooshEngine) -> None:
    client = create_app(engine).test_client()
    for count in (301, 1_200):
        answer = client.post("/check?lang=zh", data={"list": "关于供水的通知\n" * count})
        assert (answer.status_code, "清单超过 300 行" in answer.text) == (400, True)


def test_the_page_shows_the_result_and_gives_it_as_csv(engine: WhooshEngine) -> None:
    client = create_app(engine).test_client()
    assert "textarea" in client.get("/check").text
    page = client.post("/check", data={"list": "示例市节水条例\n没有的条例"}).text
    assert "已废止" in page
    assert "《示例市节水条例》同时废止。" in page
    assert "不在本索引中" in page
    uploaded = {"file": (io.BytesIO("示例市节水条例".encode()), "list.txt"), "format": "csv"}
    answer = client.post("/check", data=uploaded)
    rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert rows[1][3:5] == ["found", "已废止"]
    assert client.post("/check", data={"list": ""}).status_code == 400
    assert client.post("/check", data={"list": "条" * 300_000}).status_code == 413


def test_what_a_list_cites_and_the_most_cited_can_be_asked_for(engine: WhooshEngine, tmp_path: Path) -> None:
    from indexer.query.parameters import read_query  # noqa: PLC0415

    def found(**values: str) -> list[str]:
        return [hit.id for hit in engine.search(read_query({name: [value] for name, value in values.items()})).hits]

    assert found(q="cites:示例市节水条例") == ["new"]
    assert found(q="被引用:new") == ["old"]
    assert found(sort="cited")[0] == "old"
    assert found(q="示例市节水条例")[0] == "new"  # what is repealed stands below what took its place
