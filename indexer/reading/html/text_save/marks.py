"""What converters write for a page's elements, taken back: bullets, links, headings, tables, line ends.

Terminal browsers number links and break lines at a width; Markdown has signs of its own. Knows nothing of what the
lines say.
"""

from __future__ import annotations

import re

from indexer.errors import PageUnreadable
from indexer.light_dataclass import dataclass
from indexer.reading.html.hard_wraps import columns
from indexer.skip_reasons import because
from indexer.text.spaces import collapse

MAX_LINES = 150_000
# What converters write for an entry of a list. Other signs (●, ◆) and those without a blank are the writer's own.
_BULLET = re.compile(r"(?:[•◦▪‣⁃·*+-]\s+|•)(?:[·•]\s*)?(?=\S)|[•*·]\s*$")
_PIECES = re.compile(r"[ \u3000\xa0]{2,}")
_SPACED_LABEL = re.compile(
    r"(?<![^\s|])([\u4e00-\u9fff])[ \u3000\xa0]{1,8}([\u4e00-\u9fff])(?=\s?[:：\t])"
)  # 文　　号：
_INDENT = re.compile(r"[ \t\u3000\xa0]*")
_HEADING = re.compile(r"(#{1,6})\s*(?=[^#\s])(.*?)\s*#*$")
_MARKDOWN_LINK = re.compile(
    r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\((<[^<>]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+\"([^\"]*)\")?\)"
)
_MARKDOWN_IMAGE = re.compile(r"!\[[^\[\]]*\]\([^()]*\)")
_MARKDOWN_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_MARKDOWN_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|>])")
_TABLE_RULE = re.compile(r"\A\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?")
_NUMBERED_LINK = re.compile(r"\[(\d{1,4})\]")
_REFERENCES = re.compile(r"^[^\S\n]*References[^\S\n]*$(?=\s{0,99}(?:Visible links:?)?\s{0,99}\d+\. )", re.MULTILINE)
_REFERENCE = re.compile(r"^[^\S\n]*(\d{1,4})\. (\S+)[^\S\n]*$", re.MULTILINE)
_FRONT_MATTER = re.compile(r"\A\s{0,9}---[^\S\n]*\n((?:[^\n]{0,2000}\n){1,40}?)---[^\S\n]*(?:\n|\Z)")
_FRONT_VALUE = re.compile(r"^([a-z_]{2,20}):[^\S\n]+[\"']?([^\n]*?)[\"']?[^\S\n]*$", re.MULTILINE)
_FRONT_LABELS = {"date": "发布日期", "published": "发布日期", "source": "来源", "author": "作者", "updated": "更新时间"}
_QUOTED = re.compile(r"(?:>\s?){1,3}(?=\S)")
_FEWEST_LINKS = 3  # that are numbered in order: [1] may be a note in the text
_LABEL_AND_BAR = re.compile(r"[：:]\s*\|\s*[^\s|]")  # 发布日期：  | 2019年02月15日
_FEWEST_BARRED = 2  # lines that show a table by bars
_FEWEST_FULL = 3  # lines at the edge of a terminal
_LONG_SHARE = 0.75  # of the widest line's columns that a long line has; half of the long ones must be full
_TERMINAL = range(60, 133)  # columns
_FULL_COLUMNS = 8  # a full line may be short of the widest one, that has a mark hanging over the edge
_ENDED = re.compile(r"[。！？!?；;：:]['\"”’」』）)\]】]*$")
_LATIN_ENDS = re.compile(r"[A-Za-z0-9]$")


@dataclass(frozen=True, slots=True)
class SavedLine:
    """One line of a text save without its converter's signs."""

    text: str  # layout spaces collapsed
    parts: tuple[str, ...]  # the pieces between wide gaps, or the cells of a row
    columns: int  # blanks before it
    bullet: bool = False
    after_blank: bool = False  # an empty line stands above
    heading: int = 0  # level that a sign gives; 0 without
    link_chars: int = 0
    links: tuple[tuple[str, str], ...] = ()  # text and address
    is_row: bool = False
    indented: bool = False  # by characters that a writer types

    @property
    def is_menu_like(self) -> bool:
        """Return whether it is hardly more than links."""
        return 2 * self.link_chars > len(self.text)


def saved_lines(text: str) -> list[SavedLine]:
    """Read a text save; raises ``PageUnreadable`` if there are more lines than a page can have."""
    if (count := text.count("\n")) > MAX_LINES:
        raise PageUnreadable(because("many-lines", count=f"{count:,}"))
    text = _without_front_matter(text)
    addresses: dict[str, str] = {}
    if references := _REFERENCES.search(text):
        addresses = dict(_REFERENCE.findall(text, references.end()))
        text = text[: references.start()]
    raw = text.splitlines()
    numbered = _are_links_numbered(text)
    markdown = "](" in text and bool(_MARKDOWN_LINK.search(text))
    barred = sum(bool(_LABEL_AND_BAR.search(line)) for line in raw) >= _FEWEST_BARRED
    signs = markdown or sum(bool(_HEADING.match(line)) for line in raw) > 0
    found: list[SavedLine] = []
    after_blank = True
    for line in _unwrapped(raw):
        read = _read(line, addresses, numbered=numbered, markdown=signs, barred=barred, after_blank=after_blank)
        if read is not None:
            found.append(read)
        after_blank = read is None
    return found


def _without_front_matter(text: str) -> str:
    """Write what a Markdown file says of itself before its text (title: … between two rules) as pages say it."""
    match = _FRONT_MATTER.match(text)
    if not match:
        return text
    said = dict(_FRONT_VALUE.findall(match[1]))
    lines = [said.pop("title", "")]
    lines += [f"{_FRONT_LABELS[key]}：{value}" for key, value in said.items() if key in _FRONT_LABELS]
    return "\n".join(filter(None, lines)) + "\n" + text[match.end() :]


def _read(  # noqa: PLR0913 - what is known of the page, and what stands above
    raw: str, addresses: dict[str, str], *, numbered: bool, markdown: bool, barred: bool, after_blank: bool
) -> SavedLine | None:
    """Return a line without its signs; None if nothing is left."""
    line = raw.strip()
    if not line or (line[0] in "|:-" and _TABLE_RULE.fullmatch(line)):
        return None
    blanks = _INDENT.match(raw)
    space = blanks.group() if blanks else ""
    bullet, heading = False, 0
    if match := _BULLET.match(line):
        bullet, line = True, line[match.end() :]
    if markdown and (match := _QUOTED.match(line)):
        line = line[match.end() :]
    if markdown and (match := _HEADING.match(line)):
        heading, line = len(match[1]), match[2]
    links: list[tuple[str, str]] = []
    chars = 0
    if markdown:
        line, links, chars = _without_markdown(line)
    if numbered and "[" in line:
        line, links, chars = _without_numbers(line, addresses)
    line = _SPACED_LABEL.sub(r"\1\2", line)
    is_row = "\t" in line.strip() or ((markdown or barred) and " | " in line and not chars)
    cells = _cells(line, is_row=is_row)
    parts = tuple(part for cell in cells if (part := collapse(cell)))
    if not parts:
        return None
    text = "\t".join(parts) if is_row and len(parts) > 1 else collapse(line)
    return SavedLine(
        text,
        parts,
        columns(space),
        bullet,
        after_blank,
        heading=heading,
        link_chars=chars,
        links=tuple(links),
        is_row=is_row and len(parts) > 1,
        indented="\u3000" in space or "\xa0" in space,
    )


def _cells(line: str, *, is_row: bool) -> list[str]:
    """Return the cells of a row, or the pieces between wide gaps."""
    if "\t" in line:
        return line.split("\t")
    return line.strip("| ").split(" | ") if is_row else _PIECES.split(line)


def _without_markdown(line: str) -> tuple[str, list[tuple[str, str]], int]:
    """Take Markdown's signs off a line: what is left, its links, and how many characters stand in them."""
    links: list[tuple[str, str]] = []

    def shown(match: re.Match[str]) -> str:
        links.append((collapse(match[1]), match[2].strip("<>")))
        return match[1]

    line = _MARKDOWN_LINK.sub(shown, _MARKDOWN_IMAGE.sub("", line))
    line = _MARKDOWN_ESCAPE.sub(r"\1", _MARKDOWN_EMPHASIS.sub(r"\2", line))
    return line, links, sum(len(text) for text, _ in links)


def _are_links_numbered(text: str) -> bool:
    """Return whether [1], [2], [3] … stand in the text in this order, as a terminal browser numbers links."""
    numbers = [int(match[1]) for match in _NUMBERED_LINK.finditer(text)]
    return len(numbers) >= _FEWEST_LINKS and all(number == at for at, number in enumerate(numbers, numbers[0]))


def _without_numbers(line: str, addresses: dict[str, str]) -> tuple[str, list[tuple[str, str]], int]:
    """Take the numbers of links off a line; a link reaches to the next one, or to a wide gap."""
    pieces = _NUMBERED_LINK.split(line)
    links = []
    for number, behind in zip(pieces[1::2], pieces[2::2], strict=True):
        text = collapse(_PIECES.split(behind, maxsplit=1)[0])
        links.append((text, addresses.get(number, "")))
    return " ".join(filter(None, [pieces[0], *pieces[2::2]])), links, sum(len(text) for text, _ in links)


def _unwrapped(raw: list[str]) -> list[str]:
    """Join the lines that a terminal's width broke, where many lines reach to the same edge."""
    widths = [columns(line.rstrip()) for line in raw]
    edge = max(widths, default=0)
    full = [width > edge - _FULL_COLUMNS for width in widths]
    long = sum(width > _LONG_SHARE * edge for width in widths)
    if edge not in _TERMINAL or sum(full) < max(_FEWEST_FULL, long / 2):
        return raw
    lines: list[str] = []
    goes_on = False
    for at, line in enumerate(raw):
        bare = line.strip()
        if goes_on and bare and _continues(raw[at - 1], line):
            blank = " " if _LATIN_ENDS.search(lines[-1]) and bare[0].isascii() and bare[0].isalnum() else ""
            lines[-1] = f"{lines[-1].rstrip()}{blank}{bare}"
        else:
            lines.append(line)
        goes_on = full[at]
    return lines


def _continues(above: str, line: str) -> bool:
    """Return whether a line goes on where a full one broke: it opens nothing and is not indented deeper."""
    bare = line.strip()
    if (
        _ENDED.search(above.rstrip())
        or _BULLET.match(bare)
        or _HEADING.match(bare)
        or line[: len(line) - len(line.lstrip())].count("\u3000")
    ):
        return False
    depth, depth_above = (len(one) - len(one.lstrip()) for one in (line, above))
    is_item = bool(_BULLET.match(above.strip()))
    return depth <= depth_above + (4 if is_item else 0)
