"""What Prometheus is told, summed over the workers of this machine."""

import os

from flask import request
from gevent import get_hub
from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
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
# Those that exist; any other is counted as one.
METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"})


def exposition() -> bytes:
    """Return all figures as Prometheus reads them; with several workers, a second of computing."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    # In a thread of its own: those of the interpreter take turns, while gevent's greenlets would all wait.
    written: bytes = get_hub().threadpool.apply(generate_latest, (registry,))
    return written


def observe_request(status: int, seconds: float) -> None:
    """Count an answered request under its route and a method that exists, so that nobody invents series."""
    route = request.url_rule.rule if request.url_rule else "none"
    method = request.method if request.method in METHODS else "other"
    requests_seconds.labels(method, route, status).observe(seconds)
