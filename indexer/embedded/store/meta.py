"""What is recorded of a whole version of the index, beside Whoosh's own table of contents.

Readers go by this record, which says of the segments what Whoosh's table says: that is a pickle, which only writers
read, and only when it is byte for byte the one that was written.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from indexer.embedded.store.array_file import FORMAT_VERSION, Damaged
from indexer.embedded.store.segment_record import SegmentRecord
from indexer.errors import OperatorError
from indexer.light_dataclass import dataclass
from indexer.messages import said
from indexer.ranking.prior import PRIOR
from indexer.report import Report, report_from_json, report_json
from indexer.text.segmenter import ANALYZER_VERSION, dictionary_digest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SCHEMA_VERSION = "8"  # of the fields of an index; another one asks for a rebuild
META_FILE, LEDGER_FILE = "meta.json", "ledger"


@dataclass(frozen=True, slots=True)
class Meta:
    """The record of one version."""

    version: str
    built: str  # ISO 8601 with zone
    stamp: dict[str, str]  # what a program must have been made for to read this index, see ``stamp``
    report: Report  # without its ledger, which is a file of its own
    segments: Sequence[SegmentRecord]
    digests: dict[str, str]  # of Whoosh's table of contents and of the ledger


class OtherVersion(OperatorError):
    """The index is whole, but for another program."""

    what = said("it was written by another version of the program or its dictionary")

    def __init__(self) -> None:
        super().__init__(
            said(
                "This index cannot be read: %(what)s. Run: %(command)s", what=self.what, command="policy-search rebuild"
            )
        )


def stamp() -> dict[str, str]:
    """Return what an index must have been written with to be read by this program."""
    return {
        "schema": SCHEMA_VERSION,
        "arrays": str(FORMAT_VERSION),
        "analyzer": f"{ANALYZER_VERSION}-{dictionary_digest()}",
        "prior": " ".join(f"{name}={value}" for name, value in asdict(PRIOR).items()),  # stored with each document
    }


def write_meta(folder: Path, version: str, report: Report, segments: Sequence[SegmentRecord]) -> None:
    """Record a generation whose table of contents is written."""
    report.end()
    built = datetime.now(UTC).isoformat(timespec="seconds")
    (folder / LEDGER_FILE).write_bytes(report.ledger)
    digests = {path.name: _digest(path.read_bytes()) for path in [*folder.glob("*.toc"), folder / LEDGER_FILE]}
    content = asdict(Meta(version, built, stamp(), Report(), segments, digests)) | {"report": report_json(report)}
    record = {"checksum": _digest(_canonical(content)), "content": content}
    (folder / META_FILE).write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")


def read_meta(folder: Path) -> Meta:
    """Read the record; raises ``Damaged`` if it or what it vouches for is not as it was written.

    Raises ``OtherVersion`` before anything is read that another version may have written in another form.
    """
    try:
        record = json.loads((folder / META_FILE).read_text(encoding="utf-8"))
        content = record["content"]
        if record["checksum"] != _digest(_canonical(content)):
            raise Damaged(f"{META_FILE} is not as it was written")
        if content["stamp"] != stamp():
            raise OtherVersion
        for name, digest in content["digests"].items():
            if _digest((folder / name).read_bytes()) != digest:
                raise Damaged(f"{name} is not as it was written")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Damaged(f"{META_FILE} cannot be read: {error}") from error
    report = report_from_json(content["report"])
    return Meta(**content | {"report": report, "segments": list(map(_segment, content["segments"]))})


def _segment(written: dict[str, Any]) -> SegmentRecord:
    seals = {part: (length, checksum) for part, (length, checksum) in written["seals"].items()}
    return SegmentRecord(written["name"], written["documents"], tuple(written["deleted"]), seals)


def _canonical(content: dict[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True).encode()


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()
