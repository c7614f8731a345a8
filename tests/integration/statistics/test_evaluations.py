"""Evaluations as a plain recount has them, whatever the order of the events."""

import random
from datetime import date, timedelta
from typing import Any

import pytest

from services.chassis.caller import Caller
from services.statistics.errors import StaffOnly
from services.statistics.figures.use_cases import evaluations
from tests.integration.statistics.in_process import Figures
from tests.integration.statistics.test_figures_of_appointments import MONDAY, WEEK, event

CLERK = Caller(hall="main", username="clerk001", roles=frozenset({"clerk"}))


def evaluation(rng: random.Random, nth: int) -> list[dict[str, Any]]:
    """Return the events of one evaluation from its first state to its last."""
    day = MONDAY + timedelta(days=rng.randrange(-1, 8))
    level = rng.choice([1, 2, 3, 4, 5, 5])
    states = ["open", "assigned", "assigned", "followed_up"][: rng.randrange(1, 5)] if level <= 2 else [None]
    department = rng.choice(["market", "drc"])
    about = {
        "department": department,
        "item": f"{department}-00{rng.randrange(1, 4)}",
        "level": level,
        "business_date": day.isoformat(),
        "recorded_at": f"{day.isoformat()}T10:00:00+08:00",
    }
    verbs = {"assigned": "assigned", "followed_up": "followed_up"}
    return [
        event(
            f"ticketing.evaluation.{verbs.get(state or '', 'recorded')}",
            f"t{nth}",
            version,
            about | {"follow_up": state},
        )
        for version, state in enumerate(states, start=1)
    ]


def recount(lives: list[list[dict[str, Any]]], group: str) -> dict[str, dict[str, Any]]:
    """Count in the plainest way."""
    last = [each[-1]["data"] for each in lives]
    inside = [
        each for each in last if WEEK["since"] <= date.fromisoformat(each["business_date"]) <= WEEK["until"]
    ]
    rows = {}
    for name in {each[group] for each in inside}:
        mine = [each for each in inside if each[group] == name]
        negative = [each for each in mine if each["level"] in (1, 2)]
        done = [each for each in negative if each["follow_up"] == "followed_up"]
        rows[name] = {
            "evaluations": len(mine),
            "levels": {str(level): sum(each["level"] == level for each in mine) for level in range(1, 6)},
            "negative": len(negative),
            "followed_up": len(done),
            "satisfaction_rate": (len(mine) - len(negative)) / len(mine),
            "follow_up_rate": len(done) / len(negative) if negative else None,
        }
    return rows


def test_a_shuffled_and_repeated_stream_gives_the_evaluations_of_a_recount(figures: Figures) -> None:
    rng = random.Random(5)
    lives = [evaluation(rng, nth) for nth in range(200)]
    events = [each for told in lives for each in told]
    events += rng.sample(events, len(events) // 3)
    rng.shuffle(events)
    figures.take(events, batch=37)
    for group in ("department", "item"):
        rows = figures.do(evaluations.get_evaluations, CLERK, **WEEK, group=group)
        counted = recount(lives, group)
        told = {row["group"]: {name: row[name] for name in counted[row["group"]]} for row in rows}
        assert told == counted
    with figures.database.autocommit() as store:
        hall = store.evaluation_counts("main", **WEEK)
    assert hall["evaluations"] == sum(row["evaluations"] for row in recount(lives, "item").values())


def test_an_evaluation_that_tells_no_date_counts_on_the_day_it_was_given(figures: Figures) -> None:
    old = {"department": "market", "item": "i", "level": 5, "recorded_at": "2026-03-02T23:30:00+00:00"}
    figures.take([event("ticketing.evaluation.recorded", "t", 1, old)])
    with figures.database.connect() as connection:
        row = connection.execute("SELECT business_date, follow_up FROM evaluation_facts").fetchone()
    assert row == {"business_date": date(2026, 3, 3), "follow_up": None}


def test_evaluations_are_for_staff(figures: Figures) -> None:
    with pytest.raises(StaffOnly):
        figures.do(evaluations.get_evaluations, Caller(hall="main"), **WEEK, group="item")
