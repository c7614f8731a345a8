"""Starts the plain Nameko service beside the hall, on the same RabbitMQ and PostgreSQL, and measures it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import kombu
from amqp.exceptions import NotFound
from gevent.pool import Pool
from geventhttpclient import HTTPClient

from loadtests import postgres
from loadtests.figures import Taken
from loadtests.own_hall import ROOT, free_port

DATABASE = "hallflow_plain"
QUEUES = ("rpc-plain_tickets",)
WORKERS = 32
READY_WITHIN_S = 60.0
KINDS = ("Tickets", "Web")


@contextmanager
def plain_service(admin_dsn: str, amqp_uri: str) -> Iterator[int]:
    """Give the port of a running plain service.

    Args:
        admin_dsn: an account that may create databases.
        amqp_uri: the hall's RabbitMQ; the service's queue is removed at the end.
    """
    port = free_port()
    with postgres.fresh(admin_dsn, DATABASE) as dsn, TemporaryDirectory() as folder:
        statement = Path(folder) / "issue.sql"
        named = {name: f"%({name})s" for name in ("queue", "id", "command_id")}
        statement.write_text(postgres.issue_statement(**named), "utf-8")
        # JSON is YAML.
        config = Path(folder) / "config.yaml"
        config.write_text(
            json.dumps(
                {"AMQP_URI": amqp_uri, "WEB_SERVER_ADDRESS": f"127.0.0.1:{port}", "max_workers": WORKERS}
            )
        )
        running = [_start(kind, config, dsn, statement) for kind in KINDS]
        try:
            _wait(port, running)
            yield port
        finally:
            for process in running:
                process.terminate()
            for process in running:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=10)
                process.kill()
            _remove_queues(amqp_uri)


def _start(kind: str, config: Path, dsn: str, statement: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "nameko", "run", "--config", str(config), f"loadtests.plain.service:{kind}"],
        # Eventlet can switch while psycopg waits, which by the book it cannot: the comparison is to be fair.
        env=os.environ
        | {"PLAIN_DATABASE": dsn, "PLAIN_STATEMENT": str(statement), "PSYCOPG_WAIT_FUNC": "wait_selector"},
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _wait(port: int, running: list[subprocess.Popen[bytes]]) -> None:
    ends = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < ends:
        if any(process.poll() is not None for process in running):
            break
        with suppress(OSError):
            if _issue(HTTPClient("127.0.0.1", port, network_timeout=5.0)) == 201:
                return
        time.sleep(0.5)
    raise RuntimeError("the plain Nameko service did not start")


def _issue(client: HTTPClient) -> int:
    body = json.dumps({"item": "department-0001", "channel": "kiosk"})
    answer = client.post("/tickets", body=body, headers={"Content-Type": "application/json"})
    answer.read()
    return int(answer.status_code)


def _remove_queues(amqp_uri: str) -> None:
    with kombu.Connection(amqp_uri) as connection:
        for queue in QUEUES:
            with suppress(NotFound):
                connection.channel().queue_delete(queue)


def issue(port: int, *, seconds: float, clients: int) -> Taken:
    """Take numbers from the plain service as fast as so many clients can, for some seconds."""
    taken = Taken()

    def client(_: int) -> None:
        connection = HTTPClient("127.0.0.1", port, concurrency=1, network_timeout=30.0)
        while time.perf_counter() < ends:
            begun = time.perf_counter()
            if _issue(connection) == 201:
                taken.each.append(time.perf_counter() - begun)
            else:
                taken.wrong += 1
        connection.close()

    begun = time.perf_counter()
    ends = begun + seconds
    for _ in Pool(clients).imap_unordered(client, range(clients)):
        pass
    taken.spent = time.perf_counter() - begun
    return taken
