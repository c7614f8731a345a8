"""Two processes of the service on one database and one bus."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, datetime, timedelta, timezone
from itertools import count
from pathlib import Path
from threading import Barrier
from time import sleep
from time import time as unix_time
from typing import Any
from uuid import uuid4

import pytest

from services.chassis.bus import Bus, RemoteProblem, Reply
from services.chassis.db import Database, load_queries
from services.ticketing.store import Store
from tests.connected_bus import connected_bus
from tests.integration.ticketing.conftest import SettableClock, SmallHall
from tests.processes import Stack
from tests.waiting import DEADLINE_S, until

WINDOWS = 10
KIOSKS = 8
MONDAY, HALL_ZONE = date(2026, 3, 2), timezone(timedelta(hours=8))
# A minute of the hall's clock is a second, midnight at first twelve seconds away.
SPEED, FIRST_AHEAD_S = 60, 12
FEW = 10
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
        return self._bus.call(
            "ticketing", method, request, caller=caller, call_id=str(uuid4()), timeout=DEADLINE_S
        )


def _furnished(stack: Stack, **furniture: Any) -> None:
    made = Database(
        Store,
        load_queries("services.ticketing"),
        url=stack.databases["ticketing"],
        size=4,
        timeout=DEADLINE_S,
    )
    SmallHall(made, SettableClock()).furnish(**furniture)
    made.close()


@pytest.fixture
def two_copies(running_services: Callable[..., Stack]) -> Iterator[tuple[Callers, list[Path]]]:
    """Two running processes with a furnished hall, and their logs."""
    stack = running_services("ticketing", "ticketing")
    _furnished(stack, windows_each=WINDOWS // 2, queues=2)
    bus = connected_bus(stack.amqp_uri)
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
    """The hall's clock runs fast. An evening that is over before the processes are ready shows no midnight: another
    one is begun, further from it. What numbers are given holds for each.
    """
    stack = running_services("ticketing", "ticketing")
    always = [
        {"department": None, "weekday": day, "opens": "00:00", "closes": "23:59", "breaks": []}
        for day in range(1, 8)
    ]
    _furnished(stack, queues=1, hours=always)
    evenings = count()

    def an_evening() -> bool:
        nth = next(evenings)
        before, after = _numbers_around_midnight(
            stack, MONDAY + timedelta(days=2 * nth), ahead_s=FIRST_AHEAD_S * 2**nth
        )
        return before > FEW and after > FEW

    until(an_evening, what="an evening in which numbers are given before and after midnight")
    _until_each_shows([process.log for process in stack.processes.values()], "issue_ticket", more_than=10)


def _numbers_around_midnight(stack: Stack, eve: date, *, ahead_s: float) -> tuple[int, ...]:
    """Start the processes so many real seconds before midnight; return how many numbers each of the two days has."""
    midnight = datetime.combine(eve + timedelta(days=1), datetime.min.time(), tzinfo=HALL_ZONE)
    shown = midnight - timedelta(seconds=ahead_s * SPEED)
    for process in stack.processes.values():
        process.stop()
        process.environment |= {
            "HALL_CLOCK": f"{shown.isoformat()}@{SPEED}",
            "HALL_CLOCK_STARTED": f"{unix_time():.3f}",
        }
        process.start()
    for process in stack.processes.values():
        process.wait_ready()
    bus = connected_bus(stack.amqp_uri)
    at_once = Barrier(KIOSKS, timeout=DEADLINE_S)

    def kiosk(_: int) -> list[tuple[date, str]]:
        at_once.wait()
        given: list[tuple[date, str]] = []
        while sum(on > eve for on, _ in given) < 3:
            with suppress(RemoteProblem):
                ticket = Callers(bus)("issue_ticket", REQUEST, username="clerk0", role="clerk").result
                issued_at = datetime.fromisoformat(ticket["issued_at"]).astimezone(HALL_ZONE)
                given.append((issued_at.date(), ticket["number"]))
            sleep(0.1)  # Timed: people take their time; any time will do.
        return given

    with ThreadPoolExecutor(KIOSKS) as pool:
        given = [each for some in pool.map(kiosk, range(KIOSKS)) for each in some]
    bus.close()
    days = (eve, eve + timedelta(days=1))
    by_day = [[number for on, number in given if on == day] for day in days]
    for numbers in by_day:
        assert sorted(numbers, key=lambda number: int(number[1:])) == [
            f"A{n:03d}" for n in range(1, len(numbers) + 1)
        ]
    return tuple(map(len, by_day))


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
        ("forbidden", "visitors_only"): ("evaluate_ticket", {"id": first["id"], "level": 5}, ""),
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
    for role, named in (("visitor", False), ("clerk", True)):
        listed = call("list_windows", {}, username=role, role=role).result["items"]
        open_ones = [each for each in listed if each["state"] == "open"]
        assert all(bool(each["clerk"]) is named for each in open_ones)
    seen = call("get_ticket", {"id": ticket[0]}, username="visitor", role="visitor").result
    assert "appointment" not in seen, (
        "who sees a board knows the id of a ticket, and may not get from it to a person"
    )
