"""When a person may check in, and how they wait then."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.appointments.domain.appointment import Arrival, arrive
from services.appointments.errors import IllegalTransition, TooEarly, WrongDay
from tests.contract.test_appointments_events import BOOKED, STATES

DAY = date(2026, 3, 5)
SLOT = datetime(2026, 3, 5, 6, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def come(offset: timedelta) -> Arrival:
    return arrive(BOOKED, at=SLOT + offset, today=DAY)


@pytest.mark.parametrize("offset", [-30 * MINUTE, -MINUTE, timedelta()])
def test_who_comes_in_time_waits_from_the_start_of_the_slot(offset: timedelta) -> None:
    assert come(offset) == Arrival(class_="appointment", reference_at=SLOT)


@pytest.mark.parametrize("offset", [timedelta(seconds=1), 15 * MINUTE])
def test_who_is_a_little_late_waits_from_then_on(offset: timedelta) -> None:
    assert come(offset) == Arrival(class_="appointment", reference_at=SLOT + offset)


@pytest.mark.parametrize("offset", [15 * MINUTE + timedelta(seconds=1), 5 * 60 * MINUTE])
def test_who_is_later_still_waits_as_a_walk_in(offset: timedelta) -> None:
    assert come(offset) == Arrival(class_="walk_in", reference_at=SLOT + offset)


def test_who_is_too_early_is_told_when_to_come() -> None:
    with pytest.raises(TooEarly) as refused:
        come(-30 * MINUTE - timedelta(seconds=1))
    assert refused.value.extra == {"opens_at": "2026-03-05T05:30:00+00:00"}


@pytest.mark.parametrize("days", [-1, 1])
def test_another_day_is_the_wrong_one(days: int) -> None:
    with pytest.raises(WrongDay):
        arrive(BOOKED, at=SLOT + timedelta(days=days), today=DAY + timedelta(days=days))


@pytest.mark.parametrize("state", sorted(set(STATES) - {"booked"}))
def test_only_a_booked_appointment_is_checked_in(state: str) -> None:
    with pytest.raises(IllegalTransition):
        arrive(STATES[state], at=SLOT, today=DAY)
