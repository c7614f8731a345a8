"""Reports follow the hall's calendar and the course of items, and tell refusals; what is fixed stays and says so."""

import json
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from services.chassis import clock
from services.statistics.anomalies.use_cases.detection import _days_message
from services.statistics.reports.use_cases import reports
from tests.integration.statistics.in_process import ANALYST, Figures

SAMPLES = Path(__file__).parents[2] / "contract" / "samples"
_versions = count(1)
LATER = datetime(2027, 1, 15, tzinfo=UTC)


def told(type_: str, *, subject: str, **data: Any) -> dict[str, Any]:
    """Return the agreed bytes of an event, about something else."""
    event: dict[str, Any] = json.loads((SAMPLES / f"{type_}.json").read_text("utf-8"))
    version = next(_versions)
    data = {**event["data"], **data}
    return {**event, "id": str(uuid4()), "subject": subject, "sequence": version, "data": data}


def days_off(year: int, *days: str) -> dict[str, Any]:
    rows = [{"day": day, "working": False, "name": "x"} for day in days]
    return told("catalogue.calendar.published", subject=str(year), year=year, days=rows)


def case(number: str, on: str, verb: str = "accepted", **data: Any) -> dict[str, Any]:
    moment = f"{on}T10:00:00+08:00"
    state = {"number": number, "business_date": on, "accepted_at": moment, **data}
    return told(f"cases.case.{verb}", subject=number, **state)


def decided(number: str, on: str, outcome: str) -> dict[str, Any]:
    return case(
        number,
        on,
        "decided",
        decided_at=f"{on}T16:00:00+08:00",
        outcome=outcome,
        state="decided",
        on_time=True,
    )


def report(figures: Figures, kind: str, period: str, department: str | None = None) -> Any:
    with figures.database.autocommit() as store, clock.showing(lambda: LATER):
        return reports.get_report(store, ANALYST, kind=kind, period=period, department=department)


def test_working_days_of_a_report_are_the_halls(figures: Figures) -> None:
    figures.take([case("2026-0000001", "2026-09-21"), case("2026-0000002", "2026-09-30")])
    with figures.database.autocommit() as store:
        open_days = store.calendar("main").count(date(2026, 9, 21), date(2026, 9, 30))
    figures.take([days_off(2026, "2026-09-25", "2026-09-28")])
    found = report(figures, "monthly", "2026-09")
    assert (open_days, found["working_days"]) == (7, 6)
    figures.take([days_off(2027, "2027-01-01"), case("2027-0000001", "2027-01-04")])
    assert report(figures, "daily", "2027-01-04")["comparison"]["before"]["period"]["name"] == "2026-12-31"


def test_a_fixed_report_stays_when_the_calendar_changes_and_says_so(figures: Figures) -> None:
    figures.take([days_off(2026), case("2026-0000001", "2026-09-21"), case("2026-0000002", "2026-09-30")])
    first = report(figures, "monthly", "2026-09")
    assert (first["edition"], first["working_days"], first["calendar_changed"]) == (1, 8, False)
    figures.take([days_off(2026, "2026-08-31", "2026-10-01")])
    assert report(figures, "monthly", "2026-09") == first, "other months are none of its business"
    figures.take([days_off(2026, "2026-09-28")])
    after = report(figures, "monthly", "2026-09")
    assert after == {**first, "calendar_changed": True}
    with figures.database.transaction() as store, clock.showing(lambda: LATER):
        reports.make_edition(store, ANALYST, kind="monthly", period="2026-09", reason="台风停业")
    second = report(figures, "monthly", "2026-09")
    assert (second["edition"], second["working_days"], second["calendar_changed"]) == (2, 7, False)
    figures.take([days_off(2026)])
    assert report(figures, "monthly", "2026-09")["calendar_changed"] is True


def test_the_calendar_is_the_newest_whatever_the_order(figures: Figures) -> None:
    older, newer = days_off(2026, "2026-09-28"), days_off(2026, "2026-09-29")
    figures.take([newer, older], batch=1)
    with figures.database.autocommit() as store:
        assert store.calendar("main").years == {2026: {date(2026, 9, 29): False}}


def test_detection_is_told_the_halls_calendar(figures: Figures) -> None:
    figures.take([days_off(2026, "2026-09-28"), case("2026-0000001", "2026-09-21")])
    with figures.database.autocommit() as store:
        message = _days_message(store, "main", [date(2026, 9, 21)])
    assert message["calendar"] == {"2026": {"2026-09-28": False}}


def item(code: str, *terms: tuple[str, str, str]) -> list[dict[str, Any]]:
    """Return what the catalogue tells of an item: (from, state, department), the last as it is today."""
    since, state, department = terms[-1]
    published = {"code": code, "state": state, "department": department, "effective_from": since}
    course = [{"effective_from": day, "state": now, "department": owner} for day, now, owner in terms]
    return [
        told("catalogue.item.published", subject=code, **published),
        told("catalogue.item.dated", subject=code, code=code, terms=course),
    ]


@pytest.mark.parametrize(("department", "before", "now"), [(None, 4, 4), ("market", 3, 1), ("drc", 1, 3)])
def test_the_items_before_are_those_of_the_day_before_the_period(
    figures: Figures, department: str | None, before: int, now: int
) -> None:
    old = "2004-05-01"
    figures.take(
        [told("catalogue.department.published", subject=each, code=each) for each in ("market", "drc")]
    )
    figures.take(
        [
            *item("adjusted", (old, "active", "market"), ("2026-09-17", "active", "market")),
            *item("withdrawn", (old, "active", "market"), ("2026-09-17", "withdrawn", "market")),
            *item("moved", (old, "active", "market"), ("2026-09-17", "active", "drc")),
            *item("untouched", (old, "active", "drc")),
            *item("new", ("2026-07-01", "active", "drc")),
            *item("gone before", (old, "active", "drc"), ("2026-06-30", "withdrawn", "drc")),
            *item("still to come", ("2026-10-01", "active", "drc")),
            case("2026-0000001", "2026-09-30"),
        ]
    )
    found = report(figures, "quarterly", "2026-Q3", department)
    assert (found["items_before"], found["items"]) == (before, now)


def test_an_item_whose_course_was_not_heard_counts_by_what_it_is(figures: Figures) -> None:
    figures.take([item("a", ("2020-01-01", "active", "market"))[0], case("2026-0000001", "2026-09-30")])
    found = report(figures, "quarterly", "2026-Q3")
    assert (found["items_before"], found["items"]) == (1, 1)


def test_refusals_are_decided_too_and_told_apart(figures: Figures) -> None:
    figures.take([told("catalogue.department.published", subject="market", code="market")])
    figures.take(
        [
            decided("2026-0000001", "2026-09-21", "granted"),
            decided("2026-0000002", "2026-09-21", "refused"),
            decided("2026-0000003", "2026-09-22", "refused"),
            case("2026-0000004", "2026-09-22"),
        ]
    )
    found = report(figures, "monthly", "2026-09")
    assert (found["cases_decided"], found["cases_granted"], found["cases_refused"]) == (3, 1, 2)
    assert found["on_time_rate"] == 1.0
    (row,) = found["tables"]["by_department"]
    assert (row["decided"], row["refused"]) == (3, 2)
    day = figures.overview(date(2026, 9, 21))
    assert (day["decided"], day["granted"], day["refused"]) == (2, 1, 1)
