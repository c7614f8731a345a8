"""Numbers: by queue and business date, without gap or repeat, for good."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest

from services.chassis.errors import ServiceError
from services.ticketing.errors import ClerksOnly, CutOff, HallClosed, UnknownItem
from tests.integration.ticketing.conftest import SmallHall
from tests.waiting import DEADLINE_S

KIOSKS = 50
ALL_DAY = [
    {"department": None, "weekday": day, "opens": "00:00", "closes": "23:59:59.999999", "breaks": []}
    for day in range(1, 6)
]


def _at_once(kiosks: int, work: Callable[[int], Any]) -> list[Any]:
    """Do the same at many kiosks, begun together."""
    begin = Barrier(kiosks, timeout=DEADLINE_S)

    def at_kiosk(nth: int) -> Any:
        begin.wait()
        return work(nth)

    with ThreadPoolExecutor(kiosks) as pool:
        return list(pool.map(at_kiosk, range(kiosks)))


def _ordinals(hall: SmallHall) -> dict[tuple[str, str], list[int]]:
    """Return the numbers given, in order, by queue and business date."""
    rows = hall.rows("""
        SELECT issued_queue, business_date::text, array_agg(ordinal ORDER BY ordinal) AS ordinals
        FROM tickets GROUP BY 1, 2
    """)
    return {(row["issued_queue"], row["business_date"]): row["ordinals"] for row in rows}


def test_fifty_kiosks_on_one_queue_give_each_number_once_and_leave_none_out(hall: SmallHall) -> None:
    hall.furnish()
    hall.clock.ticking = True
    issued = _at_once(KIOSKS, lambda _: [hall.issue()["number"] for _ in range(4)])
    numbers = sorted(number for some in issued for number in some)
    assert numbers == [f"A{n:03d}" for n in range(1, 4 * KIOSKS + 1)]
    assert _ordinals(hall) == {("q0", "2026-03-02"): list(range(1, 4 * KIOSKS + 1))}


def test_fifty_kiosks_on_three_queues_count_each_queue_by_itself(hall: SmallHall) -> None:
    hall.furnish()
    hall.clock.ticking = True
    issued = _at_once(KIOSKS, lambda nth: [hall.issue(f"i{(nth + n) % 3}")["number"] for n in range(3)])
    assert sorted(number for some in issued for number in some) == [
        f"{letter}{n:03d}" for letter in "ABC" for n in range(1, KIOSKS + 1)
    ]


def test_numbers_begin_anew_at_midnight_of_the_hall_while_kiosks_run(hall: SmallHall) -> None:
    hall.furnish(hours=ALL_DAY)
    hall.clock.at = datetime.fromisoformat("2026-03-02T23:59:59.900000+08:00")
    hall.clock.ticking = True

    def kiosk(nth: int) -> None:
        for n in range(4):
            if nth == 0 and n == 2:
                hall.clock.move(seconds=1)
            hall.issue(f"i{n % 2}", cutoff_override="a number at any hour")

    _at_once(KIOSKS, kiosk)
    given = _ordinals(hall)
    assert {date for _, date in given} == {"2026-03-02", "2026-03-03"}
    assert all(ordinals == list(range(1, len(ordinals) + 1)) for ordinals in given.values()), given
    assert sum(map(len, given.values())) == 4 * KIOSKS
    shanghai = ZoneInfo("Asia/Shanghai")
    for row in hall.rows("SELECT issued_at, business_date FROM tickets"):
        assert row["issued_at"].astimezone(shanghai).date() == row["business_date"]


def test_the_business_date_is_the_halls_and_not_utcs(hall: SmallHall) -> None:
    hall.furnish(hours=ALL_DAY)
    hall.clock.at = datetime.fromisoformat("2026-03-03T07:59:00+08:00")  # still 2 March in UTC
    hall.issue()
    hall.clock.move(minutes=2)
    assert hall.issue()["number"] == "A002", "midnight of UTC is no midnight here"
    assert list(_ordinals(hall)) == [("q0", "2026-03-03")]


def test_refused_issues_leave_no_gap(hall: SmallHall) -> None:
    hall.furnish()
    hall.issue(key="first")
    late = datetime.fromisoformat("2026-03-02T17:29:00+08:00")
    refusals: list[tuple[type[Exception], datetime, dict[str, Any]]] = [
        (UnknownItem, hall.clock.at, {"item": "nothing"}),
        (ClerksOnly, hall.clock.at, {"class_": "urgent", "reason": "because", "roles": "kiosk"}),
        (ClerksOnly, hall.clock.at, {"cutoff_override": "because", "roles": "kiosk"}),
        (CutOff, late, {}),
        (HallClosed, late.replace(hour=18), {}),
        # Refused by the database itself, after the number was taken in the same statement.
        (psycopg.errors.CheckViolation, hall.clock.at, {"class_": "urgent"}),
        (psycopg.errors.CheckViolation, hall.clock.at, {"channel": "fax"}),
    ]
    begin = hall.clock.at
    for refusal, moment, request in refusals:
        hall.clock.at = moment
        hall.forget()
        with pytest.raises(refusal):
            hall.issue(**request)
    hall.clock.at = begin
    hall.forget()
    with pytest.raises(ServiceError, match="idempotency key"):
        hall.issue(key="first", item="i1")
    assert [hall.issue()["number"], hall.issue("i1")["number"]] == ["A002", "B001"]


def test_one_refused_among_many_kiosks_leaves_no_gap(hall: SmallHall) -> None:
    hall.furnish()
    hall.clock.ticking = True

    def kiosk(nth: int) -> str | None:
        if nth % 5:
            return str(hall.issue()["number"])
        with pytest.raises(psycopg.errors.CheckViolation):
            hall.issue(channel="fax")
        return None

    numbers = [number for number in _at_once(KIOSKS, kiosk) if number]
    assert sorted(numbers) == [f"A{n:03d}" for n in range(1, 41)]


def test_a_ticket_keeps_its_number_when_it_is_transferred_and_put_back(hall: SmallHall) -> None:
    hall.furnish()
    ticket = hall.issue()
    clerk = hall.sign_in("100")
    hall.call_next("100")
    hall.act("miss", ticket["id"], clerk)
    hall.clock.move(minutes=1)
    assert hall.act("requeue", ticket["id"], clerk)["number"] == "A001"
    moved = hall.act("transfer", ticket["id"], clerk, queue="q1", reason="wrong queue")
    assert (moved["number"], moved["queue"]) == ("A001", "q1")
    assert hall.issue("i1")["number"] == "B001", "a ticket that comes from elsewhere takes no number here"
    assert hall.issue()["number"] == "A002", "and the number it had is not given again"


def test_numbers_go_on_past_999(hall: SmallHall) -> None:
    hall.furnish()
    hall.issue()
    hall.change("UPDATE queue_days SET last_number = 998")
    issued = [hall.issue()["number"] for _ in range(3)]
    assert issued == ["A999", "A1000", "A1001"]
    hall.clock.move(seconds=1)
    hall.sign_in("100", queues=["q0"])
    called = []
    for _ in range(4):
        ticket = hall.call_next("100")
        called.append(ticket["number"])
        hall.act("transfer", ticket["id"], hall.clerk("100"), queue="q1", reason="to call the next")
    assert called == ["A001", "A999", "A1000", "A1001"], "by number and not by its letters"


def test_every_number_has_one_event_one_state_and_one_answer(hall: SmallHall) -> None:
    hall.furnish()
    hall.clock.ticking = True
    _at_once(20, lambda _: hall.issue())
    told = hall.rows("SELECT body FROM outbox WHERE type = 'ticketing.ticket.issued'")
    numbers = Counter(row["body"]["data"]["number"] for row in told)
    assert numbers == Counter(f"A{n:03d}" for n in range(1, 21))
    counts = hall.rows("""
        SELECT (SELECT count(*) FROM ticket_states) AS states, (SELECT count(*) FROM commands) AS commands,
            (SELECT count(*) FROM commands JOIN tickets ON number = answer ->> 'number') AS answered
    """)
    assert counts == [{"states": 20, "commands": 20, "answered": 20}]
