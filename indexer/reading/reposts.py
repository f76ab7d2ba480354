"""Which pages are the same announcement: saved once more, or reposted (转载) by another site.

A rebuild keeps one ``fingerprint`` a page, some 500 bytes, and lets ``arrange`` decide over all of them at
once; so an update that arranges the kept fingerprints together with the new ones decides as a rebuild would.
The order in which they are given does not matter.

Two texts are one announcement when nearly all sentences of the shorter stand in the longer and nothing was put
in the place of anything else: a repost has another frame, or leaves something out. A notice like last month's
has other figures in the same sentences; that is another announcement. Sentences that many announcements share
under many titles are set phrases and prove nothing.
"""

from __future__ import annotations

import json
import re
import struct
from collections import defaultdict
from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from indexer.facts import addresses
from indexer.facts.document_number import parse_number
from indexer.facts.region import issuer_named
from indexer.light_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from indexer.announcement import Announcement

SHORTER_SHARED = 0.8  # of the shorter text's characters that must stand in the longer
LONGER_SHARED = 0.5  # of the longer one's: an excerpt of less is a text about the announcement
REPLACED = 0.05  # of the shorter's that may differ in place: misprints, a wording mended
EDITION_DAYS = 90  # under another title and so long after, it is the next edition, not a repost
SET_PHRASE_TITLES = 8  # a sentence under more titles than this is a set phrase
LEAST_CHARS = 60  # of sentences that prove something; with fewer only the whole text can
_UNDATED = "9999"  # sorts last
_SHORTEST_SENTENCE = 8  # characters; shorter ones are headings and greetings
_NEIGHBOURS = 3  # with how many of the pages ranked just before it a page is compared, for each sentence
_END_BYTES = 36  # twelve Chinese characters: by these a sentence is known that a frame has grown on

_SENTENCE_END = re.compile(r"[。！？；!?;]")
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
_UNITS = re.compile(r"[^\W_]+")
_UNITS_AND_ENDS = re.compile(r"[^\W_]+|[。！？；!?;]")
_FIGURES = re.compile("[0-9一二三四五六七八九十百千万零〇]+")
_RECORD = np.dtype([("hash", "<u8"), ("mask", "<u4"), ("opening", "<u4"), ("ending", "<u4"), ("length", "<u2")])
_PACKED = struct.Struct("<8sIIIH")  # the same, for packing one


@dataclass(frozen=True, slots=True)
class Place:
    """One announcement and the pages folded under it, as positions in what ``arrange`` was given."""

    leader: int
    reposts: tuple[int, ...]
    duplicates: tuple[int, ...]  # the same text from the same site, or the same address once more


def fingerprint(announcement: Announcement) -> bytes:
    """Pack what tells an announcement from others; the same for the same announcement on every machine."""
    text = "".join(_UNITS_AND_ENDS.findall(_plain(announcement.body)))
    sentences = list(filter(None, _SENTENCE_END.split(text)))
    blanked = list(filter(None, _SENTENCE_END.split(_FIGURES.sub("0", text))))
    number = parse_number(announcement.number)
    at_home = bool(announcement.region) and announcement.region == announcement.site_region
    signed_by = issuer_named(title=announcement.title, body=announcement.body)
    own = 2 * (bool(signed_by) and signed_by == announcement.source) + at_home
    head = [
        announcement.id,
        "".join(_UNITS.findall(_plain(announcement.title))),
        number.key if number else "",
        announcement.signed.isoformat() if announcement.signed else "",
        announcement.published.isoformat() if announcement.published else _UNDATED,
        addresses.site(announcement.url) or announcement.source,
        announcement.url,
        own,
        sum(map(len, sentences)),
    ]
    packed = json.dumps(head, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return b"".join((len(packed).to_bytes(4, "little"), packed, *map(_hashed, sentences, blanked)))


def _plain(text: str) -> str:
    """Fold width and case, which sites write differently."""
    return (text.translate(_NARROW) if _WIDE.search(text) else text).lower()


def _hashed(sentence: str, blanked: str) -> bytes:
    """Pack a sentence; ``mask`` knows it again with other figures, and is 0 if it has none."""
    spelled = sentence.encode("utf-8", "surrogatepass")
    return _PACKED.pack(
        blake2b(spelled, digest_size=8).digest(),
        crc32(blanked.encode("utf-8", "surrogatepass")) | 1 if blanked != sentence else 0,
        crc32(spelled[:_END_BYTES]),
        crc32(spelled[-_END_BYTES:]),
        min(len(sentence), 0xFFFF),
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """A fingerprint unpacked."""

    sentences: bytes
    id: str
    title: str
    number: str
    signed: str
    published: str
    site: str
    url: str
    own: int  # 2 if the source is the body that signs, and 1 if it is of the site's own place
    chars: int

    @classmethod
    def unpack(cls, packed: bytes) -> _Page:
        end = 4 + int.from_bytes(packed[:4], "little")
        head: list[Any] = json.loads(packed[4:end].decode("utf-8", "surrogatepass"))
        return cls(packed[end:], *head)

    @property
    def rank(self) -> tuple[int, str, bool, int, str]:
        """Sorts the issuing body's own copy first, then the earliest, with a number, the longest."""
        return -self.own, self.published, not self.number, -self.chars, self.id


def arrange(fingerprints: Sequence[bytes]) -> list[Place]:
    """Decide which pages are one announcement, and which of them leads; pages that stand alone are left out."""
    pages = [_Page.unpack(packed) for packed in fingerprints]
    order = sorted(range(len(pages)), key=lambda position: pages[position].rank)
    leader = _leaders_of_equal_texts(pages, order)
    _fold_alike(pages, [position for position in order if leader[position] == position], leader)
    followers: dict[int, list[int]] = defaultdict(list)
    for position in order:
        lead = leader[leader[position]]  # a page equal to one that was then folded follows it
        if lead != position:
            followers[lead].append(position)
    return [_place(pages, lead, folded) for lead, folded in followers.items()]


def _place(pages: list[_Page], lead: int, folded: list[int]) -> Place:
    """Tell reposts from duplicates: the first copy of each site is a repost, unless it is the leader's."""
    kept = [pages[lead]]
    reposts: list[int] = []
    duplicates: list[int] = []
    for position in folded:
        page = pages[position]
        if any(_is_duplicate(page, other) for other in kept):
            duplicates.append(position)
        else:
            reposts.append(position)
            kept.append(page)
    return Place(lead, tuple(reposts), tuple(duplicates))


def _is_duplicate(page: _Page, other: _Page) -> bool:
    return page.site == other.site and (page.sentences == other.sentences or (page.url != "" and page.url == other.url))


def _leaders_of_equal_texts(pages: list[_Page], order: list[int]) -> list[int]:
    """Return for each page the first page in order that has its text and is not another announcement."""
    leader = list(range(len(pages)))
    heads: dict[bytes, list[int]] = defaultdict(list)
    for position in order:
        page = pages[position]
        for head in heads[page.sentences]:
            known = page.chars >= LEAST_CHARS or page.title == pages[head].title
            if known and not _contradict(page, pages[head]):
                leader[position] = head
                break
        else:
            heads[page.sentences].append(position)
    return leader


def _contradict(one: _Page, other: _Page) -> bool:
    """Return whether two pages say that they are different announcements: by number, day of signing, or title."""
    if one.number and other.number and one.number != other.number:
        return True
    if one.signed and other.signed and one.signed != other.signed:
        return True
    if one.title in other.title or other.title in one.title:
        return False
    return _FIGURES.sub("0", one.title) == _FIGURES.sub("0", other.title) or _days_apart(one, other) > EDITION_DAYS


def _days_apart(one: _Page, other: _Page) -> int:
    """Count the days between two publications; 0 if one is unknown."""
    if _UNDATED in (one.published, other.published):
        return 0
    return abs((date.fromisoformat(one.published) - date.fromisoformat(other.published)).days)


def _fold_alike(pages: list[_Page], order: list[int], leader: list[int]) -> None:
    """Let pages follow the first page in order that is the same announcement with another frame."""
    packed = [pages[position].sentences for position in order]
    sizes = [len(one) // _RECORD.itemsize for one in packed]
    sentences = np.frombuffer(b"".join(packed), dtype=_RECORD)
    owner = np.repeat(np.arange(len(order)), sizes)
    if not len(sentences):
        return
    telling = _telling(sentences, owner, [pages[position].title for position in order])
    ends = np.cumsum(sizes)
    candidates: dict[int, set[int]] = defaultdict(set)
    for earlier, later in _pairs(sentences["hash"][telling], owner[telling]):
        candidates[later].add(earlier)
    texts: dict[int, _Text] = {}

    def text(index: int) -> _Text:
        if index not in texts:
            span = slice(ends[index] - sizes[index], ends[index])
            texts[index] = _Text.of(sentences[span][telling[span]])
        return texts[index]

    lead_of: dict[int, int] = {}
    for index in sorted(candidates):
        for head in sorted({lead_of.get(candidate, candidate) for candidate in candidates[index]}):
            if not _contradict(pages[order[index]], pages[order[head]]) and _is_same(text(index), text(head)):
                lead_of[index] = head
                leader[order[index]] = order[head]
                break


def _telling(sentences: NDArray[np.void], owner: NDArray[np.int64], titles: list[str]) -> NDArray[np.bool_]:
    """Mark the sentences that tell one announcement from another: not short, not a set phrase."""
    numbers: dict[str, int] = {}
    title = np.array([numbers.setdefault(title, len(numbers)) for title in titles])[owner]
    by_hash = np.lexsort((title, sentences["hash"]))
    hashes, title = sentences["hash"][by_hash], title[by_hash]
    new_pair = np.r_[True, (hashes[1:] != hashes[:-1]) | (title[1:] != title[:-1])]
    hashes, under = np.unique(hashes[new_pair], return_counts=True)
    set_phrases = hashes[under > SET_PHRASE_TITLES]
    return (sentences["length"] >= _SHORTEST_SENTENCE) & ~np.isin(sentences["hash"], set_phrases)


def _pairs(hashes: NDArray[np.uint64], owner: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Yield pairs of pages that share a sentence: each page with the first that has it and a few before itself."""
    by_hash = np.lexsort((owner, hashes))
    hashes, owner = hashes[by_hash], owner[by_hash]
    starts = np.flatnonzero(np.r_[True, hashes[1:] != hashes[:-1]])
    first = owner[np.repeat(starts, np.diff(np.r_[starts, len(hashes)]))]
    earlier, later = [first], [owner]
    for distance in range(1, _NEIGHBOURS + 1):
        same = hashes[distance:] == hashes[:-distance]
        earlier.append(owner[:-distance][same])
        later.append(owner[distance:][same])
    one, other = np.concatenate(earlier), np.concatenate(later)
    scale = int(other.max()) + 1 if len(other) else 1
    for pair in np.unique(one[one != other] * scale + other[one != other]).tolist():
        yield divmod(pair, scale)


@dataclass(frozen=True, slots=True)
class _Text:
    """The telling sentences of a page as plain lists, which are quicker than arrays to walk."""

    hashes: list[int]
    masks: list[int]
    openings: list[int]
    endings: list[int]
    lengths: list[int]

    @classmethod
    def of(cls, sentences: NDArray[np.void]) -> _Text:
        return cls(*(sentences[name].tolist() for name in ("hash", "mask", "opening", "ending", "length")))


def _is_same(one: _Text, other: _Text) -> bool:
    """Compare two texts sentence by sentence, as the head of this module says."""
    shorter, longer = sorted((sum(one.lengths), sum(other.lengths)))
    where = {sentence: index for index, sentence in enumerate(one.hashes)}
    shared = [(where[sentence], index) for index, sentence in enumerate(other.hashes) if sentence in where]
    in_common = sum(other.lengths[index] for _, index in shared)
    if shorter < LEAST_CHARS or in_common < SHORTER_SHARED * shorter or in_common < LONGER_SHARED * longer:
        return False
    replaced, before = 0, (-1, -1)
    for after in (*shared, (len(one.hashes), len(other.hashes))):
        gap = range(before[0] + 1, after[0]), range(before[1] + 1, after[1])
        if not {one.masks[i] for i in gap[0]}.isdisjoint({other.masks[j] for j in gap[1]} - {0}):
            return False  # the same sentence with other figures
        if not _is_frame(one, other, gap):
            replaced += min(sum(one.lengths[i] for i in gap[0]), sum(other.lengths[j] for j in gap[1]))
        before = after
    return replaced <= REPLACED * shorter


def _is_frame(one: _Text, other: _Text, gap: tuple[range, range]) -> bool:
    """Return whether what differs is grown on to the first or the last sentence."""
    if not gap[0] or not gap[1]:
        return True  # something left out or added
    if gap[0].start == 0 and gap[1].start == 0:
        return one.endings[gap[0][-1]] == other.endings[gap[1][-1]]
    if gap[0].stop == len(one.hashes) and gap[1].stop == len(other.hashes):
        return one.openings[gap[0][0]] == other.openings[gap[1][0]]
    return False
