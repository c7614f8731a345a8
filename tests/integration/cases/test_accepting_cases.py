"""Accepting at a window: who may, what it gets, and its number."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from services.cases.errors import (
    ItemOfOtherDepartment,
    NotYourTicket,
    StaffOnly,
    TicketNotServing,
    UnknownItem,
)
from services.cases.use_cases import cases as use_cases
from services.chassis.caller import Caller
from services.chassis.errors import ServiceError
from tests.integration.cases.in_process import MONDAY_MORNING, Office, clerk, day, verbs

ADMIN = Caller(hall="main", username="admin", roles=frozenset({"admin"}))
VISITOR = Caller(hall="main", username="visitor", roles=frozenset({"visitor"}))


def test_a_case_accepted_at_a_window_is_numbered_dated_and_told(office: Office) -> None:
    case = office.accept(applicant_ref="A-17", joint_case="J-1")
    assert (case.number, case.state, case.department) == ("2026-0000001", "accepted", "market")
    assert (case.accepted_at, case.due_on, case.business_date) == (
        MONDAY_MORNING,
        day("2026-03-09"),
        day("2026-03-02"),
    )
    assert (case.window, case.clerk, case.ticket, case.origin) == ("101", "clerk001", "t1", "walk_in")
    assert office.ask(use_cases.list_cases, ticket="t1") == {"items": [case]}
    assert office.stays(case) == [
        ("received", MONDAY_MORNING, MONDAY_MORNING),
        ("accepted", MONDAY_MORNING, None),
    ]
    (event,) = office.told()
    assert (event["type"], event["subject"], event["sequence"]) == ("cases.case.accepted", case.number, 2)
    assert (event["data"]["due_on"], event["data"]["on_time"]) == ("2026-03-09", None)
    assert "applicant_ref" not in event["data"]


def test_holidays_put_the_due_date_off(office: Office) -> None:
    office.publish_holidays("2026-03-04", "2026-03-05")
    assert office.accept().due_on == day("2026-03-11")


def test_an_older_calendar_or_item_that_comes_late_changes_nothing(office: Office) -> None:
    office.publish_holidays("2026-03-04", sequence=5)
    office.publish_holidays("2026-03-04", "2026-03-05", sequence=4)
    office.publish_item("market-001", department="market", time_limit_days=3, sequence=7)
    office.publish_item("market-001", department="market", time_limit_days=9, state="withdrawn", sequence=6)
    assert office.accept().due_on == day("2026-03-06")


def test_an_item_decided_on_the_spot_is_due_on_the_day_it_is_accepted(office: Office) -> None:
    office.go_to("2026-03-07T10:00")
    assert office.accept(item="market-002").due_on == day("2026-03-07")


def test_the_business_date_is_the_halls_not_utcs(office: Office) -> None:
    office.go_to("2026-01-01T00:30")
    case = office.accept()
    assert (case.number, case.business_date) == ("2026-0000001", day("2026-01-01"))


@pytest.mark.parametrize(
    ("ticket", "item", "error"),
    [
        ({}, "tax-001", ItemOfOtherDepartment),
        ({}, "nothing", UnknownItem),
        ({"state": "called"}, "market-001", TicketNotServing),
        ({"clerk": "clerk002"}, "market-001", NotYourTicket),
    ],
)
def test_a_refused_case_leaves_nothing_behind(
    office: Office, ticket: dict[str, Any], item: str, error: type[ServiceError]
) -> None:
    office.tickets["t1"] |= ticket
    with pytest.raises(error):
        office.accept(item=item)
    assert office.told() == []
    office.tickets["t1"] |= {"state": "serving", "clerk": "clerk001"}
    assert office.accept().number == "2026-0000001"


def test_a_withdrawn_item_is_not_accepted_any_more(office: Office) -> None:
    office.publish_item("market-001", department="market", time_limit_days=5, state="withdrawn", sequence=2)
    with pytest.raises(UnknownItem):
        office.accept()


def test_only_a_clerk_operator_or_administrator_accepts(office: Office) -> None:
    with pytest.raises(StaffOnly):
        office.accept(VISITOR)
    assert office.accept(ADMIN).clerk == "admin"


def test_numbers_have_no_gap_whatever_fails_and_whoever_comes_at_once(office: Office) -> None:
    def try_one(nth: int) -> str | None:
        try:
            with office.database.transaction() as store:
                case = use_cases.accept_case(store, clerk(), ticket=office.ticket_of("t1"), item="market-001")
                if nth % 3 == 0:
                    raise RuntimeError("the process dies before the commit")
        except RuntimeError:
            return None
        return case.number

    with ThreadPoolExecutor(max_workers=8) as pool:
        numbers = sorted(filter(None, pool.map(try_one, range(90))))
    assert numbers == [f"2026-{serial:07d}" for serial in range(1, 61)]


def test_numbers_start_again_each_year_and_in_each_hall(office: Office) -> None:
    office.accept()
    office.hear(
        "catalogue.item.published",
        {"code": "market-001", "department": "market", "time_limit_days": 1, "state": "active"},
        hall="north",
    )
    assert office.accept(clerk(hall="north")).number == "2026-0000001"
    office.now += timedelta(days=365)
    assert office.accept().number == "2027-0000001"
    assert verbs(office.told()) == ["accepted"] * 3


def test_a_change_that_takes_effect_today_does_not_hit_who_holds_a_number(office: Office) -> None:
    def term(day: str, department: str, state: str = "active") -> dict[str, Any]:
        return {"effective_from": day, "department": department, "time_limit_days": 5, "state": state}

    office.tickets["t1"] |= {"item": "market-001", "business_date": "2026-03-02"}
    moved = [term("2010-01-04", "market"), term("2026-03-02", "drc")]
    office.hear("catalogue.item.dated", {"code": "market-001", "terms": moved}, sequence=2)
    assert office.accept().department == "market"
    ended = [term("2010-01-04", "market"), term("2026-03-02", "market", "withdrawn")]
    office.hear("catalogue.item.dated", {"code": "market-001", "terms": ended}, sequence=3)
    office.publish_item("market-001", department="market", time_limit_days=5, state="withdrawn", sequence=9)
    assert office.accept().department == "market"
    office.tickets["t1"] |= {"item": "market-002"}
    with pytest.raises(UnknownItem):
        office.accept()
