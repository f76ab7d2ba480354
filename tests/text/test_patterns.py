"""Patterns that are compiled on first use."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from indexer.text.patterns import lazily


def test_a_lazy_pattern_does_what_a_compiled_one_does() -> None:
    lazy, compiled = lazily("(?P<year>[12]\\d{3})年", re.ASCII), re.compile("(?P<year>[12]\\d{3})年", re.ASCII)
    for text in ("2020年、2021年", "２０２０年", ""):
        assert lazy.sub("", text) == compiled.sub("", text)
        assert [one["year"] for one in lazy.finditer(text)] == [one["year"] for one in compiled.finditer(text)]
    assert (lazy.pattern, lazy.flags) == (compiled.pattern, compiled.flags)


def test_what_is_wrong_with_a_pattern_shows_on_use() -> None:
    broken = lazily("(")
    with pytest.raises(re.error, match="missing"):
        broken.match("")


def test_reading_a_query_compiles_no_pattern_for_document_numbers() -> None:
    program = (
        "from indexer.facts import document_number as number\n"
        "from indexer.query.parameters import read_query\n"
        "read_query({'q': ['乡村振兴 补贴']})\n"
        "print([name for name, one in vars(number).items() if type(one).__name__ == '_Lazy' and len(vars(one)) > 2])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, encoding="utf-8")
    assert run.stdout == "[]\n"
