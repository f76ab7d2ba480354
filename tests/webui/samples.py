"""Invented announcements for the tests of the web layer."""

from __future__ import annotations

from datetime import date

from indexer.announcement import Announcement, Attachment, Repost

LONG_BODY = "\n".join(
    [
        "各区人民政府，市政府各部门：",
        "本文为示例，由程序作者自行撰写。现就对口帮扶工作通知如下。",
        "一、总体要求",
        "坚持对口帮扶与产业发展结合，到二〇二五年形成稳定机制。" * 12,
        "（一）基本原则。政府引导，社会参与，量力而行。",
        "（二）工作目标。建立对口帮扶台账，做到有进有出。",
        "二、重点任务",
        "项目\t牵头单位\t完成时限",
        "产业帮扶\t示例市农业农村局\t2025年6月",
        "就业帮扶\t示例市人力资源局\t2025年9月",
        "第一条 本通知自印发之日起施行。" + "各单位应当按季度报送进展情况。" * 20,
        "三、保障措施",
        "加强组织领导，落实工作责任，强化督促检查。" * 10,
    ]
)

SAMPLES = (
    Announcement(
        id="a1",
        title="示例市人民政府办公室关于进一步做好对口帮扶工作的通知",
        body=LONG_BODY,
        source="示例市人民政府办公室",
        published=date(2024, 3, 5),
        signed=date(2024, 3, 1),
        effective=date(2024, 4, 1),
        region=("广东省", "广州市"),
        site_region=("广东省", "广州市"),
        number="示府办〔2024〕7号",
        index_number="000000000/2024-00007",
        form="通知",
        kind="政策文件",
        url="https://example.gov.cn/2024/7.html",
        path="samples/a1.html",
        attachments=(Attachment("任务分工表.xlsx", "https://example.gov.cn/f/1.xlsx"), Attachment("说明.docx", "")),
        reposts=(Repost("花都区人民政府", "https://hd.example.gov.cn/1.html", "samples/r1.html", date(2024, 3, 9)),),
    ),
    Announcement(
        id="a2",
        title="花都区对口帮扶工作成效显著",
        body="本文为示例。花都区扎实推进对口帮扶，落实帮扶资金。\n全区共选派干部二十名。",
        source="花都区农业农村局",
        published=date(2021, 1, 28),
        region=("广东省", "广州市", "花都区"),
        url="https://hd.example.gov.cn/2.html",
        path="samples/a2.html",
    ),
    Announcement(
        id="a3",
        title="示例省关于公布老旧小区改造计划的公告",
        body="本文为示例。现公布老旧小区改造计划，欢迎监督。",
        source="示例省住房和城乡建设厅",
        published=date(2021, 6, 2),
        region=("浙江省",),
        number="示建公告〔2021〕3号",
        form="公告",
        kind="政策文件",
        path="samples/a3.html",
    ),
    Announcement(
        id="a4",
        title="没有日期和来源的示例页面",
        body="本文为示例。这一页既没有日期，也没有来源。",
        path="samples/a4.html",
    ),
)
