"""How far a lineage is followed, and which document a title holds."""

from __future__ import annotations

from datetime import date

import pytest

from indexer.relations.held_titles import held_in
from indexer.relations.keys import issued_by
from indexer.relations.lineage import MOST_STEPS, Tie, level_of, walk
from tests.builders import announcement

HELD = [
    ("示例省人民政府转发国务院关于加强节水工作的通知", "国务院关于加强节水工作的通知", "forwards"),
    ("示例省人民政府办公厅转发国务院办公厅关于防汛的紧急通知的通知", "国务院办公厅关于防汛的紧急通知", "forwards"),
    ("关于转发省水利厅等部门关于节水若干意见的通知", "省水利厅等部门关于节水若干意见", "forwards"),
    ("示例省贯彻国务院关于节水工作决定的意见", "国务院关于节水工作决定", "carries_out"),
    ("印发示例省贯彻落实国务院关于节水的指导意见的实施方案的通知", "国务院关于节水的指导意见", "carries_out"),
    ("印发示例省落实国务院关于节水若干意见重点任务分工方案的通知", "国务院关于节水若干意见", "carries_out"),
    ("示例省贯彻国务院关于节水若干意见的实施意见", "国务院关于节水若干意见", "carries_out"),
    ("示例省人民政府转发国务院《关于节水工作的通知》的通知", "", ""),  # 《》 is read elsewhere
    ("示例省人民政府转发全民节水行动方案的通知", "", ""),
    ("示例省贯彻落实节水政策取得成效", "", ""),
    ("关于开展落实情况检查的通知", "", ""),
]


@pytest.mark.parametrize(("title", "named", "relation"), HELD)
def test_a_title_that_forwards_or_carries_out_holds_another(title: str, named: str, relation: str) -> None:
    held = held_in(title)
    assert (title[held.start : held.end], held.relation) == (named, relation) if held else not named


def test_the_year_of_its_number_tells_by_when_an_announcement_was_there() -> None:
    put_up = date(2008, 3, 28)
    number = "国办发〔2007〕31号"
    assert issued_by(announcement("a", published=put_up)) == put_up
    assert issued_by(announcement("a", published=put_up, number=number)) == date(2007, 12, 31)
    assert issued_by(announcement("a", published=put_up, number=number, signed=date(2007, 5, 6))) == date(2007, 5, 6)
    assert issued_by(announcement("a", published=put_up, signed=date(2007, 5, 6))) == put_up
    assert issued_by(announcement("a", published=None, number=number)) is None


def test_places_stand_on_four_levels() -> None:
    paths = (("全国",), ("广东省",), ("广东省", "广州市"), ("广东省", "广州市", "花都区"), ("北京市", "朝阳区"), ())
    assert [level_of(path) for path in paths] == ["nation", "province", "city", "county", "county", ""]
    titles = ("中华人民共和国示例法", "示例处理条例", "济南市示例处理条例", "示例通知")
    assert [level_of((), title) for title in titles] == ["nation", "nation", "", ""]


def test_what_is_based_on_what_comes_below_is_no_part_and_circles_end() -> None:
    below = {0: [Tie(0, 1, "based_on"), Tie(0, 2, "forwards")], 1: [Tie(1, 3, "based_on")], 2: [Tie(2, 0, "forwards")]}
    walked = walk(0, lambda one: [], lambda one: below.get(one, []), [], lambda one: one)
    assert walked.generations == {0: 0, 2: 1, 1: 1}
    assert {tie[:2] for tie in walked.ties} == {(0, 1), (0, 2)}


def test_of_many_the_nearest_are_kept_and_the_rest_is_counted() -> None:
    ties = [Tie(0, one, "based_on") for one in range(1, 200)]
    walked = walk(0, lambda one: [], lambda one: [] if one else ties, [], lambda one: one)
    assert (len(walked.generations), walked.left_out) == (MOST_STEPS, 200 - MOST_STEPS)
