"""Events from the outbox of one service to the inbox of another, whatever happens in between."""

import json
import random
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import psutil
import pytest
from kombu import Connection, Queue

from services.chassis.db import Database, load_queries
from services.chassis.inbox import InboxConsumer, hears
from services.chassis.publisher import ConfirmingPublisher, NotConfirmed, Outgoing
from services.chassis.topology import DELIVERY_LIMIT, EVENTS
from tests.conftest import RabbitServer
from tests.integration.chassis.client import Client, until
from tests.integration.chassis.conftest import Echoes, through
from tests.integration.chassis.echo.service import Word, hear
from tests.integration.chassis.echo.store import Store

WAITS_FOR_LOCK = (
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
RABBITMQCTL = "/usr/lib/rabbitmq/bin/rabbitmqctl"


def said(word: str, *, id_: str = "", **more: Any) -> dict[str, Any]:
    """Return an event from elsewhere."""
    fail = more.pop("fail", False)
    return {
        "specversion": "1.0",
        "id": id_ or str(uuid4()),
        "source": "/hallflow/other",
        "type": "other.word.said",
        "subject": word,
        "time": datetime(2026, 3, 2, 1, tzinfo=UTC).isoformat(),
        "hall": "main",
        "sequence": 1,
        "position": 1,
        "callid": f"call-{word}",
        "data": {"word": word, "fail": fail},
        **more,
    }


@contextmanager
def listening(amqp_uri: str) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Hear every event from now on; gives a function that returns those heard so far."""
    heard: list[dict[str, Any]] = []
    with Connection(amqp_uri) as connection:
        queue = Queue("", EVENTS, "#", exclusive=True, auto_delete=True)
        with connection.Consumer(queue, callbacks=[lambda body, _: heard.append(body)], no_ack=True):

            def look() -> list[dict[str, Any]]:
                try:
                    while True:
                        connection.drain_events(timeout=0.05)
                except TimeoutError:
                    return heard

            yield look


# Outbox and relay


def test_an_event_goes_out_with_the_commit_and_not_with_a_rollback(client: Client, kept: Echoes) -> None:
    with listening(kept.amqp_uri) as heard:
        client.call("note", word="no", end="refuse")
        client.call("note", word="no", end="break")
        client.call("note", word="yes", call_id="the-call")
        until(heard)
        time.sleep(0.2)
        (event,) = heard()
    assert event["data"] == {"word": "yes"} and event["callid"] == "the-call"
    assert (event["type"], event["source"], event["hall"]) == ("echo.note.made", "/hallflow/echo", "main")


def test_events_go_out_in_the_order_of_their_positions(client: Client, kept: Echoes) -> None:
    with listening(kept.amqp_uri) as heard:
        ids = [client.send("note", word=f"w{n}", events=7) for n in range(60)]
        client.wait(*ids)
        until(lambda: len(heard()) == 420)
        positions = [event["position"] for event in heard()]
    assert positions == list(range(positions[0], positions[0] + 420))
    assert kept.rows("SELECT position FROM relay") == [{"position": positions[-1]}]


def test_one_copy_leads_and_another_takes_over_when_it_is_killed(echoes: Echoes) -> None:
    """The leader is in another process than the command at times: NOTIFY wakes it long before its look of 1 s."""
    first = echoes.start()
    until(lambda: first.lines("relay.leads"))
    second = echoes.start()
    with echoes.client() as client, listening(echoes.amqp_uri) as heard:
        waits = []
        for n in range(12):
            began = time.monotonic()
            client.call("note", word=f"before{n}")
            until(lambda n=n: len(heard()) == n + 1)
            waits.append(time.monotonic() - began)
        commands = [copy.metric("hallflow_events_published_total") for copy in (first, second)]
        assert commands == [12, 0], "one copy alone publishes"
        assert second.lines("call"), "the other copy took calls"
        assert sorted(waits)[-2] < 0.5, waits
        first.process.kill()
        client.call("note", word="after")
        until(lambda: len(heard()) == 13)
        assert heard()[-1]["position"] == 13
    until(lambda: second.lines("relay.leads"))


def test_an_event_of_a_copy_that_died_between_commit_and_publish_goes_out_after_the_restart(
    echoes: Echoes,
) -> None:
    tap = echoes.wiretap()
    tap.swallow = "events"
    copy = echoes.start(AMQP_URI=through(echoes.amqp_uri, tap))
    with echoes.client() as client:
        # Under an id: who dies before the answered request is settled gets it again.
        client.call("note", command_id="k1", word="a")
        copy.process.kill()
        assert echoes.words() == ["a"] and echoes.words("heard") == []
        assert echoes.rows("SELECT count(*) AS n FROM outbox") == [{"n": 1}]
        tap.swallow = ""
        echoes.start(AMQP_URI=through(echoes.amqp_uri, tap))
        until(lambda: echoes.words("heard") == ["a"])
    assert echoes.rows("SELECT count(*) AS n FROM outbox") == [{"n": 0}]


def test_an_event_that_was_published_but_not_confirmed_goes_out_again_and_is_done_once(
    echoes: Echoes,
) -> None:
    tap = echoes.wiretap()
    tap.swallow = "confirms"
    copy = echoes.start(AMQP_URI=through(echoes.amqp_uri, tap))
    with echoes.client() as client, listening(echoes.amqp_uri) as heard:
        client.call("note", command_id="k1", word="a", events=3)
        until(lambda: len(heard()) == 3)
        until(lambda: len(echoes.words("heard")) == 3)
        copy.process.kill()
        tap.swallow = ""
        again = echoes.start(AMQP_URI=through(echoes.amqp_uri, tap))
        until(lambda: len(heard()) == 6)
        first, second = heard()[:3], heard()[3:]
        until(lambda: echoes.waiting("echo.inbox") == 0)
        until(lambda: sum(line["events"] for line in again.lines("inbox.done")) == 3)
    assert [event["id"] for event in first] == [event["id"] for event in second]
    assert [event["position"] for event in first] == [event["position"] for event in second] == [1, 2, 3]
    assert len(echoes.words("heard")) == 3 and echoes.dead() == 0


def _rabbitmqctl(server: RabbitServer, *arguments: str) -> None:
    environment = psutil.Process(server.pid).environ()
    done = subprocess.run(
        [RABBITMQCTL, *arguments], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr


@contextmanager
def memory_alarm(server: RabbitServer) -> Iterator[None]:
    """Let the broker think that it has no memory left: it takes no message."""
    _rabbitmqctl(server, "set_vm_memory_high_watermark", "absolute", "1MB")
    try:
        yield
    finally:
        _rabbitmqctl(server, "set_vm_memory_high_watermark", "absolute", "512MB")


def test_a_broker_under_a_memory_alarm_holds_up_events_and_not_commands(
    echoes: Echoes, rabbitmq_server: RabbitServer
) -> None:
    """Seen to fail: the broker's heartbeats began the publisher's timeout anew each time, so it waited for ever.

    Under an alarm RabbitMQ hands messages out but reads nothing from a connection that publishes. So the commands
    that are in flight are done, and their replies arrive when the alarm is over.
    """
    copy = echoes.start()
    with echoes.client() as client:
        client.call("note", word="before")
        until(lambda: echoes.words("heard") == ["before"])
        until(lambda: copy.metric("hallflow_outbox_backlog") == 0)
        with echoes.locked("notes") as unlock:
            ids = [client.send("note", word=f"w{n}", events=5) for n in range(4)]
            until(lambda: len(echoes.rows(WAITS_FOR_LOCK)) == 4)
            with memory_alarm(rabbitmq_server):
                _expect_not_confirmed(echoes.amqp_uri)
                unlock()
                until(lambda: len(echoes.words()) == 5, what="commands are done under the alarm")
                until(lambda: copy.metric("hallflow_outbox_backlog") == 20, what="the backlog shows")
                assert copy.lives() and echoes.words("heard") == ["before"]
        assert all(answer.error is None for answer in client.wait(*ids))
        until(lambda: len(echoes.words("heard")) == 21, within_s=40, what="all events are through")
        until(lambda: copy.metric("hallflow_outbox_backlog") == 0)


def _expect_not_confirmed(amqp_uri: str) -> None:
    publisher = ConfirmingPublisher(amqp_uri, timeout=1)
    began = time.monotonic()
    with pytest.raises((NotConfirmed, OSError)):
        publisher.publish([Outgoing("hall.events", "other.nobody.hears", "{}")] * 3)
    assert time.monotonic() - began < 10


# Inbox


def test_repeats_in_any_order_are_done_once(kept: Echoes) -> None:
    events = [said(f"w{n}") for n in range(1500)]
    mixed = [*events, *random.Random(7).sample(events, 700)]
    random.Random(8).shuffle(mixed)
    kept.tell(*mixed)
    until(lambda: len(kept.words("heard")) == 1500, within_s=60)
    until(lambda: kept.waiting("echo.inbox") == 0)
    until(lambda: sum(line["events"] for line in kept.copies[0].lines("inbox.done")) == 2200)
    assert sorted(kept.words("heard")) == sorted(event["data"]["word"] for event in events)
    assert max(row["batch"] for row in kept.rows("SELECT batch FROM heard")) > 10, (
        "events are taken in batches"
    )
    assert kept.dead() == 0


def test_an_event_that_is_not_wanted_is_settled_and_leaves_nothing(client: Client, kept: Echoes) -> None:
    whispered, aloud = str(uuid4()), str(uuid4())
    kept.tell(said("(whispered) psst", id_=whispered), said("aloud", id_=aloud))
    until(lambda: "aloud" in kept.words("heard"))
    until(lambda: kept.waiting("echo.inbox") == 0)

    assert kept.words("heard") == ["aloud"]
    assert [str(row["event_id"]) for row in kept.rows("SELECT event_id FROM inbox")] == [aloud]


def test_an_id_in_another_spelling_is_the_same_id(kept: Echoes) -> None:
    """Seen to fail: an id in capitals was noted as received and its event never done."""
    id_ = str(uuid4())
    kept.tell(said("a", id_=id_.upper()))
    until(lambda: kept.words("heard") == ["a"])
    kept.tell(said("again", id_=id_), said("b"))
    until(lambda: kept.words("heard") == ["a", "b"])


def test_an_event_whose_handler_fails_is_tried_to_the_limit_and_then_dead_and_the_others_are_done_once(
    kept: Echoes,
) -> None:
    """Nameko acks and drops it, or with `requeue_on_error` on a classic queue hands it out for ever."""
    kept.tell(
        *(said(f"w{n}") for n in range(20)), said("bad", fail=True), *(said(f"v{n}") for n in range(20))
    )
    until(lambda: kept.dead() == 1, within_s=60)
    until(lambda: len(kept.words("heard")) == 40)
    assert sorted(kept.words("heard")) == sorted([f"{x}{n}" for x in "wv" for n in range(20)])
    assert kept.waiting("echo.inbox") == 0
    failures = [line for line in kept.copies[0].lines("inbox.failed") if line["size"] == 1]
    assert DELIVERY_LIMIT <= len(failures) <= DELIVERY_LIMIT + 1
    with Connection(kept.amqp_uri) as connection:
        message = Queue("echo.dead")(connection.default_channel).get(accept=["json"])
        assert message.payload["data"]["word"] == "bad"
        assert message.headers["x-death"][0]["reason"] == "delivery_limit"
        message.ack()


UNREADABLE: list[tuple[str, str | bytes, dict[str, Any]]] = [
    ("no JSON", b"{", {}),
    ("no text", b"\xff\xfe", {}),
    ("a list", "[]", {}),
    ("a number", "5", {}),
    ("no data", json.dumps({"type": "other.word.said", "id": str(uuid4())}), {}),
    ("an id that is none", json.dumps(said("a", id_="abc")), {}),
    ("a number for an id", json.dumps({**said("a"), "id": 5}), {}),
    ("a sequence beyond numbers", json.dumps({**said("a"), "sequence": float("inf")}), {}),
    ("data of another shape", json.dumps({**said("a"), "data": {"word": 5}}), {}),
    ("a subject that is no text", json.dumps({**said("a"), "subject": {}}), {}),
    ("a type nobody hears", json.dumps({**said("a"), "type": "other.song.sung"}), {}),
    ("a type that is no text", json.dumps({**said("a"), "type": []}), {}),
    ("an unknown encoding", b"{}", {"content_encoding": "klingon"}),
    ("an unknown content type", b"{}", {"content_type": "text/klingon", "content_encoding": "binary"}),
]


def test_events_that_cannot_be_read_go_to_the_dead_at_once_and_the_process_lives(kept: Echoes) -> None:
    """Nameko acks and drops them. Seen to fail: an unknown encoding and an infinite number ended the process."""
    for _, body, properties in UNREADABLE:
        kept.tell(body, **properties)
    kept.tell(said("good"))
    until(lambda: kept.dead() == len(UNREADABLE), what=f"{len(UNREADABLE)} dead letters")
    until(lambda: kept.words("heard") == ["good"])
    assert kept.waiting("echo.inbox") == 0 and kept.copies[0].lives()


def test_a_database_that_is_away_for_seconds_kills_no_event(echoes: Echoes) -> None:
    """Seen to fail when a failing batch is given back without regard to why: the limit is used up in a second."""
    relay = echoes.database_relay()
    copy = echoes.start(DATABASE_URL=through(echoes.dsn, relay))
    echoes.tell(said("first"))
    until(lambda: echoes.words("heard") == ["first"])
    relay.cut()
    echoes.tell(*(said(f"w{n}") for n in range(1000)))
    until(lambda: len(copy.lines("inbox.database_away")) >= 2)
    relay.mend()
    until(lambda: len(echoes.words("heard")) == 1001, within_s=60)
    assert echoes.dead() == 0 and copy.lives()


def test_an_inbox_that_waits_for_its_database_keeps_its_messages_however_long(
    echoes: Echoes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail: nobody read from the connection, it was taken for dead after two heartbeats, and all messages in
    hand were given back each time, so that the limit would be used up in a quarter of an hour.
    """
    relay = echoes.database_relay()
    address = through(echoes.dsn, relay)
    database = Database(
        Store, load_queries("tests.integration.chassis.echo"), url=address, size=2, timeout=0.5
    )
    hearings = [hears("other.word.said", Word(), hear)]
    consumer = InboxConsumer("echo", database, f"{echoes.amqp_uri}?heartbeat=3", hearings)
    connected: list[float] = []
    consume = consumer._consume
    monkeypatch.setattr(consumer, "_consume", lambda: (connected.append(time.monotonic()), consume()))
    relay.cut()
    echoes.tell(*(said(f"w{n}") for n in range(30)))
    worker = threading.Thread(target=consumer.run)
    worker.start()
    try:
        until(lambda: echoes.waiting("echo.inbox") == 0, what="the consumer has them in hand")
        time.sleep(7.5)
        relay.mend()
        until(lambda: len(echoes.words("heard")) == 30)
    finally:
        consumer.stop()
        worker.join(timeout=20)
        database.close()
    assert echoes.waiting("echo.inbox") == 0
    assert len(connected) == 1, "the connection was lost, and all messages given back"


def test_an_event_that_comes_while_no_copy_runs_waits(echoes: Echoes) -> None:
    echoes.tell(*(said(f"w{n}") for n in range(5)))
    echoes.start()
    until(lambda: len(echoes.words("heard")) == 5)


def test_a_small_batch_names_its_calls_in_one_line_and_a_large_one_its_size(
    client: Client, kept: Echoes
) -> None:
    client.call("note", word="a", call_id="made-at-the-gateway")
    until(lambda: _lines(kept, "made-at-the-gateway"))
    (line,) = _lines(kept, "made-at-the-gateway")
    assert line["events"] == 1 and line["new"] == 1
    kept.tell(*(said(f"w{n}") for n in range(200)))
    until(lambda: len(kept.words("heard")) == 201)
    until(lambda: sum(line["new"] for line in kept.copies[0].lines("inbox.done")) == 201)
    assert len(kept.copies[0].lines("inbox.done")) < 60
    assert all(line["call_ids"] is None for line in kept.copies[0].lines("inbox.done") if line["events"] > 10)


def _lines(kept: Echoes, call_id: str) -> list[dict[str, Any]]:
    return [line for line in kept.copies[0].lines("inbox.done") if call_id in (line["call_ids"] or [])]
