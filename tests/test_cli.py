"""The command line as its user meets it: results on stdout, complaints on stderr, an exit status that tells."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from webui.cli import cli

LINES = [
    {"title": "关于对口帮扶工作的通知", "text": "一、开展对口帮扶。", "source": "示例市政府", "date": "2020-03-01"},
    {"title": "关于绿化的公告", "text": "植树。", "region": "广东省/广州市", "date": "2021-03-01"},
]


@pytest.fixture
def index(tmp_path: Path) -> Path:
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps(line) for line in LINES), "utf-8")
    assert run(tmp_path / "index", "rebuild", str(tmp_path / "a.jsonl")).exit_code == 0
    return tmp_path / "index"


def run(index: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--index", str(index), *words])


def test_a_rebuild_reports_what_became_of_the_pages(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"title": "题", "text": "文"}\n{', "utf-8")
    result = run(tmp_path / "index", "rebuild", str(tmp_path / "a.jsonl"))

    assert result.exit_code == 0
    assert "2 pages read = 1 indexed, 1 skipped" in result.stderr
    assert "a.jsonl#2: not JSON" in result.stderr
    assert result.stdout == ""


def test_a_search_lists_hits_and_how_to_open_them(index: Path) -> None:
    result = run(index, "search", "对口帮扶")
    assert result.exit_code == 0
    assert "关于对口帮扶工作的通知" in result.stdout
    assert "示例市政府 · 2020-03-01" in result.stdout
    assert "policy-search show " in result.stdout
    assert result.stderr.startswith("1 found")


def test_a_search_in_json_has_the_keys_that_programs_rely_on(index: Path) -> None:
    answer = json.loads(run(index, "search", "对口帮扶", "--json").stdout)
    assert {"total", "page", "per_page", "took_ms", "understood", "relaxed", "hits", "facets"} <= answer.keys()
    assert answer["total"] == 1
    assert answer["hits"][0]["title_marks"] == [[2, 6]]


def test_filters_of_the_command_are_the_parameters_of_the_address(index: Path) -> None:
    answer = json.loads(run(index, "search", "--region", "广东省", "--year", "2021", "--json").stdout)
    assert [hit["title"] for hit in answer["hits"]] == ["关于绿化的公告"]


def test_a_word_with_a_minus_is_left_out_and_no_option(index: Path) -> None:
    assert "关于绿化的公告" in run(index, "search", "公告", "-对口帮扶").stdout
    assert run(index, "search", "-公告").stderr.startswith("1 found")
    assert run(index, "search", "-nothing").exit_code == 2


def test_the_last_root_is_not_retired(index: Path, tmp_path: Path) -> None:
    result = run(index, "roots", "--retire", str(tmp_path / "a.jsonl"))
    assert (result.exit_code, result.stderr) == (2, "Error: Nothing would be left in the index; it is as it was.\n")


def test_every_wrong_parameter_is_reported_at_once(index: Path) -> None:
    result = run(index, "search", "x", "--page", "0", "--sort", "best")
    assert result.exit_code == 2
    assert "page='0'" in result.stderr
    assert "sort='best'" in result.stderr


def test_every_hit_is_printed_as_csv(index: Path) -> None:
    result = run(index, "search", "--csv", "--sort", "newest")
    head, *rows = result.stdout.splitlines()
    assert head.startswith("id,title,source,published,region,number,")
    assert [row.split(",")[1:5] for row in rows] == [
        ["关于绿化的公告", "", "2021-03-01", "广东省/广州市"],
        ["关于对口帮扶工作的通知", "示例市政府", "2020-03-01", ""],
    ]
    assert run(index, "search", "--csv", "--page", "2").exit_code == 2


def test_an_export_takes_all_or_what_a_search_finds(index: Path, tmp_path: Path) -> None:
    assert "Wrote 2 " in run(index, "export", str(tmp_path / "all.jsonl")).stderr
    assert "Wrote 1 " in run(index, "export", str(tmp_path / "one.jsonl"), "--query", "绿化").stderr
    assert "Wrote 1 " in run(index, "export", str(tmp_path / "one.jsonl"), "--region", "广东省").stderr
    [line] = (tmp_path / "one.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["title"] == "关于绿化的公告"
    assert run(index, "export", str(tmp_path / "no.jsonl"), "--year", "x").exit_code == 2
    assert not (tmp_path / "no.jsonl").exists()


def test_an_announcement_is_shown_whole(index: Path) -> None:
    identity = json.loads(run(index, "search", "绿化", "--json").stdout)["hits"][0]["id"]
    assert "植树。" in run(index, "show", identity).stdout
    assert json.loads(run(index, "show", identity, "--json").stdout)["region"] == ["广东省", "广州市"]


def test_an_unknown_id_is_a_wrong_input(index: Path) -> None:
    result = run(index, "show", "nothing")
    assert result.exit_code == 2
    assert result.stderr == "Error: No announcement has the id 'nothing'\n"


@pytest.mark.parametrize("words", [("search", "x"), ("show", "x"), ("status",), ("update", ".")])
def test_without_an_index_each_command_says_how_to_make_one(tmp_path: Path, words: tuple[str, ...]) -> None:
    result = run(tmp_path / "none", *words)
    assert result.exit_code == 1
    assert "Run: policy-search rebuild" in result.stderr
    assert not (tmp_path / "none").exists()


def test_a_path_that_is_not_there_is_a_wrong_input(tmp_path: Path) -> None:
    result = run(tmp_path / "index", "rebuild", str(tmp_path / "missing"))
    assert result.exit_code == 2
    assert "no such file or folder" in result.stderr


def test_cleaning_prints_one_announcement_a_line(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text("<h1>关于示例的公告</h1><p>　　现将有关事项公告如下，请各单位遵照执行。</p>", "utf-8")
    result = run(tmp_path / "index", "clean", str(page), "--explain")

    assert result.exit_code == 0
    line = json.loads(result.stdout)
    assert line["title"] == "关于示例的公告"
    assert line["explanation"]["fields"]


def test_cleaning_says_what_of_a_page_was_left_out(tmp_path: Path) -> None:
    records = tmp_path / "a.jsonl"
    records.write_text(json.dumps({"title": "关于防汛的通知", "published": "?"}), "utf-8")
    cleaned = json.loads(run(tmp_path / "index", "clean", str(records)).stdout)
    assert len(cleaned["incomplete"]) == 1
    assert "published" in cleaned["incomplete"][0]


def test_cleaning_a_page_with_nothing_in_it_says_so_and_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("")
    (tmp_path / "b.html").write_text("<h1>关于示例的公告</h1><p>　　现将有关事项公告如下。</p>", "utf-8")
    result = run(tmp_path / "index", "clean", str(tmp_path))

    assert result.exit_code == 2
    assert len(result.stdout.splitlines()) == 1
    assert "a.html: " in result.stderr


def test_the_status_tells_what_was_skipped(index: Path) -> None:
    told = json.loads(run(index, "status", "--json").stdout)
    assert (told["documents"], told["report"]["read"], told["report"]["skipped"]) == (2, 2, [])
    assert "announcements: 2 " in run(index, "status").stdout
