"""jieba's dictionary, read where a text needs it: its words, and the likeliest cut of a row of Chinese characters."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import threading
from itertools import groupby
from math import log
from operator import add, itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from indexer.text.patterns import lazily
from indexer.text.units import TYPED_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from indexer.text.fold import Codes

# The characters that jieba's dictionary holds and that both cutters take for Chinese; all others are words alone.
FIRST_HAN, LAST_HAN = 0x4E00, 0x9FD5
_HAN_BYTES: Final = 3  # of each in UTF-8
_HAN_ROWS: Final = lazily(f"([{chr(FIRST_HAN)}-{chr(LAST_HAN)}]+)")
# The dictionary of jieba 0.42.1 and the sum of its frequencies, which takes 0.1 s to add up.
KNOWN_TOTAL = ("931a1622cc9962c9", 60_101_967)


def is_han(codes: Codes) -> NDArray[np.bool_]:
    """Return which units are the business of a cutter."""
    return (codes >= FIRST_HAN) & (codes <= LAST_HAN)


def dictionary_file() -> Path:
    """Return where jieba keeps its dictionary; raises ``ModuleNotFoundError`` without jieba."""
    spec = importlib.util.find_spec("jieba")  # finds the package without importing it: 0.1 s
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("jieba is not installed", name="jieba")
    return Path(spec.origin).with_name("dict.txt")


@functools.cache
def digest_with(user_words: tuple[str, ...]) -> str:
    """Return the digest of the dictionary together with an operator's words."""
    digest = hashlib.blake2b(dictionary_file().read_bytes(), digest_size=8)
    digest.update("\n".join(user_words).encode())
    return digest.hexdigest()


class Dictionary:
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
        self._added: dict[str, int] = {}  # words with other frequencies than in the file
        digest, self._total = KNOWN_TOTAL
        if digest_with(()) != digest:
            lines = self._data.splitlines()
            self._total = sum(int(line.split(b" ")[1]) for line in lines)
            # In a stable order: of two lines for a word jieba goes by the second.
            self._data = b"\n".join([b"", *sorted(lines, key=itemgetter(slice(_HAN_BYTES))), b""])
            self._first_line = 1
        else:  # what stands before holds letters or digits, and is never cut here
            self._first_line = self._data.index(b"\n" + chr(FIRST_HAN).encode()) + 1

    def cut(self, text: str) -> list[str]:
        """Cut a text as jieba does without HMM; what is no row of Chinese characters character by character."""
        found: list[str] = []
        for at, part in enumerate(self.rows_of(text)):
            found.extend(self.cut_row(part) if at % 2 else part)
        return found

    def rows_of(self, text: str) -> list[str]:
        """Return a text in parts, by turns: what is no row of Chinese characters, and rows, which can be cut now."""
        self._learn(text)
        return _HAN_ROWS.split(text)

    def cut_row(self, row: str) -> list[str]:
        """Return the words of a row: the likeliest way from each character to the end, from the last one on."""
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
        found, at = [], 0
        while at < end:
            stop = best[at][1]
            found.append(row[at:stop])
            at = stop
        return found

    def add(self, word: str, frequency: int) -> None:
        """Add a word, or give one another frequency; a total that always is the sum, as rjieba keeps it."""
        self._learn(word)
        self._total += frequency - self._frequencies.get(word, 0)
        self._added[word] = frequency
        self._put(word, frequency)

    def all_lines(self) -> tuple[bytes, int]:
        """Return a line for each word, of two for one the later counts, and the sum of their frequencies."""
        added = "".join(f"\n{word} {frequency}" for word, frequency in self._added.items())
        return self._data[self._first_line :] + added.encode(), self._total

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
        rows = sorted(one for one in new if _HAN_ROWS.fullmatch(one) and one[0] not in self._characters)
        with self._lock:
            for character, of_character in groupby(rows, itemgetter(0)):
                lines = tuple((one if len(one) > 1 else f"{one} ").encode() for one in of_character)
                self._learn_lines(character, lines)
            self._beginnings.update(rows)

    def _learn_characters(self, new: set[str]) -> None:
        """Learn all words that begin with one of these characters."""
        with self._lock:
            for character in filter(_HAN_ROWS.fullmatch, new):
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
