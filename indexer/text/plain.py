"""Text as it may be shown anywhere: without characters that hide or reorder what stands around them."""

from __future__ import annotations

import re

# Controls (not tab and line end), bidirectional controls, lone surrogates, noncharacters: they can hide or
# reorder what a reader sees, and XML forbids most of them.
_UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def plain(text: str) -> str:
    """Return the text without characters that cannot be shown or that reorder what is shown around them."""
    return _UNSHOWABLE.sub("", text)
