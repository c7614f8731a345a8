"""A closure takes the places in it and no others; whoever has one is told once, and why."""

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

import pytest

from services.appointments.service import Appointments
from services.appointments.use_cases import sessions
from services.chassis.effects import answer
from tests.integration.appointments.in_process import MANAGER, Hall
from tests.integration.appointments.test_dated_changes import (
    TUESDAY,
    WEDNESDAY,
    booked,
    now,
    offers,
    slots_on,
    told,
    touches,
)

_versions = count(1)


def closure(day: date, since: time = time(), until: time | None = None, **place: Any) -> dict[str, Any]:
    """Return a closure of the hall for a day, or for hours of it."""
    starts = datetime.combine(day, since)
    ends = datetime.combine(day, until) if until else starts + timedelta(days=1)
    place = {"department": None, "window": None, **place}
    return {**place, "starts_at": f"{starts.isoformat()}+08:00", "ends_at": f"{ends.isoformat()}+08:00"}


def close(hall: Hall, closed: dict[str, Any], id_: str = "c1") -> None:
    told = {"id": id_, "reason": "停电", "reason_en": "", "days": [], **closed}
    hall.hear("catalogue.closure.published", told, sequence=next(_versions))
    hall.tick()


@pytest.mark.parametrize("place", [{}, {"department": "market"}])
def test_a_closed_day_takes_its_places_and_says_why_once(hall: Hall, place: dict[str, Any]) -> None:
    inside, outside = booked(hall, 1, WEDNESDAY), booked(hall, 2, TUESDAY)
    wanted = closure(WEDNESDAY, **place)
    assert touches(hall, "closure", **wanted)["bookings"] == 1
    close(hall, wanted)
    (event,) = told(hall, inside)
    assert (event["type"], event["data"]["cause"]) == ("appointments.appointment.displaced", "closure")
    assert offers(event) and offers(event).isdisjoint(slot.id for slot in slots_on(hall, WEDNESDAY))
    assert [now(hall, each).state for each in (inside, outside)] == ["displaced", "booked"]
    assert slots_on(hall, WEDNESDAY) == []
    hall.tick()
    assert len(told(hall, inside)) == 1
    hall.check_places()


@pytest.mark.parametrize("place", [{"department": "police"}, {"department": None, "window": "101"}])
def test_what_another_department_or_a_window_closes_keeps_its_places(
    hall: Hall, place: dict[str, Any]
) -> None:
    one = booked(hall, 1, WEDNESDAY)
    wanted = closure(WEDNESDAY, **place)
    assert touches(hall, "closure", **wanted)["bookings"] == 0
    close(hall, wanted)
    assert now(hall, one).state == "booked"


def test_closed_hours_take_the_slots_that_they_touch(hall: Hall) -> None:
    first, second = slots_on(hall, WEDNESDAY)
    kept, lost = hall.book(1, first, channel="phone"), hall.book(2, second, channel="phone")
    begins = second.starts_at.astimezone(hall.now.tzinfo)
    wanted = {
        "department": None,
        "window": None,
        "starts_at": (begins + timedelta(minutes=5)).isoformat(),
        "ends_at": (begins + timedelta(minutes=10)).isoformat(),
    }
    assert touches(hall, "closure", **wanted)["examples"][0]["number"] == lost.reference
    close(hall, wanted)
    assert [now(hall, each).state for each in (kept, lost)] == ["booked", "displaced"]


def test_what_ends_early_has_slots_again_and_gives_nobody_a_place_back(hall: Hall) -> None:
    one = booked(hall, 1, WEDNESDAY)
    wanted = closure(WEDNESDAY)
    close(hall, wanted)
    close(hall, {**wanted, "ends_at": wanted["starts_at"]})
    assert len(slots_on(hall, WEDNESDAY)) == 2
    assert now(hall, one).state == "displaced"
    assert len(told(hall, one)) == 1


def test_an_older_word_of_a_closure_changes_nothing(hall: Hall) -> None:
    wanted = closure(WEDNESDAY)
    off = {**wanted, "ends_at": wanted["starts_at"]}
    data = {"id": "c2", "reason": "停电", "reason_en": "", "days": []}
    hall.hear("catalogue.closure.published", {**data, **off}, sequence=2)
    hall.hear("catalogue.closure.published", {**data, **wanted}, sequence=1)
    hall.tick()
    assert len(slots_on(hall, WEDNESDAY)) == 2


def test_a_session_of_which_nothing_is_left_is_called_off(hall: Hall) -> None:
    begins = datetime.combine(WEDNESDAY, time(18), hall.now.tzinfo)
    zone = timedelta(hours=8)
    planned = hall.do(
        sessions.plan_session,
        MANAGER,
        department="market",
        windows=["103"],
        staff=["clerk001"],
        starts_at=begins - zone,
        ends_at=begins - zone + timedelta(hours=2),
    )
    half, whole = closure(WEDNESDAY, time(19)), closure(WEDNESDAY)
    with hall.database.autocommit() as store:
        touched = [
            answer(Appointments.touches["closure"], store, MANAGER, each)["sessions"]
            for each in (half, whole)
        ]
    assert touched == [0, 1]
    close(hall, half)
    close(hall, whole, "c3")
    with hall.database.autocommit() as store:
        session = store.session("main", planned["id"])
    assert session is not None and session.state == "cancelled"
