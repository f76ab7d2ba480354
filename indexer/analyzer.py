"""Turn text into units, which finding goes by, and into words, which ranking goes by.

One analyzer serves the index and the query. It knows nothing of either, and it is the only file with jieba.

A *unit* is one CJK character, or one maximal run of letters and digits of any other script, folded. Units stand in
*rows*: spaces and invisible characters between them do not count; whatever else lies between breaks the row.
A *word* is one or more neighbouring units of a row, as jieba cuts them with its statistical guessing (HMM) off;
whether jieba or its faster twin rjieba does the cutting cannot be told from the words.

All offsets count Unicode characters.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import importlib.util
import sys
import threading
import warnings
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    Codes = NDArray[np.uint32]
    Offsets = NDArray[np.intp]

# Goes up with every change of what units or words a text gives; indexes made by another version ask for a rebuild.
ANALYZER_VERSION: Final = "1"

BREAK: Final = ""  # stands in a list of units where the row breaks
BREAK_CODE: Final = 0  # the same in an array of codes
ROW_END: Final = "\n"  # the same in ``FoldedRows``
RUN_CODE: Final = 0x110000  # a run of letters and digits; the first code that is no character

_SPACE, _ONE, _RUN, _BREAK = 0, 1, 2, 3
_KINDS: Final = {"space": _SPACE, "one": _ONE, "run": _RUN}

# The characters that jieba's dictionary holds and that both cutters take for Chinese; all others are words alone.
_FIRST_HAN, _LAST_HAN = 0x4E00, 0x9FD5
# What stands, in the text given to a cutter, for a unit that is none of its business, and for a break.
_OTHER_MARK, _BREAK_MARK = "\n", " "


# ── folding ──────────────────────────────────────────────────────────────────────────────────────────


@functools.cache
def _fold_table() -> Codes:
    """What each code point becomes: an array as long as Unicode, for a lookup of a whole text is one ``take``."""
    table = np.arange(sys.maxunicode + 1, dtype=np.uint32)
    packed = (resources.files("indexer") / "data" / "fold.tsv.gz").read_bytes()
    for line in gzip.decompress(packed).decode().split("\n"):
        if line and not line.startswith("# "):
            character, folded = line.split("\t")
            table[ord(character)] = ord(folded)
    return table


@functools.cache
def _kind_table() -> NDArray[np.uint8]:
    table = np.full(sys.maxunicode + 1, _BREAK, dtype=np.uint8)
    text = (resources.files("indexer") / "data" / "unit_kinds.tsv").read_text(encoding="utf-8")
    for line in text.split("\n"):
        if line and not line.startswith("# "):
            first, last, kind = line.split("\t")
            table[int(first, 16) : int(last, 16) + 1] = _KINDS[kind]
    return table


def _folded_codes(text: str) -> Codes:
    # "surrogatepass": half of a surrogate pair is no character but may stand in a text; it breaks a row.
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    folded: Codes = _fold_table()[codes]
    return folded


def _text(codes: Codes) -> str:
    return codes.astype("<u4", copy=False).tobytes().decode("utf-32-le", "surrogatepass")


def fold(text: str) -> str:
    """Fold width, case and traditional characters, one by one: the result is as long as the text.

    Characters with several simplified forms get the one that is right most often (乾 → 干); 著, which simplified
    text uses beside 着, stays.
    """
    return text.lower() if text.isascii() else _text(_folded_codes(text))


# ── units ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class UnitSpans:
    """The units of a text in order; a break stands once between two rows, never at an end."""

    codes: Codes  # a CJK character's code point, RUN_CODE for a run, BREAK_CODE for a break
    starts: Offsets  # where each unit lies in the text, [start, end)
    ends: Offsets
    runs: list[str]  # the runs, folded, in order: one for each RUN_CODE

    @property
    def units(self) -> list[str]:
        """The units as strings, ``BREAK`` for a break."""
        runs = iter(self.runs)
        return [
            next(runs) if code == RUN_CODE else chr(code) if code != BREAK_CODE else BREAK
            for code in self.codes.tolist()
        ]


def unit_spans(text: str) -> UnitSpans:
    """Give the units of a text and where they lie.

    Made for bulk: an index numbers the runs with a vocabulary of its own and writes those numbers, from ``RUN_CODE``
    up, over the ``RUN_CODE`` in ``codes``. Texts joined by line ends give their units joined by breaks.
    """
    codes = _folded_codes(text)
    kinds = _kind_table()[codes]
    in_run = kinds == _RUN
    opens, closes = in_run.copy(), in_run.copy()
    opens[1:] &= ~in_run[:-1]
    closes[:-1] &= ~in_run[1:]
    at = np.flatnonzero(opens | (kinds == _ONE) | (kinds == _BREAK))
    at = at[_without_idle_breaks(kinds[at] == _BREAK)]
    kept = kinds[at]
    unit_codes = codes[at]
    unit_codes[kept == _RUN] = RUN_CODE
    unit_codes[kept == _BREAK] = BREAK_CODE
    ends = at + 1
    ends[kept == _RUN] = np.flatnonzero(closes) + 1
    folded = _text(codes)
    run_spans = zip(at[kept == _RUN].tolist(), ends[kept == _RUN].tolist(), strict=True)
    runs = [folded[start:end] for start, end in run_spans]
    return UnitSpans(unit_codes, at, ends, runs)


def _without_idle_breaks(breaks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say which units to keep: of several breaks the first; none before the first unit or after the last."""
    keep = ~breaks
    if keep.any():
        keep[1:] |= ~breaks[:-1]
        last = len(breaks) - 1 - int(np.argmin(breaks[::-1]))
        keep[last + 1 :] = False
    return keep


def units(text: str) -> list[str]:
    """Give the units of a text, folded, with ``BREAK`` between rows; [] when it holds none."""
    return unit_spans(text).units


@dataclass(frozen=True, slots=True)
class FoldedRows:
    """A text as one string to look for units in: folded, without spaces, each break a single ``ROW_END``."""

    text: str
    at: Offsets  # where each of its characters stands in the text it was made from
    in_run: NDArray[np.bool_]  # whether it belongs to a run of letters and digits


def folded_rows(text: str) -> FoldedRows:
    """Prepare a text for looking up rows of units with ``str.find``; for those who mark what matched."""
    codes = _folded_codes(text)
    kinds = _kind_table()[codes]
    at = np.flatnonzero(kinds != _SPACE)
    breaks = kinds[at] == _BREAK
    keep = ~breaks
    keep[1:] |= ~breaks[:-1]
    at = at[keep]
    kept = kinds[at]
    row_codes = codes[at]
    row_codes[kept == _BREAK] = ord(ROW_END)
    return FoldedRows(_text(row_codes), at, kept == _RUN)


# ── words ────────────────────────────────────────────────────────────────────────────────────────────


def words(text: str) -> list[str]:
    """Cut a text into its words, folded, in order; [] when it holds no units.

    A word is whole units of one row: cutting never splits a run of letters and digits.
    """
    return _cutter().words(text)


def set_user_words(user_words: Iterable[str]) -> None:
    """Make this process cut with these words besides jieba's: the operator's own terms.

    Words that are no row of plain Chinese characters are left out: they could not be cut as words anyway.
    """
    _cutter.cache_clear()
    _user_words.clear()
    _user_words.extend(sorted({_squeezed(word) for word in user_words} - {""}))


def read_user_words(file: Path) -> list[str]:
    """Read the operator's words: UTF-8, one a line, what follows a space ignored; "#" begins a comment."""
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    return [line.split()[0] for line in lines if line.strip() and not line.startswith("#")]


def dictionary_digest() -> str:
    """Name the dictionary and the operator's words: 16 hexadecimal digits; equal digests cut equally."""
    return _dictionary_digest(tuple(_user_words))


@functools.cache
def _dictionary_digest(user_words: tuple[str, ...]) -> str:
    digest = hashlib.blake2b(_dictionary_file().read_bytes(), digest_size=8)
    digest.update("\n".join(user_words).encode())
    return digest.hexdigest()


_user_words: Final[list[str]] = []


def _is_han(codes: Codes) -> NDArray[np.bool_]:
    return (codes >= _FIRST_HAN) & (codes <= _LAST_HAN)


def _squeezed(word: str) -> str:
    codes = unit_spans(word).codes
    return _text(codes) if len(codes) and bool(_is_han(codes).all()) else ""


class _Cutter:
    """Words out of units, by whichever of the two cutters is there."""

    def __init__(self, cut: Callable[[str], list[str]]) -> None:
        self._cut = cut

    def words(self, text: str) -> list[str]:
        """Cut rows of Chinese characters; every other unit is a word by itself.

        Both cutters get nothing but such rows, set apart by marks, so what they make of letters, signs and rare
        characters, where they differ, never matters.
        """
        spans = unit_spans(text)
        codes = spans.codes.copy()
        others = ~_is_han(codes)
        others &= codes != BREAK_CODE
        other_units = self._other_units(codes[others].tolist(), spans.runs)
        codes[others] = ord(_OTHER_MARK)
        codes[codes == BREAK_CODE] = ord(_BREAK_MARK)
        tokens = self._cut(_text(codes))
        if not other_units:
            return [token for token in tokens if token != _BREAK_MARK]
        rest = iter(other_units)
        return [next(rest) if token == _OTHER_MARK else token for token in tokens if token != _BREAK_MARK]

    @staticmethod
    def _other_units(codes: list[int], run_units: list[str]) -> list[str]:
        runs = iter(run_units)
        return [next(runs) if code == RUN_CODE else chr(code) for code in codes]


@functools.cache
def _cutter() -> _Cutter:
    if importlib.util.find_spec("rjieba") is not None:
        return _Cutter(_rjieba_cut(tuple(_user_words)))
    return _Cutter(_jieba_cut(tuple(_user_words)))


def _rjieba_cut(user_words: tuple[str, ...]) -> Callable[[str], list[str]]:
    from rjieba import Jieba  # noqa: PLC0415 - optional

    jieba = Jieba()
    for word, frequency in _user_frequencies(user_words).items():
        jieba.add_word(word, frequency, None)
    return lambda text: jieba.cut(text, False)  # False: no HMM


def _jieba_cut(user_words: tuple[str, ...]) -> Callable[[str], list[str]]:
    dictionary = _Dictionary(_dictionary_file())
    for word, frequency in _user_frequencies(user_words).items():
        dictionary.add(word, frequency)
    return dictionary.cut


def _user_frequencies(user_words: tuple[str, ...]) -> dict[str, int]:
    """Give each of the operator's words the frequency by which jieba would make sure to cut it, in either cutter."""
    if not user_words:
        return {}
    dictionary = _Dictionary(_dictionary_file())
    return {word: dictionary.frequency_to_cut(word) for word in user_words}


def _dictionary_file() -> Path:
    spec = importlib.util.find_spec("jieba")  # finds the package without importing it: 0.1 s
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("jieba is not installed", name="jieba")
    return Path(spec.origin).with_name("dict.txt")


def _new_tokenizer() -> Any:
    """Import jieba and make a tokenizer of its, with nothing said on stderr.

    jieba's source gives SyntaxWarnings on Python 3.12, and it imports pkg_resources where it can, which takes 0.2 s,
    warns of its end, or fails, as setuptools' version has it. It does without when the import fails cleanly.
    """
    hide = "pkg_resources" not in sys.modules
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if hide:
            sys.modules["pkg_resources"] = None  # type: ignore[assignment]
        try:
            import jieba  # noqa: PLC0415 - 0.1 s that a process with rjieba never spends
        finally:
            if hide:
                del sys.modules["pkg_resources"]
    return jieba.Tokenizer()


class _Dictionary:
    """jieba cutting with its own dictionary, of which it reads only the words that a text can hold.

    jieba itself reads all 349,000 words before its first cut (0.6 s) and leaves a cache in the temporary directory.
    A word can only be found where its first character stands, so the words that begin with a text's characters are
    all that cutting the text can look up: the cuts are the same, and the first takes 0.03 s.
    """

    def __init__(self, file: Path) -> None:
        self._lock = threading.Lock()
        self._known: set[str] = set()  # first characters whose words the tokenizer has
        self._data = file.read_bytes()
        array = np.frombuffer(self._data, dtype=np.uint8)
        ends = np.flatnonzero(array == ord("\n"))
        starts = np.concatenate([[0], ends[:-1] + 1])
        # Three bytes are one Chinese character in UTF-8; what else the dictionary holds is never cut here.
        firsts = (array[starts] & 0xF).astype(np.uint32) << 12
        firsts |= (array[starts + 1].astype(np.uint32) & 0x3F) << 6
        firsts |= array[starts + 2] & 0x3F
        firsts[array[starts] < 0xE0] = 0
        order = np.argsort(firsts, kind="stable")  # stable: of two lines for a word jieba goes by the second
        self._firsts, self._starts, self._ends = firsts[order], starts[order], ends[order]
        self._tokenizer = _new_tokenizer()
        self._tokenizer.total = _sum_of_second_column(array)
        self._tokenizer.initialized = True

    def cut(self, text: str) -> list[str]:
        """Cut a text as jieba does without HMM."""
        self._learn(text)
        return list(self._tokenizer.cut(text, HMM=False))

    def add(self, word: str, frequency: int) -> None:
        """Add a word, or give one another frequency; a total that always is the sum, as rjieba keeps it."""
        self._learn(word)
        self._tokenizer.total += frequency - self._tokenizer.FREQ.get(word, 0)
        self._put(word, frequency)

    def frequency_to_cut(self, word: str) -> int:
        """Give the least frequency that makes the word one, by jieba's own ``suggest_freq``."""
        self._learn(word)
        return int(self._tokenizer.suggest_freq(word))

    def _learn(self, text: str) -> None:
        if not self._known.issuperset(text):
            with self._lock:
                new = set(text) - self._known
                for character in new:
                    self._learn_words_from(character)
                self._known |= new

    def _learn_words_from(self, character: str) -> None:
        first, last = np.searchsorted(self._firsts, [ord(character), ord(character) + 1])
        for start, end in zip(self._starts[first:last].tolist(), self._ends[first:last].tolist(), strict=True):
            word, frequency, _ = self._data[start:end].decode().split(" ")
            self._put(word, int(frequency))

    def _put(self, word: str, frequency: int) -> None:
        known = self._tokenizer.FREQ
        known[word] = frequency
        for length in range(1, len(word)):
            known.setdefault(word[:length], 0)  # jieba looks on only while what it has so far begins a word


def _sum_of_second_column(array: NDArray[np.uint8]) -> int:
    """Add up the frequencies of all lines "word frequency tag", digit by digit: 10 ms for 349,000 lines."""
    spaces = np.flatnonzero(array == ord(" ")).reshape(-1, 2)
    digits = spaces[:, 1] - spaces[:, 0] - 1
    total = 0
    for place in range(int(digits.max())):
        ends = spaces[digits > place, 1]
        total += int((array[ends - 1 - place].astype(np.int64) - ord("0")).sum()) * 10**place
    return total
