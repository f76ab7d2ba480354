"""A rebuild spread over three processes ends in one index, which answers when the last of them is done."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.cluster.engine import OpenSearchEngine
from indexer.indexing.rebuild import update
from indexer.query.tree import Query

if TYPE_CHECKING:
    from tests.opensearch.cluster import LocalCluster

PARTS = 3


def test_three_processes_rebuild_one_index(cluster: LocalCluster, tmp_path: Path) -> None:
    pages = tmp_path / "pages.jsonl"
    records = [
        {
            "id": f"{at:03}",
            "title": f"关于第{at}项补贴的通知",
            "body": f"示例正文第{at}条。" * 9 + f"《关于第{at // 2}项补贴的通知》同时废止。",
            "published": f"{1960 + at}-01-01",
        }
        for at in range(60)
    ]
    pages.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in records), encoding="utf-8")
    environment = {
        **os.environ,
        "POLICY_SEARCH_ENGINE": "opensearch",
        "POLICY_SEARCH_URL": ",".join(cluster.settings.nodes),
        "POLICY_SEARCH_INDEX": "parts",
    }
    command = [str(Path(sys.executable).with_name("policy-search")), "rebuild", str(pages), "--jobs", "1", "--part"]
    running = [
        subprocess.Popen([*command, f"{number}/{PARTS}"], env=environment, stderr=subprocess.PIPE, text=True)
        for number in range(1, PARTS + 1)
    ]
    told = [process.communicate(timeout=200)[1] for process in running]
    assert [process.returncode for process in running] == [0] * PARTS, told

    engine = OpenSearchEngine(cluster.settings, "parts")
    assert engine.search(Query()).total == 60
    status = engine.status()
    assert (status.documents, status.report.read, status.report.indexed) == (60, 60, 60)
    # What was read by different processes is settled over all of it.
    assert [one.by.id for one in engine.related("007").cited_by] == ["015", "014"]
    assert [one.id for one in engine.related("042").cites[0].meant] == ["021"]
    assert engine.check() == []
    version = engine.version()
    report = update([pages], engine, jobs=1)
    assert (report.read, report.unchanged, report.indexed) == (60, 60, 0)
    assert engine.version() != version
