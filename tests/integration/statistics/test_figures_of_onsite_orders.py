"""On-site orders are counted as a plain recount counts them, whatever the order of the events."""

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from services.chassis.caller import Caller
from services.chassis.errors import Forbidden
from services.statistics.figures.use_cases import figures as use_cases
from tests.integration.statistics.in_process import Figures
from tests.integration.statistics.test_figures_of_appointments import MONDAY, WEEK, event, figures_of

LIVES = (
    ("requested",),
    ("requested", "declined"),
    ("requested", "screened", "cancelled"),
    ("requested", "screened", "scheduled"),
    ("requested", "screened", "scheduled", "assigned", "unassigned"),
    ("requested", "screened", "scheduled", "assigned", "rescheduled"),
    ("requested", "screened", "scheduled", "assigned", "reassigned", "departed"),
    ("requested", "screened", "scheduled", "assigned", "departed", "arrived"),
    ("requested", "screened", "scheduled", "assigned", "departed", "failed"),
    ("requested", "screened", "scheduled", "assigned", "departed", "cancelled"),
    ("requested", "screened", "scheduled", "assigned", "cancelled"),
    ("requested", "screened", "scheduled", "assigned", "departed", "arrived", "done"),
)
STATE = {
    "declined": "cancelled",
    "unassigned": "scheduled",
    "rescheduled": "screened",
    "reassigned": "assigned",
    "departed": "en_route",
    "arrived": "on_site",
    "failed": "failed_visit",
}
WITH_CREW = {"assigned", "reassigned", "departed", "arrived", "done", "failed"}
COUNTED = (
    "requested", "screened", "scheduled", "assigned", "en_route", "on_site", "done", "failed_visit", "cancelled",
)  # fmt: skip


def life(rng: random.Random, nth: int) -> list[dict[str, Any]]:
    """Return the events of one order from its first state to its last."""
    day = MONDAY + timedelta(days=rng.randrange(-1, 8))
    about = {"department": rng.choice(["market", "drc"]), "date": day.isoformat()}
    crew, on_time = rng.choice(["c1", "c2", "c3"]), rng.random() < 0.8
    travel, service = rng.randrange(100, 3000), rng.randrange(100, 5000)
    told, verbs = [], rng.choice(LIVES)
    for version, verb in enumerate(verbs, start=1):
        came = verb in ("arrived", "done")
        for_nothing = verb == "cancelled" and "departed" in verbs
        data = about | {
            "state": STATE.get(verb, verb),
            "crew": crew if verb in WITH_CREW else None,
            "on_time": on_time if came else None,
            "crew_before": crew if verb == "cancelled" and "assigned" in verbs else None,
            "travel_s": travel if came or for_nothing else None,
            "service_s": service if verb == "done" else None,
            "cases": [{"item": "i"}] * rng.randrange(3) if verb == "done" else [],
        }
        told.append(event(f"dispatch.order.{verb}", f"o{nth}", version, data))
    return told


def counted_for(data: dict[str, Any], group: str) -> Any:
    """Return whom an order counts for: one that was called off on the way for the crew that went there."""
    if group == "crew" and data["state"] == "cancelled" and data["travel_s"] is not None:
        return data["crew_before"]
    return data[group]


def recount(lives: list[list[dict[str, Any]]], group: str) -> dict[str, dict[str, Any]]:
    """Count in the plainest way."""
    last = [each[-1]["data"] for each in lives]
    counted = [
        data
        for data in last
        if WEEK["since"] <= date.fromisoformat(data["date"]) <= WEEK["until"] and counted_for(data, group)
    ]
    rows = {}
    for name in {counted_for(data, group) for data in counted}:
        mine = [data for data in counted if counted_for(data, group) == name]
        states = Counter(data["state"] for data in mine)
        came = [data["on_time"] for data in mine if data["on_time"] is not None]
        travel, service = (sum(data[each] or 0 for data in mine) for each in ("travel_s", "service_s"))
        named = {each: states[each] for each in COUNTED}
        rows[name] = {
            **named,
            "failed_visits": named["failed_visit"],
            "orders": len(mine),
            "arrivals": len(came),
            "on_time": sum(came),
            "on_time_rate": sum(came) / len(came) if came else None,
            "travel_s": travel,
            "service_s": service,
            "travel_minutes": round(travel / 60),
            "service_minutes": round(service / 60),
            "cases": sum(len(data["cases"]) for data in mine),
        }
        del rows[name]["failed_visit"]
    return rows


@pytest.mark.parametrize("seed", range(3))
def test_a_shuffled_and_repeated_stream_gives_the_orders_of_a_recount(figures: Figures, seed: int) -> None:
    rng = random.Random(seed)
    lives = [life(rng, nth) for nth in range(200)]
    events = [each for told in lives for each in told]
    events += rng.sample(events, len(events) // 3)
    rng.shuffle(events)
    figures.take(events, batch=rng.randrange(1, 200))
    for group in ("department", "crew"):
        assert figures_of(figures, "get_onsite", group) == recount(lives, group)


def test_a_crew_is_called_by_its_newest_name(figures: Figures) -> None:
    rng = random.Random(1)
    names = [{"code": "c1", "name": name, "name_en": None} for name in ("一组", "甲组")]
    figures.take(
        [event("dispatch.crew.published", "c1", nth, data) for nth, data in enumerate(names, start=1)]
    )
    figures.take([each for nth in range(100) for each in life(rng, nth)])
    with figures.database.autocommit() as store:
        analyst = Caller(hall="main", roles=frozenset({"analyst"}))
        rows = use_cases.get_onsite(store, analyst, **WEEK, group="crew")
    assert {row["group"]: row["name"] for row in rows} == {"c1": "甲组", "c2": None, "c3": None}


def test_overtime_of_crews_and_of_sessions_is_one_ledger(figures: Figures) -> None:
    data = {"business_date": MONDAY.isoformat(), "department": "market", "staff": "clerk001", "minutes": 30}
    figures.take(
        [event(f"{service}.overtime.recorded", service, 1, data) for service in ("appointments", "dispatch")]
    )
    assert figures_of(figures, "get_overtime", "staff") == {"clerk001": {"minutes": 60}}


def test_cases_accepted_on_site_are_of_the_three_services(figures: Figures) -> None:
    data = {
        "business_date": MONDAY.isoformat(), "department": "market", "item": "i", "state": "accepted",
        "accepted_at": "2026-03-02T10:00:00+08:00",
    }  # fmt: skip
    figures.take(
        [
            event("cases.case.accepted", origin, 1, data | {"origin": origin})
            for origin in ("walk_in", "on_site")
        ]
    )
    three = figures.overview(MONDAY)["three_services"]
    assert (three["cases"], three["share"]) == (1, 0.5)


def test_visitors_see_no_figures_of_orders(figures: Figures) -> None:
    visitor = Caller(hall="main", username="visitor", roles=frozenset({"visitor"}))
    with figures.database.autocommit() as store, pytest.raises(Forbidden):
        use_cases.get_onsite(store, visitor, **WEEK, group="crew")
