"""Builders of announcements and engines for tests; they hide what does not matter to a test."""

from __future__ import annotations

from datetime import date
from typing import Any

from indexer.announcement import Announcement

_DAY = date(2020, 6, 1)


def announcement(identity: str = "a", title: str = "示例公告", body: str = "正文。", **fields: Any) -> Announcement:
    """An announcement with a day; give only what the test is about."""
    return Announcement(id=identity, title=title, body=body, **{"published": _DAY, **fields})
