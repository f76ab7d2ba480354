"""Reasons of skipped pages have codes that last: in the report, in the index, in what programs get."""

from __future__ import annotations

import json
import re
from pathlib import Path

import indexer
from indexer.announcement import Place
from indexer.indexing.ledger import Ledger, Row
from indexer.report import Report, Skipped, report_from_json, report_json
from indexer.skip_reasons import NO_ANNOUNCEMENT, PHRASES, because

REPORT = Report(
    read=2,
    skipped=[Skipped("a.html", because("large-file", size=24)), Skipped("b.html", because("list"))],
    moved=[("before", "now")],
    gone=["away"],
    seconds=1.25,
)


def test_a_report_is_read_back_as_it_was_written() -> None:
    assert report_from_json(json.loads(json.dumps(report_json(REPORT)))) == REPORT


def test_programs_get_the_code_beside_the_sentence() -> None:
    assert report_json(REPORT)["skipped"][0] == {
        "path": "a.html",
        "reason": "larger than 24 MiB",
        "code": "large-file",
        "values": {"size": "24"},
    }


def test_the_ledger_keeps_reasons_with_their_codes() -> None:
    why = because("damaged", why="第 3 页: broken")
    row = Row("a.pdf", Place("pages", "pages/a.pdf"), "0", skipped=why)
    assert Ledger.from_bytes(Ledger((), [row]).to_bytes()).rows == [row]


def test_every_reason_is_given_somewhere_and_no_other_one() -> None:
    root = Path(indexer.__file__).parent
    code = "\n".join(path.read_text("utf-8") for path in root.rglob("*.py") if path.name != "skip_reasons.py")
    assert set(re.findall(r'because\(\s*"([^"]+)"', code)) <= set(PHRASES)
    assert [one for one in PHRASES if f'"{one}"' not in code] == []
    assert len(NO_ANNOUNCEMENT) == 6
