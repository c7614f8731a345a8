"""Waits as a plain recount has them, and advice on staffing from measured days."""

import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from services.chassis.caller import Caller
from services.statistics.errors import LeadersOnly, NoSuchAdvice, TooMuchAdvice
from services.statistics.figures.use_cases import waits
from services.statistics.staffing import schemas
from services.statistics.staffing import use_cases as staffing
from services.statistics.staffing.simulating.caller import simulate
from tests.integration.statistics.in_process import ANALYST, Figures
from tests.integration.statistics.simulated_day import SHANGHAI, Told
from tests.integration.statistics.simulated_day import simulate as simulate_days
from tests.integration.statistics.test_figures_of_appointments import MONDAY, event

CLERK = Caller(hall="main", username="clerk001", roles=frozenset({"clerk"}))
DAYS = [MONDAY + timedelta(days=nth) for nth in range(3)]
ALL = {"since": DAYS[0], "until": DAYS[-1]}


@pytest.fixture(scope="module")
def told() -> Told:
    """Three days of a hall."""
    return simulate_days(DAYS, tickets=100, seed=3)


def _group(ticket: dict[str, Any], group: str) -> str:
    hour = datetime.fromisoformat(ticket["issued_at"]).astimezone(SHANGHAI).strftime("%H")
    return hour if group == "hour" else ticket[group]


def test_waits_are_those_of_a_recount(figures: Figures, told: Told) -> None:
    figures.take(told.events)
    for group in ("queue", "department", "hour", "item"):
        _compare(figures, told, group)


def _compare(figures: Figures, told: Told, group: str) -> None:
    called = [each for each in told.tickets.values() if each["wait_s"] is not None]
    rows = {row["group"]: row for row in figures.do(waits.get_waits, CLERK, **ALL, group=group)}
    assert set(rows) == {_group(each, group) for each in called}
    for name, row in rows.items():
        mine = [each for each in called if _group(each, group) == name]
        ranged = [each for each in mine if each["p90_s"] is not None]
        covered = sum(each["wait_s"] <= each["p90_s"] for each in ranged)
        errors = [abs(each["wait_s"] - each["p50_s"]) for each in ranged]
        served = [each["service_s"] for each in mine if each["state"] == "served"]
        assert (row["called"], row["estimated"], row["served"]) == (len(mine), len(ranged), len(served))
        assert row["covered_rate"] == pytest.approx(covered / len(ranged))
        assert row["mean_abs_error_s"] == pytest.approx(sum(errors) / len(errors), abs=0.51)
        assert row["under_15_min_rate"] == sum(each["wait_s"] < 900 for each in mine) / len(mine)
        assert row["mean_service_s"] == row["p90_service_s"] == 300
        assert row["median_wait_s"] <= row["p90_wait_s"]


def test_a_distribution_holds_every_wait_once(figures: Figures, told: Told) -> None:
    figures.take(told.events)
    mine = [
        each["wait_s"] // 60
        for each in told.tickets.values()
        if each["wait_s"] is not None and each["queue"] == "tax-all"
    ]
    found = figures.do(waits.get_distribution, CLERK, **ALL, kind="wait", queue="tax-all")
    counts = Counter(min(minute, 60) for minute in mine)
    assert found["count"] == len(mine)
    assert {each.from_min: each.count for each in found["bins"] if each.count} == counts
    assert [each.from_min for each in found["bins"]] == list(range(max(counts) + 1))
    assert found["bins"][-1].cumulative == 1
    assert figures.do(waits.get_distribution, CLERK, **ALL, kind="service", queue=None)["bins"][5].count > 0
    nothing = figures.do(waits.get_distribution, CLERK, **ALL, kind="wait", queue="nobody")
    assert (nothing["count"], nothing["bins"]) == (0, [])


def sign_ins() -> list[dict[str, Any]]:
    """Return windows of tax that are open all day, two on Monday and Tuesday, one of them past its sign-out."""
    told = []
    for day in DAYS[:2]:
        for window in ("101", "102"):
            state = {
                "department": "tax",
                "queues": ["tax-all"],
                "signed_in_at": f"{day.isoformat()}T09:00:00+08:00",
            }
            told.append(event("ticketing.window.signed_in", window, day.day * 10, state))
            out = event("ticketing.window.signed_out", window, day.day * 10 + 1, state)
            told.append(out | {"time": f"{day.isoformat()}T18:00:00+08:00"})
    return told[::-1]


def requested(figures: Figures, **more: Any) -> Any:
    """Ask for advice from the three days."""
    request = schemas.RequestAdvice().load({"from": str(DAYS[0]), "to": str(DAYS[-1]), **more})
    return figures.do(staffing.request_advice, **request)["id"]


def advice(figures: Figures, id_: Any) -> dict[str, Any]:
    """Return advice as the gateway gets it."""
    return dict(schemas.Advice().dump(figures.do(staffing.get_advice, id=id_)))


def test_advice_is_worked_out_in_a_process_of_its_own(figures: Figures, told: Told) -> None:
    figures.take([*told.events, *sign_ins()])
    first = requested(figures, queue="tax-all")
    assert advice(figures, first)["state"] == "queued"
    chore = staffing.advise_with(simulate)
    assert [chore(figures.database) for _ in range(2)] == [True, False]
    done = advice(figures, first)
    assert (done["state"], done["done"]) == ("done", len(done["rows"])), done["fault"]
    issued = Counter(_group(each, "hour") for each in told.tickets.values() if each["queue"] == "tax-all")
    assert {row["hour"]: row["arrivals"] for row in done["rows"]} == {
        int(hour): round(count / 3, 2) for hour, count in issued.items()
    }
    row = next(row for row in done["rows"] if row["hour"] == 10)
    assert (row["days"], row["service_s"], row["windows_now"]) == (3, 300, 1)
    assert row["as_is"]["windows"] == 1 and row["less"] is None
    assert row["windows_needed"] >= 1
    assert [each["id"] for each in figures.do(staffing.list_advice)] != []


def test_what_cannot_be_worked_out_says_why(figures: Figures, told: Told) -> None:
    nothing = requested(figures)
    assert staffing.advise_with(simulate)(figures.database)
    assert "Nobody was served" in advice(figures, nothing)["fault"]
    figures.take(told.events)
    broken = requested(figures)
    crash = partial(simulate, command=(sys.executable, "-c", "raise SystemExit('out of memory')"))
    assert staffing.advise_with(crash)(figures.database)
    failed = advice(figures, broken)
    assert failed["state"] == "failed"
    assert "status 1" in failed["fault"] and "out of memory" in failed["fault"]
    slow = partial(simulate, command=(sys.executable, "-c", "import signal; signal.pause()"), longest_s=0.2)
    late = requested(figures)
    assert staffing.advise_with(slow)(figures.database)
    assert "killed by signal 9" in advice(figures, late)["fault"]


def test_a_process_that_dies_gives_its_work_back_until_it_died_too_often(
    figures: Figures, told: Told
) -> None:
    figures.take(told.events)
    id_ = requested(figures)

    class Killed(BaseException):
        """As a signal ends a process."""

    def dying(*_: Any, **__: Any) -> Iterator[dict[str, Any]]:
        raise Killed

    for attempt in range(1, staffing.MOST_ATTEMPTS + 1):
        with pytest.raises(Killed):
            staffing.advise_with(dying)(figures.database)
        assert advice(figures, id_)["state"] == "running"
        assert figures.do(staffing.get_advice, id=id_)["attempts"] == attempt
    assert staffing.advise_with(dying)(figures.database)
    assert advice(figures, id_)["state"] == "failed"


def test_the_same_advice_waits_once_for_a_person_and_few_wait_in_all(
    figures: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staffing, "MOST_WAITING", staffing.MOST_OF_ONE + 1)
    with ThreadPoolExecutor(8) as pool:
        asked = set(pool.map(lambda _: requested(figures), range(37)))
    assert len(asked) == 1
    for n in range(1, staffing.MOST_OF_ONE):
        requested(figures, seed=100 + n)
    with pytest.raises(TooMuchAdvice) as refused:
        requested(figures, seed=99)
    assert refused.value.extra["retry_after"] > 0
    asked_likewise = schemas.RequestAdvice().load({"from": str(DAYS[0]), "to": str(DAYS[-1])})
    for n, allowed in ((2, True), (3, False)):
        other = replace(ANALYST, username=f"analyst{n}")
        with nullcontext() if allowed else pytest.raises(TooMuchAdvice):
            figures.do(staffing.request_advice, other, **asked_likewise)


def test_staffing_is_for_analysts(figures: Figures) -> None:
    with pytest.raises(LeadersOnly):
        figures.do(staffing.list_advice, CLERK)
    with pytest.raises(NoSuchAdvice):
        figures.do(staffing.get_advice, id="00000000-0000-4000-8000-000000000000")


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": "2026-03-01"},
        {"to": "2026-09-02"},
        {"target": 1},
        {"within_s": 5},
        {"queue": "a b"},
        {"seed": -1},
    ],
)
def test_a_request_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    request = {"from": "2026-03-02", "to": "2026-03-06"}
    assert schemas.RequestAdvice().validate(request) == {}
    assert schemas.RequestAdvice().validate({**request, **wrong})
