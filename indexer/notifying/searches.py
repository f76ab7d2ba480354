"""The searches whose news are sent: a file with one a line, ``name: parameters`` as they stand in an address."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from indexer.errors import InputError, ParameterError, PathUnreadable
from indexer.light_dataclass import dataclass
from indexer.messages import Words, of_system, said
from indexer.query.parameters import read_query

if TYPE_CHECKING:
    from pathlib import Path

    from indexer.query.tree import Query

MOST_SEARCHES: Final = 1_000
_NAME_CHARS: Final = 100


class SearchesWrong(InputError):
    """A line of the file cannot be used."""

    def __init__(self, path: Path, number: int, why: Words) -> None:
        super().__init__(said("%(path)s, line %(number)s: %(why)s", path=str(path), number=str(number), why=why))


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """One search."""

    name: str  # once in its file
    parameters: str  # as they stand in an address, for the link to its hits
    query: Query  # sorted by arrival


def read_searches(path: Path) -> list[SavedSearch]:
    """Read the file; raises ``SearchesWrong`` for the first line that is wrong, ``PathUnreadable``.

    Blank lines and those that begin with # say nothing. What is pasted from a browser may keep its "/?".
    """
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except OSError as error:
        raise PathUnreadable(path, of_system(error)) from error
    except UnicodeDecodeError as error:
        raise PathUnreadable(path, said("it is not UTF-8")) from error
    found: dict[str, SavedSearch] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, colon, asked = line.partition(":")
        name = " ".join(name.split())
        if not colon or not name or name in found:
            raise SearchesWrong(
                path, number, said("expected a name of its own, a colon and parameters: 扶贫: q=扶贫&year=2020")
            )
        if len(name) > _NAME_CHARS:
            raise SearchesWrong(path, number, said("a name has at most %(count)s characters", count=str(_NAME_CHARS)))
        if len(found) >= MOST_SEARCHES:
            raise SearchesWrong(path, number, said("a file has at most %(count)s searches", count=f"{MOST_SEARCHES:,}"))
        found[name] = _search(path, number, name, asked.strip().rpartition("?")[2])
    if not found:
        raise SearchesWrong(path, max(1, len(lines)), said("there is no search in it"))
    return list(found.values())


def _search(path: Path, number: int, name: str, asked: str) -> SavedSearch:
    try:
        query = read_query(parse_qs(asked, max_num_fields=100))
    except ParameterError as error:
        raise SearchesWrong(path, number, error.told) from error
    except ValueError as error:
        raise SearchesWrong(path, number, str(error)) from error
    return SavedSearch(name, asked, replace(query, sort="indexed", page=1, cursor=""))
