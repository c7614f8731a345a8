"""The heat map is that of a plain count, over whole months, edges and departments."""

from collections import Counter
from datetime import date, datetime
from typing import Any

import pytest

from tests.integration.statistics.in_process import Figures
from tests.integration.statistics.simulated_day import SHANGHAI, Told, simulate

DAYS = [date(2025, 12, 30), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 2), date(2026, 3, 3)]


def counted(told: Told, *, since: str, until: str, department: str | None) -> list[dict[str, Any]]:
    slots: dict[str, Counter[tuple[int, str]]] = {"cases": Counter(), "tickets": Counter()}
    for name, states, moment in (
        ("cases", told.cases, "accepted_at"),
        ("tickets", told.tickets, "issued_at"),
    ):
        for state in states.values():
            if since <= state["business_date"] <= until and department in (None, state["department"]):
                hour = datetime.fromisoformat(state[moment]).astimezone(SHANGHAI).hour
                weekday = date.fromisoformat(state["business_date"]).isoweekday()
                slots[name][weekday, f"{hour:02d}"] += 1
    return [
        {"weekday": slot[0], "hour": slot[1], **{name: counts[slot] for name, counts in slots.items()}}
        for slot in sorted({slot for counts in slots.values() for slot in counts})
    ]


@pytest.mark.parametrize(
    ("since", "until"),
    [("2025-12-31", "2026-03-03"), ("2026-01-01", "2026-01-31"), ("2026-01-02", "2026-01-31")],
)
@pytest.mark.parametrize("department", [None, "tax"])
def test_the_heat_map_is_that_of_a_recount(
    figures: Figures, since: str, until: str, department: str | None
) -> None:
    told = simulate(DAYS, tickets=40, seed=41)
    figures.take(told.events)
    shown = figures.heatmap(**{"from": since, "to": until}, department=department)
    assert shown == counted(told, since=since, until=until, department=department)


@pytest.mark.parametrize(
    ("by", "since", "until"),
    [
        ("year", "2002-01-01", "2026-12-31"),
        ("day", "2024-01-01", "2026-12-31"),
        ("day", "2024-01-01", "2025-12-30"),
    ],
)
def test_years_in_which_nothing_happened_cost_nothing(
    figures: Figures, by: str, since: str, until: str
) -> None:
    told = simulate(DAYS[:1], tickets=10, seed=42)
    figures.take(told.events)
    dates = {"from": since, "to": until}
    shown = figures.volumes(**dates, by=by, group="origin")["items"]
    assert sum(row["tickets"] for row in shown) == len(told.tickets)
    assert figures.heatmap(**dates) == counted(told, since=since, until=until, department=None)


def test_a_hall_of_which_nothing_is_known_has_no_rows(figures: Figures) -> None:
    dates = {"from": "2026-01-01", "to": "2026-12-31"}
    assert figures.volumes(**dates, by="day", group="item") == {"items": [], "next": None}
    assert figures.heatmap(**dates) == []
