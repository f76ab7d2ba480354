"""Results as the JSON values that other programs rely on; one shape for the command line and the web.

Addresses (``links``) are the web layer's to add.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indexer.announcement import moment
from indexer.answers.relations import validity_json
from indexer.fields import FACETS
from indexer.report import report_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from indexer.announcement import Repost
    from indexer.answers.results import Facets, FacetValue, Hit, IndexStatus, NumberMatch, ResultPage


def repost_json(repost: Repost) -> dict[str, Any]:
    """Write one repost."""
    day = repost.published.isoformat() if repost.published else None
    return {"source": repost.source, "url": repost.url, "path": repost.path, "published": day, "id": repost.id}


def hit_json(hit: Hit) -> dict[str, Any]:
    """Write one hit; marks as [start, end) in characters of the text that they belong to."""
    return {
        "id": hit.id,
        "title": hit.title,
        "title_marks": [list(mark) for mark in hit.title_marks],
        "source": hit.source,
        "published": hit.published.isoformat() if hit.published else None,
        "region": list(hit.region),
        "number": hit.number,
        "form": hit.form,
        "kind": hit.kind,
        "url": hit.url,
        "path": hit.path,
        "signed": hit.signed.isoformat() if hit.signed else None,
        "effective": hit.effective.isoformat() if hit.effective else None,
        "indexed": moment(hit.indexed),
        "score": round(hit.score, 4),
        "snippet": {"text": hit.snippet.text, "marks": [list(mark) for mark in hit.snippet.marks]},
        "clause": {"anchor": hit.clause.anchor, "path": list(hit.clause.path)} if hit.clause else None,
        "reposts": [repost_json(repost) for repost in hit.reposts],
        "repost_of": hit.repost_of,
        "only_in_repost": hit.only_copies,
        "validity": validity_json(hit.validity),
    }


def _facet_value_json(value: FacetValue, *, tree: bool) -> dict[str, Any]:
    written: dict[str, Any] = {
        "value": value.value,
        "label": value.label,
        "count": value.count,
        "selected": value.selected,
        "excluded": value.excluded,
    }
    if tree:
        written["children"] = [_facet_value_json(child, tree=True) for child in value.children]
    return written


def facets_json(facets: Facets) -> dict[str, Any]:
    """Write every facet; regions and years are trees with ``children``."""
    return {
        facet.name: [_facet_value_json(value, tree=facet.kind != "keyword") for value in getattr(facets, facet.name)]
        for facet in FACETS
    }


def _number_json(number: NumberMatch | None) -> dict[str, Any] | None:
    if number is None:
        return None
    return {"number": number.number, "bearing": list(number.bearing), "citing": number.citing}


def hits_json(hits: Iterable[Hit]) -> list[dict[str, Any]]:
    """Write hits."""
    return [hit_json(hit) for hit in hits]


def result_json(
    answer: ResultPage,
    tell_facets: Callable[[Facets], Any] = facets_json,
    tell_hits: Callable[[Sequence[Hit]], Any] = hits_json,
) -> dict[str, Any]:
    """Write one page of an answer; who has another way to tell facets or hits gives it."""
    return {
        "total": answer.total,
        "listed": answer.listed,
        "folded": answer.folded,
        "page": answer.page,
        "per_page": answer.per_page,
        "took_ms": round(answer.took_ms, 2),
        "understood": answer.understood,
        "relaxed": answer.relaxed,
        "hits": tell_hits(answer.hits),
        "facets": tell_facets(answer.facets),
        "number": _number_json(answer.number),
        "also": list(answer.also),
        "did_you_mean": list(answer.did_you_mean),
        "offers": [
            {"filter": offer.filter, "value": offer.value, "label": offer.label, "total": offer.total}
            for offer in answer.offers
        ],
        "relief": [
            {"parameter": relief.parameter, "value": relief.value, "count": relief.count} for relief in answer.relief
        ],
        "near_in_meaning": hits_json(answer.meant),
        "reading": answer.reading,
        "readings": [
            {"name": choice.match, "total": choice.total, "selected": choice.selected} for choice in answer.readings
        ],
        "cursor": answer.cursor,
        "version": answer.version,
    }


def status_json(status: IndexStatus) -> dict[str, Any]:
    """Write what an index is and holds."""
    return {
        "place": status.place,
        "version": status.version,
        "documents": status.documents,
        "sources": status.sources,
        "first": status.first.isoformat() if status.first else None,
        "last": status.last.isoformat() if status.last else None,
        "size_bytes": status.size_bytes,
        "built": status.built,
        "schema": status.schema,
        "analyzer": status.analyzer,
        "report": report_json(status.report),
    }
