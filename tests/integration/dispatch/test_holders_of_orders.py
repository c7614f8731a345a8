"""An order's id proves nothing: its holder has the token or the phone, staff the role, a crew its own visits."""

from dataclasses import replace
from uuid import UUID

import pytest

from services.chassis.caller import Caller
from services.chassis.holder import token_of
from services.dispatch.domain.order import Order
from services.dispatch.errors import IllegalTransition, NotTheHolder, NotYourPhone, RoleMissing
from services.dispatch.use_cases import crews, holding, looking, orders
from tests.integration.dispatch.in_process import (
    CREW,
    DISPATCHER,
    OPERATOR,
    OTHER_CREW,
    Hall,
    crew_fields,
    visitor,
)

ANYBODY = Caller(hall="main")


def staff(role: str, department: str | None = None) -> Caller:
    return Caller(hall="main", username=role, roles=frozenset({role}), department=department)


def with_token(order: Order) -> Caller:
    return Caller(hall="main", token=token_of("order", "main", order.id))


def test_a_stranger_neither_reads_nor_calls_off(hall: Hall) -> None:
    mine, other = hall.order(1), hall.order(2)
    told = len(hall.verbs(mine))
    for stranger in (
        ANYBODY, with_token(other), replace(ANYBODY, token=""), visitor(2), staff("kiosk"), staff("analyst"),
        staff("clerk", "tax"), CREW, replace(ANYBODY, token=token_of("ticket", "main", mine.id)),
    ):  # fmt: skip
        with pytest.raises((NotTheHolder, NotYourPhone)):
            hall.do(looking.get_order, stranger, id=UUID(mine.id))
        with pytest.raises((NotTheHolder, NotYourPhone)):
            hall.do(orders.cancel_order, stranger, id=UUID(mine.id), reason=None)
    assert len(hall.verbs(mine)) == told


def test_the_holder_and_staff_may(hall: Hall) -> None:
    for nth, who in enumerate(("token", "phone", "operator", "dispatcher")):
        mine = hall.order(nth)
        by = {
            "token": with_token(mine),
            "phone": visitor(nth),
            "operator": OPERATOR,
            "dispatcher": DISPATCHER,
        }
        assert hall.do(looking.get_order, by[who], id=UUID(mine.id)) == mine
        gone = hall.do(orders.cancel_order, by[who], id=UUID(mine.id), reason=None)
        assert gone.state == "cancelled"
    for reader in (staff("manager"), staff("clerk", "market")):
        assert hall.do(looking.get_order, reader, id=UUID(mine.id)) == gone


def test_a_crew_reads_its_own_visits_alone(hall: Hall) -> None:
    hall.do(crews.save_crew, DISPATCHER, **crew_fields("m2", members=["li"], days_off=[hall.at(9).date()]))
    mine = hall.screened(1)
    hall.published()
    assert hall.do(looking.get_order, CREW, id=UUID(mine.id)).crew == "m1"
    with pytest.raises(NotTheHolder):
        hall.do(looking.get_order, OTHER_CREW, id=UUID(mine.id))


def test_only_the_holder_is_answered_the_token(hall: Hall) -> None:
    mine = hall.order(1)
    made = hall.do(holding.shown, visitor(1), order=mine, made=True)
    token = holding.filled(made)["token"]
    assert made["token"] == "" and token == with_token(mine).token
    assert holding.filled(hall.do(holding.shown, OPERATOR, order=mine, made=True))["token"] == token, (
        "to hand it on"
    )
    for other in (OPERATOR, DISPATCHER, CREW):
        assert "token" not in holding.filled(hall.do(holding.shown, other, order=mine))
    found = hall.do(looking.list_orders, DISPATCHER, **dict.fromkeys(("phone", "date", "department")),
                    state=None, limit=10, cursor=None)  # fmt: skip
    assert token not in str(found)


def test_a_token_that_was_lost_is_withdrawn_and_the_next_one_counts(hall: Hall) -> None:
    mine = hall.order(1)
    lost = with_token(mine)
    for by in (lost, visitor(1), CREW, staff("clerk", "market"), ANYBODY):
        with pytest.raises(RoleMissing):
            hall.do(holding.renew_token, by, id=UUID(mine.id), reason="丢失")
    renewed = hall.do(holding.renew_token, OPERATOR, id=UUID(mine.id), reason="链接发错了人")
    new = replace(
        lost, token=holding.filled(hall.do(holding.shown, OPERATOR, order=renewed, made=True))["token"]
    )
    with pytest.raises(NotTheHolder):
        hall.do(looking.get_order, lost, id=UUID(mine.id))
    assert hall.do(looking.get_order, new, id=UUID(mine.id)) == mine
    assert holding.filled(hall.do(holding.shown, visitor(1), order=mine))["token"] == new.token
    hall.do(orders.cancel_order, new, id=UUID(mine.id), reason=None)
    with pytest.raises(IllegalTransition):
        hall.do(holding.renew_token, OPERATOR, id=UUID(mine.id), reason="丢失")
