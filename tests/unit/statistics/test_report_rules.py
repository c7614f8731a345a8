"""How indicators and tables are made of sums."""

import statistics
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.statistics.facts.domain.workdays import PUBLISHED
from services.statistics.figures.domain.periods import days_of, read_period
from services.statistics.reports.domain import report_tables, reports
from services.statistics.reports.domain.indicators import COMPARED, INDICATORS, sources, value_of
from services.statistics.reports.domain.sums import Known, Sums, each_day, floor_rate

YEAR = read_period("annual", "2011")


def day(on: date, cases: int, three: int = 0) -> dict[str, Any]:
    """Return a row of `report_days`."""
    return {"day": on, "cases": cases, "hall_cases": cases, "three": three, "hall_three": three}


def volume(
    dimension: str, department: str, key: str, cases: int, on_time: int | None = None
) -> dict[str, Any]:
    """Return a row of `report_volumes`."""
    return {
        "dimension": dimension,
        "department": department,
        "key": key,
        "cases": cases,
        "decided": cases,
        "on_time": cases if on_time is None else on_time,
    }


def departments(*codes: str, offering: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Return rows of `report_departments`."""
    return [{"code": code, "name": f"{code}局", "offers_three_services": code in offering} for code in codes]


def test_the_report_of_a_history_shows_the_figures_of_the_halls_own() -> None:
    """1,054,029 to 30 November, 19,268 of the three services on 147 working days and 7 rest days since May."""
    working = [on for on in days_of(date(2011, 1, 1), date(2011, 11, 30)) if PUBLISHED.is_working(on)]
    since_may = [on for on in working if on >= date(2011, 5, 1)]
    resting = [date(2011, 6, 4) + timedelta(weeks=week) for week in range(7)]
    three = dict.fromkeys([*since_may, *resting], 125) | {since_may[-1]: 19_268 - 125 * 153}
    may_on = dict.fromkeys(since_may, 4214) | {since_may[-1]: 619_550 - 7 * 125 - 4214 * 146}
    before_may = dict.fromkeys((on for on in working if on < date(2011, 5, 1)), 5431)
    before_may[date(2011, 4, 29)] = 1_054_029 - 619_550 - 5431 * 79
    cases = {**before_may, **may_on, **dict.fromkeys(resting, 125)}
    sums = Sums(
        period=YEAR,
        days=[day(on, count, three.get(on, 0)) for on, count in sorted(cases.items())],
        volumes=[
            volume("origin", "tax", "phone", 19_268),
            volume("origin", "drc", "walk_in", 1_034_761),
            volume("decision", "tax", "", 1_000_000),
        ],
        overtime=[{"department": "tax", "minutes": 128_436}],
    )
    found = reports.indicators(sums, Known(departments=departments("tax", "drc", offering=("tax", "drc"))))
    assert (found["cases_accepted"], found["working_days"]) == (1_054_029, 227 + 7)
    assert (found["cases_per_working_day"], found["on_time_rate"]) == (4504, 1.0)
    assert found["three_services"] == {
        "departments": 1,
        "departments_share": 0.5,
        "since": date(2011, 5, 1),
        "cases": 19_268,
        "share": 0.0311,
        "days": 154,
        "cases_per_working_day": 125,
        "overtime_hours": 2140.6,
        "by_service": {"phone": 19_268, "web": 0, "extended": 0, "on_site": 0},
    }


def test_all_but_one_of_many_is_not_told_as_all() -> None:
    assert floor_rate(999_999, 1_000_000) == 0.9999
    assert floor_rate(7, 7) == 1.0
    assert floor_rate(0, 0) is None


@pytest.mark.parametrize(("cases", "days", "each"), [(5, 2, 3), (1, 3, 0), (0, 5, 0), (5, 0, None)])
def test_cases_a_day_are_whole_rounded_half_up(cases: int, days: int, each: int | None) -> None:
    assert each_day(cases, days) == each


def test_the_busiest_day_is_the_first_with_most_cases() -> None:
    sums = Sums(period=YEAR, days=[day(date(2011, 3, nth), count) for nth, count in ((1, 5), (2, 9), (3, 9))])
    found = reports.indicators(sums, Known())
    assert (found["cases_peak_day"], found["cases_peak_date"]) == (9, date(2011, 3, 2))


def test_joint_approval_is_counted_by_what_was_opened_closed_and_still_open() -> None:
    def joint(state: str, opened: date, ended: date | None, *taking_part: str) -> dict[str, Any]:
        return {"departments": list(taking_part), "state": state, "opened_on": opened, "ended_on": ended}

    sums = Sums(
        period=YEAR,
        joint=[
            joint("closed", date(2010, 12, 1), date(2011, 1, 1), "drc", "tax"),
            joint("closed", date(2011, 2, 1), date(2011, 12, 31), "drc", "housing"),
            joint("withdrawn", date(2011, 3, 1), date(2011, 4, 1), "drc"),
            joint("closed", date(2011, 11, 1), date(2012, 1, 1), "drc", "water"),
            joint("open", date(2010, 5, 1), None, "audit", "drc"),
        ],
    )
    assert reports.indicators(sums, Known())["joint_approval"] == {
        "departments": 5,
        "opened": 3,
        "closed": 2,
        "under_way": 2,
    }


def test_a_stretch_without_cases_has_nothing_to_tell_or_compare() -> None:
    nothing = Sums(period=YEAR)
    found = reports.report(nothing, Known(), before=nothing, year_before=nothing, department=None)
    assert found["cases_accepted"] == 0
    assert found["cases_per_working_day"] is found["on_time_rate"] is found["three_services"]["share"] is None
    assert found["comparison"]["year_before"]["cases_accepted"] == {
        "value": None,
        "difference": None,
        "ratio": None,
    }
    assert not any(found["tables"].values())


@pytest.mark.parametrize(
    ("now", "then", "difference", "ratio"),
    [
        (120, 100, 20, 0.2),
        (80, 100, -20, -0.2),
        (5, 0, 5, None),
        (5, None, None, None),
        (None, 5, None, None),
    ],
)
def test_a_comparison_tells_difference_and_ratio(now: Any, then: Any, difference: Any, ratio: Any) -> None:
    assert reports.difference(now, then) == {"value": then, "difference": difference, "ratio": ratio}


def test_each_indicator_has_a_rule_and_each_rule_a_value() -> None:
    sums = Sums(
        period=YEAR,
        days=[day(date(2011, 3, 1), 5, 1)],
        volumes=[volume("origin", "tax", "phone", 1), volume("decision", "tax", "", 1)],
        evaluations=[{"level": 2, "count": 1}],
    )
    known = Known(records_since=date(2004, 5, 1), departments=departments("tax"), waits=[(60, 1)])
    found = reports.report(sums, known, before=sums, year_before=sums, department=None)
    assert {key for key in INDICATORS if value_of(found, key) is None} == set()
    assert found["sources"] == sources()
    assert set(COMPARED) <= INDICATORS.keys()
    assert found["comparison"]["before"]["three_services"]["cases"]["difference"] == 0


def test_a_department_is_compared_with_its_year_before() -> None:
    now = Sums(
        period=YEAR, volumes=[volume("origin", "tax", "walk_in", 30), volume("origin", "drc", "web", 10)]
    )
    then = Sums(period=YEAR, volumes=[volume("origin", "tax", "walk_in", 40)])
    known = Known(departments=departments("drc", "tax"))
    rows = report_tables.by_department(now, known, known.departments, then)
    assert [(row["department"], row["cases"], row["share"], row["ratio"]) for row in rows] == [
        ("tax", 30, 0.75, -0.25),
        ("drc", 10, 0.25, None),
    ]
    assert [row["three_services"] for row in rows] == [0, 10]


def test_tickets_alone_make_no_item_another_departments() -> None:
    """A ticket that was sent on left a row of its item, without a case, in the other department."""
    counted = [volume("item", "drc", "market-001", 0), volume("item", "market", "market-001", 12)]
    for rows in (counted, counted[::-1], [*counted, volume("item", "zoo", "market-001", 0)]):
        now = Sums(period=YEAR, volumes=rows)
        found = report_tables.by_item(now, Known(departments=departments("drc", "market")), now)
        assert [(row["item"], row["department"], row["cases"]) for row in found] == [
            ("market-001", "market", 12)
        ]


def test_the_months_of_a_year_stand_beside_those_of_the_year_before() -> None:
    now = Sums(
        period=YEAR, days=[day(date(2011, 1, 4), 30), day(date(2011, 1, 5), 10), day(date(2011, 2, 9), 8)]
    )
    then = Sums(period=read_period("annual", "2010"), days=[day(date(2010, 1, 4), 20)])
    first, second = report_tables.by_month(now, then)
    assert (first["month"], first["cases"], first["ratio"], first["peak_day"]) == ("2011-01", 40, 1.0, 30)
    assert (first["working_days"], second["working_days"]) == (21, 2), "up to the last case"
    assert second["year_before"] is None


@given(st.lists(st.integers(0, 50), min_size=1), st.sampled_from([0.1, 0.5, 0.9]))
def test_percentiles_of_counts_are_those_of_the_values(waits: list[int], fraction: float) -> None:
    counts = [(wait, waits.count(wait)) for wait in sorted(set(waits))]
    expected = (
        statistics.quantiles(waits, n=10, method="inclusive")[round(fraction * 10) - 1]
        if len(waits) > 1
        else waits[0]
    )
    assert reports.percentile(counts, fraction) == pytest.approx(expected)
