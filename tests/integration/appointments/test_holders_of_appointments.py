"""An appointment's id proves nothing: its holder has the token or the phone, staff the role and the department."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.appointments.domain.appointment import Appointment
from services.appointments.errors import IllegalTransition, NotThatDepartment, NotTheHolder, RoleMissing
from services.appointments.use_cases import booking, desk, holding
from services.chassis.caller import Caller
from services.chassis.holder import token_of
from tests.integration.appointments.in_process import MANAGER, OPERATOR, Hall, visitor

ANYBODY = Caller(hall="main")
NOTHING: dict[str, Any] = {"phone": None, "date": None, "department": None, "state": None, "cursor": None}


def staff(role: str, department: str | None = None) -> Caller:
    return Caller(hall="main", username=role, roles=frozenset({role}), department=department)


def with_token(one: Appointment) -> Caller:
    return Caller(hall="main", token=token_of("appointment", "main", one.id))


def deeds(hall: Hall) -> dict[str, Callable[[Caller, Appointment], Any]]:
    """Return what only a holder or staff may do with an appointment of 9 o'clock, by name."""
    later = UUID(hall.slots()[1].id)
    return {
        "read": lambda by, one: hall.do(desk.get_appointment, by, id=UUID(one.id)),
        "confirm": lambda by, one: hall.do(booking.confirm, by, id=UUID(one.id)),
        "cancel": lambda by, one: hall.do(booking.cancel, by, id=UUID(one.id)),
        "move": lambda by, one: hall.do(booking.reschedule, by, id=UUID(one.id), slot=later),
        "come": lambda by, one: hall.do(desk.arrive, by, id=UUID(one.id)),
        "check in": lambda by, one: hall.do(desk.check_in, by, id=UUID(one.id), ticket={"id": "t"}),
    }


def test_a_stranger_does_nothing_with_an_id(hall: Hall) -> None:
    mine, other = hall.book(1, hall.slots()[0]), hall.book(2, hall.slots()[0])
    told = len(hall.told())
    strangers = [
        ANYBODY, with_token(other), visitor(2), replace(ANYBODY, token=""),
        staff("clerk", "tax"), staff("manager", "tax"), staff("analyst"), staff("dispatcher"), staff("crew"),
    ]  # fmt: skip
    for name, deed in deeds(hall).items():
        for stranger in [*strangers, *([] if name in ("come", "check in") else [staff("kiosk")])]:
            with pytest.raises((NotTheHolder, RoleMissing)):
                deed(stranger, mine)
    assert len(hall.told()) == told
    assert hall.do(desk.get_appointment, visitor(1), id=UUID(mine.id)).state == "held"


@pytest.mark.parametrize("nth", range(6))
def test_the_holder_and_staff_may(hall: Hall, nth: int) -> None:
    callers: list[Callable[[Appointment], Caller]] = [
        with_token, lambda _: visitor(1), lambda _: OPERATOR, lambda _: MANAGER,
        lambda _: staff("clerk", "market"), lambda one: replace(staff("analyst"), token=with_token(one).token),
    ]  # fmt: skip
    mine = hall.book(1, hall.slots()[0])
    by, may = callers[nth](mine), deeds(hall)
    assert may["read"](by, mine) == mine
    assert may["confirm"](by, mine).state == "booked"
    moved = may["move"](by, mine)
    assert moved.rescheduled_from == mine.id
    again = callers[nth](moved)
    assert may["cancel"](again, moved).state == "cancelled"


def test_only_the_holder_is_answered_the_token_and_no_store_keeps_it(hall: Hall) -> None:
    mine = hall.book(1, hall.slots()[0])
    made = hall.do(holding.shown, visitor(1), one=mine, made=True)
    token = holding.filled(made)["token"]
    assert made["token"] == "" and token == with_token(mine).token
    for other in (OPERATOR, MANAGER, staff("clerk", "market"), staff("kiosk")):
        assert "token" not in holding.filled(hall.do(holding.shown, other, one=mine))
    assert holding.filled(hall.do(holding.shown, OPERATOR, one=mine, made=True))["token"] == token, (
        "to hand it on"
    )
    hall.do(booking.confirm, visitor(1), id=UUID(mine.id))
    moved = deeds(hall)["move"](visitor(1), mine)
    old = hall.do(desk.get_appointment, with_token(mine), id=UUID(mine.id))
    answer = holding.filled(hall.do(holding.shown, with_token(mine), one=old))
    assert answer["rescheduled_to_token"] == with_token(moved).token
    assert "rescheduled_to_token" not in holding.filled(hall.do(holding.shown, OPERATOR, one=old))
    assert token not in str(hall.told())


def test_the_ticket_of_a_check_in_has_its_token_for_who_made_it_and_for_the_holder(hall: Hall) -> None:
    mine = hall.book(1, hall.slots()[0], channel="phone")
    hall.now += timedelta(minutes=40)
    come = hall.check_in(mine, {"id": "t1", "number": "A001"})
    kiosk = staff("kiosk")
    token = token_of("ticket", "main", "t1")
    assert holding.filled(hall.do(holding.shown, kiosk, one=come, has_come=True))["ticket"]["token"] == token
    assert holding.filled(hall.do(holding.shown, with_token(mine), one=come))["ticket"]["token"] == token
    for again in (kiosk, OPERATOR):
        assert "token" not in holding.filled(hall.do(holding.shown, again, one=come))["ticket"]


def test_a_clerk_lists_the_appointments_of_their_own_department(hall: Hall) -> None:
    mine = hall.book(1, hall.slots()[0], channel="phone")

    def listed(by: Caller, **query: Any) -> list[str]:
        found = hall.do(desk.list_appointments, by, limit=10, **{**NOTHING, **query})
        return [one.id for one in found["items"]]

    assert listed(staff("clerk", "market")) == listed(OPERATOR) == listed(MANAGER) == [mine.id]
    assert listed(staff("clerk", "tax")) == []
    with pytest.raises(NotThatDepartment):
        listed(staff("clerk", "tax"), department="market")


def test_a_token_that_was_lost_is_withdrawn_and_the_next_one_counts(hall: Hall) -> None:
    mine = hall.book(1, hall.slots()[0], channel="phone")
    lost = with_token(mine)
    renewed = hall.do(holding.renew_token, OPERATOR, id=UUID(mine.id), reason="手机丢失")
    stored = hall.do(holding.shown, OPERATOR, one=renewed, made=True)
    new = replace(lost, token=holding.filled(stored)["token"])
    assert new.token not in (lost.token, *stored.values())
    with pytest.raises(NotTheHolder):
        hall.do(desk.get_appointment, lost, id=UUID(mine.id))
    assert holding.filled(hall.do(holding.shown, new, one=mine))["token"] == new.token
    assert "token" not in holding.filled(hall.do(holding.shown, OPERATOR, one=mine))
    again = hall.do(holding.renew_token, staff("clerk", "market"), id=UUID(mine.id), reason="又丢了")
    third = holding.filled(hall.do(holding.shown, OPERATOR, one=again, made=True))["token"]
    assert third not in (new.token, lost.token)
    with pytest.raises(NotTheHolder):
        hall.do(desk.get_appointment, new, id=UUID(mine.id))
    assert hall.do(desk.get_appointment, replace(lost, token=third), id=UUID(mine.id)) == mine


def test_who_holds_the_lost_token_or_works_elsewhere_gets_no_new_one(hall: Hall) -> None:
    mine = hall.book(1, hall.slots()[0], channel="phone")
    for by in (
        with_token(mine),
        visitor(1),
        staff("kiosk"),
        staff("clerk", "tax"),
        staff("analyst"),
        ANYBODY,
    ):
        with pytest.raises(NotTheHolder):
            hall.do(holding.renew_token, by, id=UUID(mine.id), reason="丢失")
    hall.do(booking.cancel, OPERATOR, id=UUID(mine.id))
    with pytest.raises(IllegalTransition):
        hall.do(holding.renew_token, OPERATOR, id=UUID(mine.id), reason="丢失")


def test_the_lost_link_to_what_was_moved_does_not_lead_to_the_new_token(hall: Hall) -> None:
    mine = hall.book(1, hall.slots()[0], channel="phone")
    moved = deeds(hall)["move"](OPERATOR, mine)
    hall.do(holding.renew_token, OPERATOR, id=UUID(moved.id), reason="手机丢失")
    old = hall.do(desk.get_appointment, with_token(mine), id=UUID(mine.id))
    answer = holding.filled(hall.do(holding.shown, with_token(mine), one=old))
    assert answer["rescheduled_to"] == moved.id
    assert "rescheduled_to_token" not in answer
    with pytest.raises(NotTheHolder):
        hall.do(desk.get_appointment, with_token(moved), id=UUID(moved.id))


def test_ticketing_is_told_when_whoever_was_answered_the_tickets_token_has_lost_theirs(hall: Hall) -> None:
    mine = hall.book(1, hall.slots()[0], channel="phone")

    def told() -> list[dict[str, Any]]:
        return [each["data"] for each in hall.told() if each["type"] == "appointments.token.renewed"]

    hall.do(holding.renew_token, OPERATOR, id=UUID(mine.id), reason="手机丢失")
    assert told() == [], "there is no ticket yet"
    hall.now += timedelta(minutes=40)
    hall.check_in(mine, {"id": "t1", "number": "A001"})
    renewed = hall.do(holding.renew_token, OPERATOR, id=UUID(mine.id), reason="手机丢失")
    new = holding.filled(hall.do(holding.shown, OPERATOR, one=renewed, made=True))["token"]
    assert told() == [{"id": mine.id, "ticket": "t1", "number": 3}]
    assert new not in str(hall.told())


def test_the_holder_is_answered_the_token_of_the_slip_that_was_printed_anew(hall: Hall) -> None:
    mine = hall.book(1, hall.slots()[0], channel="phone")
    hall.now += timedelta(minutes=40)
    come = hall.check_in(mine, {"id": "t1", "number": "A001"})
    for number in (3, 2):  # in any order
        told = {"id": "t1", "appointment": mine.id, "number": number}
        hall.hear("ticketing.token.renewed", told, sequence=number)
    shown = holding.filled(hall.do(holding.shown, with_token(mine), one=come))
    assert shown["ticket"]["token"] == token_of("ticket", "main", "t1", 3)
