"""Cut text into words, which ranking goes by. Only this file and ``jieba_dictionary`` know jieba.

A *word* is one or more neighbouring units of a row, as jieba cuts them with its statistical guessing (HMM) off;
whether jieba or its faster twin rjieba does the cutting cannot be told from the words. One segmenter serves the index
and the query; it knows nothing of either. An engine holds its own, which cuts by its operator's words too.
"""

from __future__ import annotations

import functools
import importlib.util
import sys
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, Protocol, TypeVar

import numpy as np

from indexer.text.cutter import compiled
from indexer.text.fold import text_of
from indexer.text.jieba_dictionary import FIRST_HAN, LAST_HAN, Dictionary, dictionary_file, digest_with, is_han
from indexer.text.units import BREAK, BREAK_CODE, RUN_CODE, TYPED_CHARACTERS, places_of_units, unit_spans, units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from indexer.text.cutter import CompiledWords
    from indexer.text.fold import Codes

_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")
_Owner = TypeVar("_Owner", bound="_HasSegmenter")

# Goes up with every change of what units or words a text gives; indexes made by another version ask for a rebuild.
ANALYZER_VERSION: Final = "2"

# What stands, in the text given to a cutter, for a unit that is none of its business, a break, and a text's end.
MARKS = OTHER_MARK, BREAK_MARK, TEXT_MARK = "\n", " ", "\t"


class Segmenter:
    """Cuts by jieba's dictionary and an operator's own words; safe to share between threads."""

    def __init__(self, user_words: Iterable[str] = ()) -> None:
        """Take the operator's words; those that are no row of plain Chinese characters are left out."""
        self.user_words = tuple(sorted({_squeezed(word) for word in user_words} - {""}))
        # Ranking, marking and synonyms each want the words of a query: 0.1 ms each.
        self._words_typed = functools.lru_cache(maxsize=1000)(self._cut_typed)

    @functools.cached_property
    def digest(self) -> str:
        """Return 16 hexadecimal digits for the dictionary and the operator's words; equal digests cut equally."""
        return digest_with(self.user_words)

    def words(self, text: str) -> list[str]:
        """Return the words of a text, folded, in order; [] when it holds no units.

        A word is whole units of one row: cutting never splits a run of letters and digits.
        """
        return list(self._words_typed(text)) if len(text) <= TYPED_CHARACTERS else self.cutter.cut([text])[0]

    def words_of(self, texts: Sequence[str]) -> list[list[str]]:
        """Return the words of many texts; for short ones this takes a fraction of cutting each alone."""
        return self.cutter.cut(texts)

    def word_spans(self, text: str) -> list[tuple[str, int, int]]:
        """Return the words of a text with where each lies in it, [start, end) in characters."""
        places = places_of_units(text)
        at, found = 0, []
        for word in self.words(text):
            unit, start, _ = places[at]
            last = at if len(unit) > 1 else at + len(word) - 1  # of two characters and more only a run has
            found.append((word, start, places[last][2]))
            at = last + 1
        return found

    @functools.cached_property
    def cutter(self) -> Cutter:
        """Return the fast cutter where there is one, else jieba."""
        has_twin = importlib.util.find_spec("rjieba") is not None
        return rjieba_cutter(self.user_words) if has_twin else self._jieba

    @functools.cached_property
    def _jieba(self) -> Cutter:
        return jieba_cutter(self.user_words)

    @functools.cached_property
    def compiled(self) -> CompiledWords | None:
        """Return what cuts a whole index into numbers of words; None where nothing is compiled."""
        native = compiled()
        return None if native is None else native.Words(*_dictionary(self.user_words).all_lines())

    def _cut_typed(self, text: str) -> tuple[str, ...]:
        # rjieba reads all of its dictionary when it is imported, 0.13 s; jieba cuts what a person types in 0.03 s.
        return tuple((self.cutter if "rjieba" in sys.modules else self._jieba).cut_units(units(text)))


@functools.cache
def _segmenter_of(user_words: tuple[str, ...]) -> Segmenter:
    return Segmenter(user_words)


def segmenter_of(user_words: Iterable[str] = ()) -> Segmenter:
    """Return the segmenter that cuts with these words; the same object for the same words, for it is slow to make."""
    return _segmenter_of(tuple(sorted(set(user_words))))


# Which segmenter cuts here. An engine makes its own the current one for as long as one of its verbs runs, so that two
# engines with different words can answer in one process; a thread of its own begins with the plain one.
_current: Final[ContextVar[Segmenter | None]] = ContextVar("segmenter", default=None)


def current_segmenter() -> Segmenter:
    """Return the segmenter that cuts in this context: jieba's dictionary alone unless somebody chose another."""
    return _current.get() or _segmenter_of(())  # asked a dozen times for each query


@contextmanager
def cutting_by(segmenter: Segmenter) -> Iterator[None]:
    """Cut by this segmenter until the block ends."""
    token = _current.set(segmenter)
    try:
        yield
    finally:
        _current.reset(token)


class _HasSegmenter(Protocol):
    segmenter: Segmenter


def cuts_by_its_segmenter(
    verb: Callable[Concatenate[_Owner, _Given], _Answer],
) -> Callable[Concatenate[_Owner, _Given], _Answer]:
    """Make a method cut by the segmenter of the object that it belongs to."""

    @functools.wraps(verb)
    def run(owner: _Owner, /, *args: _Given.args, **kwargs: _Given.kwargs) -> _Answer:
        token = _current.set(owner.segmenter)  # as ``cutting_by``, which takes ten times as long
        try:
            return verb(owner, *args, **kwargs)
        finally:
            _current.reset(token)

    return run


def words(text: str) -> list[str]:
    """Return the words of a text by the current segmenter, see ``Segmenter.words``."""
    return current_segmenter().words(text)


def words_of(texts: Sequence[str]) -> list[list[str]]:
    """Return the words of many texts by the current segmenter."""
    return current_segmenter().words_of(texts)


def dictionary_digest() -> str:
    """Return the digest of the current segmenter, see ``Segmenter.digest``."""
    return current_segmenter().digest


def prepare_to_cut() -> None:
    """Load the fast cutter now, where there is one: every segmenter cuts by it from then on, what is typed too."""
    segmenter_of().cutter  # noqa: B018 - it is made when it is first read


def cut_in_this_process_by(segmenter: Segmenter) -> None:
    """Make a segmenter the current one for the rest of a worker process."""
    _current.set(segmenter)


def read_user_words(file: Path) -> list[str]:
    """Read the operator's words: UTF-8, one a line, what follows a space ignored; "#" begins a comment."""
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    return [line.split()[0] for line in lines if line.strip() and not line.startswith("#")]


def _squeezed(word: str) -> str:
    codes = unit_spans(word).codes
    return text_of(codes) if len(codes) and bool(is_han(codes).all()) else ""


class Cutter:
    """Words out of units, by whichever of the two cutters it is given."""

    def __init__(self, cut: Callable[[str], list[str]], by_rows: Dictionary | None = None) -> None:
        """Take what cuts rows of Chinese characters, set apart by marks, each of which it gives as a word.

        ``by_rows`` cuts single rows, if that takes no longer.
        """
        self.cut_marked = cut
        self.by_rows = by_rows

    def cut(self, texts: Sequence[str]) -> list[list[str]]:
        """Cut rows of Chinese characters; every other unit is a word by itself.

        The cutter gets nothing but such rows, set apart by marks, so what the two make of letters, signs and rare
        characters, where they differ, never matters.
        """
        spans = unit_spans("\n".join(texts))
        text_ends = np.cumsum([len(text) + 1 for text in texts], dtype=np.intp)
        codes = np.insert(spans.codes, np.searchsorted(spans.starts, text_ends), ord(TEXT_MARK))
        marked, others = with_marks(codes, spans.runs, ord(TEXT_MARK))
        tokens = [token for token in self.cut_marked(marked) if token != BREAK_MARK]
        if others:
            more = iter(others)
            tokens = [next(more) if token == OTHER_MARK else token for token in tokens]
        return _parted(tokens, len(texts))

    def cut_units(self, of_text: Sequence[str]) -> list[str]:
        """Cut the units of one text: the same words as ``cut``; for what is typed a quarter of the time."""
        found: list[str] = []
        row = ""
        for unit in (*of_text, BREAK):
            if len(unit) == 1 and FIRST_HAN <= ord(unit) <= LAST_HAN:
                row += unit
                continue
            if row:
                found += self.cut_marked(row)
                row = ""
            if unit != BREAK:
                found.append(unit)
        return found


def with_marks(codes: Codes, runs: Iterable[str], end: int) -> tuple[str, list[str]]:
    """Return the text of units as a cutter takes it, and the units that its ``OTHER_MARK`` stand for, in order.

    ``codes`` and ``runs`` are what ``unit_spans`` gives, the code ``end`` behind each text.
    """
    is_break, is_end = codes == BREAK_CODE, codes == end
    is_other = ~(is_han(codes) | is_break | is_end)
    marked = codes.copy()
    for mark, is_marked in ((BREAK_MARK, is_break), (OTHER_MARK, is_other), (TEXT_MARK, is_end)):
        marked[is_marked] = ord(mark)
    return text_of(marked), spelled(codes[is_other], runs)


def spelled(others: Codes, runs: Iterable[str]) -> list[str]:
    """Return the units of some codes, among them those of all runs."""
    more = iter(runs)
    return [next(more) if code == RUN_CODE else chr(code) for code in others.tolist()]


def _parted(tokens: list[str], texts: int) -> list[list[str]]:
    parts, start = [], 0
    for _ in range(texts):
        end = tokens.index(TEXT_MARK, start)
        parts.append(tokens[start:end])
        start = end + 1
    return parts


def rjieba_cutter(user_words: Sequence[str] = ()) -> Cutter:
    """Return the fast cutter; raises ``ModuleNotFoundError`` without the extra ``fast``."""
    import rjieba  # noqa: PLC0415 - optional, and 0.1 s: importing it reads its dictionary

    if not user_words:
        return Cutter(lambda text: rjieba.cut(text, False))  # False: no HMM
    own = rjieba.Jieba()
    for word, frequency in Dictionary(dictionary_file()).frequencies_to_cut(user_words).items():
        own.add_word(word, frequency, None)
    return Cutter(lambda text: own.cut(text, False))


def jieba_cutter(user_words: Sequence[str] = ()) -> Cutter:
    """Return the cutter that is always there."""
    dictionary = _dictionary(user_words)
    return Cutter(dictionary.cut, dictionary)


def _dictionary(user_words: Sequence[str]) -> Dictionary:
    dictionary = Dictionary(dictionary_file())
    for word, frequency in dictionary.frequencies_to_cut(user_words).items():
        dictionary.add(word, frequency)
    return dictionary
