"""How an announcement, or a clause of it, is cited: GB/T 7714-2015, BibTeX and RIS.

GB/T 7714: an electronic bulletin [EB/OL], or [Z] where no address is known; a clause stands behind the
title. BibTeX: ``@misc`` with braces around what must keep its signs. RIS: a government document, GOVDOC.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final, Literal, get_args
from zlib import crc32

from indexer.light_dataclass import dataclass
from indexer.text.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ReferenceFormat = Literal["gbt7714", "bibtex", "ris"]
FORMATS: Final[tuple[ReferenceFormat, ...]] = get_args(ReferenceFormat)
_LINE_ENDS: Final = lazily(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")  # any of them would begin a field of its own
_NOT_A_KEY: Final = lazily(r"[^0-9A-Za-z._-]+")
_TEX: Final = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "#": r"\#", "_": r"\_", "$": r"\$",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reference:
    """What is cited."""

    id: str  # of the announcement
    title: str
    cited: date  # the day on which it is cited
    source: str = ""
    number: str = ""  # 发文字号
    published: date | None = None
    url: str = ""  # "" where no address is known
    clause: str = ""  # 第十二条第二款; "" for the whole


def write_references(references: Iterable[Reference], form: ReferenceFormat) -> str:
    """Return references in one format, each ended by a line end; BibTeX and RIS with what their files ask for."""
    write: dict[ReferenceFormat, Callable[[Reference], str]] = {"gbt7714": gbt7714, "bibtex": bibtex, "ris": ris}
    return "".join(write[form](reference) + "\n" for reference in references)


def gbt7714(reference: Reference) -> str:
    """Return the line: issuer. title: number, clause[EB/OL]. (published)[cited]. address; without what is missing."""
    title, number = _plain(reference.title), _plain(reference.number)
    more = [part for part in (number if number not in title else "", _plain(reference.clause)) if part]
    name = f"{title}: {', '.join(more)}" if more else title
    published = f"({reference.published.isoformat()})" if reference.published else ""
    medium = "[EB/OL]" if reference.url else "[Z]"
    parts = [
        _plain(reference.source),
        name + medium,
        f"{published}[{reference.cited.isoformat()}]",
        _plain(reference.url),
    ]
    return ". ".join([part for part in parts if part]) + "."


def bibtex(reference: Reference) -> str:
    """Return an entry; its key is the announcement's id, with a checksum of the clause where there is one."""
    day = reference.published
    fields = {
        "title": f"{{{_tex(reference.title)}}}",
        "author": f"{{{_tex(reference.source)}}}" if reference.source else "",
        "number": _tex(reference.number),
        "year": str(day.year) if day else "",
        "month": str(day.month) if day else "",
        "day": str(day.day) if day else "",
        "note": _tex(reference.clause),
        "url": _plain(reference.url).replace("\\", "%5C").replace("{", "%7B").replace("}", "%7D"),
        "urldate": reference.cited.isoformat(),
        "langid": "chinese",
    }
    key = _NOT_A_KEY.sub("", reference.id) + (f"-{crc32(reference.clause.encode()):x}" if reference.clause else "")
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{key},", *lines, "}"])


def ris(reference: Reference) -> str:
    """Return a record."""
    day = reference.published
    fields = [
        ("TY", "GOVDOC"),
        ("ID", reference.id),
        ("TI", reference.title),
        ("AU", reference.source),
        ("PB", reference.source),
        ("PY", str(day.year) if day else ""),
        ("DA", day.strftime("%Y/%m/%d") if day else ""),
        ("M1", reference.number),
        ("SE", reference.clause),
        ("UR", reference.url),
        ("Y2", reference.cited.strftime("%Y/%m/%d")),
        ("LA", "zh"),
    ]
    lines = [f"{tag}  - {_plain(value)}" for tag, value in fields if value]
    return "\n".join([*lines, "ER  - "])


def _plain(text: str) -> str:
    return text.strip() if text.isprintable() else _LINE_ENDS.sub(" ", text).strip()


def _tex(text: str) -> str:
    return re.sub(r"[\\{}%&#_$~^]", lambda sign: _TEX[sign[0]], _plain(text))
