"""Calls while processes stop and the broker or the database is away."""

import subprocess
import sys
from threading import Event
from typing import Any

import httpx
import pytest

from tests.integration.chassis.client import Client
from tests.integration.chassis.conftest import Copy, Echoes, through
from tests.integration.gateway.responder import Responder
from tests.servers import HTTP
from tests.shared import ROOT
from tests.waiting import DEADLINE_S, until

# Longer than any test waits: what is to end before that does not do so because its time is over.
FOR_EVER = str(10 * DEADLINE_S)


def test_slow_queries_do_not_hold_each_other_up(client: Client, kept: Echoes) -> None:
    """With plain psycopg on eventlet the first holds up all the others: see test_plain_nameko_and_psycopg."""
    with kept.gate() as open_gate:
        slow = [client.send("rest", gate=1) for _ in range(5)]
        until(lambda: kept.held_up() == 5, what="five queries are at work at once")
        assert client.call("rest").error is None
        open_gate()
        assert all(answer.error is None for answer in client.wait(*slow))


def test_a_process_whose_driver_would_block_refuses_to_start(kept: Echoes) -> None:
    started = subprocess.run(
        [sys.executable, "-m", "services.chassis.run", "tests.integration.chassis.echo"],
        env=kept.copies[0].process.environment | {"PSYCOPG_WAIT_FUNC": "wait_c", "METRICS_PORT": "0"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )
    assert started.returncode != 0
    assert "PSYCOPG_WAIT_FUNC" in started.stderr


def test_replies_are_transient_and_declare_nothing(echoes: Echoes) -> None:
    """Seen to fail with Nameko's own Responder, which sends persistent replies."""
    tap = echoes.wiretap()
    echoes.start(AMQP_URI=through(echoes.amqp_uri, tap))
    with echoes.client() as client:
        client.call("rest")
        tap.sent.clear()
        answers = client.wait(*(client.send("rest") for _ in range(50)))
    assert {answer.delivery_mode for answer in answers} == {1}
    assert tap.sent["basic.publish"] == 50 and tap.sent["basic.ack"] > 0
    more = {
        name: tap.sent[name] for name in tap.sent if "declare" in name or "bind" in name or "open" in name
    }
    assert not more and not tap.sent["connection"]


def test_sigterm_lets_calls_in_flight_end_and_no_other_copy_runs_them_again(echoes: Echoes) -> None:
    """Nameko closes the channel first: see test_plain_nameko_and_psycopg."""
    leaving, staying = echoes.start(), echoes.start()
    words = [f"w{n}" for n in range(16)]
    with echoes.client() as client:
        with echoes.gate() as open_gate:
            ids = [client.send("note", word=word, gate=1) for word in words]
            until(
                lambda: all(echoes.held_up(copy) >= 4 for copy in (leaving, staying)),
                what="both have calls in flight",
            )
            leaving.terminate()
            until(lambda: echoes.consumers() == 1, what="the leaving copy takes no more calls")
            ids += [client.send("note", word=word) for word in ("late1", "late2")]
            open_gate()
        answers = client.wait(*ids)
        assert leaving.wait() == 0
    assert all(answer.error is None for answer in answers)
    assert sorted(echoes.words()) == sorted([*words, "late1", "late2"])
    assert leaving.lines("service.stopped") and staying.lives()


def test_a_message_that_was_set_aside_does_not_spoil_the_count_of_calls_in_flight(echoes: Echoes) -> None:
    """Seen to fail while calls were counted: one undecodable message made it -1, and one call was not waited for."""
    leaving = echoes.start()
    with echoes.client() as client:
        for _ in range(3):
            client.send_raw(b"{", method="note", reply_to="x")
        until(lambda: echoes.dead() == 3, what="three dead letters", seen=echoes.dead)
        with echoes.gate() as open_gate:
            id_ = client.send("note", word="last", gate=1)
            until(lambda: echoes.held_up(leaving), what="the call is in flight")
            leaving.terminate()
            until(lambda: echoes.consumers() == 0, what="the copy takes no more calls")
            open_gate()
        assert leaving.wait() == 0
        assert client.wait(id_)[0].error is None
    assert echoes.waiting("rpc-echo") == 0, "the call was given back, though it was done"
    assert echoes.words() == ["last"]


def test_a_broker_that_goes_away_under_a_call_costs_the_reply_and_not_the_process(echoes: Echoes) -> None:
    """Seen to fail when `handle_result` lets the publisher's error pass: the container is killed.

    The broker is away until the reply was given up, which is where Nameko ends; then the command is repeated.
    """
    tap = echoes.wiretap()
    copy = echoes.start(AMQP_URI=through(echoes.amqp_uri, tap))
    with echoes.client() as client:
        with echoes.gate() as open_gate:
            client.send("note", command_id="k1", word="a", gate=1)
            until(lambda: echoes.held_up(copy), what="the call is in flight")
            tap.cut()
            open_gate()
        until(lambda: copy.lines("rpc.reply_lost"), what="the reply is given up")
        tap.mend()
        again = client.call("note", command_id="k1", word="a", gate=1)
        assert again.replayed and again.error is None
        assert copy.lives() and echoes.words() == ["a"]
        until(lambda: echoes.words("heard") == ["a"], what="relay and inbox are back too")


def test_a_call_that_ends_after_a_lost_connection_does_not_count_for_those_of_the_next(
    echoes: Echoes,
) -> None:
    """Seen to fail while calls were counted: the old call took one off, so SIGTERM did not wait for the new one."""
    tap = echoes.wiretap()
    copy = echoes.start(AMQP_URI=through(echoes.amqp_uri, tap))
    with echoes.client() as client:
        with echoes.gate(1) as open_first, echoes.gate(2) as open_second:
            client.send("rest", gate=1)
            until(lambda: echoes.held_up(copy) == 1, what="the call is in flight")
            tap.drop_connections()
            until(lambda: echoes.held_up(copy) == 2, what="the broker hands the call out again")
            new = client.send("note", word="new", gate=2)
            until(lambda: echoes.held_up(copy) == 3, what="the new call is in flight")
            open_first()
            until(lambda: echoes.held_up(copy) == 1, what="the old call ends, both times")
            copy.terminate()
            until(lambda: echoes.consumers() == 0, what="the copy takes no more calls")
            open_second()
        assert copy.wait() == 0
        assert client.wait(new)[0].error is None
    assert echoes.waiting("rpc-echo") == 0 and echoes.words() == ["new"]


def test_an_expired_request_is_not_executed(echoes: Echoes) -> None:
    """Seen to fail while the prefetch was ten whatever the number of workers: it was taken and waited in the process.

    Without `expiration` on the message it is executed whenever a worker is free.
    """
    echoes.start(HALL_WORKERS="1")
    with echoes.client() as client:
        with echoes.gate() as open_gate:
            busy = client.send("rest", gate=1)
            until(lambda: echoes.held_up() == 1, what="the only worker is busy")
            client.send_in_vain("note", word="stale", expires_s=0.1)
            kept = client.send("note", word="fresh", expires_s=10 * DEADLINE_S)
            open_gate()
        client.wait(busy, kept)
    assert echoes.words() == ["fresh"]


def test_a_service_that_is_slow_to_answer_stops_only_those_that_need_it(echoes: Echoes) -> None:
    """Seen to fail when `first` runs in the transaction, and without places in `Calls`: no worker was free."""
    slow = Event()
    echoes.start(HALL_WORKERS="4", HALL_CALL_TIMEOUT=FOR_EVER)
    handlers = {"other.rest": lambda _: slow.wait(DEADLINE_S)}
    with Responder(echoes.amqp_uri, handlers) as other, echoes.client() as client:
        asking = [client.send("note_answer", command_id=f"k{nth}", word=f"w{nth}") for nth in range(4)]
        until(lambda: len(other.seen) == 3, what="three wait for the other service")
        assert client.call("rest").error is None
        idle = "state = 'idle in transaction' AND datname = current_database()"
        # Whoever waits would be so all the while; others, as the relay, are for a moment.
        until(
            lambda: not echoes.rows(f"SELECT * FROM pg_stat_activity WHERE {idle}"),  # noqa: S608
            what="nobody who waits for another service is in a transaction",
        )
        slow.set()
        outcomes = [answer.error and answer.error["code"] for answer in client.wait(*asking)]
        assert sorted(outcomes, key=str) == [None, None, None, "service_unavailable"]
        asked = len(other.seen)
        again = client.call(
            "note_answer", command_id=f"k{outcomes.index(None)}", word=f"w{outcomes.index(None)}"
        )
        assert again.replayed and len(other.seen) == asked
        assert client.call("note_answer", command_id=f"k{outcomes.index(None)}", word="x").error
        assert len(other.seen) == asked, "a key that was used for something else has no effect elsewhere"


BAD_REQUESTS: list[tuple[str, str | bytes, dict[str, Any]]] = [
    ("no JSON", b"{", {"reply_to": "x"}),
    ("no text", b"\xff\xfe", {"reply_to": "x"}),
    ("a list", "[]", {"reply_to": "x"}),
    ("no kwargs", '{"args": []}', {"reply_to": "x"}),
    ("kwargs is a list", '{"args": [], "kwargs": []}', {"reply_to": "x"}),
    ("no reply_to", '{"args": [], "kwargs": {}}', {}),
    ("a pickle", b"\x80\x04N.", {"reply_to": "x", "content_type": "application/x-python-serialize"}),
    ("an unknown encoding", b"{}", {"reply_to": "x", "content_encoding": "klingon"}),
    ("a broken compression", "{}", {"reply_to": "x", "application_headers": {"compression": "no-such"}}),
]


def test_requests_that_cannot_be_read_or_answered_go_to_the_dead_and_the_process_lives(
    client: Client, kept: Echoes
) -> None:
    """One message without `reply_to` ends plain Nameko again at each restart: see test_plain_nameko_and_psycopg."""
    for _, body, properties in BAD_REQUESTS:
        client.send_raw(body, method="note", **properties)
    until(lambda: kept.dead() == len(BAD_REQUESTS), what=f"{len(BAD_REQUESTS)} dead letters", seen=kept.dead)
    assert client.call("rest").error is None and kept.copies[0].lives()
    assert kept.words() == []
    assert kept.waiting("rpc-echo") == 0


def test_a_service_starts_without_its_database_and_serves_once_it_is_there(echoes: Echoes) -> None:
    relay = echoes.database_relay()
    relay.cut()
    copy = echoes.start(DATABASE_URL=through(echoes.dsn, relay))
    with echoes.client() as client:
        away = client.call("health")
        assert (away.error["kind"], away.error["code"]) == ("away", "service_unavailable")
        assert client.call("note", word="lost").error["kind"] == "away"
        relay.mend()
        until(
            lambda: client.call("note", command_id="k1", word="a").error is None,
            what="a command is done with the database back",
        )
        until(lambda: echoes.words("heard") == ["a"], what="relay and inbox are back too")
    assert copy.lives() and echoes.words() == ["a"]


def test_a_database_that_goes_away_and_comes_back_costs_the_calls_of_that_time(echoes: Echoes) -> None:
    """Seen to fail with one attempt a call: the first after the outage met a dead connection of the pool."""
    relay = echoes.database_relay()
    copy = echoes.start(DATABASE_URL=through(echoes.dsn, relay))
    with echoes.client() as client:
        _use_sixteen_connections(echoes, client)
        relay.cut()
        away = client.call("note", word="lost")
        assert away.error["kind"] == "away"
        relay.mend()
        until(lambda: client.call("note", word="back").error is None, what="the database is back")
        _use_sixteen_connections(echoes, client)
        relay.drop_connections()
        assert client.call("rest").error is None, "dead connections are not tried one by one"
        answers = client.wait(*(client.send("note", command_id=f"k{n}", word=f"w{n}") for n in range(16)))
        assert [answer.error for answer in answers] == [None] * 16, "a connection that was lost is made again"
    assert copy.lives() and len(echoes.words()) == 17


def _use_sixteen_connections(echoes: Echoes, client: Client) -> None:
    """Have sixteen calls at work at once; a call that met a dead connection of the pool is sent again."""
    ids: list[str] = []

    def sixteen_are_at_work() -> bool:
        open_calls = sum(id_ not in client.answers for id_ in ids)
        ids.extend(client.send("rest", gate=1) for _ in range(16 - open_calls))
        return echoes.held_up() == 16

    with echoes.gate() as open_gate:
        until(sixteen_are_at_work, what="sixteen calls at work", seen=echoes.held_up, pause=client.look)
        open_gate()
    client.wait(*ids)


def test_a_service_asked_to_end_while_the_broker_is_away_ends(echoes: Echoes) -> None:
    """Seen to fail: the start waited for the first connection for ever, deaf to SIGTERM; so did the inbox."""
    tap = echoes.wiretap()
    tap.cut()
    never = echoes.start(AMQP_URI=through(echoes.amqp_uri, tap), HALL_GRACE=FOR_EVER, ready=False)
    until(lambda: _up(never), what="the process lives")
    until(lambda: _misses_its_broker(never), what="it has not reached the broker")
    never.terminate()
    assert never.wait() == 0
    tap.mend()
    copy = echoes.start(AMQP_URI=through(echoes.amqp_uri, tap), HALL_GRACE=FOR_EVER)
    tap.cut()
    until(lambda: _misses_its_broker(copy), what="it misses the broker")
    copy.terminate()
    assert copy.wait() == 0


def _up(copy: Copy) -> bool:
    try:
        return HTTP.get(f"http://127.0.0.1:{copy.port}/healthz", timeout=DEADLINE_S).is_success
    except httpx.HTTPError:
        return False


def _misses_its_broker(copy: Copy) -> bool:
    return "Error connecting" in copy.process.log.read_text()


def test_a_service_started_before_its_broker_serves_once_it_is_there(echoes: Echoes) -> None:
    tap = echoes.wiretap()
    tap.cut()
    copy = echoes.start(AMQP_URI=through(echoes.amqp_uri, tap), ready=False)
    until(lambda: _misses_its_broker(copy), what="it has not reached the broker")
    tap.mend()
    copy.process.wait_ready()
    with echoes.client() as client:
        assert client.call("note", word="a").error is None
    until(
        lambda: echoes.words("heard") == ["a"], what="the event is heard", seen=lambda: echoes.words("heard")
    )


@pytest.mark.parametrize("method", ["rest", "sing"])
def test_a_call_from_a_service_gets_the_other_ones_answer(client: Client, kept: Echoes, method: str) -> None:
    answer = client.call("ask", method=method)
    if method == "rest":
        assert answer.result == {"rested": 0}
    else:
        assert answer.error["code"] == "no_such_method"


def test_a_call_from_a_service_that_is_not_answered_ends_in_time(echoes: Echoes) -> None:
    """Nameko waits for ever and then ignores SIGTERM. The gate stays closed: only its own time ends the call."""
    echoes.start(HALL_CALL_TIMEOUT="1")
    with echoes.client() as client, echoes.gate():
        assert client.call("ask", request={"gate": 1}).error["kind"] == "away"
        assert client.call("ask", service="nobody").error["kind"] == "away"


def test_calls_from_a_service_declare_nothing_and_are_transient(echoes: Echoes) -> None:
    """Nameko's ClusterRpc declares exchange, queue and binding for each: see test_plain_nameko_and_psycopg."""
    tap = echoes.wiretap()
    echoes.start(AMQP_URI=through(echoes.amqp_uri, tap))
    with echoes.client() as client:
        client.call("ask")
        tap.sent.clear()
        assert all(client.call("ask").error is None for _ in range(20))
    assert tap.sent["basic.publish"] == 3 * 20, "twenty calls, their replies, and the replies to us"
    assert not [name for name in tap.sent if "declare" in name or "bind" in name or "open" in name]


def test_a_copy_at_work_is_well_by_the_check_of_containers_and_one_that_ended_is_not(echoes: Echoes) -> None:
    copy = echoes.start()

    def checked() -> int:
        command = [sys.executable, "-m", "services.chassis.healthy"]
        return subprocess.run(
            command, env=copy.process.environment, cwd=ROOT, capture_output=True, timeout=DEADLINE_S
        ).returncode

    assert checked() == 0
    copy.process.kill()
    assert checked() == 1
