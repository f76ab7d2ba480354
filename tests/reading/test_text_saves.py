"""Pages saved as text: whatever a converter leaves or adds, the announcement is the one that the page holds."""

from __future__ import annotations

import pytest

from indexer.announcement import Announcement, Page
from indexer.errors import PageUnreadable
from indexer.reading.html.cleaner import clean
from tests.reading.text_saves import WAYS, as_text

_PARAGRAPHS = (
    "为做好今年冬季供暖保障工作，确保群众温暖过冬，经县政府同意，现将有关事项通知如下，请各单位认真抓好贯彻落实。",
    "一、摸清底数。各镇要逐户核对用气用电情况，建立台账，十一月底前报县发展改革局汇总，逾期不报的予以通报。",
    "二、落实责任。供热单位要落实值班制度，公布服务电话，接到报修后两小时内到场，不得推诿拖延或者擅自停供。",
)
_MENU = "".join(f"<li><a href='/'>{name}</a></li>" for name in ("首页", "政务公开", "办事服务", "魅力云溪"))
_OFFICES = ("县发展改革局", "县教育局", "县科技局", "县公安局", "县民政局", "县司法局", "县财政局")
_FRIENDS = "".join(f"<li><a href='/'>{name}</a></li>" for name in _OFFICES)
_PAGE = f"""<title>云溪县人民政府办公室关于做好冬季供暖工作的通知 - 云溪县人民政府门户网站</title><body>
<ul>{_MENU}</ul><div>当前位置：<a href="/">首页</a> &gt; <a href="/zw/">政务公开</a> &gt; 通知</div>
<h1>云溪县人民政府办公室关于做好冬季供暖工作的通知</h1>
<ul><li>2023-11-06</li><li>来源：云溪县人民政府办公室</li><li>听全文</li><li>魅力云溪</li><li>-次</li></ul><div>X</div>
<div>{"".join(f"<p>{one}</p>" for one in _PARAGRAPHS)}<p>云溪县人民政府办公室</p><p>2023年11月3日</p></div>
<div>相关政策与解读</div><ul><li><a href="/a.html">一图读懂冬季供暖工作安排</a></li></ul>
<div>县级部门</div><ul>{_FRIENDS}</ul>
<div>主办：云溪县人民政府办公室　网站标识码：3505000076</div><div>闽ICP备10000001号</div>
<ul><li>关怀版</li><li>应用</li></ul><div>您正在使用旧版本的浏览器，为了能查看到最佳效果，请使用新版浏览器浏览该站！</div>
</body>"""


def read(text: str) -> Announcement:
    return clean(Page("a.txt", text.encode(), "text"))


@pytest.mark.parametrize("way", WAYS)
def test_a_page_saved_as_text_reads_as_the_page_does(way: str) -> None:
    saved = read(as_text(_PAGE, way))
    assert saved.title == "云溪县人民政府办公室关于做好冬季供暖工作的通知"
    assert saved.body.split("\n") == [*_PARAGRAPHS, "云溪县人民政府办公室", "2023年11月3日"]
    assert (str(saved.published), saved.source) == ("2023-11-06", "云溪县人民政府办公室")


def test_lines_broken_at_a_terminals_edge_are_joined_and_the_signature_keeps_its_own() -> None:
    text = "\n".join(
        (
            "关于开展安全检查的通知",
            "",
            "　　各镇（街道）要立即组织力量对辖区内商场市场、学校医院、养老机构等人员",
            "密集场所开展一次全面细致的消防安全检查，对发现的隐患逐一登记造册，限期整",
            "改到位，整改情况于本月底前书面报送县应急管理局汇总，县里将适时组织督查。",
            "　　检查中要讲究方式方法，不得影响正常的教学、诊疗和经营秩序，一般问题以",
            "指导为主，不得随意处罚。",
            "县应急管理局",
            "2022年3月1日",
        )
    )
    body = read(text).body
    assert "养老机构等人员密集场所开展" in body
    assert body.endswith("不得随意处罚。\n县应急管理局\n2022年3月1日")


def test_signs_of_markdown_are_headings_and_links_not_text() -> None:
    text = (
        "# 关于调整公交线路的公告\n\n发布时间：2024-05-06\n\n## 一、调整的线路\n\n"
        "自五月十日起，三路公交车改经[新华路](http://a.example/x)行驶，首末班时间不变，请广大市民合理安排出行。\n\n"
        "## 二、其他\n\n沿途新设**三个**站点，站名以站牌为准，给市民带来的不便敬请谅解，特此公告。\n"
    )
    saved = read(text)
    assert saved.title == "关于调整公交线路的公告"
    assert saved.body.split("\n")[0] == "一、调整的线路"
    assert "改经新华路行驶" in saved.body
    assert "新设三个站点" in saved.body


def test_a_day_that_another_label_owns_is_not_the_day_of_publication() -> None:
    text = (
        "关于举办就业招聘会的公告\n开始时间：\n2024-05-08\n结束时间：2024-05-10\n实施日期：2024年6月1日\n"
        "招聘会设展位一百二十个，参会单位自行布置展台，求职者凭身份证入场，现场提供政策咨询和职业指导服务。\n"
    )
    assert read(text).published is None


_PROSE = (
    "本次检查覆盖全市二十三个乡镇，发现隐患一百一十处，其中九十八处当场整改，其余由各乡镇限期整改并报县应急管理局备案。"
)


def test_words_of_the_menu_and_counters_without_bullets_are_not_the_text() -> None:
    menu = "首页\n政务专题\n便民服务\n"
    saved = read(f"{menu}关于开展汛前检查的通报\n2023-05-06\n-次\n{_PROSE}\n附件：\n排行榜\n政务专题\n便民服务\n")
    assert saved.title == "关于开展汛前检查的通报"
    assert saved.body == _PROSE


def test_a_row_of_names_is_not_the_pages_title_and_a_page_with_a_source_no_service() -> None:
    names = "云溪政务服务平台 | 云溪邮件系统 | 办公平台 | 加入收藏"
    saved = read(f"{names}\n首页\n汛前检查圆满结束\n2023-05-06 来源：云溪县水利局\n{_PROSE}")
    assert (saved.title, saved.source, saved.body) == ("汛前检查圆满结束", "云溪县水利局", _PROSE)


def test_the_value_of_a_label_on_the_line_above_is_not_the_headline() -> None:
    labels = "区域：\n河东区\n地点：\n云溪国际会展中心大厅\n结束时间：\n2024-05-10\n来源：\n县商务局"
    assert read(f"< 返回专栏首页\n第三届云溪特色农产品展销会\n{labels}\n{_PROSE}").title == "第三届云溪特色农产品展销会"


def test_rows_with_bars_are_a_table() -> None:
    text = (
        "发文机关：  | 云溪县人民政府  | 成文日期：  | 2019年01月27日\n"
        "标　　题：  | 云溪县人民政府关于开展汛前检查的通报\n"
        f"发文字号：  | 云政发〔2019〕5号  | 发布日期：  | 2019年02月15日\n\n{_PROSE}\n"
    )
    saved = read(text)
    assert saved.title == "云溪县人民政府关于开展汛前检查的通报"
    assert (str(saved.published), saved.number, saved.body) == ("2019-02-15", "云政发〔2019〕5号", _PROSE)


def test_a_list_saved_as_text_is_no_announcement() -> None:
    rows = "\n".join(f"县水利局关于第{at}批水库降等的公告  (2023-05-{at:02})" for at in range(1, 12))
    with pytest.raises(PageUnreadable):
        read(f"首页\n政务公开\n通知公告\n{rows}\n")


def test_a_day_in_a_row_of_a_table_of_entries_is_not_the_day_of_publication() -> None:
    rows = "\n".join(f"{at}\tJX{at:04}\t某胶囊\t2021-06-{at:02}\t排队待审评" for at in range(1, 9))
    assert read(f"关于药品审评序列的说明\n序号\t受理号\t名称\t时间\t状态\n{rows}\n{_PROSE}\n").published is None


def test_a_copy_of_the_text_with_its_own_head_is_left_out() -> None:
    page = f"滨河社区办起暑期课堂\n2023-07-04 来源：云溪县妇联\n{_PROSE}\n"
    assert read(page + page).body == _PROSE
