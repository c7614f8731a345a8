"""Appointments as two real processes: a rush on one slot, and a kill that leaves no hold behind."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from services.appointments.domain.appointment import HOLD
from services.appointments.store import Store
from services.chassis import clock
from services.chassis.bus import Bus, RemoteProblem
from services.chassis.db import Database, load_queries
from tests.conftest import Stack
from tests.integration.appointments.in_process import ITEM, Hall, phone, visitor

PEOPLE = 200


@pytest.fixture
def rush(running_services: Callable[..., Stack]) -> Iterator[tuple[Stack, Hall, Bus]]:
    """Two running copies whose next slot has ten places."""
    stack = running_services("appointments", "appointments")
    opened = Database(
        Store, load_queries("services.appointments"), url=stack.databases["appointments"], size=4
    )
    hall, bus = Hall(opened), Bus(stack.amqp_uri)
    with clock.showing(lambda: hall.now):
        hall.open()
        hall.plan(capacity=10)
        yield stack, hall, bus
    bus.close()
    opened.close()


def test_two_copies_give_ten_places_to_two_hundred_people(rush: tuple[Stack, Hall, Bus]) -> None:
    stack, hall, bus = rush
    slot = hall.slots()[4]

    def attempt(nth: int) -> str:
        request = {"slot": slot.id, "item": ITEM, "name": "张三", "phone": phone(nth), "channel": "web"}
        caller = visitor(nth).to_wire() | {"command_id": f"book-{nth}"}
        try:
            reply = bus.call(
                "appointments", "book", request, caller=caller, call_id=f"rush-{nth}", timeout=30
            )
        except RemoteProblem as problem:
            return problem.code
        return str(reply.result["state"])

    with ThreadPoolExecutor(PEOPLE) as pool:
        answers = Counter(pool.map(attempt, range(PEOPLE)))
    assert answers == {"held": 10, "slot_full": 190}
    hall.check_places()
    _kill_and_come_back(stack, hall, slot)


def _kill_and_come_back(stack: Stack, hall: Hall, slot: Any) -> None:
    """The holds of killed processes lapse once one runs again."""
    for process in stack.processes.values():
        process.kill()
    later = hall.now + timedelta(hours=1) + HOLD
    survivor = stack.processes["appointments"]
    survivor.environment |= {
        "HALL_CLOCK": f"{later.isoformat()}@1",
        "HALL_CLOCK_STARTED": f"{time.time():.3f}",
    }
    survivor.start()
    deadline = time.monotonic() + 30
    while hall.slot(slot).booked["web"]:
        assert time.monotonic() < deadline, "holds are stuck"
        time.sleep(0.2)
    with psycopg.connect(stack.databases["appointments"]) as connection:
        states = connection.execute("SELECT DISTINCT state FROM appointments").fetchall()
    assert states == [("lapsed",)]
    hall.check_places()
