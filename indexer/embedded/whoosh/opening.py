"""Open an index with Whoosh itself, for programs that want Whoosh's own parser, searcher, grouping or highlighting."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from whoosh.index import open_dir

from indexer.embedded.store import index_versions
from indexer.embedded.store.meta import read_meta
from indexer.text.segmenter import cutting_by, segmenter_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whoosh.index import FileIndex


def open_index(place: str | Path, user_words: Sequence[str] = ()) -> FileIndex:
    """Return ``whoosh.index.open_dir`` of the current version of an index: to be read, not to be written.

    Whoosh's table of contents is a pickle. It is not read where others could have written it (``IndexUnsafe``), nor
    when it is not the one that was written (``Damaged``), nor when the index is another program's, or was cut by other
    words than the operator's ``user_words`` (``OtherVersion``). Raises ``IndexMissing`` when there is none.
    """
    folder = index_versions.current(Path(place))
    index_versions.refuse_if_unsafe(folder)
    with cutting_by(segmenter_of(user_words)):
        read_meta(folder)
    return open_dir(str(folder))
