"""The engine on a real cluster keeps the promises of every engine."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar

import pytest

from indexer.cluster.engine import OpenSearchEngine
from indexer.cluster.records import pack
from indexer.cluster.statistics import Statistics
from indexer.embedded.engine import WhooshEngine
from indexer.engine_choice import temporary_engine
from indexer.query.parameters import read_query
from indexer.query.tree import Filters, Query
from indexer.relations.validity import STATES
from indexer.report import Report
from indexer.settings import Settings
from tests.builders import announcement
from tests.contract_copies import many
from tests.contract_relations import everything_told
from tests.test_engine_contract import EngineContract

if TYPE_CHECKING:
    from pathlib import Path

    from indexer.announcement import Announcement
    from indexer.engine import Engine
    from tests.opensearch.cluster import LocalCluster

MATTERS = ("节水", "供水", "用水", "排水")
KEPT = 4  # names whose indexes are left; a cluster does not like thousands of them


def entangled(count: int) -> list[Announcement]:
    """Announcements that cite, repeal, amend and follow each other; every state is among them."""
    chance = random.Random(5)
    return [_entangled(chance, at) for at in range(count)]


def _number(at: int) -> str:
    return f"示政发〔{2000 + at % 20}〕{at}号"


def _entangled(chance: random.Random, at: int) -> Announcement:
    matter, other, earlier = chance.choice(MATTERS), chance.choice(MATTERS), _number(chance.randrange(at + 1))
    sentences = (
        f"根据《示例市{other}条例》制定。",
        f"执行{earlier}。",
        f"{earlier}同时废止。",
        f"{earlier}第三条同时废止。",
        "本办法自2099年1月1日起施行。",
        f"本办法自{2000 + at // 6}年12月31日起施行，有效期两年。",
        f"{2000 + at // 6}年12月31日修订\n",
    )
    return announcement(
        f"k{at}",
        chance.choice((f"示例市{matter}条例", f"{at}号{matter}办法", f"关于修改《示例市{other}条例》的决定")),
        "".join(chance.choices(sentences, k=3)),
        number=_number(at),
        published=date(2000 + at // 6, at % 12 + 1, at % 28 + 1),
        kind="动态" if at % 11 == 0 else "政策文件",
    )


def _name_of(folder: Path) -> str:
    return "t" + hashlib.blake2b(str(folder).encode(), digest_size=6).hexdigest()


class TestOpenSearchEngine(EngineContract):
    names: ClassVar[list[str]] = []
    cluster: ClassVar[LocalCluster]

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def _on(cls, cluster: LocalCluster) -> None:
        cls.cluster = cluster

    @pytest.fixture(autouse=True)
    def _in_two_steps(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Order in two steps however little is found; walks and cursors go by the script."""
        monkeypatch.setattr("indexer.cluster.top_hits.WORTH", 0)

    @classmethod
    def open_shared(cls, folder: Path) -> Engine:
        return OpenSearchEngine(cls.cluster.settings, _name_of(folder))

    @classmethod
    def open(cls, folder: Path) -> Engine:
        name = _name_of(folder)
        cls.names.append(name)
        for old in cls.names[:-KEPT]:
            cls.cluster.get(f"/{old}.build-*", method="DELETE")
        del cls.names[:-KEPT]
        # Without copies, which take three quarters of the time that making a small index takes; those that several
        # tests read have some, so each answer may come from another node.
        return OpenSearchEngine(replace(cls.cluster.settings, replicas=0), name)

    def test_two_steps_and_the_script_order_alike(self, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
        engine.replace_all([*entangled(50), *many(9)], Report())

        def pages(text: str) -> list[list[tuple[str, float]]]:
            asked = [read_query({"q": [text], "per_page": ["5"], "page": [str(page)]}) for page in range(1, 5)]
            return [[(hit.id, hit.score) for hit in engine.search(one).hits] for one in asked]

        narrow = {"FIRST": 3, "WIDER": 2, "MOST": 24}
        for name, value in narrow.items():
            monkeypatch.setattr(f"indexer.cluster.top_hits.{name}", value)
        for text in ("扶贫", "节水", "示例市条例", "施行 OR 脱贫"):
            monkeypatch.setattr("indexer.cluster.top_hits.WORTH", 0)
            in_two_steps = pages(text)
            monkeypatch.setattr("indexer.cluster.top_hits.WORTH", 1_000)
            assert in_two_steps == pages(text)
            assert len(in_two_steps[0]) == 5

    def test_what_was_replaced_counts_for_no_idf(self, engine: Engine) -> None:
        engine.replace_all([announcement(f"{at}", "扶贫", "水库") for at in range(4)], Report())
        engine.change([announcement("1", "防汛", "水库")], ["2"], Report())
        assert isinstance(engine, OpenSearchEngine)
        statistics = Statistics(engine._connection, engine._version(""))
        terms: list[dict[str, object]] = [{"term": {"words": word}} for word in ("扶贫", "防汛", "水库", "节水")]
        assert statistics.counts(terms) == [2, 1, 3, 0]

    def test_the_longest_queries_are_answered(self, engine: Engine) -> None:
        han = "".join(map(chr, range(0x4E00, 0x4E00 + 1000)))
        engine.replace_all([announcement("a", "扶贫", han)], Report())
        for text in (han, " ".join(han[:100]), "|".join(han[:100])):
            assert engine.search(read_query({"q": [text]})).total == 1
        numbers = " OR ".join(f"国发〔{year}〕1号" for year in range(1950, 2019))
        assert engine.search(read_query({"q": [numbers]})).total == 0

    def test_more_regions_than_are_told_at_once_are_counted_exactly(
        self, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("indexer.cluster.facet_counts._REGIONS_AT_ONCE", 2)
        paths = [("甲省", f"{at % 5}市", f"{at % 7}县")[: at % 3 + 1] if at % 4 else ("乙省",) for at in range(40)]
        embedded = WhooshEngine(tmp_path / "embedded")
        for one in (engine, embedded):
            one.replace_all([announcement(f"{at}", region=path) for at, path in enumerate(paths)], Report())
        for chosen in ((), (("甲省",),), (("甲省", "1市"), ("乙省",)), (("丙省",),)):
            query = Query(filters=Filters(region=chosen))
            assert engine.search(query).facets == embedded.search(query).facets

    def test_more_copies_than_are_told_at_once_are_counted_exactly(
        self, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("indexer.cluster.copies.GROUPS_AT_ONCE", 2)
        embedded = WhooshEngine(tmp_path / "embedded")
        for one in (engine, embedded):
            one.replace_all(many(9), Report())
        for text in ("", "扶贫", "乡村振兴"):
            query = read_query({"q": [text]} if text else {})
            assert engine.search(query).folded == embedded.search(query).folded > 0

    def test_relations_of_many_are_those_that_the_embedded_engine_tells(
        self, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("indexer.cluster.relation_answers._CITING_AT_ONCE", 2)
        kept = entangled(70)
        embedded = WhooshEngine(tmp_path / "embedded")
        embedded.replace_all(kept, Report())
        engine.replace_all(kept[:50], Report())
        engine.change(kept[40:], [], Report())
        told = everything_told(embedded)
        assert {state.value for state in told[""][0]} == {*STATES[:-1], "未注明"}
        assert everything_told(engine) == told
        chosen: dict[str, list[str]] = {"validity": ["已废止", "已修改"]}
        for text, beside in (
            ("节水条例", {}),
            ("示例市供水条例", {"not.validity": ["未见废止"]}),
            ("cites:k5", {}),
            ("cited-by:示例市供水条例", chosen),
            ("-引用:示政发〔2005〕5号 节水", {**chosen, "sort": ["cited"]}),
            ("时效:部分废止", {}),
        ):
            query = read_query({"q": [text], "per_page": ["100"], **beside})
            page, other = engine.search(query), embedded.search(query)
            assert (page.total, page.facets) == (other.total, other.facets), text
            assert [hit.id for hit in page.hits] == [hit.id for hit in other.hits], text
            assert [hit.validity for hit in page.hits] == [hit.validity for hit in other.hits]

    def test_what_is_not_as_it_was_written_is_found_out(self, engine: Engine) -> None:
        kept = [announcement("a", source="甲局"), announcement("b", source="乙局")]
        engine.replace_all(kept, Report())
        assert engine.check() == []
        index = next(iter(self.cluster.get(f"/{self.names[-1]}")))
        changed: list[tuple[str, dict[str, str]]] = [
            ("a", {"source": "丙局", "record": pack(kept[0])}),
            ("b", {"source": "丁局"}),  # what is not given again is lost
        ]
        for identity, fields in changed:
            path = f"/{index}/_update/{identity}.1?refresh=true"
            self.cluster.get(path, method="POST", body={"doc": fields})
        wrong, unreadable = sorted(engine.check(), key=lambda told: "cannot" in told)
        assert wrong == "announcement 'a': wrong source, relation_keys"
        assert unreadable.startswith("announcement 'b' cannot be read")

    def test_a_build_that_is_merged_answers_as_before(self, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("indexer.cluster.compaction.LOOKED_FOR_SECONDS", 0.0)
        monkeypatch.setattr("indexer.cluster.compaction._PAUSE_SECONDS", 0.05)
        for module in ("writer", "compaction"):
            monkeypatch.setattr(f"indexer.cluster.{module}.WORTH_COMPACTING", 20)
        engine.replace_all(many(9), Report())
        (settings,) = self.cluster.get(f"/{self.names[-1]}/_settings").values()
        assert "merge" not in settings["settings"]["index"]
        stats = self.cluster.get(f"/{self.names[-1]}/_stats/segments?level=shards")["indices"]
        shards = next(iter(stats.values()))["shards"].values()
        assert all(copy["segments"]["count"] <= 1 for copies in shards for copy in copies)
        assert engine.check() == []
        assert engine.search(Query()).total == len(many(9))


def test_a_temporary_index_is_gone_afterwards(cluster: LocalCluster) -> None:
    with temporary_engine(Settings(cluster=cluster.settings)) as engine:
        engine.replace_all([announcement("a")], Report())
        assert engine.status().documents == 1
        assert cluster.get("/_alias/temporary-*")
    assert cluster.get("/temporary-*") == {}
