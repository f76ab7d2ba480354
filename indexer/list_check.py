"""Check a list of titles and document numbers: what each is in this index, whether it still holds, and who says so.

A line is a number, a title, or both: 国办发〔2017〕47号, 《示例市节水条例》, 示例市节水条例（示政发〔2020〕3号）.
"""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING, Final

from indexer.errors import InputError
from indexer.facts.document_form import form_of_title
from indexer.facts.document_number import find_numbers, number_key, parse_number
from indexer.light_dataclass import dataclass
from indexer.messages import said
from indexer.query.parameters import read_query
from indexer.reading.encoding import decode
from indexer.relations.titles import LONGEST_TITLE, inner_key, is_same_matter, title_key
from indexer.text.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from indexer.answers.results import Hit
    from indexer.engine import Engine

MOST_UNPACKED_BYTES: Final = 20_000_000  # of an XLSX file
MOST_BYTES: Final = 4_000_000  # of a file
MOST_LINES: Final = 1_000  # of one list; each is a search or two
LONGEST_LINE: Final = 600  # characters
NEAR: Final = 3  # announcements that are offered when none is the one
COLUMNS: Final = ("line", "title", "number", "found", "state", "as_of", "evidence", "day", "id", "near")

_LEAD: Final = lazily(r"^[\s　]*(?:[（(]?\d{1,4}[）).、．\t]|[一二三四五六七八九十]{1,3}、|[-*•·])[\s　]*")
_SERIAL_AT_END: Final = lazily(r"[（(]?[一二三四五六七八九十]{1,3}[）)]?$")  # …的解释（二）
# What Word ends the cells of a table with, and the like: no character of a title, and no search takes it.
_CONTROL: Final = lazily("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]+")
_ENDS: Final = " \t　,，;；。.\"'"


class ListUnusable(InputError):
    """A list that cannot be checked."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line of a list, read."""

    line: str
    title: str  # "" where only a number stands
    number: str  # normal form; "" where only a title stands


@dataclass(frozen=True, slots=True)
class Checked:
    """What this index knows of one line."""

    wanted: Wanted
    found: tuple[Hit, ...]  # one, several that may be meant, or none: not in this index
    near: tuple[Hit, ...] = ()  # offered where none is found

    @property
    def state(self) -> str:
        """Return the state of the one that is meant; "" if none or several are, or it is news."""
        one = self.found[0] if len(self.found) == 1 else None
        return one.validity.state if one and one.validity else ""


def read_lines(text: str, most: int = MOST_LINES) -> list[Wanted]:
    """Read a list, a title or a number a line; of lines with tabs or commas the first cells that are one.

    Raises ``ListUnusable`` when it holds none, or too many.
    """
    return _bounded(filter(None, (_wanted([line]) for line in text.replace("\r", "\n").split("\n"))), most)


def read_csv(text: str, most: int = MOST_LINES) -> list[Wanted]:
    """Read a list out of the rows of a CSV file; errors as ``read_lines``."""
    delimiter = "\t" if "\t" in text[:1000] and "," not in text[:1000] else ","
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise ListUnusable(said("The list cannot be read as CSV: %(why)s", why=str(error))) from error
    return read_rows(rows, most)


def read_file(name: str, content: bytes, most: int = MOST_LINES) -> list[Wanted]:
    """Read a list out of a file: text, CSV or XLSX, told by its name and its first bytes; errors as ``read_lines``."""
    if len(content) > MOST_BYTES:
        raise ListUnusable(said("The list is larger than %(count)s bytes; cut it into parts.", count=f"{MOST_BYTES:,}"))
    if content.startswith(b"PK\x03\x04"):
        return read_rows(_xlsx_rows(content), most)
    text = decode(content)
    return read_csv(text, most) if name.lower().endswith((".csv", ".tsv")) else read_lines(text, most)


def _xlsx_rows(content: bytes) -> Iterator[list[str]]:
    """Yield the rows of the first sheet; a packed file is measured before anything opens it."""
    try:
        from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - an extra
    except ImportError:
        raise ListUnusable(said("Reading XLSX needs the extra: pip install 'policy-search[attachments]'")) from None
    try:
        _measure(content)
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise ListUnusable(said("The list cannot be read as XLSX: %(why)s", why=str(error))) from error
    for row in rows:
        yield [str(cell) for cell in row]


def _measure(content: bytes) -> None:
    """Unpack a file piece by piece, to no more than it may hold: sizes that it states itself may be wrong."""
    left = MOST_UNPACKED_BYTES
    for size in _unpacked_pieces(content):
        left -= size
        if left < 0:
            raise ListUnusable(said("The list holds too much: 20 MB are unpacked at most."))


def _unpacked_pieces(content: bytes) -> Iterator[int]:
    """Yield how many bytes each piece of a ZIP archive has, unpacked one by one."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            with archive.open(entry) as file:
                while piece := file.read(1 << 16):
                    yield len(piece)


def read_rows(rows: Iterable[Sequence[str]], most: int = MOST_LINES) -> list[Wanted]:
    """Read a list out of rows of cells, of which one may hold a title and one a number; errors as ``read_lines``."""
    return _bounded(filter(None, (_wanted([cell for cell in row if cell.strip()]) for row in rows)), most)


def _bounded(wanted: Iterable[Wanted], most: int) -> list[Wanted]:
    held: list[Wanted] = []
    for one in wanted:
        if len(held) >= most:
            raise ListUnusable(said("The list is longer than %(count)s lines; cut it into parts.", count=f"{most:,}"))
        held.append(one)
    if not held:
        raise ListUnusable(said("The list holds no title and no document number."))
    return held


def _wanted(cells: Sequence[str]) -> Wanted | None:
    """Read one line or row: the first number, and the first cell that is a title."""
    title = number = ""
    cells = [_CONTROL.sub(" ", cell) for cell in cells]
    for cell in cells:
        text = _LEAD.sub("", cell[:LONGEST_LINE], count=1).strip(_ENDS)
        whole = parse_number(text)
        if whole and whole.prefix:
            number = number or whole.normal
            continue
        found = find_numbers(text)
        if found:
            number = number or found[-1].number.normal
            text = text[: found[-1].start] + text[found[-1].end :]
        name = text.strip(_ENDS + "（）()〔〕[]【】").strip("《》")
        if not title and len(title_key(name)) >= 3 and not _is_heading(name):
            title = name[:LONGEST_TITLE]
    line = " ".join(cells)[:LONGEST_LINE].strip()
    return Wanted(line, title, number) if title or number else None


def _is_heading(cell: str) -> bool:
    return cell in {"文件名称", "文件标题", "发文字号", "名称", "标题", "文号", "序号", "title", "number", "备注"}


def check(engine: Engine, wanted: Iterable[Wanted]) -> Iterator[Checked]:
    """Yield what an index knows of each line of a list."""
    for one in wanted:
        yield _check(engine, one)


def _check(engine: Engine, one: Wanted) -> Checked:
    if one.number:
        bearing = engine.lookup_number(one.number).bearing
        fitting = [hit for hit in bearing if not one.title or is_same_matter(one.title, hit.title)]
        if bearing:
            return Checked(one, tuple(fitting or bearing))
    if not one.title:
        return Checked(one, (), tuple(_near_numbers(engine, one.number)))
    hits = _titled(engine, one.title)
    key = title_key(one.title)
    exact = [hit for hit in hits if title_key(hit.title) == key and not _bears_another(hit, one.number)]
    if exact:
        documents = [hit for hit in exact if hit.validity is not None]
        return Checked(one, tuple(documents or exact))
    held = [hit for hit in hits if _is_it(one.title, hit.title) and not _bears_another(hit, one.number)]
    if len(held) == 1:
        return Checked(one, tuple(held))
    return Checked(one, (), tuple((held or hits)[:NEAR]))


def _is_it(wanted: str, title: str) -> bool:
    """Return whether a title, with more or less around it, is the one that was given.

    What goes on to another form behind it is another document: …条例实施细则, 关于废止…条例的决定.
    """
    if not is_same_matter(wanted, title):
        return False
    asked, held = title_key(wanted), title_key(title)
    if asked == inner_key(title) or held == inner_key(wanted):
        return True
    short, long = sorted((asked, held), key=len)
    return not form_of_title(_SERIAL_AT_END.sub("", long.partition(short)[2]))


def _bears_another(hit: Hit, number: str) -> bool:
    return bool(number and hit.number and number_key(hit.number) != number_key(number))


def _titled(engine: Engine, title: str) -> tuple[Hit, ...]:
    """Return announcements with such a title, best first: with its words in the title, else with some of them."""
    text = title.replace('"', " ").replace("“", " ").replace("”", " ")
    return engine.search(read_query({"q": [text[:200]], "in": ["title"], "per_page": ["20"]})).hits


def _near_numbers(engine: Engine, number: str) -> Iterator[Hit]:
    for near in engine.lookup_number(number).near[:NEAR]:
        yield from engine.lookup_number(near).bearing[:1]


def csv_rows(checked: Iterable[Checked]) -> Iterator[tuple[str, ...]]:
    """Yield the result as rows of text, see ``COLUMNS``."""
    for one in checked:
        hit = one.found[0] if len(one.found) == 1 else None
        validity = hit.validity if hit else None
        told = validity.evidence[0] if validity and validity.evidence else None
        yield (
            one.wanted.line,
            hit.title if hit else one.wanted.title,
            hit.number if hit else one.wanted.number,
            said_of(one),
            one.state,
            validity.as_of.isoformat() if validity else "",
            f"{told.title}：{told.sentence}" if told else "",
            told.day.isoformat() if told and told.day else "",
            " ".join(found.id for found in one.found),
            "；".join(near.title for near in one.near),
        )


def said_of(one: Checked) -> str:
    """Return whether a line was found: found, several, or not in this index."""
    return "found" if len(one.found) == 1 else "several" if one.found else "not in this index"
