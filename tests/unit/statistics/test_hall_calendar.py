"""Working days of reports and detection are the hall's own."""

from datetime import date, timedelta

import pytest

from services.statistics.anomalies.detection import hours
from services.statistics.anomalies.detection.calendar import calendar_of, design, traits
from services.statistics.anomalies.detection.days import Days
from services.statistics.facts.domain.workdays import PUBLISHED, Calendar
from services.statistics.figures.domain.periods import like_stretch, period_before, read_period
from services.statistics.reports.domain import report_tables, reports
from services.statistics.reports.domain.sums import Known, Sums, service_days
from tests.e2e.pages.conftest import rows_of

TYPHOON = date(2026, 9, 28)


def of_the_hall() -> Calendar:
    """Return the calendar that the reference hall comes with."""
    years: dict[int, dict[date, bool]] = {}
    for row in rows_of("calendar"):
        day = date.fromisoformat(row["day"])
        years.setdefault(day.year, {})[day] = row["working"] == "1"
    return Calendar(years)


HALL = of_the_hall()
CLOSED = Calendar({**HALL.years, 2026: {**HALL.years[2026], TYPHOON: False}})


def test_the_new_years_day_that_nobody_published_yet_is_a_holiday_of_the_hall() -> None:
    assert PUBLISHED.is_working(date(2027, 1, 1)) and not HALL.is_working(date(2027, 1, 1))
    assert period_before(read_period("daily", "2027-01-04"), HALL).name == "2026-12-31"
    assert HALL.count(date(2027, 2, 1), date(2027, 2, 28)) == 16
    assert HALL.count(date(2027, 1, 1), date(2027, 12, 31)) == 248


def test_a_year_that_the_hall_does_not_know_has_the_state_councils_days_or_plain_weeks() -> None:
    assert not Calendar({2027: {}}).is_working(date(2011, 10, 7))
    assert Calendar({2027: {}}).is_working(date(2011, 10, 8))
    assert Calendar({2027: {}}).is_working(date(2027, 1, 1)), "a year without exceptions is known too"
    assert [Calendar().is_working(date(2090, 1, day)) for day in range(2, 9)] == [True] * 5 + [False] * 2


def counted(calendar: Calendar) -> Sums:
    first = date(2026, 9, 21)
    days = [
        {"day": first + timedelta(days=nth), "hall_cases": 8, "cases": 8, "hall_three": 1, "three": 1}
        for nth in (0, 1, 2, 3, 8, 9)
    ]
    return Sums(period=read_period("monthly", "2026-09"), days=days, calendar=calendar)


def test_a_day_on_which_the_hall_was_closed_counts_in_no_average() -> None:
    open_, closed = counted(HALL), counted(CLOSED)
    assert service_days(open_, open_.counted_from, open_.counted_to) == 7
    assert service_days(closed, closed.counted_from, closed.counted_to) == 6
    assert reports.indicators(open_, Known())["cases_per_working_day"] == 7
    assert reports.indicators(closed, Known())["cases_per_working_day"] == 8
    assert reports.indicators(closed, Known())["three_services"]["days"] == 21
    assert reports.indicators(open_, Known())["three_services"]["days"] == 22
    working = {row["day"]: row["working"] for row in report_tables.by_day(closed)}
    assert (working[TYPHOON], working[date(2026, 9, 20)]) == (False, True)


def test_the_last_days_of_a_period_count_as_the_hall_works() -> None:
    year = read_period("annual", "2026")
    rest = {2026: {date(2026, 12, 31): False}}
    before = read_period("annual", "2025")
    assert like_stretch(before, year, date(2026, 12, 30), Calendar({2026: {}})).last == date(2025, 12, 30)
    assert like_stretch(before, year, date(2026, 12, 30), Calendar(rest)).last == date(2025, 12, 31)


WIRE = {
    "calendar": {
        str(year): {day.isoformat(): worked for day, worked in days.items()}
        for year, days in HALL.years.items()
    }
}


def test_detection_marks_the_days_beside_a_holiday_of_the_hall() -> None:
    last_before_spring_festival = date(2027, 2, 4)
    assert traits(last_before_spring_festival)[-1] == 0
    assert traits(last_before_spring_festival, calendar_of(WIRE))[-1] == 1
    assert design([last_before_spring_festival], calendar_of(WIRE))[0][0][-1] == 1


@pytest.mark.parametrize(("message", "kept"), [(WIRE, ["2026-12-31", "2027-01-04"]), ({}, 3)])
def test_detection_looks_at_the_days_the_hall_works(message: dict[str, object], kept: object) -> None:
    days = ["2026-12-31", "2027-01-01", "2027-01-04"]
    found = Days({**message, "days": days, "subjects": [], "known": []})
    assert ([day.isoformat() for day in found.days] if isinstance(kept, list) else len(found.days)) == kept


def test_detection_looks_at_no_hour_of_a_day_off() -> None:
    past = [date(2026, 10, 8) + timedelta(days=nth) for nth in range(80)]
    told = {
        "task": "hours", "today": "2027-01-01", "hours": ["09"], "days": [day.isoformat() for day in past],
        "known": [], "departments": [{"department": "d", "past": [[1]] * len(past), "counts": [400]}],
    }  # fmt: skip
    assert [*hours.examine({**told, **WIRE})] == []
    assert [*hours.examine(told)] != []
