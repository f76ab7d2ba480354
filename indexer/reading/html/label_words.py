"""The words that government pages label their metadata with."""

from __future__ import annotations

# Field → its labels. "other" are labels whose values we do not keep: they end the value before them. "validity" and
# "ends" say what the site knows of an announcement's validity.
_WORDS = {
    "source": (
        "来源 来源于 来自 文章来源 信息来源 稿件来源 稿源 内容来源 来稿单位 供稿单位 供稿 消息来源 来源单位 出处 "
        "本文来源 新闻来源"
    ),
    "issuer": (
        "发文机关 发文机构 发文单位 制发机关 制定机关 颁布机关 颁布单位 发文部门 发文机关名称 印发机关 "
        "公文发布机构 发文主体"
    ),
    "publisher": (
        "发布机构 发布单位 发布部门 发布机关 公开机构 公开单位 公开主体 责任部门 信息提供单位 信息发布机构 发布者 "
        "信息公开责任部门 生成机构 所属机构 产生机构 提供单位 答复单位 回复单位 答复部门 回复部门 答复机构"
    ),
    "published": (
        "发布日期 发布时间 发布日间 公开日期 公开时间 发表时间 发表日期 发稿时间 信息时间 公布日期 发布于 发布 "
        "刊登日期 上网时间 录入时间 添加时间 加入时间 信息发布时间 信息发布日期 网上发布日期 公布时间 "
        "上传时间 文章发布时间 答复时间 回复时间 答复日期 回复日期"
    ),
    "updated": "更新时间 更新日期 修改时间 最后更新",
    "time": "时间 日期 编辑时间",
    "signed": (
        "成文日期 成文时间 生成日期 生成时间 发文日期 发文时间 印发日期 印发时间 签发日期 签署日期 制发日期 "
        "产生日期 文件日期 形成日期 颁布日期 信息生成日期 信息形成日期"
    ),
    "effective": "施行日期 生效日期 实施日期 生效时间 施行时间 实施时间 执行日期 开始实施日期 效力起始日期",
    "number": "发文字号 文号 文件编号 发文文号 文件字号 公文文号 文件号 发文号 公告号 文件文号 文书号 令号",
    "index_number": "索引号 信息索引号 索引码 索引 信息索引 信息公开索引号 公开索引号",
    "form": "公文种类 体裁分类 公文体裁 文种 体裁 文件类型 公文类型 信息体裁 文件种类",
    "title": (
        "标题 名称 信息名称 文件名称 公文名称 信息标题 文章标题 文件标题 公文标题 信件标题 来信标题 留言标题 咨询标题"
    ),
    "validity": "有效性 时效性 时效 效力状态 文件状态 是否有效 文件有效性 公文时效",
    "ends": "有效期 失效日期 废止日期 失效时间 废止时间",
    "other": (
        "主题分类 主题词 截止日期 终止日期 浏览次数 访问次数 阅读次数 点击数 点击次数 点击率 点击量 点击 访问量 "
        "浏览量 阅读量 浏览 阅读 "
        "人气 阅读数 浏览数 作者 编辑 责任编辑 审核 责编 记者 通讯员 撰稿 摄影 编审 校对 字体 字号 字体大小 "
        "文字大小 视力保护色 分享到 分享 打印 背景色 分类 组配分类 服务对象 公开方式 公开范围 公开形式 公开时限 "
        "公开程序 公开类型 信息类别 信息分类 所属分类 所属主题 主题 栏目 所属栏目 关键词 关键字 内容概述 内容分类 "
        "信息内容 载体类型 记录形式 公开期限 统一登记号 登记号 统一编号 规范性文件编号 语种 文件分类 体裁形式 "
        "行业分类 机构分类 摘要 状态 服务分类 题材分类 公开属性 公开目录 公开类别 "
        "收藏 扫一扫 废止文号 信息来源分类 发布人 发布员 录入 录入者 初审 复审 终审 一审 二审 三审 上传者 分类号 "
        "主题类别 公开责任部门 概述 信息格式 信息状态 登记编号 事项分类 文件来源 主办单位 文章类型 保护视力色 "
        "大小 选择阅读字号"
    ),
}

FIELD_OF: dict[str, str] = {word: field for field, words in _WORDS.items() for word in words.split()}

# Words that announcements use for themselves too: 时间：5月1日 in a notice of a meeting.
_WEAK_WORDS = (
    "时间 日期 名称 标题 主题 摘要 状态 大小 分类 出处 索引 内容概述 概述 记者 通讯员 摄影 撰稿 作者 文号 "
    "主办单位 供稿 来自 执行日期 截止日期 名单 有效期 公告号 令号 登记号 发布 阅读 浏览 点击"
)
WEAK = frozenset(_WEAK_WORDS.split())

# Short, and yet believed when glued to the word before them, as labels of four characters are.
CLEAR = frozenset(("作者", "字体", "字号", "编辑", "浏览", "点击", "责编", "打印", "分享"))

# Whose values are a word or a day, and seldom there.
ASIDE = frozenset(("other", "validity", "ends"))
