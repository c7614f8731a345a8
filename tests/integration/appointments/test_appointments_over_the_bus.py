"""Appointments as real processes: a rush on one slot, and kills that leave nothing behind."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from threading import Barrier, Event
from typing import Any

import psycopg
import pytest

from services.appointments.domain.appointment import HOLD
from services.appointments.domain.slots import Slot
from services.appointments.store import Store
from services.chassis import clock
from services.chassis.bus import Bus, RemoteProblem
from services.chassis.caller import Caller
from services.chassis.db import Database, load_queries
from tests.connected_bus import connected_bus
from tests.integration.appointments.in_process import ITEM, OPERATOR, Hall, phone, visitor
from tests.integration.gateway.responder import Call, Responder
from tests.processes import Process, Stack
from tests.waiting import DEADLINE_S, until

PEOPLE = 200


@pytest.fixture
def rush(running_services: Callable[..., Stack]) -> Iterator[tuple[Stack, Hall, Bus]]:
    """Two running copies whose next slot has ten places."""
    # Ticketing is waited for until the process that waits is killed.
    stack = running_services("appointments", "appointments", HALL_CALL_TIMEOUT=str(10 * DEADLINE_S))
    opened = Database(
        Store,
        load_queries("services.appointments"),
        url=stack.databases["appointments"],
        size=4,
        timeout=DEADLINE_S,
    )
    hall, bus = Hall(opened), connected_bus(stack.amqp_uri)
    with clock.showing(lambda: hall.now):
        hall.open()
        hall.plan(capacity=10)
        yield stack, hall, bus
    bus.close()
    opened.close()


def test_two_copies_give_ten_places_to_two_hundred_people(rush: tuple[Stack, Hall, Bus]) -> None:
    stack, hall, bus = rush
    slot, at_once = hall.slots()[4], Barrier(PEOPLE, timeout=DEADLINE_S)

    def attempt(nth: int) -> str:
        request = {"slot": slot.id, "item": ITEM, "name": "张三", "phone": phone(nth), "channel": "web"}
        caller = visitor(nth).to_wire() | {"command_id": f"book-{nth}"}
        at_once.wait()
        try:
            reply = bus.call(
                "appointments", "book", request, caller=caller, call_id=f"rush-{nth}", timeout=DEADLINE_S
            )
        except RemoteProblem as problem:
            return problem.code
        return str(reply.result["state"])

    with ThreadPoolExecutor(PEOPLE) as pool:
        answers = Counter(pool.map(attempt, range(PEOPLE)))
    assert answers == {"held": 10, "slot_full": 190}
    hall.check_places()
    stack.processes["appointments-2"].kill()
    _kill_between_all_steps(stack, hall, bus)
    _kill_and_come_back(stack, hall, slot)


@dataclass
class Interrupted:
    """Commands that a process is in the middle of, each at another step, with the states they begin and end in."""

    hall: Hall
    bus: Bus
    states: dict[str, tuple[str, str]] = field(default_factory=dict)
    calls: list[Callable[[], Any]] = field(default_factory=list)

    def book(self, nth: int, slot: Slot) -> None:
        request = {"slot": slot.id, "item": ITEM, "name": "张三", "phone": phone(nth), "channel": "web"}
        self._call("book", visitor(nth), request)

    def settle(self, verb: str, nth: int, slot: Slot, *, channel: str, states: tuple[str, str]) -> str:
        """Do something with an appointment that is made for it."""
        id_ = self.hall.book(nth, slot, channel=channel).id
        self.states[id_] = states
        self._call(verb, OPERATOR, {"id": id_})
        return id_

    def _call(self, verb: str, caller: Caller, request: dict[str, Any]) -> None:
        wire = caller.to_wire() | {"command_id": f"step-{len(self.calls)}"}
        call = partial(
            self.bus.call, "appointments", verb, request, caller=wire, call_id="x", timeout=2 * DEADLINE_S
        )
        self.calls.append(call)

    def found(self, connection: psycopg.Connection[Any]) -> dict[str, str]:
        """Return the states of the appointments that were made, and how many were booked besides."""
        rows = connection.execute("SELECT id::text, state FROM appointments").fetchall()
        return {id_: state for id_, state in rows if id_ in self.states}


def _kill_between_all_steps(stack: Stack, hall: Hall, bus: Bus) -> None:
    """A process dies before, between and after the steps of every command: all of it stays or nothing, and is repeated.

    What holds the process up at a step is the lock of this test on the row or table that comes next, or ticketing,
    which does not answer.
    """
    # The processes' clock is an hour ahead of ours until now.
    hall.now += timedelta(hours=1)
    now, *_, first, second = hall.slots()[:6]
    commands, answers = Interrupted(hall, bus), Event()
    unanswered = commands.settle("check_in", 300, now, channel="phone", states=("booked", "checked_in"))
    commands.settle("check_in", 301, now, channel="phone", states=("booked", "checked_in"))
    locked = commands.settle("confirm", 302, second, channel="web", states=("held", "booked"))
    commands.settle("confirm", 303, second, channel="web", states=("held", "booked"))
    commands.settle("cancel", 304, first, channel="phone", states=("booked", "cancelled"))
    commands.settle("cancel", 305, second, channel="phone", states=("booked", "cancelled"))
    commands.book(306, first)
    commands.book(307, second)

    def check_in_ticket(call: Call) -> dict[str, str]:
        if call.request["appointment"] == unanswered:
            answers.wait(DEADLINE_S)
        return {"id": f"t-{call.request['appointment']}", "number": "A001"}

    process = stack.processes["appointments"]
    with (
        Responder(stack.amqp_uri, {"ticketing.check_in_ticket": check_in_ticket}) as ticketing,
        ThreadPoolExecutor(len(commands.calls)) as pool,
        psycopg.connect(stack.databases["appointments"], autocommit=True) as watch,
    ):
        with psycopg.connect(stack.databases["appointments"]) as hindrance:
            hindrance.execute("LOCK TABLE outbox IN SHARE MODE")
            hindrance.execute("SELECT FROM slots WHERE id = %s FOR UPDATE", [first.id])
            hindrance.execute("SELECT FROM appointments WHERE id = %s FOR UPDATE", [locked])
            answered = [pool.submit(call) for call in commands.calls]
            until(
                lambda: _waiting(watch) >= 7 and len(ticketing.seen) == 2,
                what="all commands are under way",
                seen=lambda: (_waiting(watch), len(ticketing.seen)),
            )
            process.kill()
            hindrance.rollback()
        until(lambda: _sessions(watch, process) == 0, what="the sessions of the killed process end")
        # What had sent all it had to say, its COMMIT included, is done when the lock goes, whole and with its answer.
        left = commands.found(watch)
        assert left.keys() == commands.states.keys()
        assert all(state in commands.states[id_] for id_, state in left.items())
        assert "held" in left.values(), "a command that was held up before its first change left it"
        hall.check_places()
        answers.set()
        process.start()
        # Nobody calls again: the broker gives the calls that nobody finished to whoever comes.
        assert len([each.result(DEADLINE_S) for each in answered]) == len(commands.calls)
        assert commands.found(watch) == {id_: after for id_, (_, after) in commands.states.items()}
        hall.check_places()
        _same_request_each_time(ticketing)


def _waiting(watch: psycopg.Connection[Any]) -> int:
    """Return how many sessions wait for a lock."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    return int(watch.execute(query).fetchone()[0])


def _sessions(watch: psycopg.Connection[Any], process: Process) -> int:
    query = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"
    return int(watch.execute(query, [f"hallflow-{process.handle.pid}"]).fetchone()[0])


def _same_request_each_time(ticketing: Responder) -> None:
    asked: dict[str, list[tuple[Any, ...]]] = {}
    for _, call in ticketing.seen:
        asked.setdefault(call.request["appointment"], []).append((call.request, call.caller["command_id"]))
        assert call.caller["roles"] == ["service"]
        assert set(call.request) == {"item", "appointment", "channel", "class", "reference_at"}
    for id_, requests in asked.items():
        assert all(each == requests[0] for each in requests)
        assert requests[0][1] == f"check-in:{id_}"
    # One that was done when its process died is not asked for again.
    assert sorted(len(requests) for requests in asked.values()) in ([1, 2], [2, 2])


def _kill_and_come_back(stack: Stack, hall: Hall, slot: Any) -> None:
    """The holds of a killed process lapse once one runs again."""
    later = hall.now + timedelta(hours=1) + HOLD
    survivor = stack.processes["appointments"]
    survivor.kill()
    survivor.environment |= {
        "HALL_CLOCK": f"{later.isoformat()}@1",
        "HALL_CLOCK_STARTED": f"{time.time():.3f}",
    }
    survivor.start()
    until(lambda: hall.slot(slot).booked["web"] == 0, what="holds lapse")
    with psycopg.connect(stack.databases["appointments"]) as connection:
        states = connection.execute("SELECT DISTINCT state FROM appointments WHERE slot = %s", [slot.id])
        assert states.fetchall() == [("lapsed",)]
    hall.check_places()
