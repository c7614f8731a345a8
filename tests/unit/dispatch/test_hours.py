"""Which part of a visit lies outside opening hours."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from services.dispatch.domain.hours import opening_hours

ZONE = ZoneInfo("Asia/Shanghai")
ROWS = [
    {
        "department": None,
        "weekday": each,
        "opens": "09:00",
        "closes": "17:45",
        "breaks": [{"starts": "12:00", "ends": "14:00"}],
    }
    for each in range(1, 6)
] + [{"department": "tax", "weekday": 1, "opens": "08:00", "closes": "20:00", "breaks": []}]
HOURS = opening_hours(
    ROWS, [[{"day": "2026-03-03", "working": False}, {"day": "2026-03-07", "working": True}]], ZONE
)


def at(day: int, text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-{day:02d}T{text}:00+08:00")


@pytest.mark.parametrize(
    ("since", "until", "department", "outside"),
    [
        (at(2, "09:10"), at(2, "11:00"), "market", []),
        (at(2, "11:30"), at(2, "14:30"), "market", [("12:00", "14:00")]),
        (at(2, "08:30"), at(2, "19:00"), "market", [("08:30", "09:00"), ("12:00", "14:00"), ("17:45", "19:00")]),
        (at(2, "12:10"), at(2, "13:00"), "market", [("12:10", "13:00")]),
        (at(2, "18:00"), at(2, "19:00"), "market", [("18:00", "19:00")]),
        (at(2, "11:30"), at(2, "19:30"), "tax", []),
        (at(3, "10:00"), at(3, "11:00"), "market", [("10:00", "11:00")]),
        (at(7, "10:00"), at(7, "11:00"), "market", []),
        (at(8, "10:00"), at(8, "11:00"), "market", [("10:00", "11:00")]),
        (at(2, "17:00"), at(2, "17:45"), "market", []),
        (at(2, "08:58"), at(2, "08:58"), "market", []),
    ],
    ids=[
        "within", "noon", "all day", "in the break", "evening", "own hours", "holiday", "make-up day", "Sunday",
        "to the end", "no time",
    ],
)  # fmt: skip
def test_what_lies_outside(
    since: datetime, until: datetime, department: str, outside: list[tuple[str, str]]
) -> None:
    found = [
        tuple(f"{each.astimezone(ZONE):%H:%M}" for each in stretch)
        for stretch in HOURS.outside(since, until, department)
    ]
    assert found == outside


@pytest.mark.parametrize(("day", "weekday"), [(2, 1), (3, None), (7, 2), (8, 7)])
def test_shifts_hold_by_weekday_and_on_make_up_days_as_on_the_first(day: int, weekday: int | None) -> None:
    assert HOURS.crew_weekday(date(2026, 3, day), [2, 4, 5]) == weekday
    assert HOURS.crew_weekday(date(2026, 3, 7), [2, 6]) == 6
