"""The search itself, in this process: what it finds is a plan, and the same one again."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings

from services.dispatch.domain.itinerary import fault
from services.dispatch.domain.planning import Plan, Problem
from services.dispatch.domain.priority import settle
from services.dispatch.solver import search
from services.dispatch.solver.search import Limits, Search
from services.dispatch.solver.wire import Form
from tests.unit.dispatch.days import at, busy, crew, days, job, near, problem, table_of
from tests.unit.dispatch.plan_checker import starts, wrongs
from tests.waiting import DEADLINE_S


def limits(
    asked: Callable[[], bool] = lambda: False, *, iterations: int = 40, seconds: float = 10 * DEADLINE_S
) -> Limits:
    # Timed: the search counts its time from here, which is over in one test alone, and meant to be.
    started = time.monotonic()
    return Limits(started=started, seconds=seconds, iterations=iterations, patience=None, asked=asked)


def quiet(line: dict[str, Any]) -> None:
    pass


def searched(day: Problem) -> Plan:
    """Return the plan of a short search, which must be feasible and valid before anything mends it."""
    form = Form.of(day, table_of(day))
    if not form.jobs:
        return settle(day, {}, form.table)
    found = Search(json.loads(json.dumps(form.message())), limits(), quiet).run()
    assert found["feasible"]
    routes = form.routes(found)
    # It knows of no way that runs into a break.
    unbroken = [each for each in form.crews if not each.breaks]
    assert [fault(each, routes.get(each.code, ()), form.table) for each in unbroken] == [None] * len(unbroken)
    return settle(day, routes, form.table)


@given(days())
@settings(max_examples=100)
def test_every_plan_can_be_driven(day: Problem) -> None:
    plan = searched(day)
    assert wrongs(plan, day, table_of(day)) == []


def test_the_same_day_and_seed_give_the_same_plan_in_whatever_order_it_is_told() -> None:
    day = busy(30, 3)
    again = replace(day, jobs=day.jobs[::-1], crews=day.crews[::-1])
    first, second = searched(day), searched(again)
    assert sorted(first.routes, key=lambda route: route.crew) == sorted(
        second.routes, key=lambda route: route.crew
    )
    assert first.unserved == second.unserved


def test_a_search_finds_shorter_ways_than_putting_in_one_after_the_other() -> None:
    day = busy(30, 3)

    def price(plan: Plan) -> tuple[int, int]:
        return len(plan.unserved), sum(route.distance_m for route in plan.routes)

    assert price(searched(day)) < price(settle(day, {}, table_of(day)))


def test_a_crew_is_sent_to_whom_it_has_the_skill_for_only() -> None:
    day = problem(
        *(job(f"j{n}", place=near(n, n), skills=frozenset({"ab"[n % 2]})) for n in range(10)),
        crews=(crew("c1", skills=frozenset({"a"})), crew("c2", skills=frozenset({"b"}))),
    )
    plan = searched(day)
    assert wrongs(plan, day, table_of(day)) == []
    assert plan.unserved == ()


def test_priorities_decide_which_orders_stay_out_of_a_day_too_full() -> None:
    ranks = ("normal", "low", "urgent", "normal")
    day = problem(
        *(job(f"j{n:02}", priority=ranks[n % 4], service_s=5400, place=near(n % 5)) for n in range(16)),
        crews=(crew("c1"), crew("c2")),
    )
    made = {next(each.priority for each in day.jobs if each.id == id_) for id_ in starts(searched(day))}
    urgent = [each.id for each in day.jobs if each.priority == "urgent"]
    assert set(urgent) <= set(starts(searched(day)))
    assert "low" not in made


def test_a_search_ends_when_asked_and_when_its_time_is_over() -> None:
    day = busy(20, 2)
    form = Form.of(day, table_of(day))
    asked = count()
    ended = Search(form.message(), limits(lambda: next(asked) >= 3, iterations=1000), quiet).run()
    assert (ended["ended"], ended["iterations"], ended["feasible"]) == ("asked", 3, True)
    ended = Search(form.message(), limits(iterations=10**6, seconds=0.5), quiet).run()
    assert (ended["ended"], ended["feasible"]) == ("time", True)


def test_a_search_without_anything_better_loses_its_patience() -> None:
    day = problem(job("j1"), job("j2", window_from=at(2)))
    form = Form.of(day, table_of(day))
    message = form.message()
    bounds = replace(limits(), iterations=message["iterations"], patience=message["patience"])
    found = Search(message, bounds, quiet).run()
    assert found["ended"] == "iterations"
    assert found["iterations"] < message["iterations"]


def test_required_clients_are_all_visited_and_a_vehicle_may_stand_for_many() -> None:
    ways = [[0 if a == b else 10 * (1 + abs(a - b)) for b in range(7)] for a in range(7)]
    told = {
        "nodes": [[n, n * n] for n in range(7)],
        "distances": ways,
        "durations": ways,
        "clients": [
            {"node": n, "window": [0, 500], "service": 10, "demand": 1, "required": True} for n in range(1, 7)
        ],
        "vehicles": [{"node": 0, "shift": [0, 1000], "capacity": 3, "count": 4, "clients": None}],
        "seed": 1,
        "seconds": 60,
    }
    found = Search(told, limits(), quiet).run()
    assert sorted(n for route in found["routes"] for n in route["clients"]) == list(range(6))
    assert all(len(route["clients"]) <= 3 for route in found["routes"])


def test_progress_grows_and_names_better_routes_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "SHOWN_EVERY_S", 0.0)
    lines: list[dict[str, Any]] = []
    day = busy(30, 3)
    Search(Form.of(day, table_of(day)).message(), limits(iterations=100), lines.append).run()
    parts = [line["progress"] for line in lines]
    assert parts == sorted(parts)
    assert parts[0] > 0
    assert parts[-1] <= 1
    costs = [line["cost"] for line in lines if "routes" in line]
    assert costs == sorted(set(costs), reverse=True)
    assert all(line["feasible"] for line in lines)
