"""How gunicorn runs the gateway: `gunicorn -c gateway/gunicorn.conf.py "gateway.app:create_app()"`.

The workers patch themselves with gevent after the fork, before the app is loaded. What is made here, before the
fork, needs the standard library alone.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from gateway.http import counters, one_write, wire_errors

bind = [f"{os.environ.get('HALL_BIND', '127.0.0.1')}:{os.environ.get('HALL_PORT', '8000')}"]
# Metrics and the details of readiness; see gateway/http/operations.py.
if os.environ.get("METRICS_PORT"):
    bind.append(f"{os.environ.get('METRICS_BIND', '127.0.0.1')}:{os.environ['METRICS_PORT']}")
worker_class = "gateway.http.worker.Worker"
workers = int(os.environ.get("HALL_GATEWAY_WORKERS", "2"))
worker_connections = 10_000
backlog = 2048
# Gevent workers prove that their loop turns; a stream may stay open for as long as it likes.
timeout = 60
graceful_timeout = 10
keepalive = 75
# The parser in C needs a compiler where it is installed; an environment that still has it would answer in its own way.
http_parser = "python"
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190
proc_name = "hall-gateway"
# One canonical line a request is written by the app; gunicorn's own access log would say it twice.
accesslog = None
errorlog = "-"
loglevel = "warning"
control_socket_disable = True

METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def on_starting(server: Any) -> None:
    """Make what the workers share: the counters and the folder of their metrics."""
    counters.prepare()
    if METRICS_FOLDER not in os.environ:
        os.environ[METRICS_FOLDER] = server.metrics_folder = tempfile.mkdtemp(prefix="hall-gateway-metrics-")


def on_exit(server: Any) -> None:
    """Remove the metrics' folder, if it was ours."""
    folder = getattr(server, "metrics_folder", None)
    if folder:
        shutil.rmtree(folder, ignore_errors=True)


def pre_fork(server: Any, worker: Any) -> None:
    """Give each worker the lowest number no living one has; it counts its streams under it."""
    taken = {getattr(other, "hall_slot", None) for other in server.WORKERS.values()}
    worker.hall_slot = next(slot for slot in range(len(taken) + 1) if slot not in taken)


def post_fork(server: Any, worker: Any) -> None:
    """Tell the app its worker's number, and change in gunicorn what it writes to its clients."""
    os.environ["GATEWAY_SLOT"] = str(worker.hall_slot)
    wire_errors.install()
    one_write.install()


def post_worker_init(worker: Any) -> None:
    """Connect early, and end the streams when this worker is to go, so that they come back to another."""
    from services.chassis.collector import spare_the_collector

    parts = worker.wsgi.extensions["hall"]
    parts.live.retired = lambda: not worker.alive
    parts.start()
    spare_the_collector()


def child_exit(server: Any, worker: Any) -> None:
    """Leave a dead worker's gauges out of the sums."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
