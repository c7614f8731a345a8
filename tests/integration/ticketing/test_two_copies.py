"""Two processes of the service on one database and one bus."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from gateway.bus import Bus, RemoteProblem, Reply
from services.chassis.db import Database, load_queries
from services.ticketing.store import Store
from tests.conftest import Stack
from tests.integration.chassis.client import until
from tests.integration.ticketing.conftest import SettableClock, SmallHall

WINDOWS = 10
REQUEST = {"item": "i0", "channel": "kiosk", "cutoff_override": "the day is nearly over"}


class Callers:
    """Calls the service as the gateway does."""

    def __init__(self, bus: Bus) -> None:
        """Use a connected bus."""
        self._bus = bus

    def __call__(
        self, method: str, request: dict[str, Any], *, username: str, role: str, key: str = ""
    ) -> Reply:
        """Call a method as somebody."""
        caller = {
            "username": username,
            "roles": [role],
            "department": "d0" if role == "clerk" else None,
            "hall": "main",
            "command_id": key or str(uuid4()),
        }
        return self._bus.call("ticketing", method, request, caller=caller, call_id=str(uuid4()), timeout=20)


def _furnished(stack: Stack, **furniture: Any) -> None:
    made = Database(
        Store, load_queries("services.ticketing"), url=stack.databases["ticketing"], size=4, timeout=30
    )
    SmallHall(made, SettableClock()).furnish(**furniture)
    made.close()


@pytest.fixture
def two_copies(running_services: Callable[..., Stack]) -> Iterator[tuple[Callers, list[Path]]]:
    """Two running processes with a furnished hall, and their logs."""
    stack = running_services("ticketing", "ticketing")
    _furnished(stack, windows_each=WINDOWS // 2, queues=2)
    bus = Bus(stack.amqp_uri)
    yield Callers(bus), [process.log for process in stack.processes.values()]
    bus.close()


def _until_each_shows(logs: list[Path], method: str, *, more_than: int) -> None:
    """Wait until the log of each copy shows that it took part; lines are written in lots."""

    def calls_in(log: Path) -> int:
        return log.read_text().replace(" ", "").count(f'"method":"{method}"')

    until(lambda: all(calls_in(log) > more_than for log in logs), what=f"both copies take part in {method}")


def test_two_processes_number_without_gap_or_repeat_and_never_call_a_ticket_twice(
    two_copies: tuple[Callers, list[Path]],
) -> None:
    call, logs = two_copies

    def kiosk(nth: int) -> Reply:
        # Every tenth request goes out twice with one key, at the same time as its twin.
        key = f"kiosk:{nth - nth % 2}" if nth % 20 < 2 else ""
        item = f"i{(nth // 2) % 2}"
        return call(
            "issue_ticket", {"item": item, "channel": "kiosk"}, username="kiosk", role="kiosk", key=key
        )

    with ThreadPoolExecutor(20) as pool:
        replies = list(pool.map(kiosk, range(100)))
    assert sum(reply.replayed for reply in replies) == 5
    numbers = Counter(reply.result["number"] for reply in replies)
    by_queue = {letter: sorted(number for number in numbers if number[0] == letter) for letter in "AB"}
    for letter, given in by_queue.items():
        assert given == [f"{letter}{n:03d}" for n in range(1, len(given) + 1)]
    assert sum(map(len, by_queue.values())) == 95
    _until_each_shows(logs, "issue_ticket", more_than=10)

    def clerk(nth: int) -> list[str]:
        window, name = str(100 + nth), f"clerk{nth}"
        call("sign_in", {"window": window}, username=name, role="clerk")
        done = []
        while (
            ticket := call("call_next", {"window": window}, username=name, role="clerk").result
        ) is not None:
            done.append(ticket["id"])
            call("start_ticket", {"id": ticket["id"]}, username=name, role="clerk")
            call("finish_ticket", {"id": ticket["id"]}, username=name, role="clerk")
        return done

    with ThreadPoolExecutor(WINDOWS) as pool:
        served = [id_ for done in pool.map(clerk, range(WINDOWS)) for id_ in done]
    assert sorted(served) == sorted({reply.result["id"] for reply in replies})
    _until_each_shows(logs, "call_next", more_than=5)
    _refusals_keep_their_kind_and_code(call)
    _an_appointment_is_checked_in_once(call)


def test_numbers_begin_anew_at_midnight_while_two_copies_give_them(
    running_services: Callable[..., Stack],
) -> None:
    started, speed = time.time(), 60
    eve = datetime.fromisoformat("2026-03-02T23:48:00+08:00")
    stack = running_services(
        "ticketing", "ticketing", HALL_CLOCK=f"{eve.isoformat()}@{speed}", HALL_CLOCK_STARTED=f"{started}"
    )
    day_and_night = [
        {"department": None, "weekday": day, "opens": "00:00", "closes": "23:59", "breaks": []}
        for day in (1, 2)
    ]
    _furnished(stack, queues=1, hours=day_and_night)
    bus = Bus(stack.amqp_uri)
    call = Callers(bus)

    def kiosk(_: int) -> list[tuple[str, str]]:
        given = []
        while time.time() < started + 12 * 60 / speed + 2:
            with suppress(RemoteProblem):
                ticket = call("issue_ticket", REQUEST, username="clerk0", role="clerk").result
                issued_at = datetime.fromisoformat(ticket["issued_at"]).astimezone(eve.tzinfo)
                given.append((str(issued_at.date()), ticket["number"]))
            time.sleep(0.1)
        return given

    with ThreadPoolExecutor(8) as pool:
        given = [each for some in pool.map(kiosk, range(8)) for each in some]
    bus.close()
    for day in ("2026-03-02", "2026-03-03"):
        numbers = sorted((number for on, number in given if on == day), key=lambda number: int(number[1:]))
        assert len(numbers) > 10
        assert numbers == [f"A{n:03d}" for n in range(1, len(numbers) + 1)]
    _until_each_shows([process.log for process in stack.processes.values()], "issue_ticket", more_than=10)


def _refusals_keep_their_kind_and_code(call: Callers) -> None:
    kiosk = {"username": "kiosk", "role": "kiosk"}
    first = call("issue_ticket", {"item": "i0", "channel": "kiosk"}, **kiosk, key="kiosk:k1").result
    refusals = {
        ("invalid", "idempotency_key_reused"): (
            "issue_ticket",
            {"item": "i1", "channel": "kiosk"},
            "kiosk:k1",
        ),
        ("invalid", "unknown_item"): ("issue_ticket", {"item": "i9", "channel": "kiosk"}, ""),
        ("invalid", "invalid"): ("issue_ticket", {"channel": "kiosk"}, ""),
        ("forbidden", "clerk_only"): (
            "issue_ticket",
            {"item": "i0", "channel": "kiosk", "class": "urgent", "reason": "medical"},
            "",
        ),
        ("conflict", "illegal_transition"): ("evaluate_ticket", {"id": first["id"], "level": 5}, ""),
        ("conflict", "not_called"): ("why_called", {"id": first["id"]}, ""),
        ("not_found", "ticket_not_found"): ("get_ticket", {"id": str(uuid4())}, ""),
        ("not_found", "zone_not_found"): ("get_board", {"zone": "Z"}, ""),
        ("forbidden", "services_only"): ("contact", {"ticket": first["id"]}, ""),
    }
    for expected, (method, request, key) in refusals.items():
        with pytest.raises(RemoteProblem) as problem:
            call(method, request, **kiosk, key=key)
        assert (problem.value.kind, problem.value.code) == expected
    health = call("health", {}, **kiosk).result
    assert health["copies"] == {"items": 2, "queues": 2, "windows": WINDOWS}
    assert health["personal"] == {"active": "k1", "rows": {}}


def _an_appointment_is_checked_in_once(call: Callers) -> None:
    appointment = str(uuid4())
    request = {"item": "i0", "appointment": appointment, "channel": "web", "class": "appointment"}
    moment = "2026-03-02T09:05:00+08:00"

    def desk(nth: int) -> Reply:
        asked = (
            {**request, "reference_at": moment}
            if nth % 2
            else {**request, "reference_at": moment, "item": "i1"}
        )
        return call("check_in_ticket", asked, username="appointments", role="service")

    with ThreadPoolExecutor(10) as pool:
        replies = list(pool.map(desk, range(10)))
    assert sum(not reply.replayed for reply in replies) == 1
    (ticket,) = {(reply.result["id"], reply.result["appointment"]) for reply in replies}
    assert ticket[1] == appointment
    seen = call("get_ticket", {"id": ticket[0]}, username="visitor", role="visitor").result
    assert "appointment" not in seen, (
        "who sees a board knows the id of a ticket, and may not get from it to a person"
    )
