"""A ticket's id proves nothing: who acts for its holder has its token, or is staff of its department."""

from uuid import UUID, uuid4

import pytest

from services.chassis.caller import Caller
from services.chassis.holder import token_of
from services.chassis.inbox import Received
from services.ticketing.errors import IllegalTransition, NotTheHolder, VisitorsOnly
from services.ticketing.use_cases import holding, visitors
from tests.integration.ticketing.conftest import SmallHall

ANYBODY = Caller(hall="main")


def caller(*roles: str, department: str | None = None, token: str | None = None) -> Caller:
    """Return an account with these roles."""
    return Caller(
        hall="main", username="somebody", roles=frozenset(roles), department=department, token=token
    )


def test_the_issue_alone_answers_the_token_and_a_repeat_the_same(hall: SmallHall) -> None:
    hall.furnish()
    key = str(uuid4())
    first, again = hall.answer(key=key), hall.answer(key=key)
    assert (again.body, again.replayed) == (first.body, True)
    token = first.body["token"]
    assert len(token) == 22 and token != hall.issue()["token"]
    everything = str(hall.everything())
    assert token not in everything, "neither the stored answer nor an event has it"
    assert "token" not in hall.ticket(first.body["id"])


def test_a_repeat_after_the_cut_off_has_the_token_too(hall: SmallHall) -> None:
    hall.furnish()
    key = str(uuid4())
    first = hall.answer(key=key)
    hall.go_to("2026-03-02T20:00")
    assert hall.answer(key=key).body["token"] == first.body["token"]


def test_a_ticket_is_given_up_by_its_holder_and_by_staff_of_its_department(hall: SmallHall) -> None:
    hall.furnish()
    for allowed in (
        caller("clerk", department="d0"),
        caller("manager", department="d0"),
        caller("operator"),
        caller("admin", department="d1"),
    ):
        assert hall.act("cancel", hall.issue()["id"], allowed)["state"] == "cancelled"
    for by in (ANYBODY, caller("kiosk"), caller("visitor"), caller("analyst")):
        mine = hall.issue()
        holder = Caller(hall="main", username=by.username, roles=by.roles, token=mine["token"])
        assert hall.act("cancel", mine["id"], holder)["state"] == "cancelled"


def test_nobody_else_gives_a_ticket_up(hall: SmallHall) -> None:
    hall.furnish()
    mine, other = hall.issue(), hall.issue()
    before = hall.everything()
    for stranger in (
        ANYBODY,
        Caller(hall="main", token=other["token"]),
        Caller(hall="main", token=""),
        Caller(hall="main", token="凭证"),
        Caller(hall="main", token=mine["token"][:-1]),
        caller("clerk", department="d1"),
        caller("manager", department="d1"),
        caller("analyst"),
        caller("kiosk"),
        caller("visitor"),
    ):
        with pytest.raises(NotTheHolder):
            hall.act("cancel", mine["id"], stranger)
    assert hall.everything() == before


def test_a_visit_is_evaluated_by_its_visitor_alone(hall: SmallHall) -> None:
    hall.furnish()
    clerk, mine, other = hall.sign_in("100"), hall.issue(), hall.issue()
    hall.call_next("100")
    for command in ("start", "finish"):
        hall.act(command, mine["id"], clerk)
    before = hall.everything()
    for stranger in (
        ANYBODY,
        clerk,
        Caller(hall="main", token=other["token"]),
        caller("kiosk"),
        *(caller(role, department="d0", token=mine["token"]) for role in ("clerk", "manager", "admin")),
    ):
        with pytest.raises(VisitorsOnly):
            hall.act("evaluate", mine["id"], stranger, level=5)
    assert hall.everything() == before
    given = hall.act("evaluate", mine["id"], caller("visitor", token=mine["token"]), level=1)
    assert given["level"] == 1


def test_a_phone_is_left_by_the_holder_or_staff_and_the_newer_one_holds(hall: SmallHall) -> None:
    hall.furnish()
    mine = hall.issue(phone="13800000001", language="en")
    service = caller("service")
    holder = Caller(hall="main", token=mine["token"])
    for by, phone in ((holder, "13800000002"), (caller("clerk", department="d0"), "13800000003")):
        hall.do(visitors.leave_phone, by, id=mine["id"], phone=phone, language=None)
        found = hall.do(visitors.contact, service, ticket=UUID(mine["id"]))
        assert found == {"name": None, "phone": f"+86{phone}", "language": "zh"}
    for stranger in (ANYBODY, caller("kiosk"), caller("clerk", department="d1")):
        with pytest.raises(NotTheHolder):
            hall.do(visitors.leave_phone, stranger, id=mine["id"], phone="13800000004", language=None)
    hall.act("cancel", mine["id"], holder)
    with pytest.raises(IllegalTransition):
        hall.do(visitors.leave_phone, holder, id=mine["id"], phone="13800000005", language=None)


def test_who_leaves_a_phone_later_is_told_like_the_others(hall: SmallHall) -> None:
    hall.furnish()
    mine = hall.issue()
    holder = Caller(hall="main", token=mine["token"])
    clock = Caller(hall="main", username="clock", roles=frozenset({"admin"}))
    assert hall.do(visitors.tell_approaching, clock) == 0
    hall.do(visitors.leave_phone, holder, id=mine["id"], phone="138 0000 0002", language="en")
    assert hall.do(visitors.tell_approaching, clock) == 1
    hall.do(visitors.leave_phone, holder, id=mine["id"], phone="138 0000 0003", language="en")
    assert hall.do(visitors.tell_approaching, clock) == 0, "once"


def test_a_token_that_was_lost_is_withdrawn_and_the_next_one_counts(hall: SmallHall) -> None:
    hall.furnish()
    key = str(uuid4())
    mine = hall.answer(key=key).body
    lost, clerk = Caller(hall="main", token=mine["token"]), caller("clerk", department="d0")
    stored = hall.do(holding.renew_token, clerk, id=UUID(mine["id"]), reason="小票丢失")
    new = Caller(hall="main", token=holding.filled(stored)["token"])
    assert new.token not in (lost.token, stored["token"])
    for old in (lost.token, hall.answer(key=key).body["token"]):
        with pytest.raises(NotTheHolder):
            hall.act("cancel", mine["id"], Caller(hall="main", token=old))
    assert new.token not in str(hall.everything())
    assert hall.act("cancel", mine["id"], new)["state"] == "cancelled"
    with pytest.raises(IllegalTransition):
        hall.do(holding.renew_token, clerk, id=UUID(mine["id"]), reason="小票丢失")


def test_a_new_token_is_given_by_staff_of_the_department_alone(hall: SmallHall) -> None:
    hall.furnish()
    mine = hall.issue()
    holder = Caller(hall="main", token=mine["token"])
    for by in (holder, ANYBODY, caller("kiosk"), caller("visitor"), caller("clerk", department="d1")):
        with pytest.raises(NotTheHolder):
            hall.do(holding.renew_token, by, id=UUID(mine["id"]), reason="丢失")
    for by in (caller("clerk", department="d0"), caller("operator"), caller("manager", department="d0")):
        hall.do(holding.renew_token, by, id=UUID(mine["id"]), reason="丢失")
    assert hall.rows("SELECT type FROM outbox WHERE type = 'ticketing.token.renewed'") == []


def test_appointments_are_told_which_token_counts_and_never_the_token(hall: SmallHall) -> None:
    hall.furnish()
    appointment = str(uuid4())
    ticket = hall.check_in(appointment).body["id"]
    made = hall.do(holding.renew_token, caller("operator"), id=UUID(ticket), reason="丢失")
    [event] = hall.rows("SELECT body FROM outbox WHERE type = 'ticketing.token.renewed'")
    assert event["body"]["data"] == {"id": ticket, "appointment": appointment, "number": 2}
    assert holding.filled(made)["token"] not in str(hall.everything())


def test_a_lost_token_of_an_appointment_ends_that_of_its_ticket(hall: SmallHall) -> None:
    hall.furnish()
    appointment = str(uuid4())
    ticket = hall.check_in(appointment).body["id"]
    lost = Caller(hall="main", token=token_of("ticket", "main", ticket))
    renewed = Received(
        id=str(uuid4()), type="appointments.token.renewed", subject=appointment, time=hall.clock.at, sequence=2,
        position=1, hall="main", call_id="", data={"id": appointment, "ticket": ticket, "number": 2},
    )  # fmt: skip
    hall.do(holding.follow_appointments, [renewed])
    with pytest.raises(NotTheHolder):
        hall.act("cancel", ticket, lost)
    [event] = hall.rows("SELECT body FROM outbox WHERE type = 'ticketing.token.renewed'")
    assert event["body"]["data"] == {"id": ticket, "appointment": appointment, "number": 2}
    counts = Caller(hall="main", token=token_of("ticket", "main", ticket, 2))
    assert hall.act("cancel", ticket, counts)["state"] == "cancelled"


def test_the_trail_has_each_number_that_staff_gave_and_none_of_a_kiosk(hall: SmallHall) -> None:
    hall.furnish()
    hall.issue()
    assert hall.rows("SELECT FROM outbox WHERE type = 'trail.staff.acted'") == []
    given = hall.issue(roles="operator")
    [event] = hall.rows("SELECT body FROM outbox WHERE type = 'trail.staff.acted'")
    told = event["body"]["data"]
    assert (told["action"], told["subject"], told["by"]) == ("issue_ticket", given["id"], "kiosk1")
    assert given["token"] not in str(told)
