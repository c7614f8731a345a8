"""The made-up history adds up to the annual report's own figures."""

import gzip
import hashlib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from deploy.hall.hours import Timetable
from deploy.hall.load import Hall, read_hall
from deploy.history import figures, others, write
from deploy.history.cases import Items, Rows
from deploy.history.plan import Day, apportion, is_working, plan, saturdays_of_extended_hours

REFERENCE = Path(__file__).parents[3] / "deploy" / "hall"
TIMETABLE = Timetable(REFERENCE)


@pytest.fixture(scope="module")
def hall() -> Hall:
    return read_hall(REFERENCE)


@pytest.fixture(scope="module", params=[1, 2])
def days(request: pytest.FixtureRequest) -> list[Day]:
    return plan(TIMETABLE, seed=request.param)


def of_year(days: list[Day], year: int) -> list[Day]:
    return [day for day in days if day.date.year == year]


def test_the_cases_are_those_of_the_report(days: list[Day]) -> None:
    assert sum(day.cases for day in days) == 9_497_986
    assert sum(day.cases for day in of_year(days, 2011)) == 1_054_029
    assert (days[0].date, days[-1].date) == (date(2004, 5, 10), date(2011, 11, 30))


def test_the_three_services_are_those_of_the_report(days: list[Day]) -> None:
    since = [day for day in days if day.date >= date(2011, 5, 1)]
    served = sum(day.three_services for day in since)
    assert served == sum(day.three_services for day in days) == 19_268
    assert round(100 * served / sum(day.cases for day in since), 2) == 3.11
    assert round(served / len(since)) == 125


def test_a_day_grew_from_1400_cases_to_more_than_4500(days: list[Day]) -> None:
    first = [day.cases for day in days if day.date < date(2004, 6, 1)]
    last = of_year(days, 2011)
    assert 1_300 < sum(first) / len(first) < 1_600
    assert 4_500 < sum(day.cases for day in last) / len(last) < 4_600
    assert max(day.cases for day in last) > 4_500


def test_the_hall_works_on_working_days_and_on_the_saturdays_of_extended_hours(days: list[Day]) -> None:
    rest = {day.date for day in days if not is_working(TIMETABLE, day.date)}
    assert rest == set(saturdays_of_extended_hours())
    assert all(day.cases == day.extended for day in days if day.date in rest)
    assert min(day.cases for day in days) > 0


def test_shares_add_up_whatever_the_weights() -> None:
    assert apportion(10, [1, 1, 1]) == [4, 3, 3]
    assert apportion(7, [0.0, 5.0]) == [0, 7]
    assert sum(apportion(1_000_003, [1 / (n + 1) for n in range(999)])) == 1_000_003


def test_overtime_and_commendations_are_those_of_the_report(days: list[Day], hall: Hall) -> None:
    overtime = list(others.overtime(days, hall.clerks, hall.departments, seed=1))
    assert sum(int(row[4]) for row in overtime) / 60 == 2140.6
    assert len({row[0] for row in overtime}) == len(overtime)
    assert min(int(row[4]) for row in overtime) > 0
    given = [row for row in others.commendations(hall.departments, seed=1) if str(row[3]).startswith("2011")]
    assert Counter(row[2] for row in given) == {"letter": 131, "banner": 103, "plaque": 5}


def test_rows_are_decided_in_time_and_offered_on_their_day(hall: Hall) -> None:
    items = {item["code"]: item for item in hall.items}
    offering = {row["code"] for row in hall.departments if row["offers_three_services"]}
    rows = Rows(TIMETABLE, Items(hall.items, hall.departments, seed=1), seed=1)
    day = Day(date=date(2011, 11, 16), walk_in=800, phone=40, extended=30, on_site=10)
    lines = [line.rstrip().split(",") for line in rows.of(day, first=7)]
    assert [line[0] for line in lines] == [f"2011-{n:07d}" for n in range(7, 887)]
    assert [line[2] for line in lines] == sorted(line[2] for line in lines)
    assert Counter(line[5] for line in lines) == {"walk_in": 800, "phone": 40, "extended": 30, "on_site": 10}
    for _, item, accepted, due, decided, origin in lines:
        assert accepted.startswith("2011-11-16T") and accepted.endswith("+08:00")
        assert items[item]["effective_from"] <= "2011-11-16" <= due
        assert not decided or (accepted < decided and decided[:10] <= min(due, figures.ENDS.isoformat()))
        assert origin == "walk_in" or items[item]["department"] in offering
    assert any(not line[4] for line in lines), "what is decided after the last day is not known yet"
    assert sum(1 for line in lines if line[4]) > 400


def test_a_case_of_a_saturday_is_due_in_working_days_from_then(hall: Hall) -> None:
    rows = Rows(TIMETABLE, Items(hall.items, hall.departments, seed=1), seed=1)
    saturday = saturdays_of_extended_hours()[0]
    limits = {item["code"]: int(item["time_limit_days"]) for item in hall.items}
    found = [line.split(",") for line in rows.of(Day(date=saturday, extended=60), first=1)]
    for _, item, _, due, decided, _ in found:
        day, left = saturday, limits[item]
        while left:
            day = date.fromordinal(day.toordinal() + 1)
            left -= is_working(TIMETABLE, day)
        assert due == day.isoformat()
        assert saturday.isoformat() <= decided[:10] <= due


def test_the_same_seed_writes_the_same_files(tmp_path: Path) -> None:
    def written(folder: Path) -> dict[str, str]:
        made = write.history_of(REFERENCE, years=range(2011, 2012), seed=5)
        made.days = [Day(date=day.date, walk_in=2, extended=day.extended // 50) for day in made.days]
        told: list[int] = []
        made.write(folder, advance=told.append)
        assert sum(told) == made.cases
        with gzip.open(folder / write.CASES) as file:
            assert sum(1 for _ in file) == made.cases + 1
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}

    first = written(tmp_path / "a")
    assert set(first) == {"cases.csv.gz", "overtime.csv", "commendations.csv"}
    assert written(tmp_path / "b") == first


@pytest.mark.parametrize("years", [range(2003, 2012), range(2004, 2013), range(2011, 2010)])
def test_years_the_report_says_nothing_of_are_refused(years: range) -> None:
    with pytest.raises(ValueError, match="from 2004 to 2011"):
        write.history_of(REFERENCE, years=years, seed=1)
