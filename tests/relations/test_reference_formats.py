"""How references are written."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.relations.reference_formats import FORMATS, Reference, bibtex, gbt7714, ris, write_references

TODAY = date(2026, 11, 27)
LAW = Reference(
    "a1", "示例条例", TODAY, "示例市人民政府", "示府规〔2024〕3号", date(2024, 3, 5), "http://x.example/1", "第二条"
)


def test_the_line_of_gbt7714_names_the_clause_behind_the_number() -> None:
    assert gbt7714(LAW) == (
        "示例市人民政府. 示例条例: 示府规〔2024〕3号, 第二条[EB/OL]. (2024-03-05)[2026-11-27]. http://x.example/1."
    )
    assert gbt7714(Reference("a1", "示例条例", TODAY)) == "示例条例[Z]. [2026-11-27]."


def test_an_entry_of_bibtex_keeps_what_tex_would_read_as_its_own() -> None:
    entry = bibtex(Reference("a.1", "100%的{A}_B \\ C\n@misc{x", TODAY, url="http://x.example/{a}"))
    assert entry.startswith("@misc{a.1,\n")
    assert r"title = {{100\%的\{A\}\_B \textbackslash{} C @misc\{x}}," in entry
    assert "url = {http://x.example/%7Ba%7D}," in entry
    assert bibtex(LAW).split("\n")[0] not in (bibtex(Reference("a1", "", TODAY)).split("\n")[0], "")


def test_a_record_of_ris_has_a_field_a_line() -> None:
    lines = ris(LAW).split("\n")
    assert (lines[0], lines[-1]) == ("TY  - GOVDOC", "ER  - ")
    assert {"TI  - 示例条例", "M1  - 示府规〔2024〕3号", "SE  - 第二条", "PY  - 2024", "DA  - 2024/03/05"} <= set(lines)


TEXT = st.text(max_size=30)


@pytest.mark.parametrize("form", FORMATS)
@given(title=TEXT, source=TEXT, clause=TEXT, url=TEXT)
def test_nothing_of_a_page_begins_a_field_or_closes_an_entry(
    form: str, title: str, source: str, clause: str, url: str
) -> None:
    told = write_references([Reference("a1", title, TODAY, source, url=url, clause=clause)], form)  # type: ignore[arg-type]
    lines = told.removesuffix("\n").split("\n")
    match form:
        case "ris":
            assert lines[-1] == "ER  - "
            assert all(line[2:6] == "  - " for line in lines)
        case "bibtex":
            plain = told.replace("\\{", "").replace("\\}", "")
            depth = [plain[:at].count("{") - plain[:at].count("}") for at in range(1, len(plain) + 1)]
            assert min(depth[5:-3], default=1) >= 1
            assert depth[-1] == 0
        case _:
            assert len(lines) == 1
