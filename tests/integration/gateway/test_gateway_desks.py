"""Desks over server-sent events: told of what concerns the window, and to its clerk alone."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from gateway.live.desks import DESK_PAUSE_S
from tests.integration.gateway.conftest import FakeHall, Signer
from tests.integration.gateway.responder import Responder
from tests.integration.gateway.watcher import Watcher, watch
from tests.servers import HTTP
from tests.waiting import until

ISSUED, CALLED = "ticketing.ticket.issued", "ticketing.ticket.called"


@pytest.fixture
def url(running_services: Callable[..., Any], responder: Responder) -> str:
    """The address of a gateway with one worker."""
    return str(running_services("gateway", HALL_GATEWAY_WORKERS="1").url)


@contextmanager
def watching(url: str, signer: Signer, code: str = "1", **claims: Any) -> Iterator[Watcher]:
    """Watch a window's desk as its clerk."""
    headers = signer.headers(f"clerk-{code}", "clerk", **claims)
    with watch(
        f"{url}/api/v1/windows/{code}/events", headers, lambda desk: str(desk["waiting"][0]["number"])
    ) as watcher:
        yield watcher


def settled(*watchers: Watcher, fake_hall: FakeHall, responder: Responder) -> None:
    """Wait until what may have happened while the streams of windows 1, 2, … were opened has been asked for.

    As the boards' `settled`: each answer differs, so what an event had asked for is shown under that event's id.
    """
    for position, watcher in enumerate(watchers, start=1):
        responder.emit(CALLED, {"id": "x", "queue": "Q-9", "window": str(position)}, position=position)
        until(
            lambda watcher=watcher, position=position: watcher.last_id == position,
            what=f"the desk of window {position} as of its event",
            seen=lambda watcher=watcher: watcher.events[-3:],
        )
    fake_hall.desks_asked.clear()


def test_a_stream_begins_with_the_desk_and_tells_of_who_comes(
    url: str, signer: Signer, fake_hall: FakeHall, responder: Responder
) -> None:
    fake_hall.content = "A001"
    with watching(url, signer) as watcher:
        assert watcher.events == [(0, "A001")]
        assert "event: desk" in watcher.raw
        fake_hall.content = ""
        settled(watcher, fake_hall=fake_hall, responder=responder)
        fake_hall.content = "A002"
        responder.emit(ISSUED, {"id": "t", "queue": "Q-1", "window": None, "zone": "Z1"}, position=3)
        watcher.until_shown("A002", position=3)


def test_what_does_not_concern_the_window_asks_for_nothing(
    url: str, signer: Signer, fake_hall: FakeHall, responder: Responder
) -> None:
    with watching(url, signer) as one, watching(url, signer, "2") as other:
        settled(one, other, fake_hall=fake_hall, responder=responder)
        fake_hall.content = "A002"
        responder.emit(CALLED, {"id": "t", "queue": "Q-9", "window": "9", "zone": "Z1"}, position=3)
        responder.emit(CALLED, {"id": "t", "queue": "Q-2", "window": "2", "zone": "Z1"}, position=4)
        other.until_shown("A002", position=4)
        assert fake_hall.desks_asked == [["2"]]


def test_desks_of_one_queue_are_asked_for_together(
    url: str, signer: Signer, fake_hall: FakeHall, responder: Responder
) -> None:
    with watching(url, signer) as one, watching(url, signer, "2") as two:
        settled(one, two, fake_hall=fake_hall, responder=responder)
        # Timed: each desk rests so long after a look, and a longer pause changes nothing.
        time.sleep(1.5 * DESK_PAUSE_S)
        fake_hall.content = "A002"
        responder.emit(ISSUED, {"id": "t", "queue": "Q", "window": None}, position=3)
        for watcher in (one, two):
            watcher.until_shown("A002", position=3)
        assert fake_hall.desks_asked == [["1", "2"]]


def test_who_serves_somebody_is_told_at_once_of_that_ticket_and_later_of_the_queue(
    url: str, signer: Signer, fake_hall: FakeHall, responder: Responder
) -> None:
    fake_hall.serving["1"] = "t"
    with watching(url, signer) as watcher, watching(url, signer, "2") as free:
        settled(watcher, free, fake_hall=fake_hall, responder=responder)
        fake_hall.content = "A002"
        responder.emit(ISSUED, {"id": "u", "queue": "Q", "window": None}, position=3)
        free.until_shown("A002", position=3)
        assert fake_hall.desks_asked == [["2"]], "who serves can wait"
        # It has left the window for another queue: the event names neither window nor queue of this desk.
        fake_hall.content, fake_hall.serving = "A003", {}
        responder.emit(CALLED, {"id": "t", "queue": "Q-9", "window": None}, position=4)
        watcher.until_shown("A003", position=4)


def test_a_desk_is_not_shown_to_others(url: str, signer: Signer) -> None:
    others = {
        "another clerk": signer.headers("clerk-2", "clerk"),
        "a kiosk": signer.headers("kiosk1", "kiosk"),
        "a stranger": {},
    }
    with watching(url, signer):
        answers = {
            who: HTTP.get(f"{url}/api/v1/windows/1/events", headers=headers).status_code
            for who, headers in others.items()
        }
    assert answers == {"another clerk": 403, "a kiosk": 403, "a stranger": 401}


def test_the_stream_ends_when_its_token_is_revoked_or_expires(
    url: str, signer: Signer, responder: Responder
) -> None:
    with (
        watching(url, signer, "1", jti="gone") as revoked,
        watching(url, signer, "2", exp=int(time.time()) + 3) as expired,
        watching(url, signer, "3") as valid,
    ):
        responder.emit("identity.token.revoked", {"jti": "gone"}, position=1)
        until(lambda: revoked.ended and expired.ended, what="the streams of both tokens end")
        assert not valid.ended
