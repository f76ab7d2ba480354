"""What a cluster survives: a node lost while it is searched or written, and what is said when too much is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from indexer.cluster import bulk
from indexer.cluster.engine import OpenSearchEngine
from indexer.errors import ClusterUnavailable, IndexLocked, IndexUnwritable
from indexer.query.tree import Filters, Phrase, Query, Term
from indexer.report import Report
from tests.builders import announcement
from tests.opensearch.cluster import NODES
from webui import create_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from indexer.announcement import Announcement
    from indexer.answers.results import ResultPage
    from indexer.cluster.connection import Connection
    from tests.opensearch.cluster import LocalCluster

WORDS = ("扶贫", "防汛", "教育", "补贴", "老旧小区", "就业", "环境", "水库")


def some(count: int) -> list[Announcement]:
    return [
        announcement(f"{at:05}", f"关于{WORDS[at % 8]}工作的通知", f"{WORDS[at % 7]}与{WORDS[at % 5]}。" * (at % 9 + 1))
        for at in range(count)
    ]


def shown(page: ResultPage) -> object:
    return page.total, [hit.id for hit in page.hits], page.facets


@pytest.fixture
def engine(cluster: LocalCluster) -> OpenSearchEngine:
    cluster.wait(NODES, "green")  # a node that a test has lost may still be coming back
    return OpenSearchEngine(cluster.settings, "faults")


def after_requests(monkeypatch: pytest.MonkeyPatch, count: int, act: Callable[[], None]) -> None:
    """Let something happen before the writer's n-th request of documents; requests are made small."""
    send, made = bulk._send, []

    def send_and_count(connection: Connection, index: str, lines: list[bulk.Line]) -> None:
        made.append(index)
        if len(made) == count:
            act()
        send(connection, index, lines)

    monkeypatch.setattr(bulk, "_send", send_and_count)
    monkeypatch.setattr(bulk, "REQUEST_BYTES", 20_000)


def builds(cluster: LocalCluster, name: str = "faults") -> Iterable[str]:
    found: dict[str, object] = cluster.get(f"/{name}.build-*/_alias")
    return found.keys()


def test_a_node_lost_amid_hundreds_of_searches_costs_no_answer(cluster: LocalCluster, engine: OpenSearchEngine) -> None:
    engine.replace_all(some(200), Report())
    queries = [Query(root=Term(word)) for word in WORDS] + [
        Query(root=Phrase("工作的")),
        Query(filters=Filters(year=("2020",))),
    ]
    expected = [shown(engine.search(query)) for query in queries]

    def ask(number: int) -> bool:
        if number == 100:
            cluster.kill(0)
        return shown(engine.search(queries[number % len(queries)])) == expected[number % len(queries)]

    try:
        with ThreadPoolExecutor(4) as pool:
            assert all(pool.map(ask, range(400)))
    finally:
        cluster.launch(0)


def test_a_failed_rebuild_leaves_the_old_index_and_nothing_half_made(
    cluster: LocalCluster, engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.replace_all(some(3), Report())
    version = engine.version()

    def refuse() -> None:
        raise bulk.DocumentRefused("no room")

    after_requests(monkeypatch, 2, refuse)
    with pytest.raises(IndexUnwritable, match=r"no room\. The old index is untouched"):
        engine.replace_all(some(300), Report())
    monkeypatch.undo()
    after_requests(monkeypatch, 2, refuse)
    with pytest.raises(IndexUnwritable):
        engine.change(some(90), ["00001"], Report())
    assert (engine.version(), engine.search(Query()).total) == (version, 3)
    assert len(list(builds(cluster))) == 1
    monkeypatch.undo()
    engine.change(some(4), [], Report())
    assert engine.search(Query()).total == 4


def test_two_writers_do_not_meet(
    cluster: LocalCluster, engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.replace_all(some(3), Report())
    refused: list[IndexLocked] = []

    def write_too() -> None:
        with pytest.raises(IndexLocked, match="process") as caught:
            OpenSearchEngine(cluster.settings, "faults").change([], ["00001"], Report())
        refused.append(caught.value)

    after_requests(monkeypatch, 2, write_too)
    engine.replace_all(some(200), Report())
    assert len(refused) == 1
    assert engine.search(Query()).total == 200


def test_a_node_lost_amid_a_rebuild_loses_nothing(
    cluster: LocalCluster, engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    after_requests(monkeypatch, 4, lambda: cluster.kill(1))
    try:
        engine.replace_all(some(300), Report(ledger=b"kept"))
        assert [one.id for one in engine.announcements()] == [one.id for one in some(300)]
        assert engine.search(Query(root=Phrase("工作的通知"))).total == 300
        assert engine.ledger() == b"kept"
    finally:
        cluster.launch(1)


def test_a_red_cluster_is_said_to_be_so_and_the_pages_stay_up(
    cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.wait(NODES, "green")
    monkeypatch.setattr("indexer.cluster.connection.READING_SECONDS", 0.5)
    fragile = OpenSearchEngine(replace(cluster.settings, shards=NODES, replicas=0), "fragile")
    fragile.replace_all(some(30), Report())
    pages = create_app(fragile).test_client()
    assert pages.get("/api/search?q=扶贫").status_code == 200
    cluster.wait(NODES, "green")
    cluster.kill(2)
    try:
        with pytest.raises(ClusterUnavailable, match="_cluster/health"):
            fragile.search(Query(root=Term("扶贫")))
        told = pages.get("/api/search?q=扶贫&page=2")  # the answer to the first page is kept
        assert (told.status_code, told.mimetype) == (503, "application/problem+json")
        assert pages.get("/?q=扶贫").status_code == 503
    finally:
        cluster.start(2)
    cluster.wait(NODES, "green")
    assert pages.get("/api/search?q=扶贫&page=2").status_code == 200
