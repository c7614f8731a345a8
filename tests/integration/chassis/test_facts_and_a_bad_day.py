"""Events from the outbox of one service to the inbox of another, whatever happens in between."""

import json
import random
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from uuid import uuid4

import psutil
import psycopg
import pytest
from kombu import Connection, Queue
from psycopg import sql
from psycopg_pool import PoolTimeout

from services.chassis import db, inbox, relay
from services.chassis.db import Database, load_queries
from services.chassis.inbox import InboxConsumer, hears
from services.chassis.publisher import ConfirmingPublisher, NotConfirmed, Outgoing
from services.chassis.topology import DELIVERY_LIMIT, EVENTS
from tests.integration.chassis.client import Client, said
from tests.integration.chassis.conftest import ECHO, Echoes, echoes_on, through
from tests.integration.chassis.echo.service import Word, hear
from tests.integration.chassis.echo.store import Store
from tests.servers import RabbitServer
from tests.waiting import DEADLINE_S, until

LISTENS = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %%'"
HEARTBEAT_S = 60
RABBITMQCTL = "/usr/lib/rabbitmq/bin/rabbitmqctl"


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
                        # Timed: how long it listens each time it is asked what it has heard so far.
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
        client.call("note", word="the next")
        until(lambda: len(heard()) >= 2, what="the event and the next one", seen=heard)
        event, following = heard()
    assert event["data"] == {"word": "yes"} and event["callid"] == "the-call"
    assert following["data"] == {"word": "the next"}, "events go out in their order"
    assert (event["type"], event["source"], event["hall"]) == ("echo.note.made", "/hallflow/echo", "main")


def test_events_go_out_in_the_order_of_their_positions(client: Client, kept: Echoes) -> None:
    with listening(kept.amqp_uri) as heard:
        ids = [client.send("note", word=f"w{n}", events=7) for n in range(60)]
        client.wait(*ids)
        until(lambda: len(heard()) >= 420, what="420 events", seen=lambda: len(heard()))
        positions = [event["position"] for event in heard()]
    assert positions == list(range(positions[0], positions[0] + 420))
    assert kept.rows("SELECT position FROM relay") == [{"position": positions[-1]}]


def test_one_copy_leads_and_another_takes_over_when_it_is_killed(echoes: Echoes) -> None:
    """The leader is in another process than the command at times."""
    first = echoes.start()
    until(lambda: first.lines("relay.leads"), what="the first copy leads")
    second = echoes.start()
    with echoes.client() as client, listening(echoes.amqp_uri) as heard:
        for n in range(12):
            client.call("note", word=f"before{n}")
            until(lambda n=n: len(heard()) == n + 1, what=f"{n + 1} events", seen=heard)

        def published() -> list[float]:
            return [copy.metric("hallflow_events_published_total") for copy in (first, second)]

        until(lambda: sum(published()) >= 12, what="twelve events are counted", seen=published)
        assert published() == [12, 0], "one copy alone publishes"
        until(lambda: second.lines("call"), what="the other copy took calls")
        first.process.kill()
        client.call("note", word="after")
        until(lambda: len(heard()) == 13, what="the event after the first copy's end", seen=heard)
        assert heard()[-1]["position"] == 13
    until(lambda: second.lines("relay.leads"), what="the second copy leads")


def test_a_commit_in_another_process_wakes_the_leader(
    echoes: Echoes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The leader never looks by itself here: only NOTIFY can have told it."""
    monkeypatch.setattr(relay, "IDLE", 10 * DEADLINE_S)
    database = Database(
        Store, load_queries("tests.integration.chassis.echo"), url=echoes.dsn, timeout=DEADLINE_S
    )
    leader = relay.Relay(database, echoes.amqp_uri)
    threads = [threading.Thread(target=part) for part in (leader.run, leader.listen)]
    for thread in threads:
        thread.start()
    try:
        until(lambda: leader._leading, what="our relay leads")
        until(lambda: echoes.rows(LISTENS), what="our relay listens")
        echoes.start()
        with echoes.client() as client, listening(echoes.amqp_uri) as heard:
            for n in range(3):
                client.call("note", word=f"w{n}")
                until(lambda n=n: len(heard()) == n + 1, what=f"{n + 1} events", seen=heard)
    finally:
        leader.stop()
        relay.wake_relay(database)
        for thread in threads:
            thread.join(DEADLINE_S)
        database.close()


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
        until(lambda: echoes.words("heard") == ["a"], what="the event", seen=lambda: echoes.words("heard"))
        # The broker hands the event out before the relay has read that it took it.
        until(
            lambda: echoes.rows("SELECT count(*) AS n FROM outbox") == [{"n": 0}], what="the outbox is empty"
        )


def test_an_event_that_was_published_but_not_confirmed_goes_out_again_and_is_done_once(
    echoes: Echoes,
) -> None:
    tap = echoes.wiretap()
    tap.swallow = "confirms"
    copy = echoes.start(AMQP_URI=through(echoes.amqp_uri, tap))
    with echoes.client() as client, listening(echoes.amqp_uri) as heard:
        client.call("note", command_id="k1", word="a", events=3)
        until(lambda: len(heard()) >= 3, what="three events", seen=heard)
        until(lambda: len(echoes.words("heard")) == 3, what="three events are done")
        copy.process.kill()
        # Not confirmed, the relay may have sent them more than once already when the machine is slow.
        before = len(heard())
        tap.swallow = ""
        again = echoes.start(AMQP_URI=through(echoes.amqp_uri, tap))
        until(lambda: len(heard()) >= before + 3, what="three events once more", seen=heard)
        # More than three when the copy was killed before it had told the broker that it had done them.
        until(
            lambda: sum(line["events"] for line in again.lines("inbox.done")) >= 3,
            what="the new copy has read them again",
        )
        sent = [(event["id"], event["position"]) for event in heard()]
    assert set(sent[before:]) == set(sent[:3]) and [position for _, position in sent[:3]] == [1, 2, 3]
    assert len(echoes.words("heard")) == 3 and echoes.dead() == 0


def _rabbitmqctl(server: RabbitServer, *arguments: str) -> None:
    environment = psutil.Process(server.pid).environ()
    done = subprocess.run(
        [RABBITMQCTL, *arguments], env=environment, capture_output=True, text=True, timeout=DEADLINE_S
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


@pytest.fixture
def own_server() -> Iterator[RabbitServer]:
    """A broker that may have an alarm: nobody else's messages wait meanwhile."""
    with RabbitServer.of_this_test() as server:
        yield server


def test_a_broker_under_a_memory_alarm_holds_up_events_and_not_commands(
    own_server: RabbitServer, database: Callable[[str], str], tmp_path: Path
) -> None:
    """Seen to fail: the broker's heartbeats began the publisher's timeout anew each time, so it waited for ever.

    Under an alarm RabbitMQ hands messages out but reads nothing from a connection that publishes. So the commands
    that are in flight are done, and their replies arrive when the alarm is over.
    """
    with (
        own_server.vhost() as vhost,
        echoes_on(database(ECHO), vhost.uri, tmp_path) as echoes,
        echoes.client() as client,
    ):
        copy = echoes.start()
        client.call("note", word="before")
        until(lambda: echoes.words("heard") == ["before"], what="the event before the alarm")
        until(lambda: copy.metric("hallflow_outbox_backlog") == 0, what="the outbox is empty")
        with echoes.locked("notes") as unlock:
            ids = [client.send("note", word=f"w{n}", events=5) for n in range(4)]
            until(lambda: echoes.held_up() == 4, what="four commands are in flight", seen=echoes.held_up)
            with memory_alarm(own_server):
                _expect_not_confirmed(echoes.amqp_uri)
                unlock()
                until(lambda: len(echoes.words()) == 5, what="commands are done under the alarm")
                until(lambda: copy.metric("hallflow_outbox_backlog") == 20, what="the backlog shows")
                assert copy.lives() and echoes.words("heard") == ["before"]
        assert all(answer.error is None for answer in client.wait(*ids))
        until(lambda: len(echoes.words("heard")) == 21, what="all events are through")
        until(lambda: copy.metric("hallflow_outbox_backlog") == 0, what="the outbox is empty again")


def _expect_not_confirmed(amqp_uri: str) -> None:
    """A publisher that waited for ever would hang here."""
    # Timed: it is to give up, and never gets what it waits for.
    publisher = ConfirmingPublisher(amqp_uri, timeout=1)
    with pytest.raises((NotConfirmed, OSError)):
        publisher.publish([Outgoing("hall.events", "other.nobody.hears", "{}")] * 3)


# Inbox


def test_repeats_in_any_order_are_done_once(kept: Echoes) -> None:
    events = [said(f"w{n}") for n in range(1500)]
    mixed = [*events, *random.Random(7).sample(events, 700)]
    random.Random(8).shuffle(mixed)
    with kept.locked("heard") as unlock:
        kept.tell(*mixed)
        unlock()
    until(lambda: len(kept.words("heard")) == 1500, what="1500 words", seen=lambda: len(kept.words("heard")))
    until(
        lambda: _done(kept, "events") >= 2200, what="2200 events are done", seen=lambda: _done(kept, "events")
    )
    assert _done(kept, "events") == 2200 and kept.waiting("echo.inbox") == 0
    assert sorted(kept.words("heard")) == sorted(event["data"]["word"] for event in events)
    assert max(row["batch"] for row in kept.rows("SELECT batch FROM heard")) > 10, (
        "events are taken in batches"
    )
    assert kept.dead() == 0


def test_an_event_that_is_not_wanted_is_settled_and_leaves_nothing(client: Client, kept: Echoes) -> None:
    whispered, aloud = str(uuid4()), str(uuid4())
    kept.tell(said("(whispered) psst", id_=whispered), said("aloud", id_=aloud))
    until(lambda: "aloud" in kept.words("heard"), what="the event behind it is done")

    assert kept.words("heard") == ["aloud"]
    assert [str(row["event_id"]) for row in kept.rows("SELECT event_id FROM inbox")] == [aloud]


def test_an_id_in_another_spelling_is_the_same_id(kept: Echoes) -> None:
    """Seen to fail: an id in capitals was noted as received and its event never done."""
    id_ = str(uuid4())
    kept.tell(said("a", id_=id_.upper()))
    until(lambda: kept.words("heard") == ["a"], what="the first event")
    kept.tell(said("again", id_=id_), said("b"))
    until(lambda: "b" in kept.words("heard"), what="the event behind the repeat")
    assert kept.words("heard") == ["a", "b"]


def test_an_event_whose_handler_fails_is_tried_to_the_limit_and_then_dead_and_the_others_are_done_once(
    kept: Echoes,
) -> None:
    """Nameko acks and drops it, or with `requeue_on_error` on a classic queue hands it out for ever."""
    kept.tell(
        *(said(f"w{n}") for n in range(20)), said("bad", fail=True), *(said(f"v{n}") for n in range(20))
    )
    until(lambda: kept.dead() == 1, what="the bad event is dead")
    until(lambda: len(kept.words("heard")) >= 40, what="the others are done")
    assert sorted(kept.words("heard")) == sorted([f"{x}{n}" for x in "wv" for n in range(20)])
    assert kept.waiting("echo.inbox") == 0

    def failed() -> list[dict[str, Any]]:
        return [line for line in kept.copies[0].lines("inbox.failed") if line["size"] == 1]

    failures = until(
        lambda: len(failed()) >= DELIVERY_LIMIT and failed(), what="each try is logged", seen=failed
    )
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
    until(lambda: kept.dead() == len(UNREADABLE), what=f"{len(UNREADABLE)} dead letters", seen=kept.dead)
    until(lambda: kept.words("heard") == ["good"], what="the good event is done")
    assert kept.waiting("echo.inbox") == 0 and kept.copies[0].lives()


def test_a_database_that_is_away_for_seconds_kills_no_event(echoes: Echoes) -> None:
    """Seen to fail when a failing batch is given back without regard to why: the limit is used up in a second."""
    way = echoes.database_relay()
    copy = echoes.start(DATABASE_URL=through(echoes.dsn, way))
    echoes.tell(said("first"))
    until(lambda: echoes.words("heard") == ["first"], what="the first event is done")
    way.cut()
    echoes.tell(*(said(f"w{n}") for n in range(1000)))
    until(lambda: len(copy.lines("inbox.database_away")) >= 2, what="the inbox has missed its database twice")
    way.mend()
    until(
        lambda: len(echoes.words("heard")) == 1001, what="1001 words", seen=lambda: len(echoes.words("heard"))
    )
    assert echoes.dead() == 0 and copy.lives()


def _set_read_only(echoes: Echoes, on: bool) -> None:
    """Have the database refuse changes, as after a failover or on a full disk, also to whoever is connected."""
    with psycopg.connect(
        echoes.dsn, autocommit=True, options="-c default_transaction_read_only=off"
    ) as owner:
        name = sql.Identifier(owner.info.dbname)
        owner.execute(
            sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = {}").format(name, sql.Literal(on))
        )
        if on:
            owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def test_a_database_that_is_read_only_for_seconds_kills_no_event_and_answers_that_it_is_away(
    echoes: Echoes,
) -> None:
    """Seen to fail: each event was taken for a bad one, given back twenty times and buried."""
    copy = echoes.start()
    with echoes.client() as client, listening(echoes.amqp_uri) as heard:
        assert client.call("health").error is None
        _set_read_only(echoes, True)
        echoes.tell(*(said(f"w{n}") for n in range(10)))
        until(lambda: len(copy.lines("inbox.database_away")) >= 3, what="the inbox waits for its database")
        for method, request in (("note", {"word": "lost"}), ("health", {})):
            answer = client.call(method, **request)
            assert (answer.error["kind"], answer.error["code"]) == ("away", "service_unavailable")
        assert client.call("rest").error is None, "what only reads is answered"
        assert echoes.dead() == 0

        _set_read_only(echoes, False)
        until(
            lambda: len(echoes.words("heard")) >= 10, what="all are done", seen=lambda: echoes.words("heard")
        )
        until(lambda: client.call("note", word="back").error is None, what="commands are done again")
        until(lambda: heard(), what="the relay is back")
        assert client.call("health").error is None
    until(lambda: "back" in echoes.words("heard"), what="its event is heard")
    assert sorted(echoes.words("heard")) == sorted(["back", *(f"w{n}" for n in range(10))])
    assert echoes.dead() == 0


def test_what_a_read_only_database_buried_comes_back_by_a_replay_and_nothing_twice(
    echoes: Echoes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hall that ran the inbox of before has such dead letters: then a database without changes was no database away,
    and each event was taken for a bad one. Some were done already when their like was buried.
    """
    done, buried = [said(f"before{n}") for n in range(2)], [said(f"w{n}") for n in range(4)]
    monkeypatch.setattr(inbox, "AWAY", (psycopg.OperationalError, PoolTimeout))
    monkeypatch.setattr(inbox, "log", Mock())  # a hundred tracebacks, each drawn for a terminal, take minutes
    monkeypatch.setattr(db, "_given_up_if_read_only", nullcontext)
    with _consuming(echoes) as database:
        echoes.tell(*done)
        until(
            lambda: len(echoes.words("heard")) == 2, what="two are done", seen=lambda: echoes.words("heard")
        )
        _set_read_only(echoes, True)
        until(lambda: _takes_no_changes(database), what="the consumer's own connections take no changes")
        echoes.tell(*buried, *done)
        echoes.until_dead(6)
        _set_read_only(echoes, False)
    echoes.start()
    assert len(echoes.words("heard")) == 2

    assert echoes.dead_command("replay", "echo", "all").stdout == "6 replayed\n"

    # As a replay leaves them that ended between the broker's confirm and its last word to the dead letters.
    echoes.tell(*buried, said("the last"))
    until(lambda: "the last" in echoes.words("heard"), what="what stands behind them", seen=echoes.words)
    until(lambda: len(echoes.words("heard")) >= 7, what="all are back", seen=lambda: echoes.words("heard"))
    assert sorted(echoes.words("heard")) == sorted(
        ["the last", *(event["data"]["word"] for event in (*done, *buried))]
    )
    assert echoes.dead() == 0 and echoes.waiting("echo.inbox") == 0
    assert echoes.dead_command("replay", "echo", "all").stdout == "0 replayed\n"


@contextmanager
def _consuming(echoes: Echoes) -> Iterator[Database[Store]]:
    """Have an inbox consumed in this process; gives its database."""
    database = Database(Store, load_queries(ECHO), url=echoes.dsn, size=2, timeout=DEADLINE_S)
    consumer = InboxConsumer("echo", database, echoes.amqp_uri, [hears("other.word.said", Word(), hear)])
    worker = threading.Thread(target=consumer.run)
    worker.start()
    try:
        yield database
    finally:
        consumer.stop()
        worker.join(DEADLINE_S)
        database.close()


def _takes_no_changes(database: Database[Store]) -> bool:
    try:
        with database.transaction() as store:
            return bool(store.value("is_read_only"))
    except psycopg.OperationalError:  # that connection was ended; the next one is new
        return False


def test_an_inbox_that_waits_for_its_database_keeps_its_messages_however_long(
    echoes: Echoes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail: nobody read from the connection, it was taken for dead after two heartbeats, and all messages in
    hand were given back each time, so that the limit would be used up in a quarter of an hour.

    Three times most of two heartbeats pass, and each time something comes that is to be read.
    """
    way = echoes.database_relay()
    address = through(echoes.dsn, way)
    # Timed: it misses a database that is away all the while it waits.
    gives_up_s = 0.5
    database = Database(
        Store, load_queries("tests.integration.chassis.echo"), url=address, size=2, timeout=gives_up_s
    )
    hearings = [hears("other.word.said", Word(), hear)]
    consumer = InboxConsumer("echo", database, f"{echoes.amqp_uri}?heartbeat={HEARTBEAT_S}", hearings)
    consumer._waiting = read = Counted()
    connected: list[bool] = []
    consume = consumer._consume
    monkeypatch.setattr(consumer, "_consume", lambda: (connected.append(True), consume()))
    clock = MovedMonotonic()
    monkeypatch.setattr("amqp.connection.monotonic", clock)
    way.cut()
    echoes.tell(*(said(f"w{n}") for n in range(30)))
    worker = threading.Thread(target=consumer.run)
    worker.start()
    try:
        until(lambda: read.count_all == 30, what="the consumer has them in hand")
        for nth in range(3):
            _let_a_long_time_pass(echoes, read, clock, nth)
        way.mend()
        until(lambda: len(echoes.words("heard")) == 33, what="33 words")
    finally:
        consumer.stop()
        worker.join(DEADLINE_S)
        database.close()
    assert echoes.waiting("echo.inbox") == 0
    assert len(connected) == 1, "the connection was lost, and all messages given back"


class MovedMonotonic:
    """The clock of the heartbeats, which a test moves on; it counts how often it was looked at since."""

    def __init__(self) -> None:
        """Begin with the real one."""
        self._ahead_s, self.looks = 0.0, 0

    def __call__(self) -> float:
        """Return the time."""
        self.looks += 1
        return time.monotonic() + self._ahead_s  # Timed: it is the clock itself, and no test compares it.

    def move(self, seconds: float) -> None:
        """Let time pass."""
        self._ahead_s += seconds
        self.looks = 0


class Counted(list[Any]):
    """A list that knows how many were ever added, whatever became of them."""

    count_all = 0

    def append(self, one: Any) -> None:
        """Add one."""
        super().append(one)
        self.count_all += 1


def _let_a_long_time_pass(echoes: Echoes, read: Counted, clock: MovedMonotonic, nth: int) -> None:
    echoes.tell(said(f"later{nth}"))
    until(
        lambda: read.count_all == 31 + nth,
        what="the consumer reads though it waits for its database",
        seen=lambda: read.count_all,
    )
    # Two heartbeats without a byte end a connection; the rest is for a machine that is busy.
    clock.move(1.5 * HEARTBEAT_S)
    # Each look at the heartbeats asks the clock four times at most.
    until(lambda: clock.looks >= 8, what="the heartbeats were looked at twice")


def test_an_event_that_comes_while_no_copy_runs_waits(echoes: Echoes) -> None:
    echoes.tell(*(said(f"w{n}") for n in range(5)))
    echoes.start()
    until(lambda: len(echoes.words("heard")) == 5, what="five words", seen=lambda: echoes.words("heard"))


def test_a_small_batch_names_its_calls_in_one_line_and_a_large_one_its_size(
    client: Client, kept: Echoes
) -> None:
    client.call("note", word="a", call_id="made-at-the-gateway")
    until(lambda: _lines(kept, "made-at-the-gateway"), what="a line that names the call")
    (line,) = _lines(kept, "made-at-the-gateway")
    assert line["events"] == 1 and line["new"] == 1
    with kept.locked("heard") as unlock:
        kept.tell(*(said(f"w{n}") for n in range(200)))
        unlock()
    until(lambda: _done(kept, "new") >= 201, what="201 events are done", seen=lambda: _done(kept, "new"))
    lines = kept.copies[0].lines("inbox.done")
    assert sum(line["events"] for line in lines) == 201 > len(lines)
    large = [line for line in lines if line["events"] > 10]
    assert large and all(line["call_ids"] is None for line in large)


def _done(kept: Echoes, what: str) -> int:
    return sum(line[what] for line in kept.copies[0].lines("inbox.done"))


def _lines(kept: Echoes, call_id: str) -> list[dict[str, Any]]:
    return [line for line in kept.copies[0].lines("inbox.done") if call_id in (line["call_ids"] or [])]
