"""What a text claims of documents: which it names, which clause of them, and which words it gives as theirs.

Pure: a text goes in, claims with their places come out. Linear in the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from indexer.light_dataclass import dataclass
from indexer.relations.clause_names import normal_name
from indexer.relations.mentions import mentions_in
from indexer.text.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.relations.mentions import Mention

MAX_WORDS: Final = 2_000  # characters of a quotation that are looked for; a longer one is compared up to there
_NUMERAL: Final = r"[一二三四五六七八九十百千零〇两\d０-９]{1,8}"
_STEP: Final = rf"第\s?{_NUMERAL}\s?[条款项目章节编](?:之\s?{_NUMERAL})?(?:第?[（(]{_NUMERAL}[）)]项?)?"
# Behind a document: （2018修正）, 的, a comma; then its clause.
_TO_CLAUSE: Final = lazily(
    rf"\s?(?:[（(][^（()）\n]{{0,60}}[）)])?\s?(?:文件|一文)?[的中里]?[，,]?\s?(?:其中)?(?P<clause>(?:{_STEP}){{1,4}})"
)
_NEXT_CLAUSE: Final = lazily(rf"\s?(?:、|，|,|和|及|与|以及|或者?)\s?(?P<clause>(?:{_STEP}){{1,4}})")
# A clause of what was named before: 该法第十条, 同条例第三条.
_SAME: Final = lazily(
    rf"(?:该|同|上述|前述)(?:法|法律|条例|规定|办法|意见|通知|决定|细则|规则|方案|文件|解释)(?P<clause>(?:{_STEP}){{1,4}})?"
)
# What introduces the words of a document.
_SAYS: Final = lazily(
    r"\s?(?:[（(][^（()）\n]{0,60}[）)])?(?:的)?(?:文件|一文)?(?:中|里|内)?(?:也|还|则|均|已|曾|就|即)?(?:明确|明文|专门|特别|作出|作了)?(?:地)?"
    r"(?:规定|明确|载明|写明|指出|要求|提出|强调|写道|表述为|原文为|内容为|称)(?:了|的是|是|为)?\s?(?P<colon>[：:，,]?)\s?"
)
_QUOTES: Final = {"“": "”", '"': '"', "「": "」", "『": "』"}
_SENTENCE_END: Final = lazily(r"[。！？\n]|$")
_BARE_QUOTE: Final = lazily(r"\s?[：:]?\s?(?=[“\"「『])")


@dataclass(frozen=True, slots=True)
class Claim:
    """One document, clause or quotation that a text cites, at characters [start, end) of it."""

    start: int
    end: int
    title: str  # "" where only a number is given
    number: str  # normal form; "" where only a title is given
    clause: str = ""  # normal name: 第十二条第二款; "" where the document as a whole is cited
    words: str = ""  # given as the document's; "" where none are
    is_quoted: bool = False  # the words stand in quotation marks


def claims_in(text: str) -> Iterator[Claim]:
    """Yield what a text cites, in order; a document with two clauses gives two claims."""
    mentions, at = mentions_in(text), 0
    while at < len(mentions):
        mention = mentions[at]
        reached = mention.end
        for claim in _claims_of(text, mention, mention.start, mention.end, _next_start(mentions, at + 1, text)):
            reached = max(reached, claim.end)
            yield claim
        at += 1
        while at < len(mentions) and mentions[at].start < reached:  # within the words that are quoted
            inner = mentions[at]
            yield Claim(inner.start, inner.end, inner.title, inner.number)
            at += 1
        yield from _same_again(text, mention, reached, _next_start(mentions, at, text))


def _next_start(mentions: Sequence[Mention], at: int, text: str) -> int:
    return mentions[at].start if at < len(mentions) else len(text)


def _same_again(text: str, mention: Mention, reached: int, until: int) -> Iterator[Claim]:
    """Yield what is cited of a document that was named before: 该法第十条规定 …."""
    for same in _SAME.finditer(text, reached, until):
        if same.start() < reached:
            continue
        begin = same.start("clause") if same["clause"] else same.end()
        for claim in _claims_of(text, mention, same.start(), begin, until):
            if claim.clause or claim.words:
                reached = max(reached, claim.end)
                yield claim


def _claims_of(text: str, mention: Mention, start: int, at: int, until: int) -> Iterator[Claim]:
    """Yield the clauses named behind a document; the words behind the last of them are its."""
    clauses: list[tuple[int, int, str]] = []
    match = _TO_CLAUSE.match(text, at, until)
    while match:
        clauses.append((start if not clauses else match.start("clause"), match.end(), normal_name(match["clause"])))
        at = match.end()
        match = _NEXT_CLAUSE.match(text, at, until)
    end, words, is_quoted = _words_behind(text, at, until)
    if not clauses:
        yield Claim(start, end or at, mention.title, mention.number, "", words if is_quoted else "", is_quoted)
    for number, (first, last, clause) in enumerate(clauses):
        if number + 1 < len(clauses):
            yield Claim(first, last, mention.title, mention.number, clause)
        else:
            yield Claim(first, end or last, mention.title, mention.number, clause, words, is_quoted)


def _words_behind(text: str, at: int, until: int) -> tuple[int, str, bool]:
    """Return where the words end that are given as a document's, the words, and whether they are quoted."""
    says = _SAYS.match(text, at, until)
    begin = says.end() if says else at
    if not says and (bare := _BARE_QUOTE.match(text, at)):
        begin = bare.end()
    closing = _QUOTES.get(text[begin : begin + 1])
    # A quotation may name other documents: it ends where its mark does, not before the next of them.
    if closing and (end := _closing(text, begin, closing)) > 0:
        return end + 1, text[begin + 1 : end], True
    if not says or not says["colon"]:
        return 0, "", False
    ending = _SENTENCE_END.search(text, begin, begin + MAX_WORDS)
    end = ending.start() if ending else min(len(text), begin + MAX_WORDS)
    return end, text[begin:end], False


def _closing(text: str, begin: int, closing: str) -> int:
    """Return where a quotation ends that may hold others in the same marks; -1 if nothing ends it soon."""
    opening, depth, until = text[begin], 0, min(len(text), begin + 2 + MAX_WORDS)
    if opening != closing:
        for at in range(begin, until):
            depth += (text[at] == opening) - (text[at] == closing)
            if depth == 0:
                return at
    return text.find(closing, begin + 1, until)
