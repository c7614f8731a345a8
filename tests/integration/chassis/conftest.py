"""The echo service as real processes, whose ways to broker and database a test can watch and cut."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from kombu import Connection
from psycopg import sql
from psycopg.rows import dict_row

from deploy.local.ports import free_port
from services.chassis.migrate import declare
from tests.integration.chassis.client import EVENTS, Client, said
from tests.integration.chassis.wiretap import Wiretap
from tests.integration.gateway.relay import CuttableRelay
from tests.processes import MONDAY_MORNING, Process
from tests.servers import HTTP, RabbitServer, Vhost
from tests.shared import ROOT
from tests.waiting import DEADLINE_S, until

Relay = TypeVar("Relay", bound=CuttableRelay)
ECHO = "tests.integration.chassis.echo"
WAIT_FOR_A_LOCK = """
SELECT 1 FROM pg_stat_activity WHERE application_name = ANY(%(names)s) AND wait_event_type = 'Lock'
"""


@dataclass
class Copy:
    """One process of the echo service."""

    process: Process
    port: int
    _from: int = 0

    def lines(self, event: str = "") -> list[dict[str, Any]]:
        """Return the log's lines, those of one event or all."""
        lines = self.process.log.read_bytes()[self._from :].decode().splitlines()
        read = [json.loads(line) for line in lines if line.startswith("{")]
        return [line for line in read if not event or line["event"] == event]

    def begin(self) -> None:
        """Show only what is logged from now on."""
        self._from = self.process.log.stat().st_size

    def lives(self) -> bool:
        """Say whether the process runs."""
        return self.process.handle is not None and self.process.handle.poll() is None

    def terminate(self) -> None:
        """Ask it to end."""
        assert self.process.handle is not None
        self.process.handle.send_signal(signal.SIGTERM)

    def wait(self) -> int:
        """Return the exit code."""
        assert self.process.handle is not None
        return self.process.handle.wait(timeout=DEADLINE_S)

    @property
    def pid(self) -> int:
        """The process's id."""
        assert self.process.handle is not None
        return self.process.handle.pid

    def metric(self, name: str) -> float:
        """Return a value of the metrics."""
        text = HTTP.get(f"http://127.0.0.1:{self.port}/metrics", timeout=DEADLINE_S).text
        return next(float(line.split()[-1]) for line in text.splitlines() if line.startswith(f"{name} "))


@dataclass
class Echoes:
    """A database and a virtual host with copies of the echo service on them."""

    dsn: str
    amqp_uri: str
    folder: Path
    copies: list[Copy] = field(default_factory=list)
    relays: list[CuttableRelay] = field(default_factory=list)

    def start(self, *, ready: bool = True, **environment: str) -> Copy:
        """Start a copy; `AMQP_URI` and `DATABASE_URL` may lead it over a relay."""
        number, port = len(self.copies) + 1, free_port()
        process = Process(
            "services",
            [ECHO],
            {
                **{name: value for name, value in os.environ.items() if not name.startswith("HALL_")},
                "DATABASE_URL": self.dsn,
                "AMQP_URI": self.amqp_uri,
                "METRICS_PORT": str(port),
                "HALL_CLOCK": MONDAY_MORNING,
                "HALL_CLOCK_STARTED": f"{time.time():.3f}",
                # No call is cut off and none given up because the machine is slow; tests of that say shorter times.
                "HALL_GRACE": str(DEADLINE_S),
                "HALL_CALL_TIMEOUT": str(2 * DEADLINE_S),
                **environment,
            },
            self.folder / f"echo-{number}.log",
            lambda: bool(copy.lines("service.started")) and bool(copy.lines("inbox.listens")),
        )
        copy = Copy(process, port)
        self.copies.append(copy)
        process.start()
        if ready:
            process.wait_ready()
        return copy

    def client(self) -> Client:
        """Return a caller; to be used in a `with`."""
        return Client(self.amqp_uri)

    def wiretap(self) -> Wiretap:
        """Return a relay before the broker."""
        address = urlsplit(self.amqp_uri)
        tap = Wiretap(address.hostname or "", address.port or 5672)
        return self._begin(tap)

    def database_relay(self) -> CuttableRelay:
        """Return a relay before the database."""
        address = urlsplit(self.dsn)
        return self._begin(CuttableRelay(address.hostname or "", address.port or 5432))

    def _begin(self, relay: Relay) -> Relay:
        relay.mend()
        self.relays.append(relay)
        return relay

    def end(self) -> None:
        """End what runs; not gently, which has a test of its own."""
        for relay in self.relays:
            relay.end()
        for copy in self.copies:
            copy.process.kill()

    def rows(self, statement: str, **params: Any) -> list[dict[str, Any]]:
        """Ask the database."""
        with psycopg.connect(self.dsn, row_factory=dict_row) as connection:
            return connection.execute(statement, params).fetchall()

    def change(self, statement: str) -> None:
        """Change the database past the service."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(statement)

    @contextmanager
    def locked(self, table: str) -> Iterator[Callable[[], None]]:
        """Keep everybody from a table; gives the function that ends it."""
        with psycopg.connect(self.dsn) as connection:
            connection.execute(sql.SQL("LOCK TABLE {}").format(sql.Identifier(table)))
            yield connection.rollback

    @contextmanager
    def gate(self, number: int = 1) -> Iterator[Callable[[], None]]:
        """Hold up all calls that are sent to this gate; gives the function that opens it."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", [number])
            yield lambda: connection.execute("SELECT pg_advisory_unlock_all()")

    def held_up(self, *copies: Copy) -> int:
        """Return how many calls of these copies, or of all, wait at a gate, for a table or for another call."""
        names = [f"hallflow-{copy.pid}" for copy in copies or self.copies]
        return len(self.rows(WAIT_FOR_A_LOCK, names=names))

    def consumers(self) -> int:
        """Return how many copies take calls."""
        with Connection(self.amqp_uri) as connection:
            return int(connection.default_channel.queue_declare("rpc-echo", passive=True).consumer_count)

    def words(self, table: str = "notes") -> list[str]:
        """Return the words that were noted or heard, in their order."""
        key = "id" if table == "notes" else "nth"
        return [row["word"] for row in self.rows(f"SELECT word FROM {table} ORDER BY {key}")]  # noqa: S608

    def waiting(self, queue: str) -> int:
        """Return how many messages are in a queue."""
        with Connection(self.amqp_uri) as connection:
            return int(connection.default_channel.queue_declare(queue, passive=True).message_count)

    def tell(self, *events: Any, routing_key: str = "other.word.said", **properties: Any) -> None:
        """Publish events, JSON or bytes as they are."""
        with Connection(self.amqp_uri, transport_options={"confirm_publish": True}) as connection:
            producer = connection.Producer(exchange=EVENTS)
            for event in events:
                body = event if isinstance(event, str | bytes) else json.dumps(event)
                producer.publish(
                    body,
                    routing_key=routing_key,
                    delivery_mode=2,
                    **{"content_type": "application/json", "content_encoding": "utf-8", **properties},
                )

    def dead(self) -> int:
        """Return how many messages are dead."""
        return self.waiting("echo.dead")

    def dead_command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Do what `hall dead` does with these arguments."""
        return subprocess.run(
            [sys.executable, "-m", "services.chassis.dead", *arguments],
            env=self.copies[0].process.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            check=False,
        )

    def until_dead(self, many: int) -> None:
        """Wait until so many messages are dead."""
        until(lambda: self.dead() == many, what=f"{many} dead letters", seen=self.dead)


def through(uri: str, relay: CuttableRelay) -> str:
    """Return an address that leads over a relay."""
    address = urlsplit(uri)
    login = address.netloc.rpartition("@")[0]
    return urlunsplit(address._replace(netloc=f"{login}@127.0.0.1:{relay.port}"))


@contextmanager
def echoes_on(dsn: str, amqp_uri: str, folder: Path) -> Iterator[Echoes]:
    """Prepare a database and a virtual host for copies; those that were started end with it."""
    declare(ECHO, amqp_uri=amqp_uri)
    made = Echoes(dsn, amqp_uri, folder)
    yield made
    made.end()


@pytest.fixture
def echoes(database: Callable[[str], str], vhost: Vhost, tmp_path: Path) -> Iterator[Echoes]:
    """No copy yet, but what copies need; for tests that start, end and cut off copies."""
    with echoes_on(database(ECHO), vhost.uri, tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def _kept(
    database_of_session: Callable[[str], str],
    rabbitmq_server: RabbitServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Echoes]:
    """One copy for all tests that do it no harm."""
    folder = tmp_path_factory.mktemp("echo")
    with (
        rabbitmq_server.vhost() as vhost,
        echoes_on(database_of_session(ECHO), vhost.uri, folder) as made,
    ):
        made.start()
        yield made


def _hear_all_that_was_said(kept: Echoes) -> None:
    """Wait until what an earlier test left in the inbox is done and logged.

    The second word is heard alone, behind the first one's batch, so its line of the log names it.
    """
    for word in ("the-last", "the-very-last"):
        kept.tell(said(word))
        until(lambda word=word: word in kept.words("heard"), what=f"{word} is heard")
    until(
        lambda: [
            1
            for line in kept.copies[0].lines("inbox.done")
            if "call-the-very-last" in (line["call_ids"] or [])
        ],
        what="all that was heard is logged",
    )


def _emptied(dsn: str) -> bool:
    """Empty the tables; the service at work on them may be in the way once."""
    try:
        with psycopg.connect(dsn) as connection:
            connection.execute("TRUNCATE notes, heard, commands, inbox RESTART IDENTITY")
    except psycopg.errors.DeadlockDetected:
        return False
    return True


@pytest.fixture
def kept(_kept: Echoes) -> Echoes:
    """A copy that runs already, its tables empty and nothing on the bus."""
    assert _kept.copies[0].lives(), "an earlier test ended the shared copy"
    until(lambda: _kept.rows("SELECT count(*) AS n FROM outbox")[0]["n"] == 0, what="the outbox is empty")
    _hear_all_that_was_said(_kept)
    until(lambda: _emptied(_kept.dsn), what="the tables are empty")
    with Connection(_kept.amqp_uri) as connection:
        for queue in ("echo.inbox", "echo.dead", "rpc-echo"):
            connection.default_channel.queue_purge(queue)
    _kept.copies[0].begin()
    return _kept


@pytest.fixture
def client(kept: Echoes) -> Iterator[Client]:
    """A caller of the running copy."""
    with kept.client() as made:
        yield made
