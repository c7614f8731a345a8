"""Controls: that Nameko and psycopg as they come do what the chassis guards against.

When one of these fails, the trap is gone from a new version, and so may be the guard.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from amqp.exceptions import NotFound
from kombu import Connection

from tests.integration.chassis.client import Client
from tests.integration.chassis.conftest import Echoes, through
from tests.integration.chassis.wiretap import Wiretap
from tests.processes import Process
from tests.servers import Vhost
from tests.shared import ROOT
from tests.waiting import DEADLINE_S, until

NAMEKO = str(Path(sys.executable).parent / "nameko")
WAITING_AND_LETTING_IN = """
import os, sys
import eventlet
eventlet.monkey_patch()
import psycopg
def connect(**options):
    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, **options)
def wait():
    with connect(options=f"-c lock_timeout={sys.argv[1]}") as connection:
        try:
            connection.execute("SELECT pg_advisory_lock(7)")
        except psycopg.errors.LockNotAvailable:
            return "nobody let it in"
    return "let in"
def let_in():
    while not keeper.execute("SELECT 1 FROM pg_locks WHERE objid = 7 AND NOT granted").fetchone():
        eventlet.sleep(0)
    keeper.execute("SELECT pg_advisory_unlock(7)")
keeper = connect()
keeper.execute("SELECT pg_advisory_lock(7)")
waiting = eventlet.spawn(wait)
eventlet.spawn(let_in)
sys.stdout.write(waiting.wait())
"""


def test_psycopg_as_it_comes_blocks_every_greenthread_and_with_wait_selector_none(kept: Echoes) -> None:
    """One greenthread waits for what another one does: as psycopg comes, the other has no turn until it gives up."""
    assert _waited(kept.dsn, gives_up_after_s=1) == "nobody let it in"
    assert _waited(kept.dsn, gives_up_after_s=DEADLINE_S, PSYCOPG_WAIT_FUNC="wait_selector") == "let in"


def _waited(dsn: str, *, gives_up_after_s: float, **extra: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PSYCOPG_WAIT_FUNC"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", WAITING_AND_LETTING_IN, str(round(gives_up_after_s * 1000))],
        env={**environment, "DATABASE_URL": dsn, **extra},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=True,
    )
    return done.stdout


Start = Callable[..., Process]


@pytest.fixture
def plain(vhost: Vhost, tmp_path: Path) -> Iterator[Start]:
    """Start copies of a service on plain Nameko."""
    started: list[Process] = []

    def start(amqp_uri: str = vhost.uri) -> Process:
        process = Process(
            None,
            [NAMEKO, "run", "--broker", amqp_uri, "tests.integration.chassis.plain"],
            {**os.environ, "NOTES": str(tmp_path / "notes"), "PYTHONPATH": str(ROOT)},
            tmp_path / f"plain-{len(started)}.log",
            lambda: _consumers(vhost.uri) > len(started) - 1,
        )
        started.append(process)
        process.start()
        process.wait_ready()
        return process

    yield start
    for process in started:
        process.kill()


def _consumers(amqp_uri: str) -> int:
    with Connection(amqp_uri) as connection:
        try:
            return int(connection.default_channel.queue_declare("rpc-echo", passive=True).consumer_count)
        except NotFound:
            return 0


def test_nameko_as_it_comes_runs_a_call_again_when_its_copy_is_asked_to_end(
    plain: Start, vhost: Vhost, tmp_path: Path
) -> None:
    """The first copy has the call in hand; it does not give its acknowledgement before it closes the channel."""
    leaving = plain()
    notes = tmp_path / "notes"
    with Client(vhost.uri) as client:
        client.send("note", word="twice", seconds=10 * DEADLINE_S)
        until(notes.exists, what="the first copy has the call in hand")
        plain()
        leaving.handle.terminate()
        until(
            lambda: notes.read_text() == "twice\ntwice\n",
            what="the second copy runs the call too",
            seen=notes.read_text,
        )


def test_nameko_as_it_comes_ends_with_a_message_that_has_no_reply_to_again_and_again(
    plain: Start, vhost: Vhost
) -> None:
    process = plain()
    with Client(vhost.uri) as client:
        client.send_raw('{"args": [], "kwargs": {"request": {}}}', method="rest")
    for times in (1, 2):
        until(
            lambda times=times: process.log.read_text().count("due to 'reply_to'") == times,
            what=f"the process ended {times} times",
        )
        process.kill()
        process.start()


def test_nameko_as_it_comes_declares_for_each_call_and_sends_persistent_replies(
    plain: Start, vhost: Vhost
) -> None:
    host, port = vhost.uri.rpartition("@")[2].split("/")[0].split(":")
    with Wiretap(host, int(port)) as tap, Client(vhost.uri) as client:
        plain(through(vhost.uri, tap))
        client.call("ask")
        tap.sent.clear()
        answers = [client.call("ask") for _ in range(5)]
        assert {answer.delivery_mode for answer in answers} == {2}
        assert tap.sent["queue.declare"] >= 5 and tap.sent["queue.bind"] >= 5
