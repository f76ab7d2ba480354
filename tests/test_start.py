"""What a search from the command line has to load: all of it is time before the answer."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from indexer.embedded.engine import WhooshEngine
from indexer.report import Report
from tests.builders import announcement

if TYPE_CHECKING:
    from pathlib import Path

# Each of these takes 10 to 130 ms to import.
NOT_FOR_SEARCHING = {
    *("bs4", "concurrent.futures", "email.message", "flask", "http.client", "importlib.metadata"),
    *("importlib.resources", "lxml", "multiprocessing", "rjieba", "tqdm", "urllib.request", "waitress", "whoosh"),
    *("indexer.query.offers", "indexer.relations.extraction", "indexer.answers.as_json"),
    *("indexer.embedded.write.commit", "indexer.reading.html.cleaner", "indexer.indexing.rebuild", "webui.app"),
}

_SEARCH = f"""
import sys
opened = []
def note(event, rest):
    if event == "open" and str(rest[0]).endswith(".mo"):
        opened.append(rest[0])
sys.addaudithook(note)
from webui.cli import main
try:
    main()
except SystemExit as end:
    print(end.code, sorted({NOT_FOR_SEARCHING} & sys.modules.keys()), opened)
"""


def test_a_search_loads_only_what_searching_needs(tmp_path: Path) -> None:
    WhooshEngine(tmp_path).replace_all([announcement("a", title="对口帮扶工作方案")], Report())
    command = [sys.executable, "-c", _SEARCH, "--index", str(tmp_path), "search", "帮扶 方案"]
    run = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    assert run.stdout.startswith("1. 对口帮扶工作方案\n")
    assert run.stdout.splitlines()[-1] == "0 [] []"


def test_what_a_command_needs_is_loaded_when_it_runs() -> None:
    """The program begins in a fifth of the time that numpy alone takes; a limit of memory is told before that."""
    code = "import sys, webui.cli; print(sorted({'numpy', 'flask', 'indexer.engine_choice'} & sys.modules.keys()))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
