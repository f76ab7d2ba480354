from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.query.parser import EVERYTHING, MAX_DEPTH, parse
from indexer.query.printer import describe, write
from indexer.query.tree import And, DateSpan, Near, Node, Not, NumberTerm, Or, Phrase, Term
from indexer.text.units import BREAK, units

NUMBER = "国办发〔2017〕47号"


def read(text: str) -> Node | None:
    return parse(text)[0]


def all_of(*parts: Node | str) -> And:
    return And(tuple(Term(part) if isinstance(part, str) else part for part in parts))


def any_of(*parts: Node | str) -> Or:
    return Or(tuple(Term(part) if isinstance(part, str) else part for part in parts))


def without(part: Node | str) -> Not:
    return Not(Term(part) if isinstance(part, str) else part)


@pytest.mark.parametrize("typed", ["乡村振兴 补贴", "乡村振兴　补贴", " 乡村振兴 \t 补贴 ", "乡村振兴 AND 补贴"])
def test_a_space_of_any_kind_asks_for_both(typed: str) -> None:
    assert read(typed) == all_of("乡村振兴", "补贴")


@pytest.mark.parametrize(
    "typed", ['"对口帮扶"', "“对口帮扶”", "「对口帮扶」", "『对口帮扶』", "＂对口帮扶＂", "“对口帮扶“", '“对口帮扶"']
)
def test_quotes_of_any_kind_ask_for_exactly_this_string(typed: str) -> None:
    assert read(typed) == Phrase("对口帮扶")


@pytest.mark.parametrize("typed", ["扶贫 -疫情", "扶贫 －疫情", "扶贫 NOT 疫情", "扶贫 非 疫情", "扶贫 ＮＯＴ 疫情"])
def test_minus_and_not_exclude(typed: str) -> None:
    assert read(typed) == all_of("扶贫", without("疫情"))


@pytest.mark.parametrize(
    "typed",
    [
        "扶贫 OR 脱贫",
        "扶贫|脱贫",
        "扶贫｜脱贫",
        "扶贫 或 脱贫",
        "扶贫 | 脱贫",
        "(扶贫 OR 脱贫)",
        "（扶贫 或 脱贫）",
        "扶贫||脱贫",
    ],
)
def test_or_in_every_form_asks_for_either(typed: str) -> None:
    assert read(typed) == any_of("扶贫", "脱贫")


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("补贴 扶贫 OR 脱贫", all_of("补贴", any_of("扶贫", "脱贫"))),
        ("甲 AND 乙 OR 丙", any_of(all_of("甲", "乙"), "丙")),
        ("(甲 乙)|丙", any_of(all_of("甲", "乙"), "丙")),
        ("（甲 或 乙）丙", all_of(any_of("甲", "乙"), "丙")),
        ("甲 -(乙 丙)", all_of("甲", without(all_of("乙", "丙")))),
        ("甲 -（乙|丙）", all_of("甲", without(any_of("乙", "丙")))),
        ("甲 OR -乙", any_of("甲", without("乙"))),
        ("NOT NOT 甲", Term("甲")),
        ("((甲 (乙 | (丙 丁))))", all_of("甲", any_of("乙", all_of("丙", "丁")))),
        ("甲 甲 乙", all_of("甲", "乙")),
        ("“甲”或“乙”", any_of(Phrase("甲"), Phrase("乙"))),
    ],
)
def test_operators_nest(typed: str, tree: Node) -> None:
    assert read(typed) == tree


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("标题:扶贫", Term("扶贫", "title")),
        ("標題：扶贫", Term("扶贫", "title")),
        ("Title: 扶贫", Term("扶贫", "title")),
        ("标题:“对口帮扶”", Phrase("对口帮扶", "title")),
        ("标题:(甲 OR 乙)", any_of(Term("甲", "title"), Term("乙", "title"))),
        ("标题:-甲", without(Term("甲", "title"))),
        ("-标题:甲", without(Term("甲", "title"))),
        ("来源:广州市人民政府", Term("广州市人民政府", "source")),
        ("source:教育部", Term("教育部", "source")),
        ("地区：广东省/广州市", Term("广东省/广州市", "region")),
        ("region:广东", Term("广东", "region")),
        ("文种:通知", Term("通知", "form")),
        ("form:通知", Term("通知", "form")),
        ("文号:国办发[2017] 47号", Term(NUMBER, "number")),
        ("number:国办发(2017)第47号", Term(NUMBER, "number")),
        ("文号:国办发", Term("国办发", "number")),
    ],
)
def test_a_field_is_named_before_a_colon(typed: str, tree: Node) -> None:
    assert read(typed) == tree


@pytest.mark.parametrize(
    "typed", [NUMBER, "国办发[2017]47号", "国办发(2017) 第47号", "国办发 〔２０１７〕 47 号", "国办发【2017】47号"]
)
def test_a_document_number_is_known_in_any_bracket_width_and_spacing(typed: str) -> None:
    assert read(typed) == NumberTerm(NUMBER, typed)


def test_a_document_number_is_known_within_a_sentence_but_a_quoted_one_is_a_string() -> None:
    assert read("关于国办发[2017]47号的解读") == all_of("关于", NumberTerm(NUMBER, "国办发[2017]47号"), "的解读")
    assert read(f"-{NUMBER}") == Not(NumberTerm(NUMBER, NUMBER))
    assert read(f"“{NUMBER}”") == Phrase(NUMBER)


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2020-01..2021-06", date(2020, 1, 1), date(2021, 6, 30)),
        ("2020..2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("2020-02-03..2020-02", date(2020, 2, 3), date(2020, 2, 29)),
        ("2020-1..", date(2020, 1, 1), None),
        ("..2020/11/5", None, date(2020, 11, 5)),
        ("２０２０－０１．．２０２１－０６", date(2020, 1, 1), date(2021, 6, 30)),
        ("2020年1月..2021年6月", date(2020, 1, 1), date(2021, 6, 30)),
        ("2021..2020", date(2020, 1, 1), date(2021, 12, 31)),
    ],
)
def test_two_dots_between_days_mean_published_between(typed: str, first: date | None, last: date | None) -> None:
    assert read(typed) == DateSpan(first, last)


@pytest.mark.parametrize(
    "typed",
    ["或者", "非法集资", "NOTICE", "or", "2020-13..2021", "..", "x..y", "扶贫-脱贫", "COVID-19", "http://example.cn"],
)
def test_what_only_looks_like_syntax_is_text(typed: str) -> None:
    root = read(typed)
    assert root == (Term(typed) if units(typed) else None)


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("(扶贫", Term("(扶贫")),
        ("扶贫)", Term("扶贫)")),
        ("“扶贫", Phrase("扶贫")),
        ("OR", Phrase("OR")),
        ("扶贫 OR", all_of("扶贫", Phrase("OR"))),
        ("或 扶贫", all_of(Phrase("或"), "扶贫")),
        ("扶贫 NOT", all_of("扶贫", Phrase("NOT"))),
        ("(甲 OR) 乙", all_of("甲", Phrase("OR"), "乙")),
        ("标题:", Phrase("标题")),
        ("标题: 来源:甲", all_of(Phrase("标题"), Term("甲", "source"))),
        ("关于印发方案（试行）的通知", Term("关于印发方案（试行）的通知")),
        ("《方案》（2021-2025年）", Term("《方案》（2021-2025年）")),
        ("扶贫 - 脱贫", all_of("扶贫", "脱贫")),
        ("() 甲", Term("甲")),
        ("-", None),
        ("？！", None),
    ],
)
def test_syntax_without_its_other_half_is_text(typed: str, tree: Node | None) -> None:
    assert read(typed) == tree


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("", ""),
        ("？", EVERYTHING),
        ("对口帮扶", "对口帮扶"),
        ("乡村振兴 补贴", "含“乡村振兴”、“补贴”"),
        ("“对口帮扶”", "含原文“对口帮扶”"),
        ("扶贫 OR 脱贫 -疫情", "含“扶贫”或“脱贫”，不含“疫情”"),
        ("标题:扶贫 2020-01..2021-06", "标题含“扶贫”，发布于 2020-01-01 至 2021-06-30"),
        ("来源:教育部 地区:广东 文种:通知", "来源含“教育部”，地区为“广东”，文种为“通知”"),
        ("国办发[2017]47号", f"文号 {NUMBER}"),
        (f"-{NUMBER} 2020..", f"除去文号 {NUMBER}，发布于 2020-01-01 及以后"),
        ("甲 -(乙 丙)", "含“甲”，除去（含“乙”且“丙”）"),
        ("(甲 (乙|丙)) OR 丁", "（含“甲”且（含“乙”或“丙”））或含“丁”"),
        ("扶贫 OR", "含“扶贫”，含原文“OR”"),
    ],
)
def test_the_reading_is_said_in_plain_chinese(typed: str, understood: str) -> None:
    assert parse(typed)[1] == understood


# ── for all queries ──

PIECES = (
    *("扶贫", "脱贫 ", "对口帮扶", "a", "B2", " ", "　", "(", ")", "（", "）", '"', "“", "”", "「", "」", "『", "』"),
    *(
        "-",
        "－",
        "|",
        "｜",
        " OR ",
        " AND ",
        " NOT ",
        " 或 ",
        " 非 ",
        "或",
        "非",
        "OR",
        "标题:",
        "source：",
        "文号:",
        ":",
    ),
    *(
        "2020-01..2021-06",
        " ..2020",
        "2020.. ",
        "..",
        NUMBER,
        "国办发[2017]47号",
        "第3号",
        "，",
        "《",
        "》",
        "\n",
        "的",
        " NEAR/3 ",
        " NEAR ",
        "扶贫",
        "~2",
        "*",
        " +",
    ),
)
typed_text = st.lists(st.sampled_from(PIECES), max_size=14).map("".join) | st.text(max_size=40)

Meaning = tuple[object, ...]


def meaning(node: Node | None) -> Meaning:
    """What a tree finds, without how its strings were written."""
    match node:
        case None:
            return ()
        case Term() | Phrase():
            row = tuple(units(node.text))
            loose = isinstance(node, Term) and len(row) > 1
            return ("words" if loose else "string", node.field, row)
        case And() | Or():
            parts = list(dict.fromkeys(map(meaning, node.parts)))
            return (type(node).__name__, *parts) if len(parts) > 1 else parts[0]
        case Not():
            return ("not", meaning(node.part))
        case NumberTerm():
            return ("number", node.number)
        case Near():
            return ("near", node.field, node.window, *(tuple(units(row)) for row in node.rows))
        case DateSpan():
            return ("days", node.first, node.last)
        case _:
            raise TypeError(f"{node!r} is nothing that can be typed")


def depth(node: Node | None) -> int:
    match node:
        case And() | Or():
            return 1 + max(map(depth, node.parts))
        case Not():
            return 1 + depth(node.part)
    return 0


def leaves(node: Node | None) -> list[Node]:
    match node:
        case And() | Or():
            return [leaf for part in node.parts for leaf in leaves(part)]
        case Not():
            return leaves(node.part)
    return [] if node is None else [node]


@given(typed_text)
@example("((甲)")
@example("标题:标题:甲")
@example("“甲”「乙")
@example("-")
@example("(|)")
@example("非(“”) 甲")
@example('「扶贫"「')
@example('『甲「"')
def test_a_query_is_never_an_error_and_what_is_read_can_be_written_and_read_again(typed: str) -> None:
    root, understood = parse(typed)
    assert bool(understood) == bool(typed.strip())
    again = read(write(root))
    assert meaning(again) == meaning(root)
    assert understood.startswith((describe(root) or EVERYTHING) if typed.strip() else "")


@given(typed_text)
def test_a_tree_is_flat_where_it_can_be_and_holds_nothing_empty(typed: str) -> None:
    def check(node: Node | None) -> None:
        match node:
            case And() | Or():
                assert len(node.parts) == len(set(node.parts)) > 1
                assert not any(isinstance(part, type(node)) for part in node.parts)
                for part in node.parts:
                    check(part)
            case Not():
                assert not isinstance(node.part, Not)
                check(node.part)
            case Term() | Phrase():
                assert any(unit != BREAK for unit in units(node.text))

    check(read(typed))


@given(typed_text)
def test_no_character_to_look_for_gets_lost(typed: str) -> None:
    syntax = {"or", "and", "not", "或", "非", "标题", "source"}
    kept = {unit for leaf in leaves(read(typed)) for unit in units(getattr(leaf, "text", ""))}
    kept |= {unit for leaf in leaves(read(typed)) if isinstance(leaf, Near) for row in leaf.rows for unit in units(row)}
    kept |= {unit for leaf in leaves(read(typed)) if isinstance(leaf, NumberTerm) for unit in units(leaf.number)}
    chinese = {unit for unit in units(typed) if "一" <= unit <= "鿿"}
    assert chinese - set("".join(syntax)) - set("文号年月日第") <= kept


@pytest.mark.parametrize(
    "typed",
    [
        "(" * 10_000 + "甲" + ")" * 10_000,
        "(" * 10_000,
        "甲|(乙 " * 10_000 + ")" * 10_000,
        "-" * 10_000 + "甲",
        "标题:" * 5_000 + "甲",
        "“" * 9_999,
    ],
)
def test_depth_is_bounded(typed: str) -> None:
    root, understood = parse(typed)
    assert depth(root) <= 2 * MAX_DEPTH + 2
    assert understood


@pytest.mark.parametrize(
    ("typed", "root"),
    [
        ("“对口帮扶", Phrase("对口帮扶")),
        ('"对口帮扶 协作', Phrase("对口帮扶 协作")),
        ("广东 「对口帮扶", And((Term("广东"), Phrase("对口帮扶")))),
        ("“甲乙” “丙丁", And((Phrase("甲乙"), Phrase("丙丁")))),
        ("“甲乙” 丙丁", And((Phrase("甲乙"), Term("丙丁")))),
        ("甲乙”", Term("甲乙”")),
        ("“", None),
    ],
)
def test_a_quote_that_nothing_closes_is_a_string_to_the_end(typed: str, root: Node | None) -> None:
    assert parse(typed)[0] == root
