"""What the command line says in Chinese: all of it, to people alone, and only where their locale is Chinese."""

from __future__ import annotations

import ast
import json
import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from babel.messages.pofile import read_po
from click.testing import CliRunner, Result

from indexer import expectations, skip_reasons
from indexer.commands.language import LANGUAGE, is_chinese, paragraphs
from indexer.errors import IndexMissing
from indexer.messages import CATALOGS, SYSTEM
from webui.cli import cli

if TYPE_CHECKING:
    from collections.abc import Iterator

    from babel.messages.catalog import Message

ROOT = Path(__file__).parents[1]
CHINESE = {"LC_ALL": "zh_CN.UTF-8", LANGUAGE: ""}
RECORDS = '{"title": "关于对口帮扶的通知", "text": "开展对口帮扶。", "date": "2020-03-01"}\n{'


def run(*words: str, **environment: str) -> Result:
    return CliRunner().invoke(cli, words, prog_name="policy-search", env=CHINESE | environment)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    (tmp_path / "a.jsonl").write_text(RECORDS, "utf-8")
    assert run("--index", str(tmp_path / "index"), "rebuild", str(tmp_path / "a.jsonl")).exit_code == 0
    return tmp_path / "index"


def catalogue() -> dict[str, Message]:
    with (CATALOGS / "zh" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        held = (message for message in read_po(file, locale="zh") if message.id)
        return {one.id if isinstance(one.id, str) else one.id[0]: one for one in held}


def sentences() -> Iterator[str]:
    """Every template that the code gives to ``said``."""
    for path in (*ROOT.glob("indexer/**/*.py"), *ROOT.glob("webui/**/*.py")):
        text = path.read_text("utf-8")
        if "indexer.messages import" not in text or path.name == "messages.py":
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "said":
                template = node.args[0]
                assert isinstance(template, ast.Constant), f"{path}:{node.lineno}: translators cannot find this"
                yield str(template.value)
    yield from (*SYSTEM.values(), *expectations.PHRASES.values(), *skip_reasons.PHRASES.values(), ", ", "; ")


def helps(command: click.Command) -> Iterator[str]:
    """Every sentence of a command's help, and of those below it."""
    yield from (head for _, head, _ in paragraphs(command.help or "") if head)
    yield from (one.help for one in command.params if isinstance(one, click.Option) and one.help)
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        yield from helps(below)


def test_all_that_people_are_told_is_there_in_chinese_and_nothing_else() -> None:
    held = catalogue()
    needed = {*sentences(), *helps(cli)}
    assert needed - held.keys() == set()
    assert {key for key, one in held.items() if "click" not in one.auto_comments} - needed == set()
    assert [key for key, one in held.items() if not one.string] == []


def test_translations_of_click_keep_its_placeholders() -> None:
    for key, one in catalogue().items():
        told = one.string if isinstance(one.string, str) else (one.string or ("",))[0]
        assert {*re.findall(r"\{(\w+)", told)} <= {*re.findall(r"\{(\w+)", str(one.id))}, key


@pytest.mark.parametrize(
    ("environment", "chinese"),
    [
        ({}, False),
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LANG": "zh_TW"}, True),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, True),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, False),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8", "LANGUAGE": "zh"}, False),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "zh_CN:en"}, True),
        ({"LANG": "zh_CN.UTF-8", "LANGUAGE": "en:zh"}, False),
        ({"LANG": "zh_CN.UTF-8", LANGUAGE: "en"}, False),
        ({"LANG": "C", LANGUAGE: "zh"}, True),
    ],
)
def test_the_locale_says_the_language_as_gettext_reads_it(environment: dict[str, str], chinese: bool) -> None:
    assert is_chinese(environment) is chinese


def test_another_language_is_a_wrong_setting(tmp_path: Path) -> None:
    result = run("--index", str(tmp_path), "config", **{LANGUAGE: "fr"})
    assert (result.exit_code, "expected zh or en" in result.stderr) == (1, True)


def test_a_rebuild_is_accounted_for_in_chinese(index: Path) -> None:
    told = run("--index", str(index), "rebuild", str(index.parent / "a.jsonl")).stderr
    assert "共读 2 页 = 收录 1，跳过 1。" in told
    assert "  跳过 a.jsonl#2：第 1 个字符处不是 JSON：" in told


def test_a_search_and_the_state_of_the_index_are_told_in_chinese(index: Path) -> None:
    assert run("--index", str(index), "search", "帮扶").stderr.startswith("找到 1 条，第 1–1 条 · 帮扶 · ")
    assert "没有一条含全部词语" in run("--index", str(index), "search", "帮扶 植树").stderr
    assert "公告：         1 条，来自 " in run("--index", str(index), "status").stdout
    assert "发布日期：    2020-03-01" in run("--index", str(index), "show", hit(index)).stdout


def hit(index: Path) -> str:
    identity: str = json.loads(run("--index", str(index), "search", "帮扶", "--json").stdout)["hits"][0]["id"]
    return identity


def test_mistakes_are_told_in_chinese(index: Path) -> None:
    told = {
        ("search", "x", "--page", "0", "--sort", "best"): "sort='best'：应为以下之一：relevance, newest",
        ("show", "nothing"): "错误：没有标识为 'nothing' 的公告",
        ("search", "--nonsense"): "错误：没有 '--nonsense' 这个选项。",
        ("rebuild", "nowhere"): "错误：无法读取 nowhere：没有这个文件或文件夹",
        ("show", hit(index), "--clause", "第九条"): "里没有名为 '第九条' 的条款",
    }
    for words, sentence in told.items():
        result = run("--index", str(index), *words)
        assert sentence in result.stderr
        assert result.exit_code == 2
    missing = run("--index", "none", "search", "x")
    assert missing.stderr == "错误：none 里没有可用的索引（还没有建立）。请运行：policy-search rebuild\n"


def test_help_is_in_chinese_and_its_examples_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    for command in (cli, cli.commands["serve"]):  # click keeps the option in the language of the process's first --help
        monkeypatch.setattr(command, "_help_option", None)
    listed = run("--help").stdout
    assert "  search      检索索引。" in listed
    told = run("serve", "--help").stdout
    assert "提供网页和 JSON 接口，直到停止。" in told
    assert "    policy-search serve --port 8080" in told
    assert "[默认：8000; 0<=x<=65535]" in told
    assert "Show this message" not in told


def test_programs_are_told_the_same_in_every_locale(index: Path) -> None:
    for words in (
        ("status", "--json"),
        ("search", "帮扶", "--csv"),
        ("show", hit(index), "--json"),
        ("roots", "--json"),
    ):
        answers = {run("--index", str(index), *words, **{LANGUAGE: language}).stdout for language in ("zh", "en")}
        assert len(answers) == 1
        assert "没有" not in answers.pop()
    doctor = json.loads(run("--index", "none", "doctor", "--json").stdout)
    assert [one["told"] for one in doctor if one["what"] == "index"] == ["No usable index in none (there is none yet)."]


def test_a_log_line_is_english(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("test").error("%s", IndexMissing("here", "gone"))
    assert caplog.messages == ["No usable index in here (gone). Run: policy-search rebuild"]


def test_the_language_is_left_as_it_was() -> None:
    assert run("search", "--nonsense").stderr.startswith("用法：")
    assert CliRunner().invoke(cli, ["search", "--nonsense"], env={LANGUAGE: "en"}).stderr.startswith("Usage:")
