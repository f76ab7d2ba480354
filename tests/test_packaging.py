"""What is given to users: the wheel holds what they need and no more, the source distribution can run its tests."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv*", "*.egg-info", "build", "dist", "policy-index", "__pycache__", ".*_cache", "*.so"
)
COMPILED = re.compile(r"indexer/(?:embedded/kernel|text/cutter|answers/marker)/native\.[^/]*so")
BUILD = "import sys; from setuptools import build_meta; print(getattr(build_meta, sys.argv[1])(sys.argv[2]))"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project, for building writes into the folder that it builds."""
    place = tmp_path_factory.mktemp("source") / "project"
    shutil.copytree(ROOT, place, ignore=LEFT_OUT, symlinks=True)
    return place


def built(source: Path, what: str, **environment: str) -> Path:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", BUILD, what, "dist"],
        cwd=source,
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
        text=True,
    )
    return source / "dist" / done.stdout.splitlines()[-1]


def test_the_wheel_holds_what_a_user_needs_and_no_more(source: Path) -> None:
    with zipfile.ZipFile(built(source, "build_wheel")) as wheel:
        names = wheel.namelist()
    packaged = {name for name in names if ".dist-info/" not in name} - {
        name for name in names if COMPILED.fullmatch(name)
    }
    modules = {str(path.relative_to(ROOT)) for top in ("indexer", "webui") for path in (ROOT / top).rglob("*.py")}
    assert {name for name in packaged if name.endswith(".py")} == {one for one in modules if "/making/" not in one}
    kept = {".css", ".gz", ".html", ".js", ".json", ".mo", ".svg", ".tsv", ".txt", ".typed", ".xml"}
    data = {str(path.relative_to(ROOT)) for top in ("indexer", "webui") for path in (ROOT / top).rglob("*.*")}
    assert packaged - modules == {name for name in data if Path(name).suffix in kept}


def test_without_a_compiler_the_wheel_is_built_without_the_kernel(source: Path) -> None:
    shutil.rmtree(source / "build", ignore_errors=True)
    with zipfile.ZipFile(built(source, "build_wheel", CC="/bin/false")) as wheel:
        assert "indexer/embedded/kernel/__init__.py" in wheel.namelist()
        assert not [name for name in wheel.namelist() if COMPILED.fullmatch(name)]


def test_the_source_distribution_can_run_its_tests(source: Path, tmp_path: Path) -> None:
    with tarfile.open(built(source, "build_sdist")) as archive:
        archive.extractall(tmp_path, filter="data")
    [project] = tmp_path.iterdir()
    held = {str(path.relative_to(project)) for path in project.rglob("*") if path.is_file()}
    tracked = {
        str(path.relative_to(source))
        for top in ("tests", "corpus", ".ci")
        for path in (source / top).rglob("*")
        if path.is_file()
    }
    assert tracked - held == set()
    environment = {**os.environ, "PYTHONPATH": str(project)}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "tests/facts",
        "tests/test_docs.py",
    ]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
