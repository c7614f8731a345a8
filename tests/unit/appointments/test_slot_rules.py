"""Plans, slots and how places are shared."""

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.appointments.domain.hours import OpenHours, open_hours
from services.appointments.domain.slots import (
    CHANNELS,
    Plan,
    check_plan,
    fit_quotas,
    slot_times,
)
from services.appointments.errors import PlanInvalid

ZONE = ZoneInfo("Asia/Shanghai")
COUNTS = st.fixed_dictionaries({channel: st.integers(0, 6) for channel in CHANNELS})


def plan(**more: object) -> Plan:
    fields = {
        "hall": "main",
        "code": "am",
        "department": "market",
        "items": [],
        "weekdays": [1, 2, 3, 4, 5],
        "starts": time(9),
        "ends": time(17),
        "slot_minutes": 60,
        "capacity": 4,
        "quotas": {"web": 1, "phone": 1, "window": 0},
        "valid_from": date(2026, 1, 1),
        "valid_to": None,
    }
    return Plan(**(fields | more))


def hours(*days: dict[str, object]) -> OpenHours:
    breaks = [{"starts": "12:00", "ends": "13:30"}]
    rows = [{"weekday": each, "opens": "09:00", "closes": "17:00", "breaks": breaks} for each in range(1, 6)]
    return open_hours(rows, [list(days)], ZONE)


def starts(of: OpenHours, day: date) -> list[str]:
    return [f"{begins:%H:%M}" for begins, _ in slot_times(plan(), of, since=day, until=day)]


def test_no_slot_lies_in_the_break_at_noon() -> None:
    assert starts(hours(), date(2026, 3, 2)) == ["09:00", "10:00", "11:00", "14:00", "15:00", "16:00"]


def test_holidays_have_no_slots_and_make_up_workdays_those_of_the_first() -> None:
    calendar = hours({"day": "2026-03-02", "working": False}, {"day": "2026-03-07", "working": True})
    assert starts(calendar, date(2026, 3, 2)) == []
    assert len(starts(calendar, date(2026, 3, 7))) == 6
    assert starts(calendar, date(2026, 3, 8)) == []


@given(wanted=COUNTS, taken=COUNTS, more=st.integers(0, 3))
def test_quotas_always_leave_room_for_what_is_taken(
    wanted: dict[str, int], taken: dict[str, int], more: int
) -> None:
    capacity = max(sum(wanted.values()), sum(taken.values())) + more
    fitted = fit_quotas(wanted, capacity, taken)
    assert sum(max(fitted[each], taken[each]) for each in CHANNELS) <= capacity
    assert all(0 <= fitted[each] <= wanted[each] for each in CHANNELS)


@pytest.mark.parametrize("wrong", [{"capacity": 1}, {"ends": time(9, 30)}, {"valid_to": date(2025, 1, 1)}])
def test_a_plan_that_contradicts_itself_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(PlanInvalid):
        check_plan(plan(**wrong))
