"""An optional compiled way beside numpy's, for what takes many small steps: the same answers, sooner.

Whoever installs without a C compiler has numpy alone. Nothing outside ``indexer.embedded`` knows of it but the setting
that turns it off. Whatever a file of the index says, nothing is read or written outside of the arrays that are given:
what cannot be raises ``ValueError``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, cast

from indexer.compiled_modules import compiled_module

if TYPE_CHECKING:
    from array import array
    from typing import Any

    from indexer.embedded.store.array_file import Array, ArrayFile

    Buffer = Array | array[Any]

# The arrays of a field in the order of the struct ``Field`` in segment.h, by the files that they stand in.
_LISTS: Final = ("offsets", "docs", "counts", "many.at", "many.counts")
_OF_UNITS: Final = ("starts", "sequence", "blocks", "first", "second", "positions", "offsets", "long")
_OF_COMMON: Final = ("units.dense", "units.bits", "units.offsets", "units.docs", "common.bigrams", "document_frequency")
FIELDS: Final = ("title", "body")
# Those of the struct ``Texts``; all stand in the file of units.
_OF_TEXTS: Final = (
    *("characters", "runs.ends", "runs.bytes", "texts.breaks.counts", "texts.breaks.many.at"),
    *("texts.breaks.many.counts", "texts.before", "texts.odd.at", "texts.odd.as"),
    *("texts.written.ends", "texts.written.bytes"),
)

REVISION: Final = 4  # of what the functions take, as in segment.h: what was compiled from others is left alone


class CompiledSegment(Protocol):
    """The arrays of one segment of the index; documents are numbers in it, of eight bytes, ascending."""

    def text(self, document: int, characters: int, /) -> str:
        """Return the text of a document, or so many characters of its beginning; all for -1."""

    def mark(self, row: tuple[int, ...], fields: int, found: Buffer, /) -> None:
        """Set ``found`` for each document that holds a row of units in one of the fields: 1 title, 2 body, 3 both."""

    def holding(self, bigrams: Buffer, units: Buffer, words: Buffer, /) -> list[int]:
        """Count the documents that hold each bigram, unit and word in either field, deleted ones too."""

    def add_holding(
        self, documents: Buffer, rows: list[tuple[int, ...] | Array], weights: Buffer, sums: Buffer, /
    ) -> None:
        """Add up for each document the weights of the rows that it holds; eight rows by themselves at a time.

        Instead of its units, a row may be an array that says which documents hold it.
        """

    def frequencies(  # noqa: PLR0913, PLR0917 - one call instead of many
        self,
        documents: Buffer,
        bigrams: Buffer,
        words: Buffer,
        of_titles: Buffer,
        of_bodies: Buffer,
        out: Buffer,
        /,
    ) -> None:
        """Write how often each term stands in each document, times the factor of the document's field.

        Bigrams are pairs of units, words numbers; -1 stands nowhere. ``out`` has a row for each term, with one place
        more than there are documents.
        """

    def add_scores(  # noqa: PLR0913, PLR0917 - as above
        self,
        documents: Buffer,
        bigrams: Buffer,
        words: Buffer,
        of_titles: Buffer,
        of_bodies: Buffer,
        sums: Buffer,
        most: Buffer,
        k1: float,
        /,
    ) -> None:
        """Add what each term gives to each document, at most so much, one term after the other."""


class Native(Protocol):
    """The compiled functions; numbers have eight bytes, scores and weights four."""

    def Segment(  # noqa: N802 - it is a class
        self,
        documents: int,
        title: tuple[Buffer, ...],
        body: tuple[Buffer, ...],
        texts: tuple[Buffer, ...],
        *holding: Buffer,
    ) -> CompiledSegment:
        """Hold the arrays of a segment; last how many documents hold each unit and each word."""

    def pack_steps(self, positions: Buffer, lengths: Buffer, is_long: Buffer, sizes: Buffer, /) -> bytes:
        """Return lists of positions, of four bytes each, as ``positions`` packs them; write how many bytes each has."""

    def add_title_boost(  # noqa: PLR0913, PLR0917 - as above
        self,
        documents: Buffer,
        held: Buffer,
        lengths: Buffer,
        priors: Buffer,
        cores: Buffer,
        scores: Buffer,
        numbers: tuple[int, int, float, float, float, float, float],
        /,
    ) -> None:
        """Add to the scores of the documents whose titles hold a run what that gives: ``scoring`` says how much.

        ``held``, ``lengths``, ``priors`` and ``cores`` are of all documents; ``numbers`` are the run's length, its
        units, the most that it can give, and the shares of that: in a title, for a whole title, its prior, coverage.
        """

    def order_keys(  # noqa: PLR0913, PLR0917 - as above
        self, documents: Buffer, places: Buffer, size: int, scores: Buffer | None, step: float, keys: Buffer, /
    ) -> None:
        """Write the number by which each document stands in order: by score in steps, then by its place."""

    def leave_out_copies(self, groups: Buffer, documents: Buffer, keys: Buffer, kept: Buffer, /) -> int:
        """Set ``kept`` to False for the documents that stand behind another of their group; return how many these are.

        Groups are of all documents, 0 for none; keys stand beside the documents, lowest first.
        """

    def lowest(self, keys: Buffer, limit: int, /) -> list[int]:
        """Return the places of the lowest keys, lowest first."""

    def count(self, numbers: Buffer, width: int, documents: Buffer, counts: Buffer, /) -> None:
        """Count the numbers, of two or four bytes, in the rows of some documents; rows of ``width`` lie in a row."""

    def sums(self, counts: Buffer, spans: Buffer, /) -> list[int]:
        """Add up the counts from the first number of each pair of ``spans`` up to the second."""

    def most(self, counts: Buffer, limit: int, /) -> tuple[list[int], list[int]]:
        """Return the places of the highest counts, none of 0, and these; of equal ones the first comes first."""


def compiled() -> Native | None:
    """Return the compiled functions; None where none fit, as ``compiled_module`` says."""
    return cast("Native | None", compiled_module("indexer.embedded.kernel.native", REVISION))


def open_segment(documents: int, units: ArrayFile, words: ArrayFile, common: ArrayFile) -> CompiledSegment | None:
    """Return what looks up in the files of a segment; None where there is nothing compiled."""
    native = compiled()
    if native is None:
        return None
    title, body = (_arrays_of(field, units, words, common) for field in FIELDS)
    texts = tuple(units[name] for name in _OF_TEXTS)
    return native.Segment(
        documents, title, body, texts, units["document_frequency"], common["words.document_frequency"]
    )


def _arrays_of(field: str, units: ArrayFile, words: ArrayFile, common: ArrayFile) -> tuple[Buffer, ...]:
    return (
        *(units[f"{field}.{name}"] for name in _OF_UNITS),
        *(common[f"{field}.{name}"] for name in _OF_COMMON),
        *(common[f"{field}.common.{name}"] for name in _LISTS),
        *(words[f"{field}.{name}"] for name in _LISTS),
    )
