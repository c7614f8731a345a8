"""Catalogue, ticketing, appointments and dispatch give a make-up workday the same hours."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.appointments.domain.hours import open_hours
from services.appointments.domain.slots import slot_times
from services.catalogue.domain import opening
from services.catalogue.domain.opening import CalendarDay, Hours
from services.dispatch.domain import hours as dispatch
from services.ticketing.domain import hours as ticketing
from tests.unit.appointments.test_slot_rules import plan

ZONE = ZoneInfo("Asia/Shanghai")
WORKED = date(2026, 2, 14)
DAYS = st.integers(0, 20).map(lambda nth: date(2026, 2, 9) + timedelta(days=nth))


def week(closes: dict[int, str], *, department: str | None = None) -> list[Hours]:
    return [
        Hours(department=department, weekday=each, opens=time(9), closes=time.fromisoformat(until))
        for each, until in closes.items()
    ]


def closing(hours: list[Hours], calendar: list[CalendarDay], day: date) -> list[time | None]:
    """Return when the hall closes on a day, as catalogue, ticketing, appointments and dispatch see it."""
    rows = [each.to_plain() for each in hours]
    years = [[{"day": str(each.day), "working": each.working} for each in calendar]]
    exception = next((each for each in calendar if each.day == day), None)
    today = opening.on(day, hours=hours, exception=exception)
    noon = datetime.combine(day, time(12), ZONE)
    ends = [
        [each.ends for each in ticketing.opening_hours(rows, years, ZONE).open_times(day, "market")],
        [until for _, until in open_hours(rows, years, ZONE).between("market", noon, noon)],
        [until for _, until in dispatch.opening_hours(rows, years, ZONE).open_on(day, "market")],
    ]
    seen = [moments[-1].astimezone(ZONE).time() if moments else None for moments in ends]
    return [today.hours.closes if today.hours else None, *seen]


def made_up(day: date) -> list[CalendarDay]:
    return [CalendarDay(day=day, working=True, name="调休上班")]


MON_TO_FRI = {1: "17:45", 2: "17:45", 3: "17:45", 4: "17:45", 5: "12:00"}


@pytest.mark.parametrize(
    ("closes", "expected"), [(MON_TO_FRI, time(17, 45)), (MON_TO_FRI | {6: "16:00"}, time(16))]
)
def test_a_worked_saturday_has_the_first_weekdays_hours_or_its_own(
    closes: dict[int, str], expected: time
) -> None:
    assert closing(week(closes), made_up(WORKED), WORKED) == [expected] * 4


@given(
    st.dictionaries(st.integers(1, 7), st.sampled_from(["12:00", "16:00", "17:45"])),
    st.dictionaries(DAYS, st.booleans(), max_size=8),
    DAYS,
)
def test_all_services_close_at_the_same_time_on_every_day(
    closes: dict[int, str], calendar: dict[date, bool], day: date
) -> None:
    days = [CalendarDay(day=each, working=working, name="x") for each, working in calendar.items()]
    assert len(set(closing(week(closes), days, day))) == 1


def test_a_department_has_its_own_first_weekday() -> None:
    hours = week(MON_TO_FRI) + week({1: "15:00"}, department="market")
    _, *seen = closing(hours, made_up(WORKED), WORKED)
    assert seen == [time(15)] * 3


@pytest.mark.parametrize(("weekdays", "slots"), [([1, 2], 8), ([5], 0)])
def test_a_weekly_plan_holds_where_it_names_the_weekday_whose_hours_hold(
    weekdays: list[int], slots: int
) -> None:
    hours = open_hours(
        [each.to_plain() for each in week(MON_TO_FRI)], [[{"day": str(WORKED), "working": True}]], ZONE
    )
    made = [*slot_times(plan(weekdays=weekdays), hours, since=WORKED, until=WORKED)]
    assert len(made) == slots
