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

from tests.conftest import ROOT, Process, Vhost
from tests.integration.chassis.client import Client, until
from tests.integration.chassis.conftest import Echoes, through
from tests.integration.chassis.wiretap import Wiretap

NAMEKO = str(Path(sys.executable).parent / "nameko")
FIVE_QUERIES = """
import os, sys, time
import eventlet
eventlet.monkey_patch()
import psycopg
def query():
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute("SELECT pg_sleep(0.4)")
began = time.monotonic()
pool = eventlet.GreenPool()
for _ in range(5):
    pool.spawn(query)
pool.waitall()
sys.stdout.write(str(time.monotonic() - began))
"""


def test_psycopg_as_it_comes_blocks_every_greenthread_and_with_wait_selector_none(kept: Echoes) -> None:
    plain, guarded = (
        _five_queries(kept.dsn, **extra) for extra in ({}, {"PSYCOPG_WAIT_FUNC": "wait_selector"})
    )
    assert plain >= 5 * 0.4
    assert guarded < plain - 0.8


def _five_queries(dsn: str, **extra: str) -> float:
    environment = {name: value for name, value in os.environ.items() if name != "PSYCOPG_WAIT_FUNC"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FIVE_QUERIES],
        env={**environment, "DATABASE_URL": dsn, **extra},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return float(done.stdout)


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
        client.send("note", word="twice", seconds=20)
        until(notes.exists)
        plain()
        leaving.handle.terminate()
        until(lambda: notes.read_text() == "twice\ntwice\n")


def test_nameko_as_it_comes_ends_with_a_message_that_has_no_reply_to_again_and_again(
    plain: Start, vhost: Vhost
) -> None:
    process = plain()
    with Client(vhost.uri) as client:
        client.send_raw('{"args": [], "kwargs": {"request": {}}}', method="rest")
    for times in (1, 2):
        until(lambda times=times: process.log.read_text().count("due to 'reply_to'") == times)
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
