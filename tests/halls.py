"""Whole halls: as `hall up` starts them, or handed on warm, with the reference hall loaded already."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psycopg
from kombu import Connection

from deploy.local.layout import ANALYST, GATEWAY, PLANNER, SERVICES
from deploy.local.ports import free_port
from services.chassis.topology import inbox_queue
from tests import shared
from tests.processes import Stack, clean_environment
from tests.servers import PostgresServer, RabbitServer
from tests.shared import ROOT
from tests.waiting import DEADLINE_S, until

# The reference hall is loaded a few minutes before the clock that the halls begin with.
EARLIER = "2026-03-02T09:00:00+08:00@1"
# Browsers and clients of tests all come from one address.
NO_LIMITS = {
    f"HALL_LIMIT_{what}": "100000"
    for what in ("CHANGES", "READS", "CODES", "PAGES", "ASSETS", "QR", "KIOSK_SEARCHES")
} | {"HALL_RECALL_PAUSE": "0"}  # nobody has to walk up to a window of a test


class OpenHall(Protocol):
    """A hall that can be visited at its gateway's root."""

    @property
    def url(self) -> str: ...


@dataclass(frozen=True)
class RunningHall:
    """A whole hall as `make up` starts it: the gateway's root and the folder it runs in."""

    url: str
    folder: Path
    environment: dict[str, str]

    def command(self, *arguments: str) -> str:
        """Run the `hall` command on it and return what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "deploy.local.hall", *arguments],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == 0, f"hall {' '.join(arguments)}:\n{done.stdout}\n{done.stderr}"
        return done.stdout


@contextmanager
def started_hall(folder: Path) -> Iterator[RunningHall]:
    """Start a hall as `make up` does, on a Monday morning."""
    port = free_port()
    environment = clean_environment() | NO_LIMITS | {"HALL_RUN_DIR": str(folder), "HALL_PORT": str(port)}
    hall = RunningHall(f"http://127.0.0.1:{port}", folder, environment)
    try:
        hall.command("up")
        yield hall
    finally:
        hall.command("reset", "--yes")


@contextmanager
def warm_hall(folder: Path, **settings: str) -> Iterator[Stack]:
    """Give a hall of all processes, in which the reference hall is loaded and nothing has happened yet.

    Args:
        folder: for its processes.
        settings: that it has beside those of all tests.
    """
    postgres, rabbitmq = PostgresServer.of_this_run(), RabbitServer.of_this_run()
    loaded = shared.once("loaded", lambda: _load(postgres, rabbitmq))
    with postgres.clones(loaded) as clone, rabbitmq.vhost() as vhost:
        stack = Stack(vhost.uri, clean_environment() | NO_LIMITS | settings, folder, clone)
        try:
            stack.start(*SERVICES, PLANNER, ANALYST, GATEWAY)
            yield stack
        finally:
            stack.clear_away()


@contextmanager
def new_hall(folder: Path, *names: str) -> Iterator[Stack]:
    """Give a hall that was started for the first time and is no demo: the processes that are named, or all."""
    settings = clean_environment() | NO_LIMITS | {"HALL_DEMO": "0"}
    postgres, rabbitmq = PostgresServer.of_this_run(), RabbitServer.of_this_run()
    with postgres.clones() as clone, rabbitmq.vhost() as vhost:
        stack = Stack(vhost.uri, settings, folder, clone)
        try:
            stack.start(*(names or (*SERVICES, GATEWAY)))
            yield stack
        finally:
            stack.clear_away()


def _load(postgres: PostgresServer, rabbitmq: RabbitServer) -> dict[str, str]:
    """Load the reference hall as `hall up` does; return the databases to clone, by service."""
    made: dict[str, str] = {}

    def database(service: str) -> str:
        made[service], dsn = postgres.clone(service)
        return dsn

    with rabbitmq.vhost() as vhost:
        folder = shared.folder() / "loaded"
        folder.mkdir()
        stack = Stack(vhost.uri, clean_environment() | {"HALL_CLOCK": EARLIER}, folder, database)
        try:
            stack.start(*SERVICES)
            _run_loader(stack)
            until(lambda: _comes_to_rest(stack), what="every service has heard what there is to hear")
        finally:
            stack.clear_away()
    for name in made.values():
        postgres.close(name)
    return made


def _run_loader(stack: Stack) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deploy.hall.load"],
        env=stack.environment | {"AMQP_URI": stack.amqp_uri},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def _comes_to_rest(stack: Stack) -> bool:
    """Stop all services once nothing is on its way, and say whether nothing is then; if not, let them go on."""
    until(lambda: _nothing_on_its_way(stack), what="outboxes and inboxes are empty")
    stack.stop()
    if _nothing_on_its_way(stack):
        return True
    for process in stack.processes.values():
        process.start()
    return False


def _nothing_on_its_way(stack: Stack) -> bool:
    for dsn in stack.databases.values():
        with psycopg.connect(dsn) as connection:
            if connection.execute("SELECT 1 FROM outbox LIMIT 1").fetchone():
                return False
    with Connection(stack.amqp_uri) as connection:
        queues = [inbox_queue(service).name for service in SERVICES]
        return not any(
            connection.default_channel.queue_declare(queue, passive=True).message_count for queue in queues
        )
