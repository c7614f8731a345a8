"""Appointments and overtime are counted as a plain recount counts them, whatever the order of the events."""

import random
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from statistics import median
from typing import Any
from uuid import UUID

import pytest

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.errors import Forbidden
from services.statistics.figures.use_cases import figures as use_cases
from tests.integration.statistics.in_process import ANALYST, Figures
from tests.integration.statistics.simulated_day import names

MONDAY = date(2026, 3, 2)
WEEK = {"since": MONDAY, "until": MONDAY + timedelta(days=6)}
LIVES = (
    ("held", "lapsed"),
    ("held", "booked"),
    ("booked", "cancelled"),
    ("booked", "rescheduled"),
    ("booked", "displaced"),
    ("booked", "checked_in"),
    ("booked", "checked_in", "fulfilled"),
    ("held", "booked", "checked_in", "fulfilled"),
    ("booked", "no_show"),
    ("waitlisted", "offered", "booked"),
    ("waitlisted", "offered", "lapsed"),
    ("waitlisted",),
)
UNBOOKED = {"held", "waitlisted", "offered", "lapsed"}
_serial = count(1)


def event(kind: str, subject: str, sequence: int, data: dict[str, Any]) -> dict[str, Any]:
    """Return an event as it goes over the bus."""
    nth = next(_serial)
    return {
        "id": str(UUID(int=nth)), "type": kind, "subject": subject, "time": "2026-03-02T09:00:00+08:00",
        "sequence": sequence, "position": nth, "hall": "main", "data": data,
    }  # fmt: skip


def life(rng: random.Random, nth: int) -> list[dict[str, Any]]:
    """Return the events of one appointment from its first state to its last."""
    states = rng.choice(LIVES)
    # Two of them begin before the period or after it.
    day = MONDAY + timedelta(days=rng.randrange(-1, 8))
    starts_at = datetime.combine(day, time(rng.randrange(1, 9)), UTC)
    lead = rng.randrange(3600, 900_000)
    about = {
        "department": rng.choice(["market", "drc"]), "item": f"item-{rng.randrange(4)}",
        "channel": rng.choice(["web", "phone", "window"]),
    }  # fmt: skip
    told = []
    for version, state in enumerate(states, start=1):
        data = {**about, "state": state, "starts_at": None, "booked_at": None, "lead_s": None}
        if state != "waitlisted":
            data["starts_at"] = starts_at.isoformat()
        if state not in UNBOOKED:
            booked_at = starts_at - timedelta(seconds=lead)
            data |= {"booked_at": booked_at.isoformat(), "lead_s": lead}
        told.append(event(f"appointments.appointment.{state}", f"a{nth}", version, data))
    return told


def recount(lives: list[list[dict[str, Any]]], group: str) -> dict[str, dict[str, Any]]:
    """Count in the plainest way."""
    rows: dict[str, dict[str, Any]] = {}
    last = [each[-1]["data"] for each in lives]
    counted = [
        data
        for data in last
        if data["booked_at"]
        and data["state"] != "rescheduled"
        and WEEK["since"] <= clock.business_date(datetime.fromisoformat(data["starts_at"])) <= WEEK["until"]
    ]
    for name in {data[group] for data in counted}:
        mine = [data for data in counted if data[group] == name]
        states = [data["state"] for data in mine]
        came, away = states.count("checked_in") + states.count("fulfilled"), states.count("no_show")
        rows[name] = {
            "booked": len(mine), "cancelled": states.count("cancelled"), "displaced": states.count("displaced"),
            "checked_in": states.count("checked_in"), "fulfilled": states.count("fulfilled"), "no_shows": away,
            "show_rate": came / (came + away) if came + away else None,
            "lead_median_s": round(median(data["lead_s"] for data in mine)),
        }  # fmt: skip
    return rows


def figures_of(figures: Figures, method: str, group: str) -> dict[str, dict[str, Any]]:
    """Ask and return the rows by group, without names."""
    with figures.database.autocommit() as store:
        rows = getattr(use_cases, method)(store, ANALYST, **WEEK, group=group)
    assert [row["group"] for row in rows] == sorted(row["group"] for row in rows)
    return {
        row["group"]: {name: value for name, value in row.items() if name not in ("group", "name", "name_en")}
        for row in rows
    }


@pytest.mark.parametrize("seed", range(3))
def test_a_shuffled_and_repeated_stream_gives_the_appointments_of_a_recount(
    figures: Figures, seed: int
) -> None:
    rng = random.Random(seed)
    lives = [life(rng, nth) for nth in range(200)]
    events = [each for told in lives for each in told]
    events += rng.sample(events, len(events) // 3)
    rng.shuffle(events)
    figures.take([*events, *names()], batch=rng.randrange(1, 200))
    for group in ("channel", "department", "item"):
        assert figures_of(figures, "get_appointments", group) == recount(lives, group)


def test_overtime_is_the_sum_of_the_newest_figures_of_each_stretch(figures: Figures) -> None:
    def recorded(nth: int, minutes: int, *, version: int = 1, day: date = MONDAY) -> dict[str, Any]:
        data = {
            "business_date": day.isoformat(), "department": "market" if nth % 2 else "drc",
            "staff": f"clerk00{nth % 3}", "minutes": minutes,
        }  # fmt: skip
        return event("appointments.overtime.recorded", f"o{nth}", version, data)

    figures.take(
        [
            recorded(1, 50, version=2),
            recorded(1, 45),
            recorded(2, 30),
            recorded(3, 5),
            recorded(3, 5),
            recorded(4, 999, day=MONDAY - timedelta(days=1)),
        ]
    )
    assert figures_of(figures, "get_overtime", "department") == {
        "drc": {"minutes": 30},
        "market": {"minutes": 55},
    }
    assert figures_of(figures, "get_overtime", "staff") == {
        "clerk000": {"minutes": 5},
        "clerk001": {"minutes": 50},
        "clerk002": {"minutes": 30},
    }


def test_overtime_by_person_is_not_for_everybody(figures: Figures) -> None:
    clerk = Caller(hall="main", username="clerk", roles=frozenset({"clerk"}))
    with figures.database.autocommit() as store, pytest.raises(Forbidden):
        use_cases.get_overtime(store, clerk, **WEEK, group="staff")


def test_visitors_see_no_figures_of_appointments(figures: Figures) -> None:
    visitor = Caller(hall="main", username="visitor", roles=frozenset({"visitor"}))
    with figures.database.autocommit() as store, pytest.raises(Forbidden):
        use_cases.get_appointments(store, visitor, **WEEK, group="item")
