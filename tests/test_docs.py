"""The README is tested: what exists is in it, and what is in it exists."""

from __future__ import annotations

import inspect
import re
import tomllib
from pathlib import Path

import click
import pytest

from webui.cli import cli

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = (ROOT / "indexer" / "commands" / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return README.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def commands() -> dict[str, click.Command]:
    return dict(cli.commands)


def rows_of(text: str) -> dict[tuple[str, ...], str]:
    """Return the rows of a table of commands by the commands of each: `policy-search config` · `doctor`."""
    return {
        tuple(re.findall(r"`(?:policy-search )?([a-z-]+)[^`]*`", line.split(" | ")[0])): line
        for line in text.splitlines()
        if line.startswith("| `policy-search ")
    }


ROWS = rows_of(COMMANDS)


def test_every_command_has_its_row() -> None:
    assert {name for row in ROWS for name in row} == commands().keys()


def test_the_front_door_names_commands_that_exist() -> None:
    named = {name for row in rows_of(README) for name in row}
    assert {"rebuild", "update", "search", "serve"} <= named <= commands().keys()


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_option_of_a_command_is_in_its_row(name: str) -> None:
    row = next(line for names, line in ROWS.items() if name in names)
    options = {option.opts[-1] for option in commands()[name].params if isinstance(option, click.Option)}
    everywhere = {"--help", "--jobs"}
    assert {option for option in options - everywhere if option not in row} == set()


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_explains_itself_with_an_example(name: str) -> None:
    text = inspect.cleandoc(commands()[name].help or "")
    assert "\b\nExample:\n" in text, "click keeps lines apart only below a real \\b"
    assert f"policy-search {name}" in text


def test_every_room_has_its_line() -> None:
    rows = re.findall(r"^\| (`[a-z_/]+/`(?: · `[a-z_/]+/`)*) \|", section("How it fits together"), re.MULTILINE)
    listed = {room for row in rows for room in re.findall(r"`([a-z_/]+/)`", row)}
    rooms = {
        f"{path.parent.relative_to(ROOT)}/"
        for top in ("indexer", "webui")
        for path in ROOT.glob(f"{top}/*/__init__.py")
    }
    assert listed == rooms | {"tests/"}


@pytest.mark.parametrize(
    "room",
    ["indexer", *(f"indexer/{one}" for one in ("assistants", "cluster", "embedded", "reading", "relations")), "webui"],
)
def test_a_room_names_its_modules_or_the_folder_that_they_lie_in(room: str) -> None:
    text = (ROOT / room / "README.md").read_text(encoding="utf-8")
    folders = re.findall(r"^\| `(\w+)/`", text, re.MULTILINE)
    modules = [path.relative_to(ROOT / room) for path in (ROOT / room).rglob("*.py") if path.name != "__init__.py"]
    assert [str(one) for one in modules if one.parts[0] not in folders and f"{one.name}`" not in text] == []


def test_every_setting_has_its_row() -> None:
    used = {
        name
        for folder in ("indexer", "webui")
        for path in (ROOT / folder).rglob("*.py")
        for name in re.findall(r"POLICY_SEARCH_[A-Z_]+", path.read_text(encoding="utf-8"))
    }
    of_clusters = (ROOT / "indexer/cluster/README.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(POLICY_SEARCH_[A-Z_]+)`", section("Settings") + of_clusters, re.MULTILINE)
    assert sorted(told) == sorted(used)


def test_contributing_tells_exactly_the_commands_of_ci() -> None:
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    run = re.findall(r"^make [a-z-]+$", gate, re.MULTILINE)
    told = re.findall(r"^make [a-z-]+$", section("Contributing"), re.MULTILINE)
    assert run == told
    assert run == ["make check", "make test"]


def test_every_make_target_that_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z-]+)", README, re.MULTILINE)) <= targets


def test_every_dependency_is_named_with_its_licence() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    names = {re.split(r"[<>=\[;~ ]", name)[0] for name in needed}
    told = (ROOT / ".github/CONTRIBUTING.md").read_text(encoding="utf-8")
    assert {name for name in names if f"| {name} |" not in told} == set()


READMES = [
    "README.md",
    *(
        str(path.relative_to(ROOT))
        for top in ("indexer", "webui", "tests", ".github")
        for path in ROOT.glob(f"{top}/**/*.md")
    ),
]


def test_the_front_door_is_short() -> None:
    assert len(README.splitlines()) <= 200


@pytest.mark.parametrize("name", READMES)
def test_every_file_that_a_readme_names_is_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text)
    assert [link for link in links if not (ROOT / name).parent.joinpath(link).exists()] == []
    modules = re.findall(r"^\| `([\w/]+(?:\.py|/))`", text, re.MULTILINE)
    places = ((ROOT / name).parent, ROOT)
    assert [one for one in modules if not any((place / one).exists() for place in places)] == []


@pytest.mark.parametrize(("folder", "named"), [("bench", "bench_*.py"), ("promises", "*.py")])
def test_every_script_that_is_run_by_itself_is_named_beside_its_kind(folder: str, named: str) -> None:
    text = (ROOT / "tests" / folder / "README.md").read_text(encoding="utf-8")
    scripts = [path for path in ROOT.glob(f"tests/{folder}/{named}") if "__main__" in path.read_text(encoding="utf-8")]
    assert scripts
    assert [one.stem for one in scripts if not re.search(rf"`{one.stem}\b", text)] == []


def test_the_sections_stand_in_the_order_that_readers_expect() -> None:
    titles = re.findall(r"^## (.+)$", README, re.MULTILINE)
    expected = [
        "Two commands",
        "Your own pages",
        "What one can type",
        "JSON",
        "Settings",
        "How it fits together",
        "Speed",
        "Growing to a cluster",
        "Limits",
        "Contributing",
        "Changes",
        "中文说明",
    ]
    assert [title for title in titles if title in expected] == expected
