"""How announcements lie in the cluster: the fields, how they are read, and what an index must have been made with.

Text is cut here, not there: the cluster splits at spaces and nothing else, so both engines have the same words and
units.

* ``title_units``, ``text_units``: which units a text holds;
* ``title_bigrams``, ``text_bigrams``: its neighbouring units, breaks among them, in order: strings are found by these,
  for a bigram is a hundred times rarer than its units. In ``text_bigrams`` the body follows the title after a gap;
* ``words``, ``bigrams``: what is ranked by. Each stands once with its weighted frequency (BM25F's, over both fields),
  so that one clause a term gives the whole formula. A title counts less for what asks (``RANKING``), so its terms
  stand there a second time, marked, as they weigh for all else. Of the bigrams only those of a title and those that a
  body repeats stand there, a quarter of them: all others weigh the same in one announcement, which is in ``once``;
* the facts that are filtered by and counted, as keywords; those that are searched by parts also as rows of units;
* what an announcement says of others, and what all of them together settle of its citations and its validity;
* ``record``: the announcement itself, see ``indexer.cluster.records``.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Any, Final

from indexer.fields import KEYWORDS, VALIDITY
from indexer.ranking.bm25f import RANKING
from indexer.ranking.prior import PRIOR
from indexer.relations.keys import CITATION, DOCUMENT
from indexer.text.segmenter import ANALYZER_VERSION, dictionary_digest

SCHEMA_VERSION: Final = "9"  # of the fields below; another one asks for a rebuild
FREQUENCY_SCALE: Final = 256  # weighted frequencies are stored in whole steps of 1/256
FREQUENCY_MARK: Final = "^"  # stands between a term and its frequency; no unit holds it
GAP: Final = 100  # positions between title and body: no string reaches over it
WINDOW: Final = 10_000  # what one request may page through

_TOKENS_SENT: Final = [
    *("title_units", "text_units", "title_bigrams", "text_bigrams", "words", "bigrams", "once"),
    *("region_row", "number_row", "title", "relation_keys"),
    *(f"{field.name}_row" for field in KEYWORDS if field.by_parts),
]
TERM_FIELDS: Final = frozenset({"words", "text_bigrams", "title_units", "text_units"})  # whose terms are ranked by
KEPT_KEYWORDS: Final = tuple(field for field in KEYWORDS if field is not VALIDITY)  # that is a matter of days

_KEYWORD: Final = {"type": "keyword", "ignore_above": 8_000}
_ROW: Final = {"type": "text", "analyzer": "spaced", "norms": False}
_KEPT: Final = {"type": "keyword", "index": False, "doc_values": False}

# Parameters of the formula that are in what is written: in the weighted frequencies, and in the script below.
_WRITTEN_PARAMETERS: Final = ("title", "title_in_question", "b_in_title", "b", "k1")

# BM25F's saturation of what is stored; the clause's boost carries the idf, which is counted over the whole index,
# so that scores are the same on every shard and every copy of it.
_SATURATED: Final = (
    f"double f = doc.freq / {FREQUENCY_SCALE}.0; return query.boost * f * {RANKING.k1 + 1} / (f + {RANKING.k1});"
)


def stamp() -> dict[str, str]:
    """Return what an index must have been written with to be read by this program."""
    return {
        "schema": SCHEMA_VERSION,
        "analyzer": f"{ANALYZER_VERSION}-{dictionary_digest()}",
        "ranking": written_parameters(),
        "relations": _layout_of_keys(),
    }


def _layout_of_keys() -> str:
    """Name how the keys of relations are laid out; by others, an index asks for a rebuild."""
    return hashlib.blake2b(f"{DOCUMENT.descr} {CITATION.descr}".encode(), digest_size=4).hexdigest()


def written_parameters() -> str:
    """Return the parameters of ranking that are in what is written; with others, an index asks for a rebuild."""
    chosen = {name: getattr(RANKING, name) for name in _WRITTEN_PARAMETERS} | asdict(PRIOR)
    return " ".join(f"{name}={value}" for name, value in chosen.items())


def is_stored(field: str) -> bool:
    """Return whether a field comes back as it was sent."""
    return field not in _TOKENS_SENT and field != "record"


def body_of_index(shards: int, replicas: int, meta: dict[str, Any]) -> dict[str, Any]:
    """Return the request that makes an empty index."""
    return {"settings": _settings(shards, replicas), "mappings": _mappings(meta)}


def _settings(shards: int, replicas: int) -> dict[str, Any]:
    return {
        "number_of_shards": shards,
        "number_of_replicas": replicas,
        "refresh_interval": "-1",  # what is written shows when we say so
        "max_result_window": WINDOW,
        "codec": "default",  # by best_compression nodes take half as long again to write; see indexer.cluster.records
        "mapping.total_fields.limit": 100,
        "similarity": {"bm25f": {"type": "scripted", "script": {"source": _SATURATED}}},
        "analysis": {
            "tokenizer": {"spaces": {"type": "whitespace", "max_token_length": 10_000}},
            "filter": {"weighted": {"type": "delimited_term_freq", "delimiter": FREQUENCY_MARK}},
            "analyzer": {
                "spaced": {"type": "custom", "tokenizer": "spaces"},
                "weighted": {"type": "custom", "tokenizer": "spaces", "filter": ["weighted"]},
            },
        },
    }


def _mappings(meta: dict[str, Any]) -> dict[str, Any]:
    return {
        "dynamic": "strict",
        "_source": {"excludes": [*_TOKENS_SENT, "record"]},
        "_meta": meta,
        "properties": {
            "id": {"type": "keyword"},
            "born": {"type": "integer"},  # the version that an announcement came with
            "record": {"type": "binary", "store": True},  # see indexer.cluster.records
            "account": {"type": "object", "enabled": False},
            "part": {"type": "integer"},
            **_of_texts(),
            **_of_facts(),
            **_of_relations(),
        },
    }


def _of_texts() -> dict[str, Any]:
    """Return the fields by which strings are found and ranked."""
    scored = {
        "type": "text",
        "analyzer": "weighted",
        "search_analyzer": "spaced",
        "similarity": "bm25f",
        "index_options": "freqs",
        "norms": False,
    }
    held = {**_ROW, "index_options": "docs"}
    return {
        "title": {"type": "keyword", "index": False, "ignore_above": 1_000},  # to complete what is typed
        "title_units": held,
        "text_units": held,
        "title_bigrams": _ROW,
        "text_bigrams": {**_ROW, "position_increment_gap": GAP},
        "title_row": {"type": "keyword", "doc_values": False},  # the whole title, as a digest
        "title_key": {"type": "keyword", "doc_values": False},  # what titles of one matter have in common, as a digest
        "prior": {"type": "integer", "index": False},  # in hundredths, see indexer.ranking.prior
        "title_core": {"type": "integer", "index": False},  # units of what the title is about
        "title_length": {"type": "integer", "index": False},  # in words
        "body_length": {"type": "integer", "index": False},
        "words": scored,
        "bigrams": scored,
        "once": scored,
    }


def _of_facts() -> dict[str, Any]:
    """Return the fields that are filtered by, counted and asked for."""
    return {
        **{field.name: _KEYWORD for field in KEPT_KEYWORDS},
        **{f"{field.name}_row": _ROW for field in KEPT_KEYWORDS if field.by_parts},
        **{f"{field.name}_folded": _KEYWORD for field in KEPT_KEYWORDS if not field.by_parts},
        "region": _KEYWORD,  # the path and each above it
        "region_row": _ROW,
        "folder": _KEYWORD,  # the folder that the page was saved in and each above it
        "path": _KEYWORD,  # folded
        "site": _KEYWORD,  # the host and each domain that it lies in, folded
        "indexed": {"type": "long"},  # when it first came into the index, in seconds since 1970
        "number": _KEYWORD,  # its key
        "number_row": _ROW,
        "written_number": {**_KEYWORD, "index": False},
        "day": {"type": "integer"},  # of publication, since 1970-01-01; NO_DAY if there is none
        "month": {"type": "keyword"},  # 2020-03
        "issued": {"type": "integer", "index": False},  # by which day it was there; NO_DAY if nobody knows
        "group": {"type": "keyword"},  # id of the announcement that it is a copy of, or its own
        "shared": {"type": "boolean"},  # whether others have the same group
    }


def _of_relations() -> dict[str, Any]:
    """Return what an announcement says of others, and what all of them together settle: see relation_register."""
    events = ("repealed", "partly", "amended", "expired", "effective")
    return {
        "relations": _KEPT,  # see indexer.cluster.relation_keys
        "relation_keys": {"type": "binary", "doc_values": True},
        "validity": {"properties": {event: {"type": "integer"} for event in events}},  # from which day on
        "replaced_by": {
            "properties": {event: {"type": "keyword", "index": False} for event in ("repealed", "amended")}
        },
        "version": {"properties": {which: {"type": "keyword", "index": False} for which in ("earlier", "later")}},
        "chain": {"type": "keyword", "index": False},  # whom it forwards, carries out, is based on: 0007:4:id
        "cited": {"type": "integer"},  # by how many others, for sure
        "cites": {"type": "keyword"},  # ids, for sure
        "may_cite": {"type": "keyword"},  # ids of several of which one is meant
        "resolved": _KEPT,  # which citation means whom, and who told of the days above
        "settled": {"type": "long", "index": False},  # digest of all of these
    }
