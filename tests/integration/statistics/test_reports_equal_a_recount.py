"""Reports of a small history, compared with plain SQL over the raw facts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from chinese_calendar import is_workday
from small_history import recount, write_history

from services.chassis import clock, wire
from services.chassis.caller import Caller
from services.chassis.db import Database, load_queries
from services.statistics import errors
from services.statistics.reports.use_cases import reports
from services.statistics.store import Store
from tests.integration.statistics.in_process import ANALYST
from tests.waiting import DEADLINE_S

CLERK = Caller(hall="main", username="clerk001", roles=frozenset({"clerk"}))
LATER = datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def url(database_of_module: Callable[[str], str]) -> str:
    """A database with the history; tests leave the facts as they are."""
    made = database_of_module("statistics")
    write_history(made)
    return made


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """The store, at a time long after the history."""
    opened = Database(Store, load_queries("services.statistics"), url=url, size=2, timeout=DEADLINE_S)
    with at(LATER), opened.autocommit() as found:
        yield found
    opened.close()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Have the hall's clock show a moment."""
    with clock.showing(lambda: moment):
        yield


def report(store: Store, kind: str, period: str, **about: Any) -> dict[str, Any]:
    """Ask for a report."""
    return reports.get_report(store, ANALYST, kind=kind, period=period, **about)


@pytest.mark.parametrize(
    ("kind", "period", "department", "first", "last"),
    [
        ("annual", "2011", None, date(2011, 1, 1), date(2011, 12, 31)),
        ("annual", "2011", "tax", date(2011, 1, 1), date(2011, 12, 31)),
        ("annual", "2010", None, date(2010, 1, 1), date(2010, 12, 31)),
        ("quarterly", "2011-Q2", "market", date(2011, 4, 1), date(2011, 6, 30)),
        ("monthly", "2011-05", None, date(2011, 5, 1), date(2011, 5, 31)),
        ("daily", "2011-11-30", None, date(2011, 11, 30), date(2011, 11, 30)),
    ],
)
def test_the_figures_are_those_of_the_raw_facts(
    store: Store, url: str, kind: str, period: str, department: str | None, first: date, last: date
) -> None:
    found = report(store, kind, period, department=department)
    counted = recount(url, first, last, department)
    tables = found["tables"]
    decided, on_time = counted["decided"]
    assert found["cases_accepted"] == counted["accepted"] > 0
    assert found["cases_peak_day"] == counted["peak"]
    assert (found["cases_decided"], found["on_time_rate"]) == (decided, on_time * 10_000 // decided / 10_000)
    assert found["cases_cumulative"] == counted["cumulative"]
    assert {row["origin"]: row["cases"] for row in tables["by_origin"]} == counted["origins"]
    assert {row["hour"]: row["cases"] for row in tables["by_hour"]} == counted["hours"]
    assert {row["item"]: row["cases"] for row in tables["by_item"]} == counted["items"]
    shown = {row["department"]: row["cases"] for row in tables["by_department"] if row["cases"]}
    assert shown == counted["departments"]
    if kind in ("annual", "quarterly"):
        assert {row["month"]: row["cases"] for row in tables["by_month"]} == counted["months"]
    three = sum(count for origin, count in counted["origins"].items() if origin != "walk_in")
    assert found["three_services"]["cases"] == three
    assert three or period == "2010" or department == "market"
    assert sum(found["three_services"]["by_service"].values()) == three
    assert found["three_services"]["overtime_hours"] == round(counted["minutes"] / 60, 1)


def test_the_three_services_are_counted_from_their_first_month(store: Store, url: str) -> None:
    found = report(store, "annual", "2011")["three_services"]
    counted = recount(url, date(2011, 1, 1), date(2011, 12, 31))
    assert found["since"] == "2011-05-01"
    assert found["share"] == round(found["cases"] / counted["since_may"], 4)
    assert (found["departments"], found["departments_share"]) == (1, 0.25), "drc does not offer them"


def test_a_year_is_counted_to_its_last_case_and_compared_with_as_much_of_the_year_before(
    store: Store, url: str
) -> None:
    found = report(store, "annual", "2011")
    period, earlier = found["period"], found["comparison"]["year_before"]
    assert (period["counted_from"], period["counted_to"]) == ("2011-01-01", "2011-11-30")
    assert (earlier["period"]["first"], earlier["period"]["last"]) == ("2010-01-01", "2010-11-30")
    before = recount(url, date(2010, 1, 1), date(2010, 11, 30))["accepted"]
    assert earlier["cases_accepted"]["value"] == before
    assert earlier["cases_accepted"]["difference"] == found["cases_accepted"] - before
    rest_days = [
        day for day in recount(url, date(2011, 1, 1), date(2011, 11, 30))["days"] if not is_workday(day)
    ]
    assert found["working_days"] == 227 + len(rest_days) > 250, (
        "extended hours on Saturdays and holidays count too"
    )
    assert found["comparison"]["before"] == earlier


def test_what_stands_beside_the_cases_is_counted_too(store: Store) -> None:
    found = report(store, "annual", "2011")
    assert (found["departments"], found["staff"]) == (4, 5), "one clerk is gone, one account is a manager's"
    assert (found["items_before"], found["items"]) == (3, 9), "3 withdrawn, 3 not yet in force"
    assert (found["letters"], found["banners"], found["plaques"]) == (12, 6, 0)
    assert (found["evaluations"], found["positive_rate"]) == (50, 0.6)
    assert found["anomalies"] == {"detected": 6, "explained": 3}
    assert found["events_until"] == "2011-11-30T09:51:07.250000+00:00"
    assert (found["time_zone"], found["printed_on"], found["hall"]) == ("Asia/Shanghai", "2026-03-02", "main")
    assert found["waits"] is None, "there are no tickets"


def test_a_report_of_an_ended_period_never_changes_but_for_its_print_date(store: Store) -> None:
    first = report(store, "quarterly", "2011-Q3")
    with store._connection.transaction(force_rollback=True):
        store._connection.execute("DELETE FROM case_facts WHERE business_date = '2011-08-08'")
        with at(datetime(2027, 1, 1, tzinfo=UTC)):
            again = report(store, "quarterly", "2011-Q3")
        edition = {"kind": "quarterly", "period": "2011-Q3", "reason": "8 August was corrected"}
        made = reports.make_edition(store, ANALYST, **edition)
        second = report(store, "quarterly", "2011-Q3")
        assert report(store, "quarterly", "2011-Q3", edition=1) == first
        listed = reports.list_editions(store, ANALYST, kind="quarterly")
    assert (first["edition"], again.pop("printed_on")) == (1, "2027-01-01")
    assert wire.dumps(again) == wire.dumps(
        {name: value for name, value in first.items() if name != "printed_on"}
    )
    assert (made["edition"], second["edition"]) == (2, 2)
    assert second["cases_accepted"] < first["cases_accepted"]
    assert [(row["period"], row["edition"], row["reason"]) for row in listed[:2]] == [
        ("2011-Q3", 2, "8 August was corrected"),
        ("2011-Q3", 1, None),
    ]


def test_a_report_of_a_running_period_is_worked_out_each_time(store: Store) -> None:
    with at(datetime(2011, 11, 28, 2, tzinfo=UTC)):
        found = report(store, "monthly", "2011-11")
        assert (found["edition"], found["period"]["over"]) == (None, False)
        assert found["period"]["counted_to"] == "2011-11-28", "and not beyond today"
        with pytest.raises(errors.PeriodRunning):
            reports.make_edition(store, ANALYST, kind="monthly", period="2011-11", reason="no")
        with pytest.raises(errors.EditionUnknown):
            report(store, "monthly", "2011-11", edition=1)
    with at(datetime(2011, 11, 30, 16, 30, tzinfo=UTC)):
        assert report(store, "monthly", "2011-11")["edition"] is None, "its last events may be under way"


def test_a_period_in_which_nothing_was_accepted_is_not_fixed(store: Store) -> None:
    assert report(store, "annual", "2009")["edition"] is None
    assert not [row for row in reports.list_editions(store, ANALYST) if row["period"] == "2009"]


@pytest.mark.parametrize(
    ("about", "error"),
    [
        ({"kind": "annual", "period": "2011-Q1"}, errors.PeriodInvalid),
        ({"kind": "daily", "period": "2026-03-03"}, errors.PeriodInvalid),
        ({"kind": "annual", "period": "2011", "department": "nobody"}, errors.UnknownDepartment),
        ({"kind": "annual", "period": "2011", "edition": 99}, errors.EditionUnknown),
    ],
)
def test_what_cannot_be_reported_is_refused(
    store: Store, about: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        reports.get_report(store, ANALYST, **about)


def test_reports_are_for_analysts_and_managers(store: Store) -> None:
    with pytest.raises(errors.ReportsClosed):
        reports.get_report(store, CLERK, kind="annual", period="2011")
    with pytest.raises(errors.ReportsClosed):
        reports.list_editions(store, CLERK)
    with pytest.raises(errors.ReportsClosed):
        reports.make_edition(store, CLERK, kind="annual", period="2011", reason="no")
