"""Boards over server-sent events: nothing is missed, nobody waits for the slow."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest

from gateway.live.streams import EARLY_S
from tests.integration.gateway.conftest import FakeHall
from tests.integration.gateway.relay import CuttableRelay
from tests.integration.gateway.responder import Responder
from tests.integration.gateway.watcher import Watcher, watch
from tests.servers import HTTP
from tests.waiting import DEADLINE_S, until

EVENTS = "/api/v1/boards/Z1/events"
CALLED = "ticketing.ticket.called"


@contextmanager
def watching(url: str, *, last_id: int | None = None, every: int = 0, zone: str = "Z1") -> Iterator[Watcher]:
    """Watch a zone's board."""
    headers = {} if last_id is None else {"Last-Event-ID": str(last_id)}
    with watch(
        f"{url}/api/v1/boards/{zone}/events?every={every}",
        headers,
        lambda board: board["calling"][0]["number"],
    ) as watcher:
        yield watcher


@pytest.fixture
def one_worker(running_services: Callable[..., Any], responder: Responder) -> str:
    return str(running_services("gateway", HALL_GATEWAY_WORKERS="1").url)


def change(fake_hall: FakeHall, responder: Responder, content: str, *, position: int) -> None:
    fake_hall.content = content
    responder.emit(CALLED, {"zone": "Z1", "id": "t"}, position=position)


def settled(*watchers: Watcher, fake_hall: FakeHall, responder: Responder) -> None:
    """Wait until nothing is asked for any more of what may have happened while streams were opened.

    The boards are asked for once more then, and again when the gateway begins to hear events. The answer to an event
    comes behind those, and as long as no content is set each answer differs, so that it is shown under its event's id.
    What is asked for from now on is counted from nothing.
    """
    responder.emit(CALLED, {"zone": "Z1", "window_zone": "Z2", "id": "t"}, position=1)
    until(
        lambda: all(watcher.last_id == 1 for watcher in watchers),
        what="each stream shows the first event's board",
        seen=lambda: [watcher.events[-3:] for watcher in watchers],
    )
    fake_hall.asked.clear()


def test_a_stream_begins_with_the_board_as_it_is(one_worker: str, fake_hall: FakeHall) -> None:
    fake_hall.content = "A001"
    with watching(one_worker) as watcher:
        assert watcher.events == [(0, "A001")]
        assert watcher.raw[0] == "retry: 2000"
        assert watcher.headers["content-type"].startswith("text/event-stream")
        assert watcher.headers["x-accel-buffering"] == "no"
        assert watcher.headers["cache-control"] == "no-store"


def test_a_change_is_on_the_board_under_the_id_of_its_event(
    one_worker: str, fake_hall: FakeHall, responder: Responder
) -> None:
    with watching(one_worker) as watcher:
        settled(watcher, fake_hall=fake_hall, responder=responder)
        change(fake_hall, responder, "A002", position=7)
        watcher.until_shown("A002", position=7)


def test_events_of_other_zones_and_halls_ask_for_nothing(
    one_worker: str, fake_hall: FakeHall, responder: Responder
) -> None:
    with watching(one_worker) as watcher, watching(one_worker, zone="Z2") as other:
        settled(watcher, other, fake_hall=fake_hall, responder=responder)
        fake_hall.content = "A002"
        responder.emit(CALLED, {"zone": "Z3"}, position=2)
        responder.emit(CALLED, {"zone": "Z1"}, position=3, hall="elsewhere")
        responder.emit(CALLED, {"zone": "Z2"}, position=4)
        other.until_shown("A002", position=4)

        assert fake_hall.asked == [["Z2"]]


def test_many_changes_ask_for_the_board_four_times_a_second_at_most(
    one_worker: str, fake_hall: FakeHall, responder: Responder
) -> None:
    with watching(one_worker) as watcher:
        settled(watcher, fake_hall=fake_hall, responder=responder)
        started = time.monotonic()  # Timed: a rate; who is slow may ask more often all in all.
        for n in range(2, 32):
            change(fake_hall, responder, f"A{n:03}", position=n)
        watcher.until_shown("A031")
        seconds = time.monotonic() - started  # Timed: the end of that time.

        assert len(fake_hall.asked) <= seconds * 4 + 2


def test_who_asks_to_be_told_less_often_gets_the_newest_alone_and_later(
    one_worker: str, fake_hall: FakeHall, responder: Responder
) -> None:
    started = time.monotonic()  # Timed: a rate; who is slow may be told more often all in all.
    with watching(one_worker) as quick, watching(one_worker, every=2) as leisurely:
        for n in range(1, 7):
            change(fake_hall, responder, f"A{n:03}", position=n)
            quick.until_shown(f"A{n:03}")
        leisurely.until_shown("A006")
        seconds = time.monotonic() - started  # Timed: the end of that time.

        # Told at once when it begins, then every two seconds or a little less.
        assert len(leisurely.events) <= 2 + seconds / (2 - EARLY_S)


def test_a_pace_that_is_none_is_refused(one_worker: str) -> None:
    for every in ("-1", "61", "often", "1.5"):
        answer = HTTP.get(f"{one_worker}{EVENTS}?every={every}")

        assert (every, answer.status_code, list(answer.json()["errors"])) == (every, 422, ["every"])


def test_zones_that_change_together_are_asked_for_together(
    one_worker: str, fake_hall: FakeHall, responder: Responder
) -> None:
    with watching(one_worker) as one, watching(one_worker, zone="Z2") as two:
        settled(one, two, fake_hall=fake_hall, responder=responder)
        fake_hall.content = "A009"
        responder.emit(CALLED, {"zone": "Z1", "window_zone": "Z2", "id": "t"}, position=9)
        for watcher in (one, two):
            watcher.until_shown("A009", position=9)

        assert fake_hall.asked == [["Z1", "Z2"]]


def test_an_answer_that_cannot_be_read_does_not_end_the_refreshing(
    one_worker: str, fake_hall: FakeHall, responder: Responder
) -> None:
    with watching(one_worker) as watcher:
        settled(watcher, fake_hall=fake_hall, responder=responder)
        fake_hall.broken = True
        change(fake_hall, responder, "A002", position=7)
        until(lambda: fake_hall.broken_answers, what="the board is asked for and the answer cannot be read")
        fake_hall.broken = False
        watcher.until_shown("A002", position=7)


def test_a_silent_stream_shows_that_it_lives(one_worker: str) -> None:
    with watching(one_worker) as watcher:
        until(lambda: ": beat" in watcher.raw, what="a sign of life", seen=lambda: watcher.raw)


def test_a_client_that_comes_back_misses_nothing(
    one_worker: str, fake_hall: FakeHall, responder: Responder
) -> None:
    with watching(one_worker) as watcher, watching(one_worker) as other:
        settled(watcher, other, fake_hall=fake_hall, responder=responder)
        for n in (2, 3):
            change(fake_hall, responder, f"A{n:03}", position=n)
            other.until_shown(f"A{n:03}", position=n)

        with watching(one_worker, last_id=1) as again:
            again.until_shown("A003", position=3)

            assert again.events == [(2, "A002"), (3, "A003")]


def test_a_client_that_comes_back_to_another_gateway_misses_nothing(
    running_services: Callable[..., Any], fake_hall: FakeHall, responder: Responder
) -> None:
    one = str(running_services("gateway", HALL_GATEWAY_WORKERS="1").url)
    two = str(running_services("gateway", HALL_GATEWAY_WORKERS="1").url)
    with watching(one) as watcher, watching(two) as other:
        settled(watcher, other, fake_hall=fake_hall, responder=responder)
        for n in (2, 3):
            change(fake_hall, responder, f"A{n:03}", position=n)
            other.until_shown(f"A{n:03}", position=n)

        with watching(two, last_id=1) as again:
            again.until_shown("A003", position=3)

            assert again.events == [(2, "A002"), (3, "A003")]


def test_an_id_from_before_or_beyond_gets_the_board_as_it_is(
    one_worker: str, fake_hall: FakeHall, responder: Responder
) -> None:
    with watching(one_worker) as watcher:
        settled(watcher, fake_hall=fake_hall, responder=responder)
        change(fake_hall, responder, "A001", position=50)
        watcher.until_shown("A001", position=50)

        for last_id in (0, 99, 2**62):
            with watching(one_worker, last_id=last_id) as again:
                again.until_shown("A001", position=50)


def test_an_unknown_zone_is_a_problem_and_not_a_stream(one_worker: str) -> None:
    answer = HTTP.get(f"{one_worker}/api/v1/boards/Z9/events")

    assert (answer.status_code, answer.json()["code"]) == (404, "zone_not_found")


def test_a_slow_reader_holds_up_nobody_and_then_gets_the_newest(
    one_worker: str, fake_hall: FakeHall, responder: Responder
) -> None:
    padding = "x" * 60_000
    address = urlsplit(one_worker)
    with socket.socket() as slow, watching(one_worker) as quick:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.settimeout(DEADLINE_S)
        slow.connect((address.hostname or "", address.port or 0))
        slow.sendall(f"GET {EVENTS} HTTP/1.0\r\nHost: x\r\n\r\n".encode())
        for n in range(1, 25):
            change(fake_hall, responder, f"{n:03}{padding}", position=n)
            quick.until_shown(f"{n:03}{padding}")
        received = b""
        while b'"number":"024' not in received:
            more = slow.recv(1 << 20)
            assert more, "the stream ended"
            received += more

    # What it missed while it did not read was not kept for it.
    assert received.count(b"event: board") < 20


def test_streams_over_the_limit_are_refused_until_one_closes(
    running_services: Callable[..., Any], responder: Responder
) -> None:
    stack = running_services("gateway", HALL_GATEWAY_WORKERS="2", HALL_STREAMS_PER_ADDRESS="3")
    with watching(stack.url), watching(stack.url), watching(stack.url):
        refused = HTTP.get(stack.url + EVENTS)
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")

    def opens() -> bool:
        with HTTP.stream("GET", stack.url + EVENTS) as answer:
            return answer.status_code == 200

    until(opens, what="a stream opens once others have closed")


def test_streams_go_on_with_a_fresh_board_after_the_broker_was_away(
    running_services: Callable[..., Any], vhost: Any, fake_hall: FakeHall, responder: Responder
) -> None:
    broker = urlsplit(vhost.uri)
    with CuttableRelay(broker.hostname or "", broker.port or 0) as relay:
        stack = running_services()
        stack.amqp_uri = vhost.uri.replace(f":{broker.port}/", f":{relay.port}/")
        running_services("gateway", HALL_GATEWAY_WORKERS="1")
        log = stack.processes["gateway"].log
        with watching(stack.url) as watcher:
            until(lambda: '"hall-gateway-live", "event": "bus.up"' in log.read_text(), what="it hears events")
            settled(watcher, fake_hall=fake_hall, responder=responder)
            relay.cut()
            change(fake_hall, responder, "A002", position=9)
            relay.mend()

            watcher.until_shown("A002")
            assert not watcher.ended
