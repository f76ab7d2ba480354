"""An optional compiled cutter for what is indexed: the words that jieba cuts, as numbers instead of strings.

Whoever installs without a C compiler has rjieba or jieba alone, with the same words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, cast

from indexer.compiled_modules import compiled_module

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

REVISION: Final = 1  # of what is taken and given, as in cutting.c: what was compiled from others is left alone

OTHER, END = -1, -2  # stand, among the numbers of words, for a unit that no cutter cuts, and for the end of a text


class CompiledWords(Protocol):
    """The words of a dictionary, numbered in their order; all that begins a word has a number, too."""

    def __len__(self) -> int:
        """Count the numbers."""

    def cut(self, codes: NDArray[np.uint32], end: int, numbers: NDArray[np.int32], /) -> int:
        """Cut units, given by their codes with ``end`` behind each text; write numbers, return how many."""

    def spell(self, numbers: NDArray[np.int32], /) -> list[bytes]:
        """Return the words of numbers, in UTF-8."""


class Native(Protocol):
    """What is compiled."""

    def Words(self, lines: bytes, total: float, /) -> CompiledWords:  # noqa: N802 - it is a class
        """Read lines of words with their frequencies, which add up to ``total``; of two for a word the later counts."""


def compiled() -> Native | None:
    """Return what is compiled; None where nothing fits, as ``compiled_module`` says."""
    return cast("Native | None", compiled_module("indexer.text.cutter.native", REVISION))
