"""Desks over server-sent events: told of what concerns the window, and to its clerk alone."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from tests.integration.gateway.conftest import FakeHall, Signer, until
from tests.integration.gateway.responder import Responder
from tests.integration.gateway.watcher import Watcher, watch

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


def settled(fake_hall: FakeHall) -> None:
    """Wait until what may have happened while streams were opened has been asked for."""
    until(lambda: fake_hall.desks_asked)
    time.sleep(2.5)
    fake_hall.desks_asked.clear()


def test_a_stream_begins_with_the_desk_and_tells_of_who_comes(
    url: str, signer: Signer, fake_hall: FakeHall, responder: Responder
) -> None:
    fake_hall.content = "A001"
    with watching(url, signer) as watcher:
        assert watcher.events == [(0, "A001")]
        assert "event: desk" in watcher.raw
        settled(fake_hall)
        fake_hall.content = "A002"
        responder.emit(ISSUED, {"id": "t", "queue": "Q-1", "window": None, "zone": "Z1"}, position=3)
        until(lambda: watcher.shows == "A002", within_s=5)
        assert watcher.last_id == 3


def test_what_does_not_concern_the_window_asks_for_nothing(
    url: str, signer: Signer, fake_hall: FakeHall, responder: Responder
) -> None:
    with watching(url, signer), watching(url, signer, "2") as other:
        settled(fake_hall)
        fake_hall.content = "A002"
        responder.emit(CALLED, {"id": "t", "queue": "Q-9", "window": "9", "zone": "Z1"}, position=1)
        responder.emit(CALLED, {"id": "t", "queue": "Q-2", "window": "2", "zone": "Z1"}, position=2)
        until(lambda: other.shows == "A002")
        assert fake_hall.desks_asked == [["2"]]


def test_desks_of_one_queue_are_asked_for_together(
    url: str, signer: Signer, fake_hall: FakeHall, responder: Responder
) -> None:
    with watching(url, signer) as one, watching(url, signer, "2") as two:
        settled(fake_hall)
        fake_hall.content = "A002"
        responder.emit(ISSUED, {"id": "t", "queue": "Q", "window": None}, position=1)
        until(lambda: one.shows == two.shows == "A002")
        assert fake_hall.desks_asked == [["1", "2"]]


def test_who_serves_somebody_is_told_at_once_of_that_ticket_and_later_of_the_queue(
    url: str, signer: Signer, fake_hall: FakeHall, responder: Responder
) -> None:
    fake_hall.serving["1"] = "t"
    with watching(url, signer) as watcher:
        settled(fake_hall)
        responder.emit(ISSUED, {"id": "u", "queue": "Q-1", "window": None}, position=1)
        time.sleep(2.0)
        assert fake_hall.desks_asked == []
        # It has left the window for another queue: the event names neither window nor queue of this desk.
        fake_hall.content, fake_hall.serving = "A003", {}
        responder.emit(CALLED, {"id": "t", "queue": "Q-9", "window": None}, position=2)
        until(lambda: watcher.shows == "A003", within_s=5)


def test_a_desk_is_not_shown_to_others(url: str, signer: Signer) -> None:
    others = {
        "another clerk": signer.headers("clerk-2", "clerk"),
        "a kiosk": signer.headers("kiosk1", "kiosk"),
        "a stranger": {},
    }
    with watching(url, signer):
        answers = {
            who: httpx.get(f"{url}/api/v1/windows/1/events", headers=headers).status_code
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
        until(lambda: revoked.ended and expired.ended, within_s=20)
        assert not valid.ended
