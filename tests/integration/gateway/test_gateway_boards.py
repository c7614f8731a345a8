"""Boards over server-sent events: nothing is missed, nobody waits for the slow."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.integration.gateway.conftest import FakeHall, until
from tests.integration.gateway.relay import CuttableRelay
from tests.integration.gateway.responder import Responder
from tests.integration.gateway.watcher import Watcher, watch

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


def test_a_stream_begins_with_the_board_as_it_is(one_worker: str, fake_hall: FakeHall) -> None:
    fake_hall.content = "A001"
    with watching(one_worker) as watcher:
        assert watcher.events == [(0, "A001")]
        assert watcher.raw[0] == "retry: 2000"
        assert watcher.headers["content-type"].startswith("text/event-stream")
        assert watcher.headers["x-accel-buffering"] == "no"
        assert watcher.headers["cache-control"] == "no-store"


def test_a_change_is_on_the_board_within_a_second(
    one_worker: str, fake_hall: FakeHall, responder: Responder
) -> None:
    with watching(one_worker) as watcher:
        until(lambda: fake_hall.asked == 2)  # once to open, once for what may have happened meanwhile
        change(fake_hall, responder, "A002", position=7)
        until(lambda: watcher.shows == "A002", within_s=5)

        assert watcher.last_id == 7


def test_events_of_other_zones_and_halls_ask_for_nothing(
    one_worker: str, fake_hall: FakeHall, responder: Responder
) -> None:
    with watching(one_worker) as watcher:
        until(lambda: fake_hall.asked == 2)  # once to open, once for what may have happened meanwhile
        responder.emit(CALLED, {"zone": "Z2"}, position=1)
        change(fake_hall, responder, "A002", position=2)
        until(lambda: watcher.shows == "A002")

        assert fake_hall.asked == 3


def test_many_changes_ask_for_the_board_four_times_a_second_at_most(
    one_worker: str, fake_hall: FakeHall, responder: Responder
) -> None:
    with watching(one_worker) as watcher:
        started, asked = time.monotonic(), fake_hall.asked
        for n in range(1, 31):
            change(fake_hall, responder, f"A{n:03}", position=n)
        until(lambda: watcher.shows == "A030")
        seconds = time.monotonic() - started

        assert fake_hall.asked - asked <= seconds * 4 + 2


def test_who_asks_to_be_told_less_often_gets_the_newest_alone_and_later(
    one_worker: str, fake_hall: FakeHall, responder: Responder
) -> None:
    started = time.monotonic()
    with watching(one_worker) as quick, watching(one_worker, every=2) as leisurely:
        for n in range(1, 7):
            change(fake_hall, responder, f"A{n:03}", position=n)
            until(lambda n=n: quick.shows == f"A{n:03}")
        until(lambda: leisurely.shows == "A006", within_s=5)
        seconds = time.monotonic() - started

        # Told at once when it begins, then every two seconds or a little less.
        assert len(leisurely.events) <= 2 + seconds / 2


def test_a_pace_that_is_none_is_refused(one_worker: str) -> None:
    for every in ("-1", "61", "often", "1.5"):
        answer = httpx.get(f"{one_worker}{EVENTS}?every={every}")

        assert (every, answer.status_code, list(answer.json()["errors"])) == (every, 422, ["every"])


def test_zones_that_change_together_are_asked_for_together(
    one_worker: str, fake_hall: FakeHall, responder: Responder
) -> None:
    with watching(one_worker) as one, watching(one_worker, zone="Z2") as two:
        until(lambda: fake_hall.asked >= 3)
        time.sleep(0.6)
        asked, fake_hall.content = fake_hall.asked, "A009"
        responder.emit(CALLED, {"zone": "Z1", "window_zone": "Z2", "id": "t"}, position=9)
        until(lambda: one.shows == two.shows == "A009")

        assert fake_hall.asked == asked + 1


def test_an_answer_that_cannot_be_read_does_not_end_the_refreshing(
    one_worker: str, fake_hall: FakeHall, responder: Responder
) -> None:
    with watching(one_worker) as watcher:
        until(lambda: fake_hall.asked == 2)
        fake_hall.broken = True
        change(fake_hall, responder, "A002", position=7)
        until(lambda: fake_hall.asked >= 3)
        fake_hall.broken = False
        until(lambda: watcher.shows == "A002")


def test_a_silent_stream_shows_that_it_lives(one_worker: str) -> None:
    with watching(one_worker) as watcher:
        assert until(lambda: ": beat" in watcher.raw, within_s=20)


def test_a_client_that_comes_back_misses_nothing(
    one_worker: str, fake_hall: FakeHall, responder: Responder
) -> None:
    with watching(one_worker) as watcher, watching(one_worker) as other:
        change(fake_hall, responder, "A001", position=1)
        until(lambda: watcher.shows == other.shows == "A001")
        seen = watcher.last_id
        for n in (2, 3):
            change(fake_hall, responder, f"A{n:03}", position=n)
            until(lambda n=n: other.shows == f"A{n:03}")

        with watching(one_worker, last_id=seen) as again:
            until(lambda: again.shows == "A003")

            assert again.events == [(2, "A002"), (3, "A003")]


def test_a_client_that_comes_back_to_another_gateway_misses_nothing(
    running_services: Callable[..., Any], fake_hall: FakeHall, responder: Responder
) -> None:
    one = str(running_services("gateway", HALL_GATEWAY_WORKERS="1").url)
    two = str(running_services("gateway", HALL_GATEWAY_WORKERS="1").url)
    with watching(one) as watcher, watching(two) as other:
        change(fake_hall, responder, "A001", position=1)
        until(lambda: watcher.shows == other.shows == "A001")
        seen = watcher.last_id
        change(fake_hall, responder, "A002", position=2)
        until(lambda: other.shows == "A002")
        change(fake_hall, responder, "A003", position=3)
        until(lambda: other.shows == "A003")

        with watching(two, last_id=seen) as again:
            until(lambda: again.shows == "A003")

            assert again.events == [(2, "A002"), (3, "A003")]


def test_an_id_from_before_or_beyond_gets_the_board_as_it_is(
    one_worker: str, fake_hall: FakeHall, responder: Responder
) -> None:
    with watching(one_worker) as watcher:
        change(fake_hall, responder, "A001", position=50)
        until(lambda: watcher.shows == "A001")

        for last_id in (0, 99, 2**62):
            with watching(one_worker, last_id=last_id) as again:
                assert (last_id, again.shows) == (last_id, "A001")


def test_an_unknown_zone_is_a_problem_and_not_a_stream(one_worker: str) -> None:
    answer = httpx.get(f"{one_worker}/api/v1/boards/Z9/events")

    assert (answer.status_code, answer.json()["code"]) == (404, "zone_not_found")


def test_a_slow_reader_holds_up_nobody_and_then_gets_the_newest(
    one_worker: str, fake_hall: FakeHall, responder: Responder
) -> None:
    padding = "x" * 60_000
    address = urlsplit(one_worker)
    with socket.socket() as slow, watching(one_worker) as quick:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect((address.hostname or "", address.port or 0))
        slow.sendall(f"GET {EVENTS} HTTP/1.0\r\nHost: x\r\n\r\n".encode())
        for n in range(1, 25):
            change(fake_hall, responder, f"{n:03}{padding}", position=n)
            until(lambda n=n: quick.shows.startswith(f"{n:03}"))
        received = b""
        slow.settimeout(10)
        while b"id: 24\n" not in received:
            received += slow.recv(1 << 20)

    # What it missed while it did not read was not kept for it.
    assert received.count(b"event: board") < 20


def test_streams_over_the_limit_are_refused_until_one_closes(
    running_services: Callable[..., Any], responder: Responder
) -> None:
    stack = running_services("gateway", HALL_GATEWAY_WORKERS="2", HALL_STREAMS_PER_ADDRESS="3")
    with watching(stack.url), watching(stack.url), watching(stack.url):
        refused = httpx.get(stack.url + EVENTS)
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")

    def opens() -> bool:
        with httpx.stream("GET", stack.url + EVENTS) as answer:
            return answer.status_code == 200

    assert until(opens, within_s=20)


def test_streams_go_on_with_a_fresh_board_after_the_broker_was_away(
    running_services: Callable[..., Any], vhost: Any, fake_hall: FakeHall, responder: Responder
) -> None:
    broker = urlsplit(vhost.uri)
    with CuttableRelay(broker.hostname or "", broker.port or 0) as relay:
        stack = running_services()
        stack.amqp_uri = vhost.uri.replace(f":{broker.port}/", f":{relay.port}/")
        running_services("gateway", HALL_GATEWAY_WORKERS="1")
        with watching(stack.url) as watcher:
            until(lambda: fake_hall.asked >= 2)
            relay.cut()
            change(fake_hall, responder, "A002", position=9)
            relay.mend()

            assert until(lambda: watcher.shows == "A002", within_s=30)
            assert not watcher.ended
