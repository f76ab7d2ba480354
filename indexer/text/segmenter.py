"""Cut text into words, which ranking goes by. The only file that knows jieba.

A *word* is one or more neighbouring units of a row, as jieba cuts them with its statistical guessing (HMM) off;
whether jieba or its faster twin rjieba does the cutting cannot be told from the words. One segmenter serves the index
and the query; it knows nothing of either. An engine holds its own, which cuts by its operator's words too.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import sys
import threading
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import groupby
from math import log
from operator import add, itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, Protocol, TypeVar

import numpy as np

from indexer.text.fold import text_of
from indexer.text.patterns import lazily
from indexer.text.units import BREAK, BREAK_CODE, RUN_CODE, TYPED_CHARACTERS, places_of_units, unit_spans, units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from indexer.text.fold import Codes

_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")
_Owner = TypeVar("_Owner", bound="_HasSegmenter")

# Goes up with every change of what units or words a text gives; indexes made by another version ask for a rebuild.
ANALYZER_VERSION: Final = "2"

# The characters that jieba's dictionary holds and that both cutters take for Chinese; all others are words alone.
_FIRST_HAN, _LAST_HAN = 0x4E00, 0x9FD5
_HAN_BYTES: Final = 3  # of each in UTF-8
_ROWS: Final = lazily(f"([{chr(_FIRST_HAN)}-{chr(_LAST_HAN)}]+)")
# What stands, in the text given to a cutter, for a unit that is none of its business, a break, and a text's end.
MARKS = OTHER_MARK, BREAK_MARK, TEXT_MARK = "\n", " ", "\t"
# The dictionary of jieba 0.42.1 and the sum of its frequencies, which takes 0.1 s to add up.
_KNOWN_TOTAL = ("931a1622cc9962c9", 60_101_967)


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
        return _dictionary_digest(self.user_words)

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
        with cutting_by(owner.segmenter):
            return verb(owner, *args, **kwargs)

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


def prepare_to_cut(user_words: Iterable[str] = ()) -> None:
    """Load the fast cutter now, where there is one: a program that goes on for long is better off with it."""
    segmenter_of(user_words).cutter  # noqa: B018 - it is made when it is first read


def cut_in_this_process_by(segmenter: Segmenter) -> None:
    """Make a segmenter the current one for the rest of a worker process."""
    _current.set(segmenter)


def read_user_words(file: Path) -> list[str]:
    """Read the operator's words: UTF-8, one a line, what follows a space ignored; "#" begins a comment."""
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    return [line.split()[0] for line in lines if line.strip() and not line.startswith("#")]


@functools.cache
def _dictionary_digest(user_words: tuple[str, ...]) -> str:
    digest = hashlib.blake2b(_dictionary_file().read_bytes(), digest_size=8)
    digest.update("\n".join(user_words).encode())
    return digest.hexdigest()


def is_han(codes: Codes) -> NDArray[np.bool_]:
    """Return which units are the business of a cutter."""
    return (codes >= _FIRST_HAN) & (codes <= _LAST_HAN)


def _squeezed(word: str) -> str:
    codes = unit_spans(word).codes
    return text_of(codes) if len(codes) and bool(is_han(codes).all()) else ""


class Cutter:
    """Words out of units, by whichever of the two cutters it is given."""

    def __init__(self, cut: Callable[[str], list[str]]) -> None:
        """Take what cuts rows of Chinese characters, set apart by marks, each of which it gives as a word."""
        self.cut_marked = cut

    def cut(self, texts: Sequence[str]) -> list[list[str]]:
        """Cut rows of Chinese characters; every other unit is a word by itself.

        The cutter gets nothing but such rows, set apart by marks, so what the two make of letters, signs and rare
        characters, where they differ, never matters.
        """
        spans = unit_spans("\n".join(texts))
        codes = spans.codes.copy()
        is_other = ~is_han(codes) & (codes != BREAK_CODE)
        runs = iter(spans.runs)
        others = (next(runs) if code == RUN_CODE else chr(code) for code in codes[is_other].tolist())
        codes[is_other] = ord(OTHER_MARK)
        codes[codes == BREAK_CODE] = ord(BREAK_MARK)
        text_ends = np.cumsum([len(text) + 1 for text in texts], dtype=np.intp)
        codes = np.insert(codes, np.searchsorted(spans.starts, text_ends), ord(TEXT_MARK))
        tokens = [token for token in self.cut_marked(text_of(codes)) if token != BREAK_MARK]
        if is_other.any():
            tokens = [next(others) if token == OTHER_MARK else token for token in tokens]
        return _parted(tokens, len(texts))

    def cut_units(self, of_text: Sequence[str]) -> list[str]:
        """Cut the units of one text: the same words as ``cut``; for what is typed a quarter of the time."""
        found: list[str] = []
        row = ""
        for unit in (*of_text, BREAK):
            if len(unit) == 1 and _FIRST_HAN <= ord(unit) <= _LAST_HAN:
                row += unit
                continue
            if row:
                found += self.cut_marked(row)
                row = ""
            if unit != BREAK:
                found.append(unit)
        return found


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
    for word, frequency in _Dictionary(_dictionary_file()).frequencies_to_cut(user_words).items():
        own.add_word(word, frequency, None)
    return Cutter(lambda text: own.cut(text, False))


def jieba_cutter(user_words: Sequence[str] = ()) -> Cutter:
    """Return the cutter that is always there."""
    dictionary = _Dictionary(_dictionary_file())
    for word, frequency in dictionary.frequencies_to_cut(user_words).items():
        dictionary.add(word, frequency)
    return Cutter(dictionary.cut)


def _dictionary_file() -> Path:
    spec = importlib.util.find_spec("jieba")  # finds the package without importing it: 0.1 s
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("jieba is not installed", name="jieba")
    return Path(spec.origin).with_name("dict.txt")


class _Dictionary:
    """Cuts as jieba does without HMM, by its dictionary, of which it reads only the words that a text can hold.

    jieba itself reads all 349,000 words before its first cut (0.6 s) and leaves a cache in the temporary directory.
    A word can only be found where its first two characters stand, so the words that begin with a pair of neighbours
    in a text, or are one of its characters, are all that cutting the text can look up: three for each pair, where one
    character begins fifty. A long text has so many pairs that it is read by its characters instead. Of all ways to cut
    a row the likeliest is taken, each word by its own frequency; of equals the one with the longer first word. The cuts
    are the same, and the first takes a millisecond: lines of words are found where they stand in the file, which is in
    the order of their first characters.
    """

    def __init__(self, file: Path) -> None:
        self._lock = threading.Lock()
        # First characters whose words are at hand, and pairs that begin such words; one character is the word itself.
        self._characters: set[str] = set()
        self._beginnings: set[str] = set()
        self._data = file.read_bytes()
        self._frequencies: dict[str, int] = {}  # of words; 0 for what only begins one
        digest, self._total = _KNOWN_TOTAL
        if _dictionary_digest(()) != digest:
            lines = self._data.splitlines()
            self._total = sum(int(line.split(b" ")[1]) for line in lines)
            # In a stable order: of two lines for a word jieba goes by the second.
            self._data = b"\n".join([b"", *sorted(lines, key=itemgetter(slice(_HAN_BYTES))), b""])
            self._first_line = 1
        else:  # what stands before holds letters or digits, and is never cut here
            self._first_line = self._data.index(b"\n" + chr(_FIRST_HAN).encode()) + 1

    def cut(self, text: str) -> list[str]:
        """Cut a text as jieba does without HMM; what is no row of Chinese characters character by character."""
        self._learn(text)
        found: list[str] = []
        for at, part in enumerate(_ROWS.split(text)):
            if at % 2:
                self._cut_row(part, found)
            else:
                found.extend(part)
        return found

    def _cut_row(self, row: str, found: list[str]) -> None:
        """Add the words of one row: the likeliest way from each character to the end, from the last one on."""
        frequencies, all_of_them, end = self._frequencies, log(self._total), len(row)
        best = [(0.0, 0)] * (end + 1)
        for start in range(end - 1, -1, -1):
            ways = []
            for stop in range(start + 1, end + 1):
                frequency = frequencies.get(row[start:stop])
                if frequency is None:
                    break
                if frequency:
                    ways.append((log(frequency) - all_of_them + best[stop][0], stop))
            best[start] = max(ways) if ways else (best[start + 1][0] - all_of_them, start + 1)
        at = 0
        while at < end:
            stop = best[at][1]
            found.append(row[at:stop])
            at = stop

    def add(self, word: str, frequency: int) -> None:
        """Add a word, or give one another frequency; a total that always is the sum, as rjieba keeps it."""
        self._learn(word)
        self._total += frequency - self._frequencies.get(word, 0)
        self._put(word, frequency)

    def frequencies_to_cut(self, user_words: Sequence[str]) -> dict[str, int]:
        """Return the frequency by which jieba would make sure to cut each word as one."""
        self._learn("".join(user_words))
        return {word: self._frequency_to_cut(word) for word in user_words}

    def _frequency_to_cut(self, word: str) -> int:
        likely = 1.0
        for part in self.cut(word):
            likely *= self._frequencies.get(part, 1) / self._total
        return max(int(likely * self._total) + 1, self._frequencies.get(word, 1))

    def _learn(self, text: str) -> None:
        if len(text) <= TYPED_CHARACTERS:
            self._learn_beginnings({*text, *map(add, text, text[1:])} - self._beginnings)
        elif not self._characters.issuperset(text):
            self._learn_characters(set(text) - self._characters)

    def _learn_beginnings(self, new: set[str]) -> None:
        """Learn the words that are one of these characters or begin with one of these pairs."""
        rows = sorted(one for one in new if _ROWS.fullmatch(one) and one[0] not in self._characters)
        with self._lock:
            for character, of_character in groupby(rows, itemgetter(0)):
                lines = tuple((one if len(one) > 1 else f"{one} ").encode() for one in of_character)
                self._learn_lines(character, lines)
            self._beginnings.update(rows)

    def _learn_characters(self, new: set[str]) -> None:
        """Learn all words that begin with one of these characters."""
        with self._lock:
            for character in filter(_ROWS.fullmatch, new):
                self._learn_lines(character, (character.encode(),))
            self._characters |= new

    def _learn_lines(self, character: str, begins: tuple[bytes, ...]) -> None:
        """Learn the words of lines for a character that begin so, but for those at hand: they may weigh otherwise."""
        data = self._data
        first, last = self._place(character), self._place(chr(ord(character) + 1))
        for begin in begins:
            start = data.find(b"\n" + begin, first - 1, last) + 1
            while start:
                word, frequency, _ = data[start : data.index(b"\n", start)].decode().split(" ")
                if word[:2] not in self._beginnings:
                    self._put(word, int(frequency))
                start = data.find(b"\n" + begin, start, last) + 1

    def _place(self, character: str) -> int:
        """Return where the first line stands whose word begins with a character or one behind it."""
        data, wanted = self._data, character.encode()
        low, high = self._first_line, len(data)
        while low < high:
            line = data.rfind(b"\n", low - 1, (low + high) // 2) + 1 or low
            if data[line : line + _HAN_BYTES] < wanted:
                low = data.index(b"\n", line) + 1
            else:
                high = line
        return low

    def _put(self, word: str, frequency: int) -> None:
        known = self._frequencies
        known[word] = frequency
        for length in range(1, len(word)):
            known.setdefault(word[:length], 0)  # cutting looks on only while what it has so far begins a word
