"""The commands about the program itself, and the file of choices."""

from __future__ import annotations

import errno
import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.commands.doctor import EXTRAS
from indexer.embedded.engine import WhooshEngine
from indexer.embedded.kernel import compiled
from indexer.report import Report
from tests.builders import announcement
from webui.cli import cli

RECORD = '{"title": "关于对口帮扶的通知", "text": "开展对口帮扶。"}'


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory of our own: a file of choices is looked for there."""
    for name in ("INDEX", "CONFIG", "WORDS", "SYNONYMS"):
        monkeypatch.delenv(f"POLICY_SEARCH_{name}", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, words, prog_name="policy-search")


def chosen(*words: str) -> dict[str, tuple[str, str]]:
    return {one["name"]: (one["value"], one["by"]) for one in json.loads(run(*words, "config", "--json").stdout)}


def test_an_option_wins_over_the_environment_and_that_over_the_file(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert chosen()["index"] == ("policy-index", "default")
    (here / "policy-search.toml").write_text('index = "mine"\n[server]\nport = 8123\n')
    assert chosen()["index"] == (str(here / "mine"), "policy-search.toml")
    assert chosen()["server.port"] == ("8123", "policy-search.toml")
    monkeypatch.setenv("POLICY_SEARCH_INDEX", "theirs")
    assert chosen()["index"] == ("theirs", "environment POLICY_SEARCH_INDEX")
    assert chosen("--index", "this")["index"] == ("this", "option --index")


def test_what_may_hold_a_password_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICY_SEARCH_URL", "https://user:secret@a.example")
    assert "secret" not in run("config").stdout
    assert chosen()["url"] == ("(set)", "environment POLICY_SEARCH_URL")


def test_a_rebuild_reads_the_roots_of_the_file_wherever_it_is_started(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "a.jsonl").write_text(RECORD)
    (here / "policy-search.toml").write_text('index = "index"\nroots = ["a.jsonl"]\n')
    (here / "elsewhere").mkdir()
    monkeypatch.chdir(here / "elsewhere")
    monkeypatch.setenv("POLICY_SEARCH_CONFIG", str(here / "policy-search.toml"))
    assert run("rebuild").exit_code == 0
    assert "关于对口帮扶的通知" in run("search", "帮扶").stdout


def test_paths_of_the_file_begin_at_its_own_folder(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "policy-search.toml").write_text('words = "words.txt"\n[server]\nusers = "users.txt"\nsaved = "searches"\n')
    (here / "words.txt").write_text("万江街道\n")
    (here / "elsewhere").mkdir()
    monkeypatch.chdir(here / "elsewhere")
    monkeypatch.setenv("POLICY_SEARCH_CONFIG", str(here / "policy-search.toml"))
    held = chosen()
    for name, file in (("words", "words.txt"), ("server.users", "users.txt"), ("server.saved", "searches")):
        assert held[name][0] == str(here / file)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('indx = "a"', "there is no key “indx”; there are words, synonyms, index, roots, server"),
        ("index = 3", "index=3: expected a path"),
        ('roots = "a"', "roots='a': expected a list of paths"),
        ("server = 1", "expected a table of options"),
        ("[server]\nprot = 80", "serve has no option “prot”; there are allow_host"),
        ("index =", "not TOML"),
    ],
)
def test_what_is_wrong_in_the_file_is_told_in_a_sentence(here: Path, text: str, sentence: str) -> None:
    (here / "policy-search.toml").write_text(text)
    result = run("status")
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: policy-search.toml: ")
    assert sentence in result.stderr


def test_a_file_that_is_named_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICY_SEARCH_CONFIG", "nowhere.toml")
    result = run("status")
    assert (result.exit_code, "nowhere.toml" in result.stderr) == (2, True)


def test_a_wrong_value_for_the_server_is_told_like_a_wrong_option(here: Path) -> None:
    (here / "policy-search.toml").write_text('[server]\nport = "many"\n')
    result = run("serve")
    assert result.exit_code == 2
    assert "--port" in result.stderr


def test_the_doctor_says_what_is_there_and_what_to_do(here: Path) -> None:
    result = run("--index", "none", "doctor", "--json")
    states = {one["what"]: (one["state"], one["todo"]) for one in json.loads(result.stdout)}
    assert result.exit_code == 1
    assert states["index"] == ("act", "policy-search rebuild")
    assert states["Python"] == ("ok", "")
    assert "    → policy-search rebuild" in run("--index", "none", "doctor").stdout
    assert not (here / "none").exists()


def test_the_doctor_is_content_with_a_whole_index_and_misses_roots_that_are_gone(here: Path) -> None:
    (here / "a.jsonl").write_text(RECORD)
    assert run("rebuild", "a.jsonl").exit_code == 0
    assert run("doctor").exit_code == 0
    (here / "a.jsonl").unlink()
    result = run("doctor")
    assert result.exit_code == 1
    assert f"--retire {here / 'a.jsonl'}" in result.stdout


def _told_of(what: str) -> str:
    found = json.loads(run("--index", "none", "doctor", "--json").stdout)
    return str(next(one["told"] for one in found if one["what"] == what))


def test_the_doctor_says_whether_the_kernel_is_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _told_of("kernel") == "in use" if compiled() else _told_of("kernel").startswith("not compiled")
    monkeypatch.setattr("indexer.commands.doctor.compiled_kernel", lambda: None)
    assert "gcc" in _told_of("kernel")
    monkeypatch.setattr("indexer.commands.doctor.compiled_kernel", object)
    monkeypatch.setenv("POLICY_SEARCH_KERNEL", "off")
    assert _told_of("kernel") == "turned off by POLICY_SEARCH_KERNEL=off"


def test_the_doctor_says_whether_the_marker_is_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.commands.doctor.compiled_marker", object)
    assert _told_of("marker") == "in use"
    monkeypatch.setattr("indexer.commands.doctor.compiled_marker", lambda: None)
    assert "gcc" in _told_of("marker")


def test_the_doctor_says_whether_the_cutter_is_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.commands.doctor.compiled_cutter", object)
    assert _told_of("cutter") == "in use"
    monkeypatch.setattr("indexer.commands.doctor.compiled_cutter", lambda: None)
    assert "gcc" in _told_of("cutter")


def test_the_doctor_looks_for_every_extra() -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
    assert sorted(EXTRAS) == sorted(project["optional-dependencies"])


def test_the_doctor_says_who_is_writing(here: Path) -> None:
    engine = WhooshEngine(here / "index")
    engine.replace_all([announcement()], Report())
    with engine.writing():
        code = "from webui.cli import main; main()"
        command = [sys.executable, "-c", code, "--index", str(here / "index"), "doctor"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "is being written by" in done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_printed_with_how_to_install_it(shell: str) -> None:
    result = run("completion", shell)
    assert result.exit_code == 0
    assert "_POLICY_SEARCH_COMPLETE" in result.stdout
    assert f"policy-search completion {shell} > " in result.stderr


def test_the_shell_is_given_commands_to_complete() -> None:
    environment = {"_POLICY_SEARCH_COMPLETE": "bash_complete", "COMP_WORDS": "policy-search do", "COMP_CWORD": "1"}
    result = CliRunner().invoke(cli, [], prog_name="policy-search", env=environment)
    assert "plain,doctor" in result.stdout


def test_the_manual_page_holds_every_command_and_option(here: Path) -> None:
    page = run("man").stdout
    for name, command in cli.commands.items():
        assert f".SS policy-search {name}" in page
        for option in command.params:
            for word in getattr(option, "opts", ()) if option.param_type_name == "option" else ():
                assert word.replace("-", "\\-") in page
    groff = shutil.which("groff")
    if groff:
        (here / "page.1").write_text(page)
        shown = subprocess.run(
            [groff, "-man", "-Kutf8", "-Tutf8", "-ww", "page.1"], capture_output=True, text=True, check=True
        )
        assert "对口帮扶" in shown.stdout
        assert "macro" not in shown.stderr


def test_the_list_of_commands_is_not_cut() -> None:
    listed = run("--help").stdout
    assert "..." not in listed.split("Commands:")[1]
    assert "what was skipped when it was made." in " ".join(listed.split())


@pytest.mark.parametrize(
    "told",
    [
        MemoryError(),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
        ImportError("etree.so: failed to map segment from shared object"),
        SystemError("error return without exception set"),
    ],
)
def test_too_little_memory_is_told_in_a_sentence_whoever_is_refused_it(
    monkeypatch: pytest.MonkeyPatch, told: Exception
) -> None:
    monkeypatch.setattr("indexer.cli.show_status", lambda *_: _fail(told))
    WhooshEngine(Path("policy-index")).replace_all([announcement("a", "通知", "正文。")], Report(), 1)
    ended = run("status")
    assert (ended.exit_code, ended.stderr.count("\n")) == (1, 1)
    assert ended.stderr.startswith("Error: There is too little memory")


def test_another_failure_of_an_import_is_not_taken_for_too_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.cli.show_status", lambda *_: _fail(ImportError("no module named x")))
    WhooshEngine(Path("policy-index")).replace_all([announcement("a", "通知", "正文。")], Report(), 1)
    assert isinstance(run("status").exception, ImportError)


def _fail(error: Exception) -> None:
    raise error
