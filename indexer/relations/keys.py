"""What an index keeps of relations as numbers, so that all announcements can be put together in no time.

Titles and document numbers are stored as digests of their keys: two are one when their digests are equal. All arrays
are plain records, one a document or one a citation, in the order of the documents.
"""

from __future__ import annotations

from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from indexer.facts.dates import NO_DAY, to_day
from indexer.facts.document_number import number_key, parse_number
from indexer.relations.lineage import LEVELS, level_of
from indexer.relations.records import RELATIONS
from indexer.relations.titles import about_key, inner_key, local_key, title_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from indexer.announcement import Announcement
    from indexer.relations.records import OwnKind, Relations

    Array = NDArray[Any]

SOMETIME: Final = NO_DAY + 1  # a day that nobody names: of what is repealed since nobody knows when

IS_NEWS, IS_REVISED, IS_RULE, IS_REPEALING = 1, 2, 4, 8  # flags of a document; the last of a notice that repeals

LEVEL_BITS: Final = 8  # by which how high its place stands is moved up among the flags: a place in ``LEVELS``

DOCUMENT: Final = np.dtype(
    [
        ("number", "<u8"), ("title", "<u8"), ("inner", "<u8"), ("about", "<u8"), ("local", "<u8"), ("citations", "<u4"),
        ("repealed", "<i4"), ("expired", "<i4"), ("effective", "<i4"), ("issued", "<i4"), ("flags", "<u4"),
    ]
)  # fmt: skip
CITATION: Final = np.dtype(
    [
        ("number", "<u8"), ("title", "<u8"), ("about", "<u8"), ("day", "<i4"), ("relation", "u1"), ("partly", "u1"),
        ("issuer", "u1"), ("in_title", "u1"),
    ]
)  # fmt: skip
# Of these a later one under the same title takes the place of the one before; of notices it is about another year.
_RULES: Final = frozenset(
    ("法律", "条例", "规定", "办法", "细则", "规则", "章程", "准则", "规程", "守则", "制度", "标准", "解释")
)
ISSUERS: Final = ("", "national", "local")
CODES: Final = {relation: code for code, relation in enumerate(RELATIONS)}


def digest(key: str) -> int:
    """Return the number that stands for a key; 0 for none."""
    return int.from_bytes(blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little") if key else 0


def documents_of(announcements: Sequence[Announcement], relations: Sequence[Relations]) -> Array:
    """Return a record a document."""
    rows = [_document(one, told) for one, told in zip(announcements, relations, strict=True)]
    return np.array(rows, dtype=DOCUMENT)


def _document(one: Announcement, told: Relations) -> tuple[int, ...]:
    from indexer.facts.document_form import form_of_title  # noqa: PLC0415 - these read texts: who searches does not
    from indexer.facts.document_kind import NEWS  # noqa: PLC0415
    from indexer.relations.repeal_lists import lists_repeals  # noqa: PLC0415

    repeals = IS_REPEALING * lists_repeals(one.title)
    own = {kind: _day_of(kind, told) for kind in ("repealed", "expired", "effective")}
    return (
        digest(number_key(one.number)),
        digest(title_key(one.title)),
        digest(inner_key(one.title)),
        digest(about_key(one.title)),
        digest(local_key(one.title)[1]),
        len(told.citations),
        own["repealed"],
        own["expired"],
        own["effective"],
        to_day(issued_by(one)),
        IS_NEWS * (one.kind == NEWS)
        + IS_REVISED * told.revised
        + IS_RULE * (form_of_title(one.title) in _RULES)
        + repeals
        + (LEVELS.index(level_of(one.region)) << LEVEL_BITS),
    )


def issued_by(one: Announcement) -> date | None:
    """Return a day by which an announcement was there: that of publication, unless its number is of an earlier year.

    Sites put up what is older on one day: 国办发〔2007〕31号 on 2008-03-28.
    """
    number = parse_number(one.number) if one.number else None
    if not number or not one.published or not 0 < number.year < one.published.year:
        return one.published
    return one.signed if one.signed and one.signed.year == number.year else date(number.year, 12, 31)


def _day_of(kind: OwnKind, told: Relations) -> int:
    """Return the day of what an announcement says of itself: SOMETIME if it names none, NO_DAY if it says nothing.

    The day that its page labels it with counts first, for sites know what was prolonged or ended early. Else what is
    marked as over since nobody knows when is over, whatever its term; of repeals the dated one tells.
    """
    states = [state for state in told.own if state.kind == kind]
    if labelled := [state.day for state in states if state.in_label and state.day]:
        return to_day(labelled[-1])
    days = [SOMETIME if state.day is None else to_day(state.day) for state in states]
    return (min if kind == "expired" else max)(days, default=NO_DAY)


def citations_of(relations: Sequence[Relations]) -> Array:
    """Return a record a citation, those of one document behind each other."""
    rows = [
        (
            digest(number_key(one.number)),
            digest(title_key(one.title)),
            digest(about_key(one.title)),
            to_day(one.day),
            CODES[one.relation],
            one.partly,
            ISSUERS.index(one.issuer),
            one.in_title,
        )
        for told in relations
        for one in told.citations
    ]
    return np.array(rows, dtype=CITATION)
