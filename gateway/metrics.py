"""What Prometheus is told, summed over the workers of this machine."""

import os

from flask import Flask, Response, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

requests_seconds = Histogram(
    "hall_gateway_request_seconds",
    "Time to answer a request, in seconds.",
    ["method", "route", "status"],
    buckets=BUCKETS,
)
calls_seconds = Histogram(
    "hall_gateway_call_seconds",
    "Time a service took over the bus, in seconds.",
    ["service", "method", "outcome"],
    buckets=BUCKETS,
)
streams_open = Gauge("hall_gateway_streams_open", "Event streams open now.", multiprocess_mode="livesum")
topics_asked_for = Counter(
    "hall_gateway_topics_asked_for", "Boards and desks asked for to be shown live.", ["kind", "outcome"]
)


def _show() -> Response:
    registry: CollectorRegistry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def observe_request(status: int, seconds: float) -> None:
    """Count an answered request under its route, not its path, so that ids make no series."""
    route = request.url_rule.rule if request.url_rule else "none"
    requests_seconds.labels(request.method, route, status).observe(seconds)


def register(app: Flask) -> None:
    """Serve `/metrics`."""
    app.add_url_rule("/metrics", "metrics", _show)
