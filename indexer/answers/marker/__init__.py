"""An optional compiled way to mark texts and to choose what is shown of them: the same as ``highlight``, sooner.

Whoever installs without a C compiler has ``highlight`` alone. Texts are folded and looked through in one call for all
hits of a page.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from indexer.compiled_modules import compiled_module
from indexer.text.fold import table

if TYPE_CHECKING:
    from indexer.answers.highlight_terms import Needle, Needles, Together
    from indexer.answers.results import Mark
    from indexer.text.fold import Codes

    Marks = tuple[Mark, ...]
    Shown = tuple[str, Marks, int]  # a snippet: its text, its marks, and where in the body the first of these lies
    Limits = tuple[int, int, int]  # characters of a snippet; places, and needles, that tell where it is
    # Ways to write a needle, each of rows with breaks between: a text, and where in it runs of letters and digits lie.
    SoughtNeedle = tuple[tuple[tuple[str, Marks], ...], ...]
    SoughtRun = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], int, int]  # see ``_run``

REVISION: Final = 1  # of what is taken and given, as in module.c: what was compiled from others is left alone


class CompiledSought(Protocol):
    """What a query looks for, ready to be looked for."""


class Native(Protocol):
    """What is compiled."""

    def Sought(  # noqa: N802 - it is a class
        self, table: Codes, needles: tuple[SoughtNeedle, ...], runs: tuple[SoughtRun, ...], limits: Limits, /
    ) -> CompiledSought:
        """Take what is looked for, and the table by which texts are folded."""

    def show(
        self, texts: list[tuple[str, str]], sought: CompiledSought, in_body: CompiledSought, is_snippet: bool, /
    ) -> list[tuple[Marks, Any]]:
        """Return the marks of each title, and of its body the snippet, or the marks if ``is_snippet`` is false."""

    def marks(self, text: str, sought: CompiledSought, /) -> Marks:
        """Return what of a text matched."""

    def cut(self, body: str, sought: CompiledSought, is_marked: bool, /) -> Shown:
        """Return the snippet of a body."""


@cache
def compiled() -> Native | None:
    """Return what is compiled; None where nothing fits, as ``compiled_module`` says."""
    return cast("Native | None", compiled_module("indexer.answers.marker.native", REVISION))


def sought_by(native: Native, needles: Needles, limits: Limits) -> tuple[CompiledSought, CompiledSought]:
    """Return what is looked for in a title and what in a body."""
    numbers = {run: number for number, run in enumerate(needles.together)}
    of_title = _sought(native, needles, numbers, limits)
    in_body = needles.in_body
    return of_title, of_title if in_body is needles else _sought(native, in_body, numbers, limits)


def _sought(native: Native, needles: Needles, numbers: dict[Together, int], limits: Limits) -> CompiledSought:
    ordered = needles.longest_first
    at = {needle: number for number, needle in enumerate(ordered)} if numbers else {}
    runs = tuple([_run(run, needles, at, numbers[run]) for run in needles.together])
    return native.Sought(table(), tuple(map(_parts, ordered)), runs, limits)


def _parts(needle: Needle) -> SoughtNeedle:
    return tuple([tuple([(row.text, row.runs) for row in way.rows]) for way in needle.ways])


def _run(run: Together, needles: Needles, at: dict[Needle, int], number: int) -> SoughtRun:
    """Return the numbers of a run's strings, of its words, and of both what is not asked for by itself.

    Then how near its strings stand, and the number by which the other text's run is told from others.
    """
    rows, words, held_back = (
        tuple([at[one] for one in some]) for some in (run.rows, run.words, needles.held_back[run])
    )
    return rows, words, held_back, run.window, number
