"""The pages' words: every one is there in English, the compiled files fit, and wrong parameters are told in Chinese."""

from __future__ import annotations

import io
import re
from gettext import GNUTranslations
from pathlib import Path
from typing import IO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask_babel import force_locale

from indexer import skip_reasons
from indexer.errors import ParameterError
from indexer.expectations import PHRASES
from indexer.messages import CATALOGS
from indexer.query.parameters import read_query
from indexer.skip_reasons import because
from tests.webui.web_engine import MemoryEngine
from webui import create_app
from webui.server.problem_messages import EXPECTED, REASONS, advice, reason

WEBUI = Path(__file__).parents[2] / "webui"
PLACES = {
    "en": WEBUI / "translations" / "en" / "LC_MESSAGES",
    "zh": CATALOGS / "zh" / "LC_MESSAGES",
}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.xml", "jinja2")]
WRONG = {
    "page": ["0"],
    "per_page": ["1000"],
    "sort": ["up"],
    "year": ["20"],
    "from": ["soon"],
    "in": ["body"],
    "number": ["hello"],
    "cursor": ["?"],
    "colour": ["red"],
    "q": ["字" * 1001],
    "source": ["源" * 201],
    "form": [str(number) for number in range(60)],
}


def catalog(language: str) -> Catalog:
    with (PLACES[language] / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def messages(compiled: IO[bytes]) -> dict[object, str]:
    """Return what a compiled file translates; its header, which names the compiler's version, left out."""
    return {key: text for key, text in vars(GNUTranslations(compiled))["_catalog"].items() if key != ""}


def words() -> set[str]:
    """Everything that the code and the templates give to gettext."""
    keywords: dict[str, None] = dict.fromkeys(("_", "gettext", "ngettext", "N_"))
    found = extract_from_dir(WEBUI, method_map=METHODS, keywords=keywords)
    messages = (message if isinstance(message, str) else message[0] for _, _, message, _, _ in found)
    return {message for message in messages if message}


def test_every_chinese_word_of_the_pages_has_an_english_one() -> None:
    english = catalog("en")
    for word in words():
        if not word.isascii():
            message = english.get(word)
            assert message is not None, word
            assert message.string, word


def test_no_translation_is_left_of_words_that_are_gone() -> None:
    held = {m.id if isinstance(m.id, str) else m.id[0] for m in catalog("en") if m.id}
    assert {word for word in held if not word.isascii()} == {word for word in words() if not word.isascii()}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_translations_keep_their_placeholders(language: str) -> None:
    for message in catalog(language):
        source = message.id if isinstance(message.id, str) else message.id[0]
        targets = [message.string] if isinstance(message.string, str) else message.string or ()
        for target in targets:
            if source and target:
                assert set(re.findall(r"%\(\w+\)s", target)) == set(re.findall(r"%\(\w+\)s", source)), source


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_compiled_file_is_that_of_the_written_one(language: str) -> None:
    written = io.BytesIO()
    write_mo(written, catalog(language))
    written.seek(0)
    with (PLACES[language] / "messages.mo").open("rb") as held:
        assert messages(held) == messages(written), (
            f"compile anew: pybabel compile -d {PLACES[language].parents[1].relative_to(WEBUI.parent)}"
        )


def test_every_wrong_parameter_is_told_in_chinese() -> None:
    with pytest.raises(ParameterError) as raised:
        read_query(WRONG)
    with pytest.raises(ParameterError) as more:
        read_query({"from": ["2021"], "to": ["2020"], "page": ["1001"]})
    problems = (*raised.value.problems, *more.value.problems)
    assert {problem.name for problem in problems} == {*WRONG, "to"}
    with create_app(MemoryEngine()).test_request_context(), force_locale("zh"):
        for problem in problems:
            assert re.search("[一-鿿]", advice(problem.expected)), problem


def test_every_expectation_is_known_to_the_translators() -> None:
    assert EXPECTED == PHRASES


@pytest.mark.parametrize("code", sorted(skip_reasons.PHRASES))
def test_every_reason_of_a_skipped_page_is_told_in_chinese(code: str) -> None:
    names = re.findall(r"%\((\w+)\)s", skip_reasons.PHRASES[code])
    why = because(code, **dict.fromkeys(names, "X"))
    with create_app(MemoryEngine()).test_request_context(), force_locale("zh"):
        assert re.search("[一-鿿]", reason(why)), why
        assert reason(why).count("X") == str(why).count("X")
    with create_app(MemoryEngine()).test_request_context(), force_locale("en"):
        assert reason(why) == str(why)


def test_every_reason_is_known_to_the_translators() -> None:
    assert REASONS == skip_reasons.PHRASES
