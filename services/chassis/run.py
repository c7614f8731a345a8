"""Run one service: `python -m services.chassis.run ticketing`."""

import os

os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")

import eventlet

eventlet.monkey_patch()

import signal
import sys
from typing import Any

from nameko.runners import ServiceRunner

from services.chassis import logs, metrics
from services.chassis.collector import spare_the_collector
from services.chassis.config import settings
from services.chassis.container import configure, service_class


def run(name: str) -> None:
    """Run a service until SIGTERM or SIGINT; calls in flight are finished first."""
    runner = ServiceRunner()
    runner.add_service(service_class(name))

    def stop(_signal: int, _frame: Any) -> None:
        eventlet.spawn_n(runner.stop)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    runner.start()
    spare_the_collector()
    logs.get_logger().info("service.started")
    waiting = eventlet.spawn(runner.wait)
    while True:
        try:
            waiting.wait()
        except InterruptedError:
            continue
        break
    logs.get_logger().info("service.stopped")


def main(arguments: list[str]) -> None:
    """Read the command line and run."""
    if len(arguments) != 1:
        raise SystemExit("usage: python -m services.chassis.run SERVICE")
    name = arguments[0]
    logs.configure(level=settings().log_level, process=name)
    configure()
    if port := settings().metrics_port:
        metrics.serve(port, address=settings().metrics_bind)
    run(name)


if __name__ == "__main__":
    main(sys.argv[1:])
