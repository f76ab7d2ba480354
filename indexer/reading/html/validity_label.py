"""What a page labels the validity of its announcement with, outside the text: 有效性：已废止, 废止日期：2020-05-01."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from indexer.facts.dates import find_dates
from indexer.reading.html.field_choice import Chosen
from indexer.text.spaces import squeeze

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from indexer.reading.html.labels import Labelled

# A choice between several (有效 失效 废止), as forms have them, is none.
_STATE: Final = re.compile(
    r"(?:文件)?(?:现行|继续|全文|部分|长期)?(?:已被?|现已|尚未|未)?(?:有效|失效|废止|作废|修改|修订|过期|生效|终止)(?:文件)?"
)
_YES_OR_NO: Final = "是否有效"
_LONGEST_DAY: Final = 40  # characters of the value of a label that says until when


def choose_validity_label(labels: Sequence[Labelled], in_text: Collection[int]) -> Chosen[str]:
    """Return labels with their values as one line, "" if the page has none, or contradicts itself.

    What stands in the text (``in_text``: its lines) is read from there.
    """
    outside = [one for one in labels if one.line not in in_text and max(one.line, one.value_line) not in in_text]
    states = {_state(one): one.label for one in reversed(outside) if one.field == "validity" and _state(one)}
    ends = {_ends(one): one.label for one in reversed(outside) if one.field == "ends" and _ends(one)}
    if len(states) > 1:
        return Chosen("", "")
    told = [f"{label}：{value}" for value, label in [*states.items(), *ends.items()]]
    return Chosen("；".join(told), f"label {', '.join([*states.values(), *ends.values()])}" if told else "")


def _state(one: Labelled) -> str:
    value = squeeze(one.value)
    if one.label == _YES_OR_NO:
        return value if value in ("是", "否") or _STATE.fullmatch(value) else ""
    return value if _STATE.fullmatch(value) else ""


def _ends(one: Labelled) -> str:
    value = squeeze(one.value)
    return value if len(value) <= _LONGEST_DAY and find_dates(value) else ""
