"""What stands on government pages around every announcement and belongs to none.

Each rule names what it cuts, so that ``clean --explain`` can say why a line is gone. Patterns are
matched on a line without its spaces. Rules are about wordings that page templates share, not about
single sites.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from indexer.text.spaces import simplified, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 160  # characters; a longer line is prose, whatever words it holds
_LONGEST_FOOTER = 400  # a whole footer glued into one line

# The whole line, give or take marks around it, is this.
_WHOLE = {
    "sharing": (
        r"(?:分享到?|一键分享|转发|转发到|分享至|推荐|微信|微博|新浪微博|腾讯微博|朋友圈|QQ空间|QQ好友|QQ|微信好友|"
        r"更多|收藏|点赞|赞|复制链接|微信扫一扫[:：]?分享|分享到(?:微信|微博|朋友圈|空间).*|分享(?:本文|文章|此文).*|"
        r"人人网|豆瓣|百度贴吧|Facebook|Twitter|微信小程序|(?:官方|政务)(?:微信公众号|公众号|微信|微博)|公众号|"
        r"(?:移动|手机|新闻)客户端|小程序|抖音号?|头条号|视频号|政务新媒体|智能问答|返回顶部){1,12}"
    ),
    "font size": (
        r"(?:【?\[?(?:字体|字号|字体大小|文字大小)[:：]?[\]】]?|[【\[(（]?(?:特大|超大|大|中|小|默认|标准|放大|缩小|"
        r"正常|A[+-]?|[+-])[】\])）]?|[|｜/·\s])+"
    ),
    "page tools": (
        r"(?:[【\[(（]?(?:打印|打印本页|打印此页|打印文章|打印正文|我要打印|关闭|关闭本页|关闭窗口|关闭页面|返回|"
        r"[<＜]?返回.{0,6}(?:首页|顶部|列表|栏目|上级|上一级|上一页)|回到顶部|TOP|top|收藏|收藏本页|加入收藏|保存|下载|下载文字版|下载正文|全文下载|"
        r"纠错|(?:文章|信息)纠错[:：]?|(?:正在加载|(?:数据)?加载中)[.…]*|我要纠错|网站纠错|内容纠错|推荐|朗读|语音播报|语音播报|语音朗读|听文章|播放|暂停|繁体|简体|English|EN|"
        r"手机版|电脑版|PDF下载|Word下载|无障碍|无障碍浏览|无障碍阅读|长者模式|老年模式|适老化|关怀版|适老版|"
        r"阅读模式|查看原文|原文链接|阅读原文|投稿|举报|搜索|听全文|听新闻|登录|注册|退出|首页|网站首页|切换|OFD版?|PDF版?|Word版?|"
        r"HTML版?|关闭此页|打印预览|字体颜色|背景色|分享|放大|缩小|正常|导出|复制|附件下载|全屏|上一页|下一页|首页|"
        r"尾页|末页)[】\])）]?[|｜/·>\s]*)+"
    ),
    "reader count": (
        r"(?:.{0,4}(?:访问量|浏览次数|浏览量|阅读次数|阅读量|点击数|点击次数|点击率|点击量|点击|阅读数?|浏览数?|人气|"
        r"访问次数|已阅|浏览人次|查看次数|人浏览|次浏览|阅读人次)[:：]?[-\d,，]*次?人?次?)"
    ),
    "QR hint": r".{0,12}(?:扫一扫|扫码|扫描二维码|二维码|扫描).{0,24}",
    "follow hint": (
        r"(?:(?:点击|点|戳|轻触|长按)?.{0,4}(?:上方|上面|下方|左上角|蓝色字|蓝字).{0,8}(?:关注|订阅).{0,12}|"
        r"(?:欢迎|敬请|长按|扫码)?关注.{0,16}(?:公众号|订阅号|视频号|官方微信)|关注我们)"
    ),
    "today": r"(?:今天|今日|现在|当前时间)(?:是|为)?[:：]?\d{4}[-年/.]\d{1,2}[-月/.]\d{1,2}日?.{0,40}",
    "end mark": r"[-—=_*·.。…~\s]{2,}|(?:返回|TOP|top|END|完)",
    "empty label": (
        r"(?:相关附件|附件下载|附件列表|相关(?:文件|附件|资料)下载|"
        r"(?:相关|关联|推荐|延伸|最新|热门)[政文内信新链阅报稿解附图视专推资][\u4e00-\u9fff]{1,6}|相关链接|相关文章|相关信息|相关新闻|相关阅读|相关稿件|相关报道|相关文件|"
        r"相关政策|相关解读|政策解读|解读|解读材料|文字解读|图解|图片解读|视频解读|延伸阅读|热点推荐|推荐阅读|"
        r"猜你喜欢|热点新闻|最新文章|最新信息|最新更新|热门文章|(?:点击|热点|热门|阅读|新闻|文章)?排行榜?|上一篇|下一篇|上一条|下一条|上篇|下篇|下一条信息|"
        r"没有了|暂无|无|评论|发表评论|网友评论|我要评论|文章评论|扩展阅读|主办|承办|版权|友情链接|正文|详细内容|"
        r"内容详情|当前位置|您的位置|您现在的位置|信息详情|文章内容|稿件详情|图片新闻|视频|音频|信息公开|政务公开|"
        r"政府信息公开|站内搜索|高级搜索|热搜词|热门搜索|热词|导航|网站导航|网站地图|打开微信|机构概况|工作动态|"
        r"通知公告|(?:目录项的?|文件)?基本信息)[:：]?"
    ),
}
# A line that begins so.
_BEGINS = {
    "breadcrumb": (
        r"[【\[]?(?:您?(?:现在)?(?:所在)?的?位置|当前(?:所在)?(?:位置|栏目|页面)|所在位置|"
        r"您(?:现在)?(?:所在)?的(?:当前)?位置(?:是)?|您当前(?:所在)?的?位置|首页)(?:是|为)?(?:[:：>＞»›/→]|首页|>>)"
    ),
    "search": r"(?:热搜词?|热词|热门搜索|热门关键词|搜索热词|大家都在搜|热点搜索|热门词)[:：]?",
    "next article": r"(?:上一篇|下一篇|上一条|下一条|上篇|下篇|前一篇|后一篇)[:：]?",
    "sharing": r"(?:分享到|分享至|分享[:：]|打开微信[，,].{0,20}扫|用微信扫|微信扫一扫|使用.{0,6}扫一扫)",
    "font size": r"[【\[(（]?\s*(?:字体|字号|字体大小|文字大小)[:：]",
    "accessibility hint": (
        r"(?:我为政府网站找错|适老化无障碍|已打开.*视窗区|.*本页面是由\d+个视窗区|智能导盲|无障碍工具|"
        r"您已进入.*(?:交互区|视窗区)|欢迎使用.*无障碍|屏幕朗读|跳转到(?:主要)?内容)"
    ),
    "leaving hint": r"您访问的链接即将离开|您即将离开|继续访问放弃|继续访问$|放弃$|是否继续",
    "footer": (
        r"(?:版权所有|版权归|主办[:：]|主办单位|承办(?:单位)?[:：]|协办[:：]|主管(?:单位)?[:：]|技术支持|运行维护|"
        r"维护单位|网站标识码|政府网站标识码|标识码[:：]|备案号|备案序号|备案编号|ICP备|Copyright|©|\(c\)|"
        r"All[Rr]ights|.{1,6}ICP[备证]|.{1,3}公网安备|网站地图|关于我们|联系我们|网站声明|免责声明|隐私声明|建议使用|"
        r"您是第|网站管理|网站维护|网站支持|本站(?:已支持|支持)|站点地图|网站标识|本(?:网站|网|站)由|[^，。]{4,16}(?:主办|承办)$)"
    ),
    "editor": (
        r"[【\[(（]?(?:责任编辑|责编|编辑|网站编辑|编审|审核|校对|初审|复审|终审|一审|二审|三审|信息审核|录入|"
        r"编辑[:：]|(?:信息)?(?:录入|发布)[者人员]|值班编辑|终审|签发人?|监制|审稿|供稿人?|撰稿|摄影)[:：]"
    ),
    "script leftover": (
        r"(?:\$\(|var\s|function\s*\(|document\.|window\.|jQuery|\{\{|\$\{|<%|//<!\[CDATA|if\(|\.\w+\{)"
    ),
    "player hint": (
        r"(?:您的浏览器(?:不支持|版本)|当前浏览器|请(?:安装|升级|下载).{0,12}(?:Flash|flash|播放器|浏览器|插件)|"
        r"Your browser|视频播放器|This is a modal window|Beginning of dialog|浏览器不支持|播放视频|视频加载)"
    ),
    "comment form": (
        r"(?:我要(?:评论|留言|咨询|评价)|发表评论|网友评论|请(?:输入|填写)(?:验证码|评论|您的)|验证码|匿名|"
        r"用户名[:：]|邮箱[:：]$|您觉得.{0,12}(?:有用|满意)|您对.{0,16}(?:是否|感到)?满意|这篇文章对您|是否(?:有用|满意)|满意度评价|"
        r"请对.{0,10}(?:评价|评分)|本页内容(?:对您)?是否|以上内容.{0,6}(?:对您|是否).{0,8}帮助|很满意|文明上网)"
    ),
    "topic": r"(?:关键词|关键字|标签|Tags?|TAG)[:：]",
    "script address": r"(?:https?://|/[a-z]+/)[\w./?=&%-]+$",
}
# A notice about rights may be long.
_RIGHTS = re.compile(
    r"版权(?:与|及|和)?(?:免责)?声明|免责声明|(?:\d[.、])?凡(?:本站|本网|注明|来源|未注明|转载).{0,80}(?:注明|转载|版权|授权|责任|作品|稿件)|特别声明[:：]|版权说明|声明[:：].{0,20}(?:转载|版权|本站|本网)|"
    r"(?:转载|摘编)请注明(?:来源|出处)|本(?:网站|站|网)(?:所有)?(?:转载|刊载|发布的?)?(?:内容|文章|信息|稿件).{0,20}(?:版权|转载|不代表)"
)
# A line of moderate length that holds this.
_HOLDS = {
    "footer": (
        r"ICP[备证]|公网安备|网站标识码|版权所有|Copyright|©|技术支持[:：]|All Rights Reserved|AllRightsReserved|"
        r"推荐使用.{0,14}浏览器|建议.{0,10}分辨率|(?:主办|承办)(?:单位)?[:：].*(?:主办|承办|维护|支持)"
    ),
    "sharing": (
        r"分享到[:：]|扫一扫.{0,8}(?:分享|手机|打开|关注)"
        r"|【(?:打印|关闭|字体)|【字体|\[字体|字[体号][:：][【\[(（]?(?:大|放大|特大|小|默认)"
    ),
    "breadcrumb": r"^首页.{0,3}[>＞»›-].*|(?:[^>＞»›]{1,14}[>＞»›]+){2,}[^>＞»›]{0,40}$",
    "leaving hint": r"您访问的链接即将离开|即将离开.{0,40}(?:网站|门户)",
    "accessibility hint": r"操作帮助请按|视窗区共计|无障碍服务$|适老化无障碍",
    "reader count": r"^.{0,10}(?:阅读|浏览|点击|访问)(?:次数|量|数)[:：]?-?\d*次?$",
}


_CAPTION = re.compile("分享|关注|公众号|朋友圈|本页|当前页|此页|页面|打开微信|手机[版端]|移动端|客户端")
# 1.先扫二维码，关注公众号 tells what to do, as a step among others.
_STEP = re.compile(
    r"(?:第[一二三四五六七八九十\d]+步|[（(]?[一二三四五六七八九十\d]{1,2}[）)、.．:：]|步骤[一二三四五六七八九十\d])"
)


def _is_step(text: str, plain: str) -> bool:
    """Return whether a line that speaks of a code to scan is a step of the text, not the caption of the page's code."""
    return bool(_STEP.match(plain) or (text.rstrip().endswith(("。", "；")) and not _CAPTION.search(plain)))


def _compiled(rules: dict[str, str]) -> re.Pattern[str]:
    """Return one pattern for all rules; its groups are named r0, r1 … in their order."""
    return re.compile("|".join(f"(?P<r{at}>{pattern})" for at, pattern in enumerate(rules.values())))


def _compiled_from_start(rules: dict[str, str]) -> re.Pattern[str]:
    """Return the same, for a match from the start: a search fails at once everywhere else."""
    return re.compile(rf"\A(?:{_compiled(rules).pattern})")


_RULES_WHOLE, _RULES_BEGINS = map(_compiled_from_start, (_WHOLE, _BEGINS))
_RULES_HOLDS = _compiled(_HOLDS)


def _reason(rules: dict[str, str], match: re.Match[str]) -> str:
    return list(rules)[int((match.lastgroup or "r0")[1:])]


_UNCOUNTED = re.compile(r"[-—–]{1,2}人?次")  # a counter that a script had not filled
_MARGIN = "【】[]|｜·•>»：:、，,。-—_*◆■▪▲● \u25cf"

# Names of gambling brands that replace the name of a site whose domain or templates were taken over.
_BRAND = (
    r"bet\d{2,6}|\d{2,6}bet|bet(?:way|fair|win|vic)|365体育|必赢|必威|必发|亚博|yabo|万博|manbetx|澳门(?:新|金|威|葡|银|永|美|皇|太)\w{1,4}|葡京|"
    r"威尼斯人|新濠(?:天地|影汇)?|太阳城|金沙|永利|皇冠(?:体育|足球)|开云(?:体育)?|kaiyun|乐鱼|leyu|华体会|hth|米兰体育|ag(?:亚游|真人|旗舰)|bob(?:体育)?|"
    r"爱游戏|ayx|w88|pg电子|百家乐|六合彩|时时彩|老虎机|九游|球探|龙8|优德|大发|伟德|银河|博彩|真人|棋牌|彩票|娱乐城|买球|体育(?:投注|下注)"
)
_BRAND_TAIL = (
    r"亚洲|官方|官网|网站|网址|平台|体育|娱乐|城|场|在线|登录|登陆|入口|注册|手机版|app|下载|首页|中文|中国|国际|"
    r"有限公司|备用|最新|版|网|游戏|投注|客户端|电子|真人|棋牌|集团|股份|[\w.]{0,30}\.(?:com|net|cn|vip)|[-_·()（）|\d]"
)
_NAME_TAIL = re.compile(
    r"官网|官方|网站|网址|平台|亚洲|体育|娱乐|登录|登陆|入口|注册|app|下载|投注|bet|\.com|集团", re.IGNORECASE
)
_HIJACKED = re.compile(rf"\A(?:{_BRAND})(?:{_BRAND_TAIL}|{_BRAND}){{0,20}}", re.IGNORECASE)
_AT_START = re.compile(rf"\A\s*(?:{_BRAND})(?:{_BRAND_TAIL}|{_BRAND}){{0,20}}[\s_\-|·:：,，]+", re.IGNORECASE)
_LONGEST_NAME = 30


@lru_cache(maxsize=4096)
def is_hijacked(name: str) -> bool:
    """Return whether a whole name is that of a gambling brand, which takes the site's place on a hijacked page."""
    plain = squeeze(name)
    return len(plain) <= _LONGEST_NAME and bool(_HIJACKED.fullmatch(plain)) and bool(_NAME_TAIL.search(plain))


def hijacked_names(names: Iterable[str]) -> set[str]:
    """Return those of the names, without spaces, that are gambling brands'."""
    return {squeeze(name) for name in names if name and len(name) <= _LONGEST_NAME * 2 and is_hijacked(name)}


def without_names(text: str) -> str:
    """Take a gambling brand's name off the start of a text."""
    match = _AT_START.match(text)
    return text[match.end() :] if match and is_hijacked(match.group().strip(" _-|·:：,，")) else text


@lru_cache(maxsize=4096)
def boilerplate(text: str) -> str:
    """Return why a line is boilerplate, in a few words; "" if it is not."""
    whole = simplified(squeeze(text))
    plain = whole.strip(_MARGIN)
    if not plain or _UNCOUNTED.fullmatch(whole):
        return "reader count" if plain else "no words"
    if _RIGHTS.match(plain):
        return "rights notice"
    if len(plain) > _LONGEST_FOOTER:
        return ""
    if len(plain) <= _LONGEST:
        for rules, match in ((_WHOLE, _RULES_WHOLE.fullmatch(plain)), (_BEGINS, _RULES_BEGINS.match(plain))):
            if match and not (_reason(rules, match) == "QR hint" and _is_step(text, plain)):
                return _reason(rules, match)
    held = _RULES_HOLDS.search(plain)
    if held and (len(plain) <= _LONGEST or _reason(_HOLDS, held) == "footer"):
        return _reason(_HOLDS, held)
    return ""
