"""No English word of a library in a Chinese sentence."""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from typing import TYPE_CHECKING

import pytest
from flask_babel import force_locale

from indexer.skip_reasons import because
from tests.webui.web_engine import MemoryEngine
from webui import create_app
from webui.server.library_messages import UNKNOWN, in_chinese
from webui.server.problem_messages import reason

if TYPE_CHECKING:
    from collections.abc import Callable

ENGLISH = re.compile("[A-Za-z]{4}")


def _failing(act: Callable[[], object]) -> str:
    try:
        act()
    except Exception as error:  # noqa: BLE001 - whatever the library raises
        return str(error)
    raise AssertionError("nothing failed")


SAYINGS = (
    _failing(lambda: zipfile.ZipFile(io.BytesIO(b"PK nothing"))),
    _failing(lambda: zlib.decompress(b"nothing at all")),
    _failing(lambda: zlib.decompress(zlib.compress(b"x" * 999)[:9])),
    _failing(lambda: json.loads("{")),
    _failing(lambda: json.loads("[1 2]")),
    "Opening and ending tag mismatch: b line 1 and a, line 1, column 11",
    "Document is empty, line 1, column 1",
    _failing(lambda: b"\xff\xff".decode("utf-8")),
    "Failed to load document (PDFium: Data format error).",
    "Bad CRC-32 for file 'word/document.xml'",
    "too many levels of symbolic links",
    "input/output error",
)


@pytest.mark.parametrize("said", SAYINGS)
def test_what_libraries_say_is_said_in_chinese(said: str) -> None:
    assert not ENGLISH.search(in_chinese(said))
    assert in_chinese(said) != UNKNOWN


def test_the_page_and_the_part_stay() -> None:
    assert in_chinese("page 3: Data format error") == "第 3 页，内部格式有错"
    assert in_chinese("word/document.xml: Bad CRC-32").startswith("word/document.xml，")


def test_what_nobody_knows_is_said_to_be_unknown_and_stays_in_english_for_english_readers() -> None:
    why = because("damaged", why="flux capacitor out of phase")
    with create_app(MemoryEngine()).test_request_context(), force_locale("zh"):
        assert reason(why) == f"已损坏：{UNKNOWN}"
    with create_app(MemoryEngine()).test_request_context(), force_locale("en"):
        assert reason(why) == "is damaged: flux capacitor out of phase"
