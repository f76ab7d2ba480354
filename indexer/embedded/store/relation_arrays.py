"""What a segment stores of relations: what each document says of others, and the keys by which it is found.

``relations.bytes`` with ``relations.ends`` (a JSON record a document, see ``indexer.relations.records``),
``relations.documents`` and ``relations.citations`` (records of ``indexer.relations.keys``, as bytes).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from indexer.relations.keys import CITATION, DOCUMENT, citations_of, documents_of
from indexer.relations.records import to_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.announcement import Announcement
    from indexer.embedded.store.array_file import Array, ArrayFile, ArrayFileWriter


def write_relations(writer: ArrayFileWriter, announcements: Sequence[Announcement]) -> list[bytes]:
    """Write the keys; return the record of each document, which is written as other texts are."""
    from indexer.relations.extraction import relations_of  # noqa: PLC0415 - reads texts: who searches does not

    relations = [relations_of(one) for one in announcements]
    _write(writer, documents_of(announcements, relations), citations_of(relations))
    return [json.dumps(to_json(one), ensure_ascii=False).encode("utf-8", "surrogatepass") for one in relations]


def merge_relations(writer: ArrayFileWriter, sources: Sequence[tuple[ArrayFile, Array]]) -> None:
    """Write the keys of several segments, each with which of its documents are live."""
    documents, citations = [], []
    for file, live in sources:
        of, cited = relation_keys(file)
        documents.append(of[live])
        citations.append(cited[np.repeat(live, of["citations"])])
    _write(writer, np.concatenate(documents), np.concatenate(citations))


def _write(writer: ArrayFileWriter, documents: Array, citations: Array) -> None:
    writer.add("relations.documents", documents.view(np.uint8))
    writer.add("relations.citations", citations.view(np.uint8))


def relation_keys(file: ArrayFile) -> tuple[Array, Array]:
    """Return the keys of a segment's documents and of their citations."""
    return file["relations.documents"].view(DOCUMENT), file["relations.citations"].view(CITATION)
