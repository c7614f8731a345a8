"""The plan of a day: its totals, its shape, who has an appointment."""

import csv
from collections import Counter
from dataclasses import replace

import pytest

from deploy.local.layout import ROOT
from loadtests import plan as plans
from loadtests.plan import HOUR, Item, Plan, Reference, Window


def _rows(table: str) -> list[dict[str, str]]:
    with (ROOT / "deploy" / "hall" / f"{table}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def reference() -> Reference:
    """The reference hall, from its tables."""
    items = [
        Item(r["code"], r["department"], r["queue"], int(r["service_seconds"]), r["time_limit_days"] == "0")
        for r in _rows("items")
    ]
    windows = [
        Window(r["code"], r["department"], r["zone"], tuple(r["queues"].split(";")), f"clerk{n:03d}")
        for n, r in enumerate(_rows("windows"), start=1)
    ]
    offers = frozenset(r["code"] for r in _rows("departments") if r["offers_three_services"] == "true")
    return Reference(items, windows, sorted({window.zone for window in windows}), offers)


@pytest.fixture(scope="module")
def day(reference: Reference) -> Plan:
    """A day of the usual size."""
    return plans.a_day(reference)


def hour(plan: Plan, moment: float) -> float:
    """Return the hour of the day of a moment of the script."""
    return plan.begins + moment / HOUR


def test_the_same_seed_gives_the_same_day_and_another_one_another(reference: Reference, day: Plan) -> None:
    assert plans.a_day(reference) == day
    assert plans.a_day(reference, seed=2).visits != day.visits


def test_a_day_has_more_than_the_cases_of_the_peak_day(day: Plan) -> None:
    assert 4500 * 1.05 < day.cases < 4500 * 1.2


def test_twelve_in_a_hundred_have_an_appointment_with_a_department_that_offers_them(
    reference: Reference, day: Plan
) -> None:
    booked = [visit for visit in day.visits if visit.booked]
    assert len(booked) / len(day.visits) == pytest.approx(0.12, abs=0.001)
    assert {visit.item.department for visit in booked} <= reference.three_services
    assert {visit.booked for visit in booked} == {"web", "phone"}


def test_people_come_in_a_burst_and_two_peaks_and_hardly_at_noon(day: Plan) -> None:
    hours = Counter(int(hour(day, visit.at)) for visit in day.visits)
    burst = sum(hour(day, visit.at) < 9.15 for visit in day.visits)
    assert burst > 0.4 * hours[9] * 0.5
    assert hours[10] > hours[11] > 3 * hours[12]
    assert hours[15] > hours[16] > hours[17]
    assert min(hours) == 9
    assert max(hours) == 18


def test_those_who_come_outside_the_hours_come_to_a_session_that_serves_them(day: Plan) -> None:
    for visit in day.visits:
        if plans.NOON <= hour(day, visit.at) < plans.REOPENS or hour(day, visit.at) >= plans.CLOSES:
            open_ = [each for each in day.sessions if each.starts <= visit.at < each.ends]
            assert any(visit.item.queue in window.queues for each in open_ for window in each.windows)


def test_items_have_a_long_tail(day: Plan) -> None:
    asked = Counter(visit.item.code for visit in day.visits)
    assert len(asked) > 450
    assert sum(count for _, count in asked.most_common(60)) > 0.3 * len(day.visits)
    assert sum(count == 1 for count in asked.values()) > 30


def test_no_queue_gets_more_than_its_windows_can_serve(reference: Reference, day: Plan) -> None:
    work: Counter[str] = Counter()
    for visit in day.visits:
        work[visit.item.queue] += visit.service_s
    windows: Counter[str] = Counter()
    for window in reference.windows:
        for queue in window.queues:
            windows[queue] += 1 / len(window.queues)
    assert max(work[queue] / (windows[queue] * 6.75 * HOUR) for queue in work) < 1


def test_a_smaller_day_has_the_same_shape(reference: Reference, day: Plan) -> None:
    small = plans.a_day(reference, cases=450)
    assert len(small.visits) == pytest.approx(len(day.visits) / 10, abs=2)
    assert len(small.orders) == 3


def test_a_burst_comes_in_the_seconds_it_is_given(reference: Reference) -> None:
    burst = plans.a_burst(reference, people=1000, within_s=120)
    assert len(burst.visits) == 1000
    assert 0 <= burst.visits[0].at <= burst.visits[-1].at <= 120


def test_a_steady_peak_is_as_busy_as_the_busiest_hour(reference: Reference, day: Plan) -> None:
    steady = plans.a_steady_peak(reference, hours=2)
    busiest = max(
        sum(start <= hour(day, visit.at) < start + 1 for visit in day.visits) for start in (9.0, 10.25, 15.0)
    )
    assert len(steady.visits) / 2 == pytest.approx(busiest, rel=0.1)


def test_a_plan_is_shown_as_a_table(day: Plan) -> None:
    table = replace(day, visits=day.visits).table()
    assert "12.0 %" in table
    assert "  09:00" in table
