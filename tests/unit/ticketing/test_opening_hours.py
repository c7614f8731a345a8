"""When the hall serves: breaks, weekends, holidays, make-up workdays, departments of their own."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ticketing.domain.hours import OpeningHours, opening_hours, pass_time

ZONE = ZoneInfo("Asia/Shanghai")
NOON = [{"starts": "12:00", "ends": "14:00"}]


def row(
    weekday: int, *, opens: str = "09:00", closes: str = "17:30", department: str | None = None
) -> dict[str, Any]:
    """Return a weekday's hours, with the noon break."""
    return {"department": department, "weekday": weekday, "opens": opens, "closes": closes, "breaks": NOON}


HOURS = opening_hours(
    [
        *(row(day) for day in (1, 2, 3, 4)),
        row(5, closes="16:00"),
        {**row(1, opens="08:00", closes="20:00", department="d7"), "breaks": []},
    ],
    [[{"day": "2026-02-14", "working": True}, {"day": "2026-03-04", "working": False}]],
    ZONE,
)


def seconds_left(moment: datetime, department: str = "d0", *, hours: OpeningHours = HOURS) -> float:
    """Return how many seconds of service are left of a day."""
    return sum((each.ends - each.starts).total_seconds() for each in hours.left(moment, department))


def wall_seconds(moment: datetime, working: float, *, hours: OpeningHours = HOURS) -> float:
    """Return how long so much work takes on the clock, at any of the windows."""
    parts = [(each, working) for each in hours.left(moment, "d0")]
    return sum(pass_time(moment, parts, otherwise=working))


def at(text: str) -> datetime:
    """Return a moment of Monday 2 March 2026, or of the day given."""
    day, _, clock = text.rpartition(" ")
    return datetime.fromisoformat(f"{day or '2026-03-02'}T{clock}+08:00")


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        ("08:59:59", False),
        ("09:00:00", True),
        ("12:30:00", True),  # numbers are given through the noon break
        ("17:29:59", True),
        ("17:30:00", False),
        ("2026-03-07 10:00:00", False),  # Saturday
        ("2026-03-08 10:00:00", False),  # Sunday
        ("2026-03-04 10:00:00", False),  # a Wednesday that is a holiday
        ("2026-02-14 10:00:00", True),  # a Saturday that is worked
        ("2026-02-14 16:30:00", True),  # with the first weekday's hours
        ("2026-03-06 16:30:00", False),
    ],
)
def test_the_hall_is_open_from_first_opening_to_last_closing_of_working_days(
    moment: str, open_: bool
) -> None:
    assert HOURS.is_open(at(moment), "d0") is open_


def test_the_day_is_the_halls_own_and_not_utcs() -> None:
    early = datetime.fromisoformat("2026-03-01T23:30:00+00:00")  # half past seven on Monday in the hall
    assert HOURS.is_open(early + timedelta(hours=2), "d0")
    assert seconds_left(early) == 6.5 * 3600


def test_a_department_with_hours_of_its_own_does_not_keep_the_halls() -> None:
    assert HOURS.is_open(at("19:00:00"), "d7")
    assert not HOURS.is_open(at("19:00:00"), "d0")
    assert seconds_left(at("11:00:00"), "d7") == 9 * 3600
    assert HOURS.is_open(at("2026-03-03 09:00:00"), "d7"), "on other days it keeps the hall's"


@pytest.mark.parametrize(
    ("moment", "hours"),
    [("08:00:00", 6.5), ("11:00:00", 4.5), ("13:00:00", 3.5), ("17:00:00", 0.5), ("18:00:00", 0.0)],
)
def test_what_is_left_of_the_day_leaves_the_break_out(moment: str, hours: float) -> None:
    assert seconds_left(at(moment)) == hours * 3600


@pytest.mark.parametrize(
    ("moment", "working_min", "clock_min"),
    [
        ("09:00:00", 30, 30),
        ("11:50:00", 10, 10),
        ("11:50:00", 11, 131),  # the noon break passes in between
        ("12:30:00", 0, 90),
        ("08:30:00", 10, 40),
        (
            "11:00:00",
            300,
            420,
        ),  # longer than the day: an hour, the break, three and a half, half an hour more
        ("17:20:00", 25, 25),
        ("19:00:00", 25, 25),
        ("2026-03-07 10:00:00", 25, 25),
    ],
)
def test_a_wait_on_the_clock_counts_the_break(moment: str, working_min: int, clock_min: int) -> None:
    assert wall_seconds(at(moment), working_min * 60) == clock_min * 60


@given(
    st.integers(0, 86399).map(lambda second: at("00:00:00") + timedelta(seconds=second)),
    st.floats(0, 40000),
    st.floats(0, 40000),
)
def test_more_work_never_ends_earlier_and_never_takes_less_than_itself(
    moment: datetime, one: float, other: float
) -> None:
    less, more = (wall_seconds(moment, each) for each in sorted((one, other)))
    assert less <= more
    assert less >= min(one, other)


def test_the_next_opening_skips_rest_days() -> None:
    assert HOURS.next_opening(at("08:00:00"), "d0") == at("09:00:00")
    assert HOURS.next_opening(at("10:00:00"), "d0") == at("2026-03-03 09:00:00")
    assert HOURS.next_opening(at("2026-03-03 18:00:00"), "d0") == at("2026-03-05 09:00:00")
    assert HOURS.next_opening(at("2026-03-06 18:00:00"), "d0") == at("2026-03-09 09:00:00")


def test_a_hall_without_hours_never_opens() -> None:
    never = OpeningHours(zone=ZONE, weekly={})
    assert never.is_working_day(date(2026, 3, 2))
    assert not never.is_open(at("10:00:00"), "d0")
    assert never.next_opening(at("10:00:00"), "d0") is None
