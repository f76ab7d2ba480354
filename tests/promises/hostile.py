"""Pages made to break a reader: each is a file, an archive or a folder that no site would save."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import zipfile
from itertools import chain
from typing import TYPE_CHECKING

from tests.promises.ground import page
from tests.promises.hostile_files import hostile_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

MEGABYTE = 1024**2
TEXT = "各单位应当按季度报送进展情况，"
HEAD = "<html><head><meta charset='utf-8'><title>关于示例的通知</title></head><body>"


def _pages() -> Iterator[tuple[str, bytes]]:
    """Return names and bytes of single pages."""
    deep = 100_000
    yield "deep-div.html", (HEAD + "<div>" * deep + TEXT + "</div>" * deep).encode()
    yield "deep-font.html", (HEAD + "<font>" * deep + TEXT).encode()
    yield "deep-table.html", (HEAD + "<table><tr><td>" * 20_000 + TEXT).encode()
    yield "deep-list.html", (HEAD + "<ul><li>" * deep + TEXT).encode()
    yield "formatting.html", (HEAD + ("<b><i><a href=x><p>" * 20_000) + TEXT).encode()
    yield "unclosed.html", (HEAD + "<p>" * 500_000).encode()
    yield "closing.html", (HEAD + "</div>" * 500_000 + TEXT).encode()
    yield "attributes.html", (HEAD + "<p " + " ".join(f"a{at}='{at}'" for at in range(100_000)) + f">{TEXT}").encode()
    yield "one-attribute.html", (HEAD + "<p class='" + "x " * (5 * MEGABYTE) + f"'>{TEXT}").encode()
    yield "many-metas.html", ("<meta name='ArticleTitle' content='题'>" * 100_000 + HEAD + TEXT).encode()
    yield "many-links.html", (HEAD + "<a href='/x'>链接</a>" * 200_000).encode()
    yield "many-rows.html", (HEAD + "<table>" + "<tr><td>甲<td>乙" * 200_000).encode()
    yield "many-labels.html", (HEAD + "<p>来源：示例 发布日期：2021-01-01 文号：示府〔2021〕1号</p>" * 50_000).encode()
    yield "long-text.html", (HEAD + "<p>" + TEXT * (20 * MEGABYTE // len(TEXT.encode())) + "</p>").encode()
    yield "long-line.txt", (TEXT * (20 * MEGABYTE // len(TEXT.encode()))).encode()
    yield "long-word.txt", b"a" * (20 * MEGABYTE)
    yield "digits.txt", b"2021" * (4 * MEGABYTE)
    yield "brackets.txt", "示府〔".encode() * MEGABYTE
    yield "spaces.txt", b" \t" * (8 * MEGABYTE) + TEXT.encode()
    yield "lines.txt", b"\n" * (16 * MEGABYTE) + TEXT.encode()
    yield "too-large.html", b"<p>" + b"x" * (25 * MEGABYTE)
    entities = "".join(f"<!ENTITY e{at} '{f'&e{at - 1};' * 10}'>" for at in range(1, 20))
    yield "entity-bomb.html", f"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e0 'lol'>{entities}]><p>&e19;</p>".encode()
    yield "entity-file.html", b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><p>&e;</p>" + TEXT.encode()
    yield "entity-net.xhtml", b"<!DOCTYPE html SYSTEM 'http://127.0.0.1:9/x.dtd'><html><p>" + TEXT.encode()
    yield "many-entities.html", (HEAD + "&amp;&#x4e2d;&#0;&#xd800;&#x110000;&nosuch;" * 100_000).encode()
    yield "fetch.html", (HEAD + "<img src='http://127.0.0.1:9/a'><iframe src='http://127.0.0.1:9/b'>" + TEXT).encode()
    yield "base.html", (HEAD + "<base href='http://[broken'><a href='a.pdf'>附件</a>" + TEXT).encode()
    yield "nul.html", b"\0" * MEGABYTE + TEXT.encode() + b"\0" * 10
    yield "nul-between.html", TEXT.encode("utf-16-le")
    yield "comment.html", b"<!--" * MEGABYTE + TEXT.encode()
    yield "cdata.html", b"<![CDATA[" * 100_000 + TEXT.encode()
    yield "less.html", b"<" * (2 * MEGABYTE)
    yield "quotes.html", b'<a "' * 500_000
    yield "script.html", (HEAD + "<script>" + "var a='</scr'+'ipt>';" * 100_000 + TEXT).encode()
    yield "random.html", random.Random(1).randbytes(MEGABYTE)
    yield "random.txt", random.Random(2).randbytes(MEGABYTE)
    for at, name in enumerate(("gb18030", "big5", "utf-16", "utf-7", "shift_jis", "euc-kr", "hz", "iso-2022-cn-none")):
        declared = f"<meta charset='{name}'><title>通知</title><p>{TEXT}{'中文' * 500}"
        yield f"declared-{name}.html", declared.encode("gb18030" if at % 2 else "utf-8") + b"\xff\xfe\x81"
    yield "mixed.html", TEXT.encode("gb18030") * 100 + TEXT.encode() * 100 + b"\x80\xff" * 1000
    yield "combining.txt", ("a" + "\u0301" * MEGABYTE).encode()
    yield "directions.txt", ("\u202e\u2066" * 100_000 + TEXT).encode()
    yield "beyond.txt", ("𠮷\U0010ffff\ufffe" * 100_000).encode()
    yield "empty.html", b""
    yield "spaces-only.html", b" \n" * 1000


def _records() -> Iterator[tuple[str, bytes]]:
    lines = [
        "{" * 100_000,
        "[" * 100_000,
        json.dumps({"title": "x" * (2 * MEGABYTE), "text": TEXT}),
        json.dumps({"title": "题", "text": TEXT * 100_000}),
        json.dumps({"title": ["题"], "text": {"a": 1}}),
        json.dumps({"id": "../../etc/passwd", "title": "题", "text": TEXT, "path": "../../x"}),
        '{"title": "\\ud800", "text": "\\u0000\\udfff' + TEXT + '"}',
        '{"title": "题", "text": "文", "published": "9999-99-99"}',
        '{"title": "题", "text": "文", "published": 1e999}',
        '{"title": NaN}',
        "9" * 100_000,
        "null",
    ]
    yield "records.jsonl", "\n".join(lines).encode()
    yield "binary.jsonl", random.Random(3).randbytes(100_000)
    yield "bomb.jsonl.gz", gzip.compress(b" " * (200 * MEGABYTE), 9)
    yield "cut.jsonl.gz", gzip.compress(b'{"title": "x"}\n' * 1000)[:-9]
    yield "no-gzip.jsonl.gz", b"plain"


def _archives() -> Iterator[tuple[str, bytes]]:
    good = page(random.Random(4)).encode()
    yield "outside.zip", archive({"../outside.html": good, "/etc/outside.html": good, "C:\\outside.html": good})
    yield "bomb.zip", archive({f"{at}.html": b"<p>" + b"x" * (200 * MEGABYTE) for at in range(1)})
    yield "many.zip", archive({f"{at}.html": b"" for at in range(20_000)})
    inner = archive({"a.html": good})
    for _ in range(10):
        inner = archive({"again.zip": inner})
    yield "recursive.zip", inner
    yield "cut.zip", archive({"a.html": good * 100})[:-40]
    broken = bytearray(archive({"a.html": good * 100, "b.html": good}))
    broken[60:200] = random.Random(5).randbytes(140)
    yield "broken.zip", bytes(broken)
    names = io.BytesIO()
    with zipfile.ZipFile(names, "w") as packed:
        packed.writestr("通知.html".encode("gbk").decode("cp437"), good)
    yield "gbk-names.zip", names.getvalue()
    yield "no-zip.zip", b"PK\x03\x04 no archive"
    bomb = archive({"word/document.xml": b"<w:document>" + b"<w:p>" * (30 * MEGABYTE)})
    yield "bomb.docx", bomb
    yield "bomb.ofd", bomb
    yield "broken.pdf", b"%PDF-1.7\n" + random.Random(6).randbytes(200_000)
    yield "broken.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.Random(7).randbytes(200_000)
    yield "broken.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(200_000)


def archive(entries: dict[str, bytes]) -> bytes:
    """Pack entries."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in entries.items():
            packed.writestr(name, data)
    return stream.getvalue()


def write_hostile(folder: Path, small_files: int, largest: int) -> None:
    """Fill a folder with everything above, links in circles, and files that cannot be read or have odd names."""
    folder.mkdir()
    for name, data in chain(_pages(), _records(), _archives(), hostile_files(largest)):
        if len(data) <= largest:
            (folder / name).write_bytes(data)
    circle = folder / "circle"
    circle.mkdir()
    (circle / "again").symlink_to(circle)
    (circle / "self.html").symlink_to("self.html")
    (circle / "nowhere.html").symlink_to("no such file")
    os.mkfifo(circle / "pipe.html")
    locked = folder / "locked.html"
    locked.write_text(page(random.Random(8)))
    locked.chmod(0)
    deep = folder
    for at in range(200):
        deep = deep / f"d{at}"
        deep.mkdir()
    (deep / "deep.html").write_text(page(random.Random(9)))
    odd = os.fsencode(folder) + b"/" + "通知".encode("gbk") + b".html"
    with open(odd, "wb") as file:  # noqa: PTH123 (no str names it)
        file.write(page(random.Random(10)).encode())
    for name in ("a\nb.html", "a\x1b[31m.html", "<script>.html", "' OR 1=1.html", "x" * 240 + ".html", "\u202e.html"):
        (folder / name).write_text(page(random.Random(11)))
    small = folder / "small"
    small.mkdir()
    for at in range(small_files):
        (small / f"{at}.html").write_text(f"<title>第{at}件</title><p>第{at}件事情，各单位执行。")


def mutants(originals: Sequence[bytes], count: int, seed: int) -> Iterator[bytes]:
    """Yield damaged copies of pages: bytes flipped, cut, doubled, moved, decoded wrongly, spliced together."""
    chance = random.Random(seed)
    for _ in range(count):
        data = bytearray(chance.choice(originals))
        for _ in range(chance.choice((1, 1, 2, 5, 20))):
            _mutate(data, originals, chance)
        yield bytes(data[: 4 * MEGABYTE])


def _mutate(data: bytearray, originals: Sequence[bytes], chance: random.Random) -> None:
    start = chance.randrange(len(data) + 1)
    end = min(len(data), start + int(chance.expovariate(1 / 300)))
    match chance.choice(("flip", "cut", "double", "tag", "splice", "encode", "end", "noise")):
        case "flip":
            data[start:end] = chance.randbytes(end - start)
        case "cut":
            del data[start:end]
        case "double":
            data[start:start] = data[start:end] * chance.choice((2, 10, 300))
        case "tag":
            data[start:start] = chance.choice((b"<div>", b"</div>", b"<table>", b"<!--", b'"', b"\0", b"<p", b"&")) * 50
        case "splice":
            data[start:] = chance.choice(originals)[start:]
        case "encode":
            data[:] = (
                bytes(data).decode("utf-8", "ignore").encode(chance.choice(("gb18030", "utf-16", "big5")), "ignore")
            )
        case "end":
            del data[start:]
        case _:
            data[start:start] = chance.randbytes(chance.randrange(500))
