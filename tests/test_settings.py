"""The operator's choices: read once, with a clear word when one cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.errors import SettingWrong
from indexer.settings import DEFAULT_INDEX, Settings, read_settings


def test_without_variables_everything_has_its_default() -> None:
    assert read_settings({}) == Settings(DEFAULT_INDEX, None, None)
    assert read_settings({"POLICY_SEARCH_INDEX": "", "POLICY_SEARCH_WORDS": ""}) == read_settings({})


def test_each_variable_is_read(tmp_path: Path) -> None:
    file = tmp_path / "table.txt"
    file.write_text("花都区\n")
    values = {"POLICY_SEARCH_INDEX": "/x", "POLICY_SEARCH_WORDS": str(file), "POLICY_SEARCH_SYNONYMS": str(file)}
    assert read_settings(values) == Settings(Path("/x"), file, file)


def test_a_table_that_is_not_there_is_named() -> None:
    with pytest.raises(SettingWrong, match="POLICY_SEARCH_WORDS=/none: there is no such file"):
        read_settings({"POLICY_SEARCH_WORDS": "/none"})


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_a_table_that_is_not_in_utf_8_is_named(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "table.txt"
    file.write_text("扶贫 脱贫\n", encoding)
    for name in ("POLICY_SEARCH_WORDS", "POLICY_SEARCH_SYNONYMS"):
        with pytest.raises(SettingWrong, match=f"{name}=.*table.txt: it is not UTF-8"):
            read_settings({name: str(file)})


def test_the_kernel_is_turned_off_by_one_word_alone() -> None:
    assert [read_settings({"POLICY_SEARCH_KERNEL": word}).kernel for word in ("", "on", "off")] == [True, True, False]
    with pytest.raises(SettingWrong, match="POLICY_SEARCH_KERNEL=no: expected on or off"):
        read_settings({"POLICY_SEARCH_KERNEL": "no"})


@pytest.mark.parametrize("secret", ["pa/ss", "12/34", "pa#ss", "12#34", "pa?ss", "1?2@3", "a@b/c"])
def test_a_password_that_is_not_written_as_addresses_want_it_is_never_shown(secret: str) -> None:
    values = {"POLICY_SEARCH_ENGINE": "opensearch", "POLICY_SEARCH_URL": f"https://admin:{secret}@a.example:9200"}
    with pytest.raises(SettingWrong, match=r"a\.example:9200.*%2F") as wrong:
        read_settings(values)
    assert secret not in str(wrong.value)
    assert "admin" not in str(wrong.value)
