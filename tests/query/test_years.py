"""A run that is nothing but a year or a month."""

from __future__ import annotations

from datetime import date

import pytest

from indexer.query.tree import DateSpan
from indexer.query.years import time_of


@pytest.mark.parametrize(
    ("run", "first", "last"),
    [
        ("2023年", date(2023, 1, 1), date(2023, 12, 31)),
        ("2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("２０２３年度", date(2023, 1, 1), date(2023, 12, 31)),
        ("二〇二三年", date(2023, 1, 1), date(2023, 12, 31)),
        ("2024年2月", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023年12月份", date(2023, 12, 1), date(2023, 12, 31)),
    ],
)
def test_a_year_or_month_is_its_days(run: str, first: date, last: date) -> None:
    assert time_of(run) == DateSpan(first, last)


@pytest.mark.parametrize("run", ["", "年", "1023年", "2023级", "2023年计划", "20230", "2023年13月", "2023年5月3日"])
def test_anything_else_is_none(run: str) -> None:
    assert time_of(run) is None
