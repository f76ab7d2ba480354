"""Figures for Prometheus at /metrics: off unless asked for, as they tell everyone how much this server is used.

Where several processes answer, prometheus-client adds them up through files in ``PROMETHEUS_MULTIPROC_DIR``, which has
to be set before this module is imported.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from flask import Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from indexer.errors import OperatorError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from webui.site import Site

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)  # seconds


class _IndexCollector(Collector):
    """What the index is when it is asked about."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def collect(self) -> Iterator[GaugeMetricFamily]:
        ready = GaugeMetricFamily("policy_search_ready", "1 when there is an index to answer from")
        try:
            status = self._site.status()
        except OperatorError:
            ready.add_metric([], 0)
            yield ready
            return
        ready.add_metric([], 1)
        yield ready
        for name, text, value in (
            ("documents", "Announcements in the index", status.documents),
            ("size_bytes", "Size of the index on disk", status.size_bytes),
            ("age_seconds", "Time since the last rebuild or update", self._site.age_seconds()),
            ("skipped_pages", "Pages that the last rebuild or update skipped", len(status.report.skipped)),
        ):
            yield GaugeMetricFamily(f"policy_search_index_{name}", text, value=value)
        version = GaugeMetricFamily("policy_search_index", "Version of the index", labels=["version"])
        version.add_metric([status.version], 1)
        yield version


def install(app: Flask, site: Site) -> None:
    """Count every request of an app, and answer /metrics."""
    registry = CollectorRegistry()
    registry.register(_IndexCollector(site))
    added_up = "PROMETHEUS_MULTIPROC_DIR" in os.environ
    (MultiProcessCollector if added_up else ProcessCollector)(registry=registry)
    own = None if added_up else registry
    labels = ["endpoint", "status"]  # of our own choosing: an address that somebody makes up adds no line
    answers = Counter("policy_search_requests", "Requests answered", labels, registry=own)
    seconds = Histogram("policy_search_request_seconds", "Time to answer", ["endpoint"], buckets=_BUCKETS, registry=own)

    @app.after_request
    def count(response: Response) -> Response:
        endpoint = request.endpoint or "none"
        answers.labels(endpoint, str(response.status_code)).inc()
        if "begun" in g:
            seconds.labels(endpoint).observe(time.perf_counter() - g.begun)
        return response

    @app.get("/metrics")
    def metrics() -> Response:
        told = generate_latest(registry)
        return Response(told, content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})
