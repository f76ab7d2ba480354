"""Whether an announcement still holds, said in lines of a terminal: the state, since when, and who says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.messages import said
from indexer.relations.validity import EXPIRED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.answers.relations import Evidence, Validity
    from indexer.messages import Words


def validity_lines(validity: Validity | None) -> Iterator[tuple[Words, Words]]:
    """Yield what is known of an announcement's validity, each line with its name; nothing for news."""
    if validity is None:
        return
    if validity.evidence or not validity.known_until:
        yield said("validity:"), validity.state
    else:
        day = str(validity.known_until)
        yield (
            said("validity:"),
            said("%(state)s (until %(day)s, the newest day in this index)", state=validity.state, day=day),
        )
    for evidence in validity.evidence:
        yield "", _said(evidence)
        if evidence.day:
            yield "", _day(str(evidence.day), is_last=evidence.how == "term" or _is_label_of_end(validity, evidence))
        if evidence.sentence:
            yield "", f"“{evidence.sentence}”"


def _said(evidence: Evidence) -> Words:
    by = f"{evidence.id} {evidence.title}"
    match evidence.how:
        case "repeal":
            return said("repealed by %(by)s", by=by)
        case "amendment":
            return said("amended by %(by)s", by=by)
        case "version":
            return said("there is a later version: %(by)s", by=by)
        case "label":
            return said("marked so on its own page")
        case "term":
            return said("by its own term of validity")
        case "effective":
            return said("by its own day of effect")


def _is_label_of_end(validity: Validity, evidence: Evidence) -> bool:
    return evidence.how == "label" and validity.state == EXPIRED


def _day(day: str, *, is_last: bool) -> Words:
    return said("last day: %(day)s", day=day) if is_last else said("from %(day)s on", day=day)
