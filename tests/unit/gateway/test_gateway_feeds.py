"""What touches a topic, when it is asked for again, and that nothing is kept of those nobody watches."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from gateway.live import feeds
from gateway.live.desks import BUSY_DESK_PAUSE_S, DESK_PAUSE_S, DESKS
from gateway.live.feeds import LONGEST_PAUSE_S, SHORTEST_PAUSE_S, Feed
from gateway.live.streams import Content
from tests.unit.gateway.standing_clock import StandingClock


class Desks:
    """Ticketing's answers, and what they cost."""

    def __init__(self, clock: StandingClock) -> None:
        """Begin with nobody at the windows."""
        self.clock = clock
        self.takes_s = 0.0
        self.tickets: dict[str, str] = {}

    def fetch(self, codes: Sequence[str]) -> list[Content]:
        """Answer after a while."""
        self.clock.sleep(self.takes_s)
        return [self.desk(code) for code in codes]

    def desk(self, code: str) -> Content:
        """Return the desk of a window that serves the queue Q."""
        ticket = {"id": self.tickets[code]} if code in self.tickets else None
        return {
            "window": {"code": code, "department": "D", "queues": ["Q"]},
            "ticket": ticket,
            "held": [],
            "as_of": self.clock.now,
        }


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> StandingClock:
    """The clock of the feeds."""
    made = StandingClock()
    monkeypatch.setattr(feeds, "time", made)
    return made


@pytest.fixture
def desks(clock: StandingClock) -> Desks:
    """The desks."""
    return Desks(clock)


@pytest.fixture
def feed(desks: Desks) -> Feed:
    """A feed of desks."""
    return Feed(DESKS, desks.fetch, position=lambda: 0)


@pytest.fixture
def watch(feed: Feed, desks: Desks) -> Callable[[str], Any]:
    """Watch a window and have its desk asked for."""

    def open_(code: str) -> Any:
        stream = feed.open(code, lambda: desks.desk(code), always_find=True)
        feed._refresh_lot([feed._topics[code]])
        return stream

    return open_


def due_in(feed: Feed, code: str, clock: StandingClock) -> float:
    """Return in how many seconds a window's desk is due."""
    return feed._topics[code].due - clock.now


def test_a_free_clerk_is_told_of_the_queue_after_a_moment_and_who_serves_later(
    feed: Feed, desks: Desks, watch: Callable[[str], Any], clock: StandingClock
) -> None:
    desks.tickets["busy"] = "t"
    watch("free"), watch("busy")
    feed.hear({"id": "u", "queue": "Q", "window": None})
    assert due_in(feed, "free", clock) == DESK_PAUSE_S
    assert due_in(feed, "busy", clock) == BUSY_DESK_PAUSE_S
    feed.hear({"id": "t", "queue": "elsewhere", "from_queue": "other", "window": None})
    assert due_in(feed, "busy", clock) == DESK_PAUSE_S


def test_an_event_of_another_window_and_queue_touches_nothing(
    feed: Feed, watch: Callable[[str], Any], clock: StandingClock
) -> None:
    watch("1")
    feed.hear({"id": "u", "queue": "elsewhere", "window": "2"})
    feed.hear({"code": "2", "queues": ["elsewhere"]})
    assert due_in(feed, "1", clock) == float("inf")
    feed.hear({"code": "1", "queues": ["elsewhere"]})
    assert due_in(feed, "1", clock) == DESK_PAUSE_S


def test_desks_are_asked_for_during_a_tenth_of_the_time_but_within_seconds(
    feed: Feed, desks: Desks, watch: Callable[[str], Any]
) -> None:
    watch("1")
    assert feed._refresh(list(feed._topics.values())) == SHORTEST_PAUSE_S
    desks.takes_s = 0.2
    assert feed._refresh(list(feed._topics.values())) == pytest.approx(1.8)
    desks.takes_s = 3.0
    assert feed._refresh(list(feed._topics.values())) == LONGEST_PAUSE_S


def test_nothing_is_kept_of_a_desk_that_nobody_watches(
    feed: Feed, desks: Desks, watch: Callable[[str], Any], clock: StandingClock
) -> None:
    one, other = watch("1"), watch("2")
    for ticket in ("t", "u"):
        desks.tickets["1"] = ticket
        feed._refresh_lot(feed._living())
    assert set(feed._touched_by) == {"window 1", "window 2", "queue Q", "aside in D", "ticket u"}
    one.close()
    clock.now += DESKS.lives_s + 1
    assert [topic.name for topic in feed._living()] == ["2"]
    assert set(feed._touched_by) == {"window 2", "queue Q", "aside in D"}
    other.close()
