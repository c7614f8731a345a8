"""Two changes confirmed at the same moment, heard one by one by every service, while people book, come and are served.

Threads begin together, each with one thing to do; whoever is first, what was promised holds afterwards.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from threading import Barrier
from typing import Any

import pytest

from services.chassis import clock
from services.chassis.errors import ServiceError
from tests.integration.changes import judging
from tests.integration.changes.bus import Body, Peer, connected
from tests.integration.changes.course import SlotPlan, clock_time
from tests.integration.changes.whole_hall import WholeHall
from tests.waiting import DEADLINE_S

Deed = Callable[[], Any]
TOMORROW = 1
ROUNDS = 5
HEARERS = ("appointments", "ticketing", "dispatch", "cases")


@pytest.fixture(scope="module")
def peers(database_of_module: Callable[[str], str]) -> Iterator[dict[str, Peer]]:
    """The services, that all tests of this module share; each has halls of its own."""
    with connected(database_of_module) as peers:
        yield peers


def at_once(*deeds: Deed) -> None:
    """Do all of this in threads that begin together; a refusal is no fault."""
    barrier = Barrier(len(deeds))

    def do(deed: Deed) -> None:
        barrier.wait(DEADLINE_S)
        with suppress(ServiceError):
            deed()

    with ThreadPoolExecutor(len(deeds)) as threads:
        for done in [threads.submit(do, deed) for deed in deeds]:
            done.result(DEADLINE_S)


def busy(hall: WholeHall) -> list[Deed]:
    """Have people book, wait, come, be served and be promised visits; return what they are about to do next."""
    slots = [slot["id"] for slot in hall.slots("i1")]
    today = slots[0]
    coming = hall.book(0, "i1", today, channel="phone")
    booked = [hall.book(nth, "i1", slots[nth], channel="phone") for nth in (1, 2, 3)]
    held = hall.book(4, "i1", slots[1], channel="web")
    hall.wish(5, "i2", hall.today, hall.course_day(TOMORROW))
    hall.order(0, "i1", *window(hall, 10))
    hall.publish(hall.plan_day(TOMORROW))
    draft = hall.plan_day(TOMORROW)
    hall.take_number("i1")
    served = hall.call("101")
    assert served is not None
    hall.now = clock_time(hall.today, "09:25")
    return [
        partial(hall.come, coming.id),
        partial(hall.accept, "101", served),
        partial(hall.answer, held.id, "confirm"),
        partial(hall.answer, booked[0].id, "cancel"),
        partial(hall.move, booked[1].id, slots[5]),
        *(partial(book_all, hall, slots[2:14], range(first, first + 4)) for first in (6, 10, 14, 18)),
        partial(hall.order, 1, "i1", *window(hall, 14)),
        partial(hall.publish, draft),
        partial(hall.take_number, "i1"),
        hall.tick,
    ]


def book_all(hall: WholeHall, slots: list[str], persons: range) -> None:
    """Book for several people one after the other, so that somebody is being booked all the time."""
    for nth in persons:
        with suppress(ServiceError):
            hall.book(nth, "i1", slots[nth % len(slots)], channel="phone")


def hear(hall: WholeHall, name: str, body: Body) -> None:
    """Let a service hear something and work out at once what follows, before it hears more."""
    hall.peers[name].take([body])
    if name == "appointments":
        hall.work_out_places()
    elif name == "dispatch":
        hall.work_out_visits()


def window(hall: WholeHall, hour: int) -> tuple[Any, Any]:
    day = hall.course_day(TOMORROW)
    return clock_time(day, f"{hour}:00"), clock_time(day, f"{hour + 2}:00")


def ends_item(hall: WholeHall) -> None:
    hall.withdraw("i1", TOMORROW)


def moves_item(hall: WholeHall) -> None:
    hall.adjust("i1", TOMORROW, department="drc")


def closes_day(hall: WholeHall) -> None:
    hall.set_day(TOMORROW, False)


def ends_appointments(hall: WholeHall) -> None:
    hall.set_offers("market", False)


def halves_plan(hall: WholeHall) -> None:
    hall.save_plan("market", SlotPlan(department="market", ends="09:30", items=[], capacity=1, last=None))


def sends_crew_away(hall: WholeHall) -> None:
    hall.send_away("m1", TOMORROW, 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ends_item, closes_day),
        (moves_item, halves_plan),
        (moves_item, ends_appointments),
        (closes_day, sends_crew_away),
    ],
)
def test_two_changes_at_once_leave_nobody_with_a_promise_that_nobody_keeps(
    peers: dict[str, Peer], one: Callable[[WholeHall], None], other: Callable[[WholeHall], None]
) -> None:
    for nth in range(ROUNDS):
        hall = WholeHall(peers, hall=f"{one.__name__}-{other.__name__}-{nth}")
        with clock.showing(lambda hall=hall: hall.now):  # type: ignore[misc]
            hall.furnish()
            deeds = busy(hall)
            hall.bus.carry_all()
            at_once(partial(one, hall), partial(other, hall), *deeds[:6])
            heard = [partial(hear, hall, name, body) for name in HEARERS for body in hall.bus.hand_out(name)]
            at_once(*heard, *deeds[6:])
            judging.settle(hall)
