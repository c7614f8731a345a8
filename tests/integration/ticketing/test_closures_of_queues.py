"""A closure stops numbers and sign-ins, takes its time out of what is left, and is told once to those who wait."""

from datetime import datetime
from itertools import count
from typing import Any
from uuid import uuid4

import pytest

from services.chassis.caller import Caller
from services.chassis.inbox import read_event
from services.ticketing.errors import HallClosed, WindowShut
from services.ticketing.service import Ticketing
from services.ticketing.use_cases import visitors
from tests.integration.ticketing.conftest import SmallHall
from tests.integration.ticketing.test_numbers_touched_by_changes import touched

CLOCK = Caller(hall="main", username="clock", roles=frozenset({"admin"}))
HEARINGS = {hearing.type: hearing for hearing in Ticketing.inbox.hearings}
PHONE = "13812345678"
_versions = count(1)


def closure(since: str, until: str, **place: Any) -> dict[str, Any]:
    """Return a closure of hours of Monday 2 March 2026."""
    place = {"department": None, "window": None, **place}
    hours = {"starts_at": f"2026-03-02T{since}:00+08:00", "ends_at": f"2026-03-02T{until}:00+08:00"}
    return {**place, **hours}


def close(hall: SmallHall, closed: dict[str, Any], id_: str = "c1") -> None:
    """Hear of a closure."""
    body = {
        "id": str(uuid4()),
        "type": "catalogue.closure.published",
        "subject": id_,
        "time": hall.clock.at.isoformat(),
        "sequence": next(_versions),
        "hall": "main",
        "data": {"id": id_, "reason": "停电", "reason_en": "Power cut", "days": [], **closed},
    }
    event = read_event(body, HEARINGS)
    hall.do(HEARINGS[event.type].handler, [event])
    hall.forget()


def tell(hall: SmallHall) -> int:
    told: int = hall.do(visitors.tell_paused, CLOCK, situations=hall.situations)
    return told


def told(hall: SmallHall) -> list[dict[str, Any]]:
    rows = hall.rows("SELECT body FROM outbox WHERE type = 'ticketing.ticket.paused' ORDER BY id")
    return [row["body"]["data"] for row in rows]


@pytest.mark.parametrize("place", [{}, {"department": "d0"}])
def test_in_a_closure_no_number_is_given_and_its_words_and_end_are_said(
    hall: SmallHall, place: dict[str, Any]
) -> None:
    hall.furnish()
    close(hall, closure("10:00", "11:00", **place))
    hall.go_to("2026-03-02T09:59")
    hall.issue()
    hall.go_to("2026-03-02T10:00")
    with pytest.raises(HallClosed) as refusal:
        hall.issue(cutoff_override="the boss said so")
    closed = refusal.value.extra["closure"]
    assert (closed["reason"], closed["reason_en"]) == ("停电", "Power cut")
    assert datetime.fromisoformat(closed["until"]) == datetime.fromisoformat("2026-03-02T11:00+08:00")
    assert refusal.value.extra["opens_at"] == "2026-03-02T11:00:00+08:00"
    hall.go_to("2026-03-02T11:00")
    hall.issue()


def test_another_department_goes_on(hall: SmallHall) -> None:
    hall.furnish()
    close(hall, closure("09:00", "18:00", department="d0"))
    hall.go_to("2026-03-02T10:00")
    hall.issue("i2")
    with pytest.raises(HallClosed) as refusal:
        hall.issue("i0")
    assert refusal.value.extra["opens_at"] == "2026-03-03T09:00:00+08:00"


def test_what_ends_in_the_break_gives_numbers_from_then_on(hall: SmallHall) -> None:
    hall.furnish()
    close(hall, closure("11:00", "13:00"))
    hall.go_to("2026-03-02T11:30")
    with pytest.raises(HallClosed) as refusal:
        hall.issue()
    assert refusal.value.extra["opens_at"] == "2026-03-02T13:00:00+08:00"
    hall.go_to("2026-03-02T13:00")
    hall.issue()


def test_what_was_called_off_closes_nothing(hall: SmallHall) -> None:
    hall.furnish()
    wanted = closure("10:00", "11:00")
    close(hall, wanted)
    close(hall, {**wanted, "ends_at": wanted["starts_at"]})
    hall.go_to("2026-03-02T10:30")
    hall.issue()


def test_a_session_within_a_closure_gives_no_numbers(hall: SmallHall) -> None:
    hall.furnish()
    hall.hear_session("planned")
    hall.go_to("2026-03-02T18:00")
    hall.issue()
    close(hall, closure("17:00", "19:00"))
    with pytest.raises(HallClosed) as refusal:
        hall.issue()
    assert refusal.value.extra["opens_at"] == "2026-03-02T19:00:00+08:00"


def test_the_wait_counts_the_closure(hall: SmallHall) -> None:
    hall.furnish()
    hall.sign_in("100")
    hall.go_to("2026-03-02T09:59")
    before = hall.issue()["estimate"]
    for _ in range(4):
        hall.issue()
    close(hall, closure("10:00", "11:00"))
    after = hall.issue()["estimate"]
    assert after["p90_s"] > before["p90_s"] + 3600


@pytest.mark.parametrize("place", [{"window": "100"}, {"department": "d0"}, {}])
def test_nobody_signs_in_at_a_closed_window(hall: SmallHall, place: dict[str, Any]) -> None:
    hall.furnish()
    close(hall, closure("09:00", "12:00", **place))
    hall.go_to("2026-03-02T10:00")
    with pytest.raises(WindowShut) as refusal:
        hall.sign_in("100")
    assert refusal.value.extra["closure"]["reason"] == "停电"
    hall.go_to("2026-03-02T12:00")
    hall.sign_in("100")


def test_who_sits_at_a_window_that_closes_goes_on_and_another_window_is_free(hall: SmallHall) -> None:
    hall.furnish()
    hall.sign_in("100")
    close(hall, closure("09:00", "12:00", window="100"))
    hall.go_to("2026-03-02T10:00")
    hall.sign_in("100", queues=["q0"])
    hall.issue()
    assert hall.call_next("100") is not None
    hall.sign_in("101")


def test_a_queue_is_closed_when_all_its_windows_are(hall: SmallHall) -> None:
    hall.furnish()
    hall.keep_windows(2)
    close(hall, closure("10:00", "11:00", window="200"))
    hall.go_to("2026-03-02T10:00")
    mine = hall.issue(phone=PHONE)
    assert tell(hall) == 0
    assert touched(hall, "closure", **closure("10:00", "12:00", window="201")) == (1, [mine["number"]])
    close(hall, closure("10:00", "12:00", window="201"), "c2")
    with pytest.raises(HallClosed) as refusal:
        hall.issue()
    assert refusal.value.extra["opens_at"] == "2026-03-02T11:00:00+08:00"
    assert tell(hall) == 1


def test_who_waits_when_it_begins_is_told_once_and_keeps_the_number(hall: SmallHall) -> None:
    hall.furnish()
    mine = hall.issue(phone=PHONE, language="en")
    hall.issue()
    other = hall.issue("i2", phone=PHONE)
    assert touched(hall, "closure", **closure("10:00", "11:00"))[0] == 3
    assert touched(hall, "closure", **closure("10:00", "11:00", department="d1")) == (1, [other["number"]])
    close(hall, closure("10:00", "11:00", department="d0"))
    assert tell(hall) == 0
    hall.go_to("2026-03-02T10:00")
    assert (tell(hall), tell(hall)) == (1, 0)
    (event,) = told(hall)
    assert (event["id"], event["state"], event["language"]) == (mine["id"], "waiting", "en")
    assert event["until"] == "2026-03-02T11:00:00+08:00"
    assert {ticket.id for ticket in hall.waiting()} >= {mine["id"], other["id"]}


def test_where_nothing_is_left_of_the_day_no_hour_is_named(hall: SmallHall) -> None:
    hall.furnish()
    hall.issue(phone=PHONE)
    close(hall, closure("10:00", "23:00"))
    hall.go_to("2026-03-02T10:00")
    assert tell(hall) == 1
    assert told(hall)[0]["until"] is None


def test_what_begins_tomorrow_touches_no_number_of_today(hall: SmallHall) -> None:
    hall.furnish()
    hall.issue()
    tomorrow = {"starts_at": "2026-03-03T09:00:00+08:00", "ends_at": "2026-03-03T12:00:00+08:00"}
    assert touched(hall, "closure", **tomorrow) == (0, [])
    assert touched(hall, "closure", window="100", **tomorrow) == (0, [])
