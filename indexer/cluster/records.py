"""Whole announcements as they lie in the cluster, each deflated by itself: few are read at once, from anywhere.

So the nodes need pack nothing tightly: neither what they keep for a while to bring copies up to date, which is most of
what they write, nor blocks of which a reader wants one announcement.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Final

from indexer.announcement import from_json, to_json
from indexer.cluster.documents import half_pairs_escaped

if TYPE_CHECKING:
    from indexer.announcement import Announcement
    from indexer.cluster.connection import Body

RECORD: Final = "record"  # the field
# What is asked for to read the announcements of hits, and to show them with their state.
WHOLE: Final[Body] = {"_source": False, "stored_fields": [RECORD]}
SHOWN: Final[Body] = {"_source": True, "stored_fields": [RECORD]}  # all of it: choosing fields takes nodes longer
_CODE: Final = "gb18030"  # two bytes a Chinese character: deflated a sixth less than of UTF-8, and in less time

# The names that every record has, so that none has to spell them. Another text asks for another schema version.
_KEYS: Final = (
    b'{"id":"","title":"","source":"","source_from":"","published":"20-0-","signed":null,"effective":null,"region":["'
    b'"],"site_region":[],"number":"","index_number":"","form":"","kind":"","validity_label":"","url":"https://www.'
    b'.gov.cn/.html","path":"","body":"","attachments":[],"reposts":[],"repost_of":"","indexed":null}'
)

_READ: Final = "announcement"  # where a hit keeps what was read of it


def pack(announcement: Announcement) -> str:
    """Write an announcement as it is stored: JSON, deflated, in Base64; halves of surrogate pairs as JSON's escapes."""
    text = half_pairs_escaped(json.dumps(to_json(announcement), ensure_ascii=False, separators=(",", ":")))
    packer = zlib.compressobj(zdict=_KEYS)
    return b64encode(packer.compress(text.encode(_CODE)) + packer.flush()).decode("ascii")


def unpack(record: str) -> Announcement:
    """Read back what ``pack`` wrote."""
    return from_json(json.loads(zlib.decompressobj(zdict=_KEYS).decompress(b64decode(record)).decode(_CODE)))


def record_of(hit: Body) -> str:
    """Return the record of a hit that it was asked of."""
    record: str = hit["fields"][RECORD][0]
    return record


def announcement_of(hit: Body) -> Announcement:
    """Return what a hit shows; read once, and kept in the hit."""
    if _READ not in hit:
        hit[_READ] = unpack(record_of(hit))
    announcement: Announcement = hit[_READ]
    return announcement
