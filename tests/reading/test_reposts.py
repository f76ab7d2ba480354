"""The same announcement from several sites, and announcements that only look alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.announcement import Announcement, page_id
from indexer.reading.reposts import Place, arrange, fingerprint

if TYPE_CHECKING:
    from collections.abc import Sequence

SENTENCES = (
    "为进一步做好全市校园午餐工作，保障学生身体健康，现将有关事项通知如下。",
    "各县区要把校园午餐作为民生实事，统筹安排场地、人员和经费。",
    "食材实行集中采购、统一配送，每批次留样不少于四十八小时。",
    "家庭经济困难学生的餐费由市、县两级财政按比例分担。",
    "学校每周在公告栏公布食谱、价格和供应单位，接受家长监督。",
    "市场监管部门每学期对供餐单位开展不少于两次的检查。",
    "发生食品安全事件的，要立即报告并妥善处置，不得迟报、瞒报。",
    "本通知自印发之日起施行，由市教育局负责解释。",
)
BODY = "".join(SENTENCES)
CITY = ("广东省", "云溪市")

OFFICIAL = Announcement(
    id=page_id("own"),
    title="云溪市教育局关于做好校园午餐工作的通知",
    body=BODY,
    source="云溪市教育局",
    published=date(2024, 3, 5),
    region=CITY,
    site_region=CITY,
    url="https://jyj.yunxi.example/1.html",
)


def copy(name: str, **changes: object) -> Announcement:
    """Make another site's copy."""
    defaults: dict[str, object] = {
        "id": page_id(name),
        "url": f"https://{name}.example/x.html",
        "published": date(2024, 3, 9),
        "site_region": (*CITY, name),
    }
    return replace(OFFICIAL, **(defaults | changes))  # type: ignore[arg-type]


def arranged(*announcements: Announcement) -> list[Place]:
    return arrange([fingerprint(announcement) for announcement in announcements])


def test_the_same_text_on_another_site_is_a_repost() -> None:
    assert arranged(OFFICIAL, copy("a"), copy("b")) == [Place(0, (1, 2), ())]


def test_the_same_text_from_the_same_site_is_a_duplicate() -> None:
    again = copy("again", url="https://jyj.yunxi.example/2.html")
    assert arranged(OFFICIAL, again) == [Place(0, (), (1,))]
    assert arranged(OFFICIAL, copy("a"), copy("b", url="https://a.example/y.html")) == [Place(0, (1,), (2,))]


def test_another_frame_around_the_text_is_still_a_repost() -> None:
    framed = copy("a", body=f"本站讯 转发{BODY}来源：云溪市教育局。责任编辑：小溪。您可以扫一扫在手机上打开本页。")
    lined = copy("b", body="\n".join(SENTENCES))
    assert arranged(OFFICIAL, framed, lined) == [Place(0, (1, 2), ())]


def test_an_excerpt_of_most_sentences_is_a_repost_and_a_short_one_is_not() -> None:
    assert arranged(OFFICIAL, copy("a", body="".join(SENTENCES[:6]))) == [Place(0, (1,), ())]
    assert arranged(OFFICIAL, copy("a", body="".join(SENTENCES[2:4]))) == []


def test_the_same_sentences_with_other_figures_are_another_announcement() -> None:
    march = copy(
        "m", title="云溪市成品油价格公告", body=BODY + "三月汽油每吨上调120元，自3月5日起执行。" + SENTENCES[0]
    )
    april = replace(march, id=page_id("n"), body=march.body.replace("120", "95").replace("3月5日", "4月2日"))
    assert arranged(march, april) == []


def test_a_name_put_in_the_place_of_another_makes_another_announcement() -> None:
    reply = "你单位关于设立分校的申请收悉，经研究，同意设立，请依法办理登记手续。"
    ending = "请按照核定的规模办学，自觉接受业务主管部门的监督和指导。"
    one = copy(
        "a", title="关于设立分校的批复", body=f"云溪市第一实验小学：{reply}同意云溪市第一实验小学北校区启用。{ending}"
    )
    other = copy(
        "b", title="关于设立分校的批复", body=f"云溪市青山中学高中部：{reply}同意青山中学高中部西校区启用。{ending}"
    )
    assert arranged(one, other) == []


def test_another_number_day_of_signing_or_serial_in_the_title_makes_another_announcement() -> None:
    numbered = replace(OFFICIAL, number="云教〔2024〕3号")
    assert arranged(numbered, copy("a", number="云教〔2024〕4号")) == []
    assert arranged(numbered, copy("a", number="云教[2024]第3号")) == [Place(0, (1,), ())]
    assert arranged(replace(OFFICIAL, signed=date(2024, 3, 1)), copy("a", signed=date(2024, 3, 2))) == []
    assert arranged(replace(OFFICIAL, title="通告第3号"), copy("a", title="通告第4号")) == []


def test_short_texts_are_the_same_only_under_the_same_title() -> None:
    short = replace(OFFICIAL, body="详见附件。")
    assert arranged(short, copy("a", body="详见附件。", title="另一件事")) == []
    assert arranged(short, copy("a", body="详见附件。")) == [Place(0, (1,), ())]


def test_set_phrases_under_many_titles_do_not_make_announcements_alike() -> None:
    names = ("午餐", "校车", "校服", "作业", "社团", "课桌", "图书", "体检", "近视", "研学", "夏令营", "防溺水")
    phrases = "".join(SENTENCES[:7])
    notices = [
        copy(name, title=f"关于{name}的通知", body=f"{phrases}{name}事项请联系{name}管理科办理。") for name in names
    ]
    assert arranged(*notices) == []


def test_the_issuing_body_s_own_copy_leads_then_the_earliest() -> None:
    early = copy("a", published=date(2024, 3, 1))
    assert arranged(early, OFFICIAL, copy("b"))[0].leader == 1
    assert arranged(copy("b"), early)[0].leader == 1
    assert arranged(copy("b", published=None), copy("c"))[0].leader == 1


def test_the_copy_whose_source_signs_the_text_leads_where_no_place_is_known() -> None:
    own = replace(OFFICIAL, region=(), site_region=())
    earlier = copy("a", source="大谷市日报", region=(), site_region=(), published=date(2024, 3, 1))
    assert arranged(earlier, own) == [Place(1, (0,), ())]


def test_pages_without_text_stand_alone() -> None:
    assert arranged() == []
    assert arranged(replace(OFFICIAL, body="", title="")) == []


POOL: Sequence[Announcement] = [
    OFFICIAL,
    *(copy(name, body=f"{name}{BODY}") for name in "abc"),
    copy("d", url="https://a.example/2.html"),
    copy("e", body="".join(SENTENCES[:6])),
    copy("f", body="".join(SENTENCES[::2])),
    copy("g", number="云教〔2024〕9号"),
    copy("h", body="完全不同的一段文字，讲的是另外一件事情。" * 4),
]


@settings(deadline=None)
@given(st.permutations(range(len(POOL))))
def test_the_order_of_pages_does_not_matter(order: list[int]) -> None:
    expected = {(place.leader, place.reposts, place.duplicates) for place in arranged(*POOL)}
    found = arranged(*(POOL[position] for position in order))
    assert expected == {
        (order[place.leader], tuple(order[at] for at in place.reposts), tuple(order[at] for at in place.duplicates))
        for place in found
    }
