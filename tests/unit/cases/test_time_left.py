"""Due dates and days left against a day-by-day count with pencil and calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cases.domain.calendar import Calendar
from services.cases.domain.limit import Stop, TimeLeft, time_left

MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)
DAYS = st.integers(-10, 160).map(lambda nth: MONDAY + nth * DAY)
CALENDARS = st.dictionaries(DAYS, st.booleans(), max_size=40).map(Calendar)
# 2026 as it was announced, and the day on which the hall closed besides.
AUTUMN = {date(2026, 9, 25): False, date(2026, 9, 20): True, date(2026, 10, 10): True} | dict.fromkeys(
    [date(2026, 10, day) for day in range(1, 8)], False
)
TYPHOON = Calendar(AUTUMN | {date(2026, 9, 28): False})
THURSDAY = date(2026, 9, 17)


def due(limit: int, *stops: Stop, calendar: Calendar, accepted_on: date = THURSDAY) -> TimeLeft:
    return time_left(accepted_on=accepted_on, limit_days=limit, stops=stops, calendar=calendar)


def test_a_day_that_is_called_off_moves_what_runs_and_takes_nothing_from_what_stands() -> None:
    assert due(15, calendar=Calendar(AUTUMN)).due_on == date(2026, 10, 14)
    assert due(10, calendar=Calendar(AUTUMN)).due_on == date(2026, 10, 8)
    assert due(10, calendar=TYPHOON).due_on == date(2026, 10, 9)
    stands = Stop(since=THURSDAY, until=None)
    assert due(15, stands, calendar=TYPHOON) == TimeLeft(due_on=None, days_left=15)
    resumed = Stop(since=THURSDAY, until=date(2026, 10, 8))
    assert due(15, resumed, calendar=TYPHOON).due_on == date(2026, 10, 28)


def test_a_day_called_off_after_it_had_been_used_is_given_back() -> None:
    stopped = Stop(since=date(2026, 9, 29), until=None)
    assert due(15, stopped, calendar=Calendar(AUTUMN)).days_left == 7
    assert due(15, stopped, calendar=TYPHOON).days_left == 8


@pytest.mark.parametrize(
    ("resumed", "due_on"),
    [("2026-03-05", "2026-03-04"), ("2026-03-07", "2026-03-05"), ("2026-03-10", "2026-03-09")],
)
def test_what_was_late_when_its_clock_stopped_stays_as_late(resumed: str, due_on: str) -> None:
    late = Stop(since=date(2026, 3, 5), until=date.fromisoformat(resumed))
    left = due(2, late, calendar=Calendar(), accepted_on=MONDAY)
    assert left.due_on == date.fromisoformat(due_on)
    standing = Stop(since=date(2026, 3, 5), until=None)
    assert due(2, standing, calendar=Calendar(), accepted_on=MONDAY).days_left == -1


def test_a_last_day_is_left_whole_on_whichever_day_the_materials_come() -> None:
    for back in ("2026-03-09", "2026-03-14"):
        stop = Stop(since=date(2026, 3, 4), until=date.fromisoformat(back))
        assert due(2, stop, calendar=Calendar(), accepted_on=MONDAY).due_on == date.fromisoformat(back)


@st.composite
def stories(draw: st.DrawFn) -> list[Stop]:
    """Up to four corrections, one after the other, the last perhaps not over."""
    moments = sorted(draw(st.lists(st.integers(0, 60), max_size=8)))
    days = [MONDAY + nth * DAY for nth in moments]
    pairs = [*zip(days[::2], days[1::2], strict=False)]
    stops = [Stop(since=since, until=until) for since, until in pairs]
    return stops if len(days) % 2 == 0 else [*stops, Stop(since=days[-1], until=None)]


@given(CALENDARS, st.integers(0, 40), stories())
def test_a_correction_takes_no_working_day_from_the_limit_and_gives_none(
    calendar: Calendar, limit: int, stops: list[Stop]
) -> None:
    left = due(limit, *stops, calendar=calendar, accepted_on=MONDAY)
    last = left.due_on or stops[-1].since
    stood = [calendar.working_days(after=each.since, until=each.until) for each in stops if each.until]
    used = calendar.working_days(after=MONDAY, until=last) - sum(stood)
    assert used + (left.days_left or 0) == limit or left.due_on == MONDAY
