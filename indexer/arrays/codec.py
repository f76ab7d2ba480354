"""Whoosh's door for segments of another make: hands out readers of ours, and refuses to write one by one."""

from __future__ import annotations

from typing import Any, NoReturn

from whoosh.codec.base import Codec

from indexer.arrays.segment import ArraySegment


class ArrayCodec(Codec):  # type: ignore[misc]  # whoosh has no types
    """Reads array segments; they are written whole, by ``build_segment``, and handed to the commit."""

    length_stats = False

    def new_segment(self, storage: Any, indexname: str) -> ArraySegment:  # noqa: ARG002 - Whoosh's signature
        """Give the segment that a Whoosh writer holds ready and, for us, never fills."""
        return ArraySegment(0)

    def per_document_writer(self, storage: Any, segment: ArraySegment) -> _NoWriter:  # noqa: ARG002
        """Give a writer that can only be closed."""
        return _NoWriter()

    def field_writer(self, storage: Any, segment: ArraySegment) -> _NoWriter:  # noqa: ARG002
        """Give a writer that can only be closed."""
        return _NoWriter()


class _NoWriter:
    is_closed = False

    def start_doc(self, docnum: int) -> NoReturn:
        raise TypeError(f"document {docnum}: array segments are written whole, not document by document")

    def cancel_doc(self) -> None:
        pass

    def close(self) -> None:
        self.is_closed = True
