"""Which form a title has."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.facts import document_form
from indexer.facts.document_form import FORMS, form_of_title


@pytest.mark.parametrize(
    ("title", "form"),
    [
        ("云溪市人民政府关于印发《云溪市公园管理办法》的通知", "通知"),
        ("云溪市公园管理办法（试行）", "办法"),
        ("《云溪市公园管理办法》", "办法"),
        ("云溪市公园管理办法（云府令12号）", "办法"),
        ("云溪市公园管理办法（2020年3月1日修订）", "办法"),
        ("关于放假的通知（云府〔2024〕3号）", "通知"),
        ("关于放假的通知 云府〔2024〕3号", "通知"),
        ("云溪市药品检查公示（第319号）", "公示"),
        ("国家税务总局公告2024年第1号", "公告"),
        ("中华人民共和国国务院令（第721号）", "令"),
        ("云溪市财政局关于同意设立分校的复函", "函"),
        ("云溪市实施《校车安全管理条例》办法", "办法"),
        ("中华人民共和国档案法实施办法", "办法"),
        ("云溪市价格监督检查条例", "条例"),
        ("中华人民共和国护照法", "法律"),
        ("云溪市人民政府关于促进消费的若干意见", "意见"),
        ("市政府办公厅印发云溪市防震减灾规划", "规划"),
        ("《云溪市公园管理办法》政策解读", "解读"),
        ("一图读懂《云溪市公园管理办法》", "解读"),
        ("云溪市关于做好政策解读工作的通知", "通知"),
        ("关于公开征求《云溪市公园管理办法》意见的公告", "公告"),
        ("关于召开年度股东大会的通知", "通知"),
        ("召开2024年工作会议的通知", "通知"),
        ("国务院关于授予警衔的命令", "命令"),
        ("云溪市关于稳就业的若干措施", "措施"),
    ],
)
def test_a_title_ends_in_its_form(title: str, form: str) -> None:
    assert form_of_title(title) == form


@pytest.mark.parametrize(
    "title",
    [
        "",
        "（）",
        "市长到云溪县调研乡村振兴",
        "市政府召开第3次常务会议审议通过公园管理条例",
        "市财政局发布2024年预算公告",
        "云溪市公开征求意见",
        "春节期间十条禁令",
        "某公司不履行补偿协议案",
        "云溪市2024年教育经费情况",
    ],
)
def test_news_and_other_titles_have_no_form(title: str) -> None:
    assert form_of_title(title) == ""


@given(st.text("关于印发办法的通知公告（试行）《》意见征求解读召开第1号 ", max_size=30))
def test_any_title_gives_a_known_form_or_none(title: str) -> None:
    assert form_of_title(title) in {"", *FORMS}


_PIECES = [
    *FORMS,
    "的",
    "（试行）",
    "(第3号)",
    "第２号",
    "2020年第1期",
    "云府〔2024〕3号",
    "全文",
    "节选",
    "暂行",
    "》",
    "」",
    "·",
]
_TITLE = st.lists(st.sampled_from([*_PIECES, "云溪", " ", "\n", "\u3000", "。", "批", "号）", "A"]), max_size=6).map(
    "".join
)


@given(_TITLE | st.text(max_size=8))
def test_what_is_looked_at_first_tells_whether_a_search_could_find_anything(title: str) -> None:
    if not document_form._may_have_tail(title):
        assert not document_form._AFTER_FORM.search(title)
    near = document_form._FORM_AT_END.search(title, max(0, len(title) - document_form._FORM_REACH))
    anywhere = document_form._FORM_AT_END.search(title)
    assert (near and near.span()) == (anywhere and anywhere.span())
