"""Read what people type into a query's tree. Whatever cannot be read as syntax is read as text; nothing is an error.

Written by hand, for a parser generator's strength is refusing what its grammar does not hold, and this language
refuses nothing: a bracket without its partner, an operator without its operand, a title pasted with its own quotes
and brackets are all text. pyparsing, lark and luqum would each need the same clean-up before them, then a second one
for their errors.

    query    = either*                        all of them
    either   = both ((OR | 或 | "|") both)*   at least one
    both     = unary ((AND | NEAR | NEAR/5) unary)*
    unary    = (NOT | 非 | -)* operand
    operand  = [field:] (run | "string" | "(" query ")") | document number | day..day

So a space binds least: 甲 乙 OR 丙 is 甲 and (乙 or 丙), as in web search engines, while 甲 AND 乙 OR 丙 is
(甲 and 乙) or 丙, as in logic. Operators are words by themselves: 或者 and 非法 are text, and so is a lower-case or.
"""

from __future__ import annotations

import re
from bisect import bisect
from calendar import monthrange
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from indexer.facts.document_number import find_numbers, parse_number
from indexer.light_dataclass import dataclass
from indexer.query.printer import FIELD_NAMES, describe
from indexer.query.proximity import LEADING, NEAR_UNITS, SUFFIX, near_of
from indexer.query.tree import And, DateSpan, Node, Not, NumberTerm, Or, Phrase, Term
from indexer.text.fold import fold
from indexer.text.patterns import lazily
from indexer.text.units import dropped_signs, units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.query.tree import Field

MAX_DEPTH: Final = 20  # brackets within brackets; deeper ones are text, so that a tree can be walked by recursion
EVERYTHING: Final = "全部公告"  # how a query that holds no character to look for is said

_OPENING, _CLOSING = "(（", ")）"
_DOUBLE_QUOTES = '"＂“”'  # any of them opens and closes: input methods mix them
_QUOTED = lazily(rf"[{_DOUBLE_QUOTES}]([^{_DOUBLE_QUOTES}]*)[{_DOUBLE_QUOTES}]|「([^「」]*)」|『([^『』]*)』")
# What opens and is closed by nothing is a string to the end, as of a title that is typed or pasted in part.
_UNCLOSED = lazily(rf"(?<![A-Za-z0-9])[\"＂“]([^{_DOUBLE_QUOTES}]+)$|「([^「」]+)$|『([^『』]+)$")
# What other search engines take for operators.
_FOREIGN_SIGNS: Final = "*＊~～^"  # no character to look for
_FOREIGN_WORDS: Final = lazily(r"(?:NEAR|ADJ|XOR|ＮＥＡＲ)(?:/\d{0,4})?")
# What holds one of these in brackets is more than a title's （试行）.
_SYNTAX = lazily(rf"[\s|｜{_DOUBLE_QUOTES}「『]")

_EITHER = lazily(r"[|｜]+")
_NOT_SIGN = lazily(r"[-－](?=\S)")
_WORD = lazily(
    rf"(?:(?P<or>OR|ＯＲ|或)|(?P<and>AND|ＡＮＤ)|(?P<not>NOT|ＮＯＴ|非))(?=[\s{_OPENING}{_CLOSING}{_DOUBLE_QUOTES}「『]|$)"
)
_NEAR = lazily(r"(?:NEAR|ＮＥＡＲ)(?:/(\d{1,2}))?(?=\s)")
_FIELDS: Final[dict[str, Field]] = {name: field for field, names in FIELD_NAMES.items() for name in names}
_FIELD = lazily(rf"({'|'.join(_FIELDS)}):\s*")
_DAY = r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月?)|年?)"
_DAYS = lazily(rf"(?:{_DAY})?\.\.(?:{_DAY})?(?=[\s{_CLOSING}|｜]|$)")

Kind = Literal["open", "close", "or", "and", "near", "not", "field", "phrase", "number", "days", "run"]
_OPERANDS: Final = frozenset[Kind]({"phrase", "number", "days", "run"})


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Kind
    text: str  # as typed; of a phrase what is within the quotes
    field: Field = "any"
    node: Node | None = None  # of a number or of days
    between: int = NEAR_UNITS  # units that NEAR allows


@lru_cache(maxsize=512)  # a page of results asks for the same tree twice, and the next page again
def parse(text: str) -> tuple[Node | None, str]:
    """Read a query: its tree, None when everything is asked for, and how it was read, in Chinese."""
    tokens = _Lexer(text).tokens()
    # The rarer ways to write a number are known only when nothing else is there, spaces or not: 沪府令 12号.
    whole = _document_number(text) if all(token.kind == "run" for token in tokens) else None
    parser = _Parser(_settled(tokens))
    root = whole or parser.query("any")
    left_out = _say_left_out(tokens, () if whole else parser.no_strings)
    return root, (describe(root) or (EVERYTHING if text.strip() else "")) + left_out


def _say_left_out(tokens: Sequence[_Token], no_strings: Sequence[str]) -> str:
    """Say what of a query is not looked for, "" if everything is: signs that make no unit, other engines' operators."""
    said = dict.fromkeys(f"“{operator.strip()}”两边须是两个字以上的词，按“且”查找" for operator in no_strings)
    for token in tokens:
        text = token.text.strip()
        if token.kind == "phrase" and text and not units(text):
            said[f"略去“{text}”"] = None
        elif token.kind == "phrase" and (marks := dropped_signs(text)):
            said[f"引号内的“{marks}”只作间隔"] = None
        elif token.kind == "run" and (suffix := SUFFIX.search(text) or LEADING.match(text)):
            said[f"略去“{suffix[0]}”"] = None
        elif token.kind == "run" and (marks := "".join(sign for sign in _FOREIGN_SIGNS if sign in text)):
            said[f"略去“{marks}”"] = None
        elif token.kind == "run" and _FOREIGN_WORDS.fullmatch(text):
            said[f"“{text}”按文字查找"] = None
    return f"（{'，'.join(said)}）" if said else ""


def _document_number(text: str) -> NumberTerm | None:
    if "号" not in text and "號" not in text:  # as most runs; reading one takes 0.1 ms
        return None
    number = parse_number(text)
    return NumberTerm(number.normal, text.strip()) if number and number.prefix else None


# ── text → tokens ────────────────────────────────────────────────────────────────────────────────────


class _Lexer:
    """Cuts a query into tokens, left to right, each character looked at a bounded number of times."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._folded = fold(text)
        self._quotes = {match.start(): match for match in _QUOTED.finditer(text)}
        quoted = [(match.start(), match.end()) for match in self._quotes.values()]
        unclosed = _UNCLOSED.search(text)
        if unclosed and not any(start <= unclosed.start() < end for start, end in quoted):
            self._quotes[unclosed.start()] = unclosed
            quoted.append((unclosed.start(), unclosed.end()))
        self._numbers = {
            found.start: found
            for found in find_numbers(text)
            if not any(start < found.end and found.start < end for start, end in quoted)
        }
        self._skips = dict(quoted) | {found.start: found.end for found in self._numbers.values()}
        self._groups = self._grouping_brackets()
        self._tokens: list[_Token] = []

    def tokens(self) -> list[_Token]:
        """Return all tokens."""
        at = 0
        while at < len(self._text):
            at = at + 1 if self._text[at].isspace() else self._token(at)
        return self._tokens

    def _token(self, at: int) -> int:
        """Take one token and give where it ends."""
        text = self._text
        if number := self._numbers.get(at):
            typed = text[at : number.end]
            return self._take("number", typed, number.end, node=NumberTerm(number.number.normal, typed))
        if quote := self._quotes.get(at):
            return self._take("phrase", next(group for group in quote.groups() if group is not None), quote.end())
        if at in self._groups:
            return self._take("open" if text[at] in _OPENING else "close", text[at], at + 1)
        if match := _EITHER.match(text, at):
            return self._take("or", match[0], match.end())
        return self._word_token(at) if self._fresh(at) else self._run(at)

    def _word_token(self, at: int) -> int:
        text = self._text
        if match := _NOT_SIGN.match(text, at):
            return self._take("not", match[0], match.end())
        if match := _NEAR.match(text, at):
            between = int(match[1]) if match[1] else NEAR_UNITS
            self._tokens.append(_Token("near", match[0], between=between))
            return match.end()
        if match := _WORD.match(text, at):
            kind: Kind = "or" if match["or"] else "and" if match["and"] else "not"
            return self._take(kind, match[0], match.end())
        if match := _FIELD.match(self._folded, at):
            return self._take("field", text[at : match.end()], match.end(), field=_FIELDS[match[1]])
        if (match := _DAYS.match(self._folded, at)) and (days := _read_days(match)):
            return self._take("days", text[at : match.end()], match.end(), node=days)
        return self._run(at)

    def _run(self, at: int) -> int:
        end = at + 1
        while end < len(self._text) and not self._ends_run(end):
            end += 1
        typed = self._text[at:end]
        if _WORD.fullmatch(typed):  # no operator, glued to what follows; a string stays text wherever it is put
            return self._take("phrase", typed, end)
        return self._take("run", typed, end, node=_document_number(typed))

    def _ends_run(self, at: int) -> bool:
        return self._text[at].isspace() or self._text[at] in "|｜" or at in self._skips or at in self._groups

    def _fresh(self, at: int) -> bool:
        """Return whether a word can begin here: not in the middle of a run, nor glued to a document number."""
        glued = bool(self._tokens) and self._tokens[-1].kind == "number" and not self._text[at - 1].isspace()
        return not glued

    def _take(self, kind: Kind, text: str, end: int, field: Field = "any", node: Node | None = None) -> int:
        self._tokens.append(_Token(kind, text, field, node))
        return end

    def _grouping_brackets(self) -> frozenset[int]:
        """Find the brackets that group: paired, not too deep, and more than a title's （试行）."""
        text, groups, opened, at = self._text, set[int](), list[int](), 0
        if not any(sign in text for sign in _OPENING):
            return frozenset()
        syntax = [match.start() for match in _SYNTAX.finditer(text)]
        while at < len(text):
            if at not in self._skips and text[at] in _OPENING:
                opened.append(at)
            elif at not in self._skips and text[at] in _CLOSING and opened:
                start = opened.pop()
                has_syntax = bisect(syntax, start) < bisect(syntax, at)
                if len(opened) < MAX_DEPTH and (has_syntax or not self._glued(start, at)):
                    groups |= {start, at}
            at = self._skips.get(at, at + 1)
        return frozenset(groups)

    def _glued(self, start: int, end: int) -> bool:
        """Return whether text goes on before or after a pair of brackets, without a space."""
        before, after = self._text[start - 1 : start], self._text[end + 1 : end + 2]
        return before.isalnum() or after.isalnum() or before == "》" or after == "《"


def _read_days(match: re.Match[str]) -> DateSpan | None:
    """Read 2020-01..2021-06; None when an end is no date or both are missing."""
    numbers = [int(group) if group else 0 for group in match.groups()]
    if not any(numbers):
        return None
    try:
        first = date(numbers[0], numbers[1] or 1, numbers[2] or 1) if numbers[0] else None
        last = last_day(*numbers[3:]) if numbers[3] else None
    except ValueError:
        return None
    if first and last and first > last:
        first, last = _read_turned(numbers)
    return DateSpan(first, last)


def _read_turned(numbers: Sequence[int]) -> tuple[date, date]:
    return date(numbers[3], numbers[4] or 1, numbers[5] or 1), last_day(*numbers[:3])


def last_day(year: int, month: int = 0, day: int = 0) -> date:
    """Return the last day of a year, of its month, or the day itself; 0 is "not given". Raises ``ValueError``."""
    month = month or 12
    return date(year, month, day or (monthrange(year, month)[1] if 1 <= month <= 12 else 0))


# ── tokens → tree ────────────────────────────────────────────────────────────────────────────────────


def _settled(tokens: Sequence[_Token]) -> list[_Token]:
    """Turn operators and fields that have nothing to work on into text."""
    settled: list[_Token] = []
    for token in reversed(tokens):  # from the right, for what follows decides
        follows = settled[-1].kind if settled else "close"
        operand_follows = follows in _OPERANDS | {"open", "not"} or (follows == "field" and token.kind != "field")
        idle = token.kind in {"not", "field", "or", "and", "near"} and not operand_follows
        settled.append(_as_text(token) if idle else token)
    settled.reverse()
    before: Kind = "open"
    for at, token in enumerate(settled):
        if token.kind in {"or", "and", "near"} and before not in _OPERANDS | {"close"}:
            settled[at] = _as_text(token)
        before = settled[at].kind
    return settled


def _as_text(token: _Token) -> _Token:
    return replace(token, kind="phrase", text=token.text.strip().rstrip(":："), field="any")


class _Parser:
    """Recursive descent over settled tokens; brackets are paired, so it cannot fail, nor go deeper than they do."""

    def __init__(self, tokens: Sequence[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self.no_strings: list[str] = []  # operators for nearness with something else than strings beside them

    def query(self, field: Field) -> Node | None:
        """Read up to the end or the closing bracket; None when nothing there holds a unit."""
        parts = []
        while self._at < len(self._tokens) and self._tokens[self._at].kind != "close":
            parts.append(self._either(field))
        return _joined(And, parts)

    def _either(self, field: Field) -> Node | None:
        parts = [self._both(field)]
        while self._took("or"):
            parts.append(self._both(field))
        return _joined(Or, parts)

    def _both(self, field: Field) -> Node | None:
        parts = [self._unary(field)]
        while self._took("and") or self._took("near"):
            operator, part = self._tokens[self._at - 1], self._unary(field)
            near = near_of(parts[-1], part, operator.between) if operator.kind == "near" else None
            if operator.kind == "near" and near is None:
                self.no_strings.append(operator.text)
            parts[-1:] = [near] if near else [parts[-1], part]
        return _joined(And, parts)

    def _unary(self, field: Field) -> Node | None:
        negated = False
        while (token := self._tokens[self._at]).kind in {"not", "field"}:
            negated ^= token.kind == "not"
            field = token.field if token.kind == "field" else field
            self._at += 1
        node = self._operand(field)
        if not negated or node is None:
            return node
        return node.part if isinstance(node, Not) else Not(node)

    def _operand(self, field: Field) -> Node | None:
        token = self._tokens[self._at]
        self._at += 1
        if token.kind == "open":
            node = self.query(field)
            self._at += 1  # the closing bracket
            return node
        return _leaf(token, field)

    def _took(self, kind: Kind) -> bool:
        there = self._at < len(self._tokens) and self._tokens[self._at].kind == kind
        self._at += there
        return there


def _leaf(token: _Token, field: Field) -> Node | None:
    if token.node and field == "any":
        return token.node
    if field == "number" and (number := parse_number(token.text)):
        return Term(number.normal, field)
    is_phrase = token.kind == "phrase"
    text = token.text if is_phrase else LEADING.sub("", SUFFIX.sub("", token.text), count=1)
    if not units(text):
        return None
    return (Phrase if is_phrase else Term)(text.strip(), field)


def _joined(kind: type[And | Or], parts: Sequence[Node | None]) -> Node | None:
    """Join parts: none twice, none empty, none of the same kind within, and one alone as itself."""
    flat: dict[Node, None] = {}
    for part in parts:
        if part is not None:
            flat.update(dict.fromkeys(part.parts if isinstance(part, kind) else (part,)))
    return next(iter(flat)) if len(flat) == 1 else kind(tuple(flat)) if flat else None
