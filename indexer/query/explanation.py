"""Say in plain Chinese how a query was read, and what was loosened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from indexer.query.leaves import as_typed
from indexer.query.printer import describe
from indexer.query.readings import exactly
from indexer.query.sentences import sentence_of
from indexer.query.spellings import say_spellings
from indexer.query.tree import And, Near, Or, Phrase, Share, walk

if TYPE_CHECKING:
    from indexer.query.readings import Reading, ReadingName
    from indexer.query.tree import Node, Query

MOST_SAID: Final = 8  # strings of a reading that are named


def say(query: Query, reading: Reading | None, *, stands_whole: bool) -> str:
    """Say how a query was read; as ``query.understood`` has it where each run is looked for as it was typed.

    ``stands_whole`` says that all that is found holds each run as typed, whatever the reading would allow.
    """
    if reading is None or query.root is None:
        return query.understood
    exact = exactly(query.root)
    if reading.name == "exact":
        return describe(exact) + say_spellings(exact)
    if reading.name == "near" and (stands_whole or reading.root == exact):
        return query.understood
    if reading.time or reading.place:
        instead = _published_then(reading) if reading.time else _instead_of_place(reading)
        return f"{query.understood}（{instead}）"
    typed = as_typed(query.root)
    manner = _manner(reading.name, as_typed(reading.root), typed)
    if reading.name == "sentence" and isinstance(typed, And) and (taken := sentence_of(typed)):
        return "，".join(filter(None, (describe(And(taken[0])) if taken[0] else "", manner)))
    return f"{query.understood}（{manner}）"


def _manner(name: ReadingName, read: Node | None, typed: Node | None) -> str:
    strings = _named(_strings(read))
    match name:
        case "near":
            return "，".join(dict.fromkeys(_near(read))) or f"查找{strings}"
        case "loose":
            return f"{strings}可以分散在各处"
        case "sentence":
            lifted = "，引号中的和分开写的排在前面" if isinstance(typed, And) else ""
            return f"按整句查找，含{strings}中的一部分即可{lifted}"
        case _:
            return f"只含{strings}中的一部分"


def _published_then(reading: Reading) -> str:
    strings = _strings(reading.root)
    holding = f"、含{_named(strings)}的" if strings else ""
    return f"没有同时写明“{reading.time}”的，改为查找{reading.time}发布的{holding}"


def _instead_of_place(reading: Reading) -> str:
    strings = _strings(reading.root)
    wanted = [f"地区为{'或'.join(reading.regions)}的"] if reading.regions else []
    wanted += [f"含{_named(strings)}的"] if strings else []
    instead = f"改为查找{'、'.join(wanted)}" if wanted else f"略去“{reading.place}”"
    return f"没有同时写明“{reading.place}”的，{instead}"


def _near(root: Node | None) -> list[str]:
    return [f"{_named(node.rows)}相隔不远" for node in walk(root) if isinstance(node, Near)]


def _strings(root: Node | None) -> tuple[str, ...]:
    strings: dict[str, None] = {}
    for node in walk(root, (And, Or, Share)):
        match node:
            case Near(rows):
                strings |= dict.fromkeys(rows)
            case Phrase(text, "any" | "title"):
                strings[text] = None
            case _:
                continue
    return tuple(strings)


def _named(strings: tuple[str, ...]) -> str:
    more = "等" if len(strings) > MOST_SAID else ""
    return "、".join(f"“{string}”" for string in strings[:MOST_SAID]) + more
