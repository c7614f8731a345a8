"""Who may accept what, where a case came from, and what may stand for an applicant."""

from datetime import date

import pytest

from services.cases import schemas
from services.cases.domain import case as domain
from services.cases.domain.case import Item, Ticket
from services.cases.errors import (
    ItemOfOtherDepartment,
    NotYourTicket,
    TicketNotServing,
    UnknownItem,
)
from services.chassis.errors import Invalid
from services.chassis.service import load_request

TODAY = date(2026, 3, 2)


def ticket(**changes: object) -> Ticket:
    shown = {
        "id": "t1",
        "department": "market",
        "channel": "kiosk",
        "state": "serving",
        "window": "101",
        "clerk": "clerk001",
        "extended": False,
    }
    return Ticket(**(shown | changes))


def item(**changes: object) -> Item:
    return Item(**({"code": "a", "department": "market", "time_limit_days": 5, "state": "active"} | changes))


@pytest.mark.parametrize(
    ("channel", "extended", "origin"),
    [
        ("kiosk", False, "walk_in"),
        ("window", False, "walk_in"),
        ("phone", False, "phone"),
        ("web", False, "web"),
        ("kiosk", True, "extended"),
        ("web", True, "web"),
        ("phone", True, "phone"),
        ("window", True, "extended"),
    ],
)
def test_the_origin_of_a_case_is_that_of_its_ticket(channel: str, extended: bool, origin: str) -> None:
    assert ticket(channel=channel, extended=extended).origin == origin


def test_only_the_clerk_at_the_window_accepts() -> None:
    domain.check_window(ticket(), username="clerk001", is_admin=False)
    domain.check_window(ticket(), username="admin", is_admin=True)
    for username in ("clerk002", None):
        with pytest.raises(NotYourTicket):
            domain.check_window(ticket(clerk=None), username=username, is_admin=False)


@pytest.mark.parametrize("state", ["waiting", "called", "on_hold", "served", "missed", "closed"])
def test_cases_are_accepted_only_while_the_ticket_is_served(state: str) -> None:
    with pytest.raises(TicketNotServing):
        domain.check_window(ticket(state=state), username="admin", is_admin=True)


def test_only_an_active_item_of_the_tickets_department_is_accepted() -> None:
    assert domain.check_item(item(), ticket(), on=TODAY) == item()
    with pytest.raises(ItemOfOtherDepartment):
        domain.check_item(item(department="tax"), ticket(), on=TODAY)
    for gone in (None, item(state="withdrawn")):
        with pytest.raises(UnknownItem):
            domain.check_item(gone, ticket(), on=TODAY)


def test_an_item_counts_as_of_the_day_and_for_who_holds_a_number_as_of_the_day_before_too() -> None:
    terms = [
        {"effective_from": "2010-01-04", "department": "market", "time_limit_days": 5, "state": "active"},
        {"effective_from": "2026-03-02", "department": "drc", "time_limit_days": 9, "state": "active"},
        {"effective_from": "2026-03-04", "department": "drc", "time_limit_days": 9, "state": "withdrawn"},
    ]
    own, other = (ticket(item=each, business_date=TODAY) for each in ("a", "b"))
    moved = item(terms=terms)
    assert domain.check_item(moved, own, on=TODAY).time_limit_days == 5
    with pytest.raises(ItemOfOtherDepartment):
        domain.check_item(moved, other, on=TODAY)
    assert domain.check_item(moved, ticket(department="drc"), on=TODAY).department == "drc"
    last = ticket(item="a", department="drc", business_date=date(2026, 3, 4))
    assert domain.check_item(moved, last, on=date(2026, 3, 4)).state == "active"
    with pytest.raises(UnknownItem):
        domain.check_item(moved, ticket(department="drc"), on=date(2026, 3, 4))


@pytest.mark.parametrize("reference", ["张三", "Li Lei", "a" * 65, "", "a b"])
def test_a_name_is_no_reference(reference: str) -> None:
    with pytest.raises(Invalid) as refused:
        load_request(schemas.AcceptCase(), {"ticket": "t1", "item": "a", "applicant_ref": reference})
    assert set(refused.value.errors) == {"applicant_ref"}


def test_case_numbers_have_seven_digits_and_more_when_needed() -> None:
    assert domain.case_number(2026, 123) == "2026-0000123"
    assert domain.case_number(2026, 12345678) == "2026-12345678"
