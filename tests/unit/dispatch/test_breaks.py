"""Crews have breaks: the planner, the search and whoever moves a visit by hand keep them."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.dispatch.domain.crew import Crew, check_crew
from services.dispatch.domain.hours import opening_hours
from services.dispatch.domain.itinerary import drive, fault
from services.dispatch.domain.planning import Job, Plan, Problem
from services.dispatch.domain.priority import settle
from services.dispatch.errors import CrewInvalid
from services.dispatch.solver.search import Limits, Search
from services.dispatch.solver.wire import Form
from tests.unit.dispatch.days import at, busy, crew, job, near, problem, table_of
from tests.unit.dispatch.plan_checker import wrongs

ZONE = ZoneInfo("Asia/Shanghai")
NOON = ((at(3), at(5)),)


def visits() -> tuple[Job, ...]:
    """The day on which a crew had no lunch: 10–12, 11–17:30, 12:15–13:30 and 16:45–17:40, an hour each."""
    windows = {"a": (1, 3), "b": (2, 8.5), "c": (3.25, 4.5), "d": (7.75, 8.67)}
    return tuple(
        job(id_, window_from=at(since), window_to=at(until), service_s=3600, place=near(n))
        for n, (id_, (since, until)) in enumerate(windows.items(), 1)
    )


def searched(day: Problem) -> Plan:
    """Return the plan that the search finds."""
    form = Form.of(day, table_of(day))
    limits = Limits(started=0, seconds=1e9, iterations=80, patience=None, asked=lambda: False)
    found = Search(form.message(), limits, lambda _line: None).run()
    return settle(day, form.routes(found), form.table)


def times(plan: Plan) -> dict[str, tuple[datetime, datetime]]:
    return {stop.job: (stop.starts_at, stop.leaves_at) for route in plan.routes for stop in route.stops}


@pytest.mark.parametrize(
    "make", [searched, lambda day: settle(day, {}, table_of(day))], ids=["search", "rules"]
)
def test_no_visit_and_no_way_lies_in_a_break(make: Any) -> None:
    two = tuple(crew(code, breaks=NOON, ends_at=at(10)) for code in ("c1", "c2"))
    day = problem(*visits(), crews=two)
    plan = make(day)
    assert wrongs(plan, day, table_of(day)) == []
    assert {each.job: each.reason for each in plan.unserved} == {"c": "break"}
    made = times(plan)
    assert all(ends <= at(3) or starts >= at(5) for starts, ends in made.values())
    without = make(replace(day, crews=tuple(replace(each, breaks=()) for each in two)))
    assert not without.unserved, "it is the break that keeps it out"


def test_a_crew_without_that_break_makes_what_others_cannot() -> None:
    day = problem(*visits(), crews=(crew("c1", breaks=NOON, ends_at=at(10)), crew("c2", ends_at=at(10))))
    plan = searched(day)
    assert wrongs(plan, day, table_of(day)) == []
    assert not plan.unserved
    assert any(route.crew == "c2" and "c" in [stop.job for stop in route.stops] for route in plan.routes)


def test_a_full_day_with_breaks_is_planned_as_well_as_one_without() -> None:
    free = busy(24, 3)
    day = replace(free, crews=tuple(replace(each, breaks=((at(3), at(4)),)) for each in free.crews))
    plan = searched(day)
    assert wrongs(plan, day, table_of(day)) == []
    by_rules = settle(day, {}, table_of(day))
    assert len(plan.unserved) <= len(by_rules.unserved)


def test_a_route_by_hand_waits_for_the_break_and_says_when_it_cannot() -> None:
    day, pausing = problem(*visits()), crew(breaks=NOON, ends_at=at(10))
    a, b, c, d = day.jobs
    route = drive(pausing, [a, b, d], table_of(day))
    assert [stop.starts_at for stop in route.stops][1] >= at(5)
    assert fault(pausing, [a, b, d], table_of(day)) is None
    assert fault(pausing, [a, c], table_of(day)) == "break"
    assert fault(replace(pausing, breaks=()), [a, c], table_of(day)) is None
    assert fault(pausing, [d, a], table_of(day)) == "window", "late with and without a break"


def test_a_crew_that_begins_after_its_break_leaves_before_or_after_it() -> None:
    day = problem(job("j", window_from=at(5), place=near(10)))
    route = drive(crew(breaks=NOON), day.jobs, table_of(day))
    [stop] = route.stops
    assert (stop.starts_at, stop.arrives_at) == (at(5), at(3))


ROWS = [
    {
        "department": None, "weekday": each, "opens": "09:00", "closes": "17:45",
        "breaks": [{"starts": "12:00", "ends": "14:00"}],
    }
    for each in range(1, 6)
] + [{"department": "tax", "weekday": 1, "opens": "09:00", "closes": "17:00", "breaks": []}]  # fmt: skip
HOURS = opening_hours(ROWS, [[{"day": "2026-03-07", "working": True}]], ZONE)
FULL = {each: (time(9), time(18)) for each in range(1, 7)}


def of_market(**more: Any) -> Crew:
    usual = {
        "hall": "main", "code": "m1", "name": "一组", "name_en": None, "department": "market",
        "members": ["a"], "least_members": 1, "departments": ["market"], "items": [], "shifts": FULL,
        "lat": 22.5, "lon": 114.0, "capacity": 8, "days_off": [],
    }  # fmt: skip
    return Crew(**{**usual, **more})


@pytest.mark.parametrize(
    ("more", "day", "breaks"),
    [
        ({}, 2, [("12:00", "14:00")]),
        ({"department": "tax"}, 2, []),
        ({"breaks": {1: [(time(11, 30), time(12, 15))]}}, 2, [("11:30", "12:15")]),
        ({"breaks": {1: []}}, 2, []),
        ({"shifts": {1: (time(13), time(18))}}, 2, [("13:00", "14:00")]),
        ({"shifts": {1: (time(9), time(12))}}, 2, []),
        ({}, 7, [("12:00", "14:00")]),
        ({}, 8, []),
    ],
    ids=[
        "the department's", "none there", "its own", "none wanted", "cut", "over before", "make-up day",
        "does not work",
    ],
)  # fmt: skip
def test_a_crew_has_its_own_breaks_or_its_departments(
    more: dict[str, Any], day: int, breaks: list[tuple[str, str]]
) -> None:
    found = of_market(**more).breaks_on(date(2026, 3, day), HOURS)
    assert [(f"{starts:%H:%M}", f"{ends:%H:%M}") for starts, ends in found] == breaks


@pytest.mark.parametrize(
    "pauses",
    [[(time(8), time(9, 30))], [(time(13), time(12))], [(time(12), time(13)), (time(12, 30), time(14))]],
    ids=["before the shift", "backwards", "one in the other"],
)
def test_breaks_that_cannot_be_are_refused(pauses: list[tuple[time, time]]) -> None:
    with pytest.raises(CrewInvalid) as refusal:
        check_crew(of_market(breaks={1: pauses}))
    assert list(refusal.value.errors) == ["shifts"]
    assert check_crew(of_market(breaks={1: [(time(12), time(13))]}))


def test_what_is_done_with_time_to_spare_heeds_the_break() -> None:
    pausing = crew(breaks=NOON)
    assert pausing.has_from(at(2.9), 600) == at(5)
    assert pausing.has_from(at(2.8), 600) == at(2.8)
    assert pausing.has_until(at(5.1), 600) == at(3)
    assert pausing.has_until(at(5.2), 600) == at(5.2)
