"""Pages that hold no announcement are skipped with a reason, and no announcement is taken for one of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.announcement import Page
from indexer.errors import PageUnreadable
from indexer.reading.html.cleaner import clean

_ROWS = "".join(
    f"<li><a href='/t{day}.html'>关于开展第{day}批项目申报工作的通知</a><span>2024-03-{day:02}</span></li>"
    for day in range(1, 19)
)
_MENU = "".join(f"<a href='/{name}'>{name}</a> " for name in ("首页", "机构概况", "政务公开", "办事服务", "互动交流"))
_FOOT = "<div>主办：云溪县人民政府　网站标识码：3505000076　闽ICP备10000001号</div>"
_BRIEF = "昨日，县政府召开常务会议，研究部署安全生产、森林防火和春耕备耕等工作，县长主持会议并讲话。"

_PAGES = {
    "column of announcements": f"<title>通知公告_云溪县人民政府</title><div>{_MENU}</div><h2>通知公告</h2>"
    f"<ul>{_ROWS}</ul>"
    f"<div>共 362 条 首页 上一页 下一页 尾页 跳转到第 页</div>{_FOOT}",
    "column without turning": f"<title>公示公告</title><div>{_MENU}</div><ul>{_ROWS}</ul>{_FOOT}",
    "list that a script fills": "<title>交易信息</title><div>公告标题</div><div>发布时间</div><div>地区</div>"
    "<div id='app'></div>",
    "form": "<title>证书查验</title><h1>证书查验</h1><div>证书编号：<input></div>"
    "<div>单位名称：<input></div><div>查验结果</div>",
    "lost account": "<title>账号找回</title><h3>账号找回</h3>"
    "<div>请输入您注册时填写的手机号码，我们将向该号码发送验证码。</div>"
    "<div>手机号码：<input></div><div>验证码：<input></div><button>下一步</button>",
    "login": "<title>统一身份认证平台</title><div>个人登录</div><div>法人登录</div><div>用户名：<input></div>"
    "<div>密码：<input type=password></div><a href='/reg'>立即注册</a> <a href='/lost'>忘记密码</a>",
    "lost page": "<title>404</title><h1>404</h1><p>抱歉，您访问的页面不存在或已删除！</p>"
    "<p>请返回首页，或者稍后再试。</p>",
    "lost page that names no number": "<title>提示信息</title><p>对不起，您要查看的信息不存在，可能已被删除。</p>",
    "shell of a script": "<title>政务服务</title><noscript>请启用浏览器的脚本功能后继续使用。</noscript>"
    "<div id='root'></div>",
    "frame": "<title></title><a href='/a'>云溪县</a>",
    "home page": f"<title>云溪县人民政府门户网站</title><div>{_MENU}</div><div>"
    f"<a href='/n'>{_BRIEF}</a></div><ul>{_ROWS}</ul>{_FOOT}",
    "service": f"<title>便民服务大厅</title><div>{_MENU}</div><div>服务指南</div>"
    f"<div>智能问答</div><div>我的预约</div>{_FOOT}",
    "downloads": "<title>下载中心</title><ul><li>1、申报软件 下载</li><li>2、证书驱动 下载</li>"
    "<li>3、操作手册 下载</li></ul>",
    "search of a table": "<title>企业资质信息查询系统</title><h1>企业资质信息查询系统</h1>"
    "<div>企业名称：</div><div>证书编号：</div>"
    "<div>有效期：2021-6-30</div><div>业务范围：可独立承担各类示例设备的安装、调试、维修和保养；可承担示例工程。</div>",
}

_ANNOUNCEMENTS = {
    "title alone": "<title>关于示例工作的通知</title><body></body>",
    "notice without day or office": "<title>停水通知</title><h1>停水通知</h1><p>因管道抢修，今日十时至十六时停水。</p>",
    "notice of a system's pause": "<title>关于暂停社保查询系统服务的公告_云溪县人力资源和社会保障局</title>"
    "<h1>关于暂停社保查询系统服务的公告</h1>"
    "<div>发布时间：2024-05-06</div><p>因系统维护，社保查询系统于五月十日暂停服务，给您带来不便，敬请谅解。</p>",
    "text about a lost page": "<title>网站检查情况通报</title><h1>网站检查情况通报</h1><div>2024-05-06</div>"
    "<p>检查发现，部分网站栏目打不开，访问的页面不存在，请各单位于本月底前整改到位，并将结果书面报送。</p>",
    "table of numbers": "<title>一月份蔬菜价格</title><h1>一月份蔬菜价格</h1><div>日期：2024-02-01</div>"
    "<table><tr><td>品名</td><td>价格</td></tr><tr><td>白菜</td><td>2.10</td></tr></table>",
}


@pytest.mark.parametrize("name", _PAGES)
def test_a_page_that_is_no_announcement_is_skipped_with_a_reason(name: str) -> None:
    page = Page("a.html", f"<html><body>{_PAGES[name]}</body></html>".encode())
    with pytest.raises(PageUnreadable, match=r"no announcement: |no text"):
        clean(page)


@pytest.mark.parametrize("name", [name for name in _PAGES if name != "frame"])  # there is nothing in it to get
def test_whoever_wants_all_pages_gets_them(name: str) -> None:
    page = Page("a.html", f"<html><body>{_PAGES[name]}</body></html>".encode(), keep_all=True)
    assert clean(page).title or clean(page).body


@pytest.mark.parametrize("name", _ANNOUNCEMENTS)
def test_no_announcement_is_lost_for_a_word_of_another_kind_of_page(name: str) -> None:
    page = Page("a.html", f"<html><body>{_ANNOUNCEMENTS[name]}</body></html>".encode())
    assert clean(page).title
    assert clean(replace(page, keep_all=True)) == clean(page)
