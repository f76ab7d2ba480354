"""Which titles are of versions of one text."""

from __future__ import annotations

import pytest

from indexer.relations.editions import version_title

_ENDS = "（2018年修正）|(2020修订)|（试行）| （第二次修正）|（2021年版）|2021年版|（修订）（试行）|"


@pytest.mark.parametrize("end", _ENDS.split("|"))
def test_what_tells_versions_apart_is_no_part_of_their_title(end: str) -> None:
    assert version_title(f"示例管理条例{end}") == version_title("《示例管理条例》") == "示例管理条例"


@pytest.mark.parametrize("title", ["示例解释（三）", "示例条例（一）", "2021年工作要点", "示例条例（公开）"])
def test_what_tells_texts_apart_stays(title: str) -> None:
    assert version_title(title) != version_title(title[:-3])
    assert version_title(title)


def test_a_short_title_tells_nothing() -> None:
    assert (version_title("公告"), version_title(""), version_title("（试行）")) == ("", "", "")
