"""One announcement as the cluster keeps it, and the tokens that texts and queries share."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from itertools import chain, pairwise, starmap
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from indexer.announcement import group_of
from indexer.cluster.mappings import FREQUENCY_MARK, FREQUENCY_SCALE, KEPT_KEYWORDS
from indexer.facts.dates import to_day
from indexer.facts.document_number import number_key
from indexer.fields import FOLDER, SITE
from indexer.light_dataclass import dataclass
from indexer.ranking.bm25f import RANKING, length_norm
from indexer.ranking.prior import PRIOR_STEPS, prior_of, title_core
from indexer.relations.keys import digest, issued_by
from indexer.relations.titles import title_key
from indexer.text.fold import fold
from indexer.text.segmenter import words_of
from indexer.text.units import BREAK, units, units_of_each

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from indexer.announcement import Announcement
    from indexer.fields import Field

BIGRAM_MARK: Final = "|"  # stands between the units of a bigram, alone where the row breaks; no unit holds it
TITLE_MARK: Final = BIGRAM_MARK  # before a term of a title, weighed for what does not ask; before no other term
ONCE: Final = "1"  # the one term of the field that tells what a bigram weighs that stands once, in the body
LONGEST_TOKEN: Final = 80  # characters; a longer unit goes by its digest, for the index refuses very long ones
SAMPLE_SIZE: Final = 4_000  # announcements that averages are taken over; all of them where there are no more
DRIFT_IN_SAMPLE: Final = 0.005  # shares of an average; few are soon written anew, and then are as a rebuild makes them
DRIFT_BEYOND: Final = 0.05
_HALF_PAIRS: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Averages:
    """What field lengths are measured against: words of a title and of a body."""

    title: float
    body: float

    def are_off(self, now: Averages, count: int) -> bool:
        """Return whether words weighed by these weigh wrongly for ``count`` announcements whose averages are ``now``.

        Of many these come from a sample themselves, off by some 2 %, which moves no hit that anybody could tell.
        """
        most = DRIFT_IN_SAMPLE if count <= SAMPLE_SIZE else DRIFT_BEYOND
        return any(abs(is_now / was - 1) > most for is_now, was in ((now.title, self.title), (now.body, self.body)))


class Factors(NamedTuple):
    """What a frequency in one announcement is multiplied with."""

    title: float
    title_in_question: float
    body: float


class _Cut(NamedTuple):
    """The texts of an announcement, cut."""

    title_words: list[str]
    body_words: list[str]
    title: list[str]  # units
    body: list[str]


# ── tokens ───────────────────────────────────────────────────────────────────────────────────────────


def token(unit: str) -> str:
    """Return what stands for a unit or a word in the index."""
    if len(unit) <= LONGEST_TOKEN:
        return unit
    return "~" + hashlib.blake2b(unit.encode(), digest_size=16).hexdigest()


def tokens(of_text: Sequence[str]) -> Sequence[str]:
    """Return the tokens of units or words; nearly always they are these themselves."""
    return of_text if max(map(len, of_text), default=0) <= LONGEST_TOKEN else [token(one) for one in of_text]


def bigram_tokens(row: Sequence[str]) -> list[str]:
    """Return the neighbouring units of a row, breaks among them."""
    return _paired(tokens(row))


def row_tokens(row: Sequence[str]) -> list[str]:
    """Return a row unit by unit, with a mark for each break."""
    return [unit or BIGRAM_MARK for unit in tokens(row)]


def row_digest(row: Sequence[str]) -> str:
    """Name a whole row, however long."""
    return hashlib.blake2b("\0".join(row).encode(), digest_size=16).hexdigest()


def key_token(key: str) -> str:
    """Name the key of a title, however long."""
    return f"{digest(key):016x}"


# ── documents ────────────────────────────────────────────────────────────────────────────────────────


def document_id(announcement_id: str, born: int) -> str:
    """Name the document of an announcement that came with a version."""
    return f"{announcement_id}.{born}"


def documents(
    announcements: Sequence[Announcement], records: Sequence[str], averages: Averages
) -> Iterator[dict[str, Any]]:
    """Return what is sent for announcements; ``records`` are these, packed. Many texts at once are cut in less time."""
    titles, bodies = ([text(one) for one in announcements] for text in (attrgetter("title"), attrgetter("body")))
    cut = zip(*map(words_of, (titles, bodies)), *map(units_of_each, (titles, bodies)), strict=True)
    for announcement, record, texts in zip(announcements, records, starmap(_Cut, cut), strict=True):
        yield {"record": record, **_texts(announcement, texts, averages), **_facts(announcement)}


def _texts(announcement: Announcement, cut: _Cut, averages: Averages) -> dict[str, Any]:
    title_words, body_words = cut.title_words, cut.body_words
    title, body = tokens(cut.title), tokens(cut.body)
    in_title = length_norm(len(title_words), averages.title, RANKING.b_in_title)
    in_body = length_norm(len(body_words), averages.body, RANKING.b)
    factors = Factors(RANKING.title * in_title, RANKING.title_in_question * in_title, in_body)
    title_bigrams, body_bigrams = _paired(title), _paired(body)
    both = [_joined(title_bigrams), _joined(body_bigrams)]
    return {
        "title": plain(announcement.title),
        "title_key": key_token(title_key(announcement.title)),
        "title_units": _held(title),
        "text_units": _held(title, body) or None,  # null: what has no text is not counted as having some
        "title_bigrams": both[0],
        "text_bigrams": both,
        "title_row": row_digest(cut.title),
        "title_length": len(title_words),
        "body_length": len(body_words),
        "words": _weighted(Counter(tokens(title_words)), Counter(tokens(body_words)), factors),
        "bigrams": _repeated(title_bigrams, body_bigrams, factors) or None,
        "once": f"{ONCE}{_marked(factors.body)}" if body_bigrams else None,
    }


def _facts(announcement: Announcement) -> dict[str, Any]:
    region, number = "/".join(announcement.region), number_key(announcement.number)
    published, group = announcement.published, group_of(announcement)
    return {
        "id": announcement.id,
        "prior": round(prior_of(announcement) * PRIOR_STEPS),
        "title_core": title_core(announcement.title),
        **{name: value for field in KEPT_KEYWORDS for name, value in _keyword(field, field.read(announcement))},
        "region": _each_step(announcement.region),
        "folder": _each_step(tuple(filter(None, FOLDER.read(announcement).split("/")))),
        "path": plain(fold(announcement.path)),
        "site": _domains(plain(fold(SITE.read(announcement)))),
        "indexed": announcement.indexed,
        "region_row": _joined(row_tokens(units(region))),
        "number": plain(number),
        "written_number": plain(announcement.number),
        "number_row": _joined(row_tokens(units(number))),
        "day": to_day(published),
        "issued": to_day(issued_by(announcement)),
        "month": published.isoformat()[:7] if published else None,
        "group": group or announcement.id,
        "shared": bool(group),
    }


def _keyword(field: Field, value: str) -> Iterator[tuple[str, str]]:
    """Yield a value as it is counted, and as it is asked for: its units in a row, or all of it, folded."""
    yield field.name, plain(value)
    if field.by_parts:
        yield f"{field.name}_row", _joined(row_tokens(units(value)))
    else:
        yield f"{field.name}_folded", plain(fold(value))


def _each_step(steps: Sequence[str]) -> list[str]:
    """Return a path and each above it."""
    return [plain("/".join(steps[: depth + 1])) for depth in range(len(steps))]


def _domains(host: str) -> list[str]:
    """Return a host and each domain that it lies in; [] for no host."""
    labels = host.split(".") if host else []
    return [".".join(labels[first:]) for first in range(len(labels))]


def _joined(tokens: Iterable[str]) -> str:
    return " ".join(tokens)


def _held(*rows: Sequence[str]) -> str:
    held = dict.fromkeys(chain.from_iterable(rows))
    held.pop(BREAK, None)
    return _joined(held)


def _paired(row_of_tokens: Sequence[str]) -> list[str]:
    return list(map(BIGRAM_MARK.join, pairwise(row_of_tokens)))


def _weighted(title: Mapping[str, int], body: Mapping[str, int], factors: Factors) -> str:
    """Return each term once with its weighted frequency for questions, and those of the title for all else too.

    A term of the body alone needs no sum, and is the same for both.
    """
    marked = {count: _marked(count * factors.body) for count in set(body.values())}
    written = [term + marked[count] for term, count in body.items() if term not in title]
    for term, count in title.items():
        of_body = body.get(term, 0) * factors.body
        written.append(term + _marked(count * factors.title_in_question + of_body))
        written.append(TITLE_MARK + term + _marked(count * factors.title + of_body))
    return _joined(written)


def _repeated(in_title: Iterable[str], in_body: Iterable[str], factors: Factors) -> str:
    """Return the same of the bigrams that a title holds, or a body more than once; none of them reaches to a break.

    All others weigh the same in one announcement, which is told once for all of them.
    """
    title = {bigram: count for bigram, count in Counter(in_title).items() if _is_whole(bigram)}
    counts = Counter(in_body)
    repeated = [bigram for bigram, count in counts.items() if count > 1]
    body = {bigram: counts[bigram] for bigram in repeated if _is_whole(bigram)}
    body |= {bigram: counts[bigram] for bigram in title}
    return _weighted(title, body, factors)


def _is_whole(bigram: str) -> bool:
    return bigram[0] != BIGRAM_MARK and bigram[-1] != BIGRAM_MARK


def _marked(frequency: float) -> str:
    return f"{FREQUENCY_MARK}{round(frequency * FREQUENCY_SCALE) or 1}"


def plain(text: str) -> str:
    """Replace halves of surrogate pairs, which the cluster's JSON cannot carry."""
    return text.encode("utf-8", "replace").decode() if _HALF_PAIRS.search(text) else text


def half_pairs_escaped(text: str) -> str:
    """Write halves of surrogate pairs in JSON as its escapes."""
    return _HALF_PAIRS.sub(lambda half: f"\\u{ord(half[0]):04x}", text)
