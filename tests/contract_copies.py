"""What every engine promises of copies of one announcement; part of ``EngineContract``."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from indexer.announcement import Repost
from indexer.query.tree import Filters, Phrase, Query, Sort, Term
from tests.asking import Held, ask, counts, held, ids, load
from tests.builders import announcement

if TYPE_CHECKING:
    from pathlib import Path

    from indexer.announcement import Announcement
    from indexer.engine import Engine
    from indexer.query.tree import Node

SOURCES = ("甲省人民政府", "乙县人民政府", "丙市教育局")


def with_copies(leader: Announcement, *copies: Announcement) -> list[Announcement]:
    told = tuple(Repost(one.source, one.url, one.path, one.published, one.id) for one in copies)
    return [replace(leader, reposts=told), *(replace(one, repost_of=leader.id) for one in copies)]


def province_and_county() -> list[Announcement]:
    text = "各地要全面排查供水管网设施运行情况，及时消除安全隐患。"
    return with_copies(
        announcement("province", "供水安全通知", text, source=SOURCES[0], published=date(2024, 5, 1)),
        announcement(
            "county", "转发供水安全通知", f"{text}城东分时段停水检修。", source=SOURCES[1], published=date(2024, 5, 9)
        ),
    )


def many(seed: int) -> list[Announcement]:
    """Make groups of one to five whose members hold different words on different days."""
    chance = random.Random(seed)
    made: list[Announcement] = []
    for group in range(14):
        members = [
            announcement(
                f"{chance.randrange(1000):03}-{group}-{at}",
                chance.choice(["扶贫通知", "脱贫公告", "扶贫脱贫"]),
                "。".join(chance.choices(["扶贫工作", "脱贫攻坚", "乡村振兴", "对口帮扶"], k=chance.randrange(1, 5))),
                source=chance.choice(SOURCES),
                region=chance.choice([("广东省",), ("广东省", "广州市"), ("云南省",)]),
                published=chance.choice([None, date(2020, chance.randrange(1, 5), 1)]),
            )
            for at in range(chance.choice([1, 1, 2, 3, 5]))
        ]
        made += with_copies(*members)
    return made


def heads(engine: Engine, kept: list[Announcement], query: Query) -> list[str]:
    """Go through every hit there is: of each group the first stands in the list, by score its leader if it is found."""
    leader = {one.id: one.repost_of or one.id for one in kept}
    every = [hit.id for hit in engine.walk(query)]
    by_score = query.sort == "relevance" and query.root is not None
    listed: dict[str, str] = {}
    for one in every:
        listed.setdefault(leader[one], leader[one] if by_score and leader[one] in every else one)
    return list(listed.values())


class CopiesContract:
    """Copies are found, filtered and counted each by itself; a list shows one of each group."""

    def test_text_that_only_a_copy_holds_is_found_in_it(self, engine: Engine) -> None:
        load(engine, *province_and_county())
        [hit] = ask(engine, Phrase("分时段停水检修")).hits
        assert (hit.id, hit.repost_of, hit.only_copies) == ("county", "province", True)
        [hit] = ask(engine, source=(SOURCES[1],)).hits
        assert (hit.id, hit.only_copies) == ("county", True)

    def test_a_list_shows_one_hit_with_its_copies_and_counts_all(self, engine: Engine) -> None:
        load(engine, *province_and_county())
        page = ask(engine, Phrase("供水管网"))
        assert ids(page) == ["province"]
        assert [repost.id for repost in page.hits[0].reposts] == ["county"]
        assert (page.total, page.listed, page.folded) == (2, 1, 1)
        assert not page.hits[0].only_copies
        assert counts(page.facets.source) == {SOURCES[0]: 1, SOURCES[1]: 1}
        [newest] = ask(engine, Phrase("供水管网"), "newest").hits
        assert (newest.id, newest.repost_of, newest.only_copies) == ("county", "province", False)
        assert [hit.id for hit in engine.walk(Query(sort="newest"))] == ["county", "province"]

    def test_copies_of_a_number_stand_for_one_bearer(self, engine: Engine) -> None:
        load(engine, *(replace(one, number="甲府办〔2024〕3号") for one in province_and_county()))
        assert [hit.id for hit in engine.lookup_number("甲府办〔2024〕3号").bearing] == ["province"]

    def test_copies_are_not_similar_announcements(self, engine: Engine) -> None:
        body = "供水管网设施运行情况全面排查。水质检测制度严格执行。"
        city, town = (
            announcement("city", "供水管网排查", body),
            announcement("town", "供水管网", f"{body}本镇另行安排。"),
        )
        other = with_copies(city, town)
        load(engine, *province_and_county(), *other, *(announcement(f"{at}", "无关") for at in range(9)))
        assert not {"county", "province"} & {hit.id for hit in engine.similar("province")}
        near = [hit.id for hit in engine.similar("province") if hit.id in ("city", "town")]
        assert len(near) <= 1

    @classmethod
    def open_shared(cls, folder: Path) -> Engine:
        """Open an engine whose index several tests read and none changes."""
        raise NotImplementedError

    @pytest.fixture(scope="class")
    @classmethod
    def copied(cls, tmp_path_factory: pytest.TempPathFactory) -> Held:
        """Hold groups of copies."""
        return held(cls.open_shared(tmp_path_factory.mktemp("copied") / "index"), many(7))

    @pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
    @pytest.mark.parametrize("root", [None, Term("扶贫"), Phrase("对口帮扶"), Phrase("乡村振兴")])
    def test_pages_and_cursors_show_the_first_of_each_group(self, copied: Held, sort: Sort, root: Node | None) -> None:
        engine, kept = copied
        for filters in (
            Filters(),
            Filters(source=SOURCES[1:2]),
            Filters(region=(("广东省", "广州市"),), year=("2020",)),
        ):
            query = Query(root=root, filters=filters, sort=sort, per_page=4)
            expected = heads(engine, kept, query)
            paged, walked, cursor, page = [], [], "", 1
            while hits := (answer := engine.search(replace(query, page=page))).hits:
                assert (answer.total, answer.listed) == (len(list(engine.walk(query))), len(expected))
                paged += [hit.id for hit in hits]
                page += 1
            while True:
                answer = engine.search(replace(query, cursor=cursor))
                walked += [hit.id for hit in answer.hits]
                if not (cursor := answer.cursor):
                    break
            assert paged == walked == expected

    def test_facets_count_every_copy(self, engine: Engine) -> None:
        kept = many(8)
        load(engine, *kept)
        page = ask(engine, Phrase("扶贫"))
        found = [one for one in kept if "扶贫" in one.title or "扶贫" in one.body]
        assert page.total == len(found)
        assert counts(page.facets.source) == Counter(one.source for one in found)
        for source, count in counts(page.facets.source).items():
            assert ask(engine, Phrase("扶贫"), source=(source,)).total == count
