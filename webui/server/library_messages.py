"""What libraries and the system say in English of files that they cannot read, said in Chinese.

The English original stays in ``policy-search status``; what is not known here is said to be so.
"""

from __future__ import annotations

import re
from typing import Final

UNKNOWN: Final = "原因不明"
_ENGLISH = re.compile("[A-Za-z]{3}")
_PAGE = re.compile(r"page ([0-9]{1,9}): ")
_PART = re.compile(r"([\w./-]{1,80}\.\w{1,5}): ")
_TYPES: Final = {
    "list": "数组",
    "str": "字符串",
    "int": "数字",
    "float": "数字",
    "bool": "真假值",
    "NoneType": "空值",
}
_SAYINGS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), chinese)
    for pattern, chinese in (
        ("password|encrypt", "有密码保护"),
        ("crc", "校验不符"),
        ("not a zip|central directory|bad magic|end of central|zipfile", "不是完整的压缩包"),
        ("compression (?:type|method)|not implemented|unsupported", "用了不支持的方式"),
        ("decompress|header check|invalid (?:block|distance|code|stored|literal|bit)|zlib|lzma|bz2", "压缩数据有错"),
        ("truncat|unexpected end|end-of-stream|end of file|eof|incomplete|too short|out of range", "文件不完整"),
        (
            "not well-formed|mismatch|no element|document is empty|start tag|syntax error|undefined entity|junk|xml",
            "XML 写错",
        ),
        ("ole2?|compound", "内部结构有错"),
        ("data format|pdfium|format error|failed to load|invalid", "内部格式有错"),
        ("memory", "内存不足"),
        ("recursion|nested|depth", "嵌套太深"),
        ("expecting|extra data|unterminated|delimiter|escape|control character|property name", "写法有错"),
        ("digits|integer", "数字太长"),
        ("codec|decode|utf-?8|encoding", "编码有错"),
        ("name too long", "文件名太长"),
        ("symbolic link", "链接绕圈"),
        ("is a directory", "是文件夹"),
        ("not a directory|no such", "没有这个文件"),
        ("permission|not permitted", "没有权限"),
        ("input/output|device|stale", "磁盘读不出"),
        ("too many open", "打开的文件太多"),
    )
)


def in_chinese(said: str) -> str:
    """Return what a library said in Chinese, with the page or the part of the file that it names."""
    if said in _TYPES:
        return _TYPES[said]
    if not _ENGLISH.search(said):
        return said
    where = ""
    if found := _PAGE.match(said):
        where = f"第 {found[1]} 页，"
    elif found := _PART.match(said):
        where = f"{found[1]}，"
    rest = said[found.end() :] if found else said
    return where + next((chinese for pattern, chinese in _SAYINGS if pattern.search(rest)), UNKNOWN)
