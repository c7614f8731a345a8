"""What a plan must be, and which orders stay out of it when not all fit."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings

from services.dispatch.domain.itinerary import drive, fault
from services.dispatch.domain.planning import Plan, Problem
from services.dispatch.domain.priority import LOW_WORTH_M, settle, worths
from tests.unit.dispatch.days import FAR, HALL, at, busy, crew, days, job, near, problem, table_of
from tests.unit.dispatch.plan_checker import starts, wrongs


def settled(day: Problem) -> Plan:
    plan = settle(day, {}, table_of(day))
    assert wrongs(plan, day, table_of(day)) == []
    return plan


def reasons(plan: Plan) -> dict[str, str]:
    return {each.job: each.reason for each in plan.unserved}


@given(days())
@settings(max_examples=150)
def test_every_order_is_in_the_plan_once_or_named_with_its_reason(day: Problem) -> None:
    settled(day)


@given(days())
@settings(max_examples=100)
def test_what_stays_out_for_time_fits_nowhere_and_in_the_place_of_no_lower_one(day: Problem) -> None:
    table, plan = table_of(day), settled(day)
    jobs, rank = {each.id: each for each in day.jobs}, {"urgent": 0, "normal": 1, "low": 2}
    routes = {
        each.code: [jobs[s.job] for r in plan.routes if r.crew == each.code for s in r.stops]
        for each in day.crews
    }
    for out in (jobs[each.job] for each in plan.unserved if each.reason in ("time", "capacity")):
        for each in day.crews:
            kept = [one for one in routes[each.code] if rank[one.priority] <= rank[out.priority]]
            for n in range(len(kept) + 1):
                tried = [*kept[:n], out, *kept[n:]]
                dear = (
                    drive(each, tried, table).distance_m - drive(each, kept, table).distance_m > LOW_WORTH_M
                )
                assert fault(each, tried, table) is not None or (out.priority == "low" and dear)


def test_nobody_has_the_skill() -> None:
    assert reasons(settled(problem(job("j", skills=frozenset({"a", "z"}))))) == {"j": "skill"}


def test_the_window_closes_before_anybody_with_the_skill_can_be_there() -> None:
    unskilled = crew("c2", skills=frozenset({"b"}), start=FAR)
    out = job("j", place=FAR, window_to=at(0.5))
    assert reasons(settled(problem(out, crews=(crew(), unskilled)))) == {"j": "window"}


def test_no_shift_is_long_enough() -> None:
    assert reasons(settled(problem(job("j", service_s=8 * 3600)))) == {"j": "shift"}
    assert reasons(settled(problem(job("j", window_from=at(9), window_to=at(10))))) == {"j": "shift"}


def test_a_crew_counts_the_way_home() -> None:
    day = problem(job("j", service_s=8 * 3600 - 150, place=near(1)))
    assert reasons(settled(day)) == {"j": "shift"}
    assert reasons(settled(problem(replace(day.jobs[0], place=HALL)))) == {}
    out = crew(start=near(1), home=FAR)
    assert reasons(settled(problem(job("j", window_from=at(7)), crews=(out,)))) == {"j": "shift"}


def test_whoever_could_has_no_room_left() -> None:
    full = crew(capacity=1)
    assert reasons(settled(problem(job("j1"), job("j2"), crews=(full,)))) == {"j2": "capacity"}
    assert reasons(settled(problem(job("j", demand=2), crews=(full,)))) == {"j": "capacity"}


def test_it_does_not_fit_among_the_others() -> None:
    both = {"window_from": at(1), "window_to": at(1)}
    assert reasons(settled(problem(job("j1", **both), job("j2", **both)))) == {"j2": "time"}


def test_without_a_crew_nobody_has_the_skill() -> None:
    assert reasons(settled(problem(job("j"), crews=()))) == {"j": "skill"}


def test_urgent_goes_before_normal_and_normal_before_low() -> None:
    one = {"window_from": at(1), "window_to": at(1)}
    three = [job("j1", priority="low", **one), job("j2", **one), job("j3", priority="urgent", **one)]
    assert set(starts(settled(problem(*three)))) == {"j3"}
    assert set(starts(settled(problem(*three[:2])))) == {"j2"}


def test_an_urgent_order_takes_the_place_of_normal_ones_that_a_search_had_put_in() -> None:
    normal = [job(f"j{n}", service_s=7200) for n in range(3)]
    urgent = job("u", priority="urgent", service_s=7200, window_from=at(3), window_to=at(3))
    day = problem(*normal, urgent)
    plan = settle(day, {"c1": normal}, table_of(day))
    assert wrongs(plan, day, table_of(day)) == []
    assert starts(plan)["u"] == at(3)
    assert len(plan.unserved) == 1


def test_a_low_order_is_made_when_it_costs_little_only() -> None:
    assert set(starts(settled(problem(job("j", priority="low", place=near(2)))))) == {"j"}
    far = job("j", priority="low", place=near(30))
    assert reasons(settled(problem(far))) == {"j": "time"}
    assert set(starts(settled(problem(replace(far, priority="normal"))))) == {"j"}


def test_a_low_order_far_away_is_made_when_another_goes_there_too() -> None:
    far = job("j1", priority="low", place=near(9), window_to=at(7))
    nearer = job("j2", priority="low", place=near(7), window_to=at(8))
    assert set(starts(settled(problem(far, nearer)))) == {"j1", "j2"}


def test_a_route_that_cannot_be_driven_is_taken_apart() -> None:
    day = problem(job("j1", window_to=at(1)), job("j2", window_from=at(2)))
    plan = settle(day, {"c1": day.jobs[::-1]}, table_of(day))
    assert wrongs(plan, day, table_of(day)) == []
    assert list(starts(plan)) == ["j1", "j2"]


def test_no_number_of_lower_orders_is_worth_a_higher_one() -> None:
    day = busy(40, 3)
    mixed = [replace(each, priority=("low", "normal")[n % 2]) for n, each in enumerate(day.jobs)]
    worth = worths(mixed, table_of(day))
    assert worth["normal"] > 20 * worth["low"]
    assert worth["urgent"] > 20 * worth["normal"]


def test_a_crew_leaves_just_in_time_for_its_first_visit() -> None:
    day = problem(job("j1", window_from=at(2)), job("j2", place=near(2), window_from=at(4)))
    route = drive(crew(), day.jobs, table_of(day))
    assert route.stops[0].arrives_at == route.stops[0].starts_at == at(2)
    assert route.stops[1].arrives_at < route.stops[1].starts_at == at(4)
    assert route.duration_s < timedelta(hours=3).total_seconds()


def test_a_crew_that_is_out_begins_where_and_when_it_is_free() -> None:
    out = crew(start=near(5), home=HALL, not_before=at(3))
    plan = settled(problem(job("j", place=near(5)), crews=(out,)))
    assert starts(plan) == {"j": at(3)}
    assert plan.routes[0].distance_m == pytest.approx(5000 * 1.3, rel=0.01)
