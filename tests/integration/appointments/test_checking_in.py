"""Checking in: the ticket is asked for once and for all, whatever is lost on the way."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.appointments.domain.appointment import Appointment
from services.appointments.errors import (
    IllegalTransition,
    MoreNeeded,
    NotAtYourWindow,
    RoleMissing,
    TooEarly,
    WrongDay,
)
from services.appointments.use_cases import booking, desk, holding
from services.chassis.caller import Caller
from services.chassis.holder import token_of
from tests.integration.appointments.in_process import ITEM, OPERATOR, Hall, phone

KIOSK = Caller(hall="main", username="kiosk", roles=frozenset({"kiosk"}))


@pytest.fixture
def booked(hall: Hall) -> Appointment:
    """An appointment at nine o'clock; it is five past eight."""
    return hall.book(1, hall.slots()[0], channel="phone")


def arrive(hall: Hall, appointment: Appointment) -> Any:
    return hall.do(desk.arrive, OPERATOR, id=UUID(appointment.id))


def ticket_of(appointment: Appointment) -> dict[str, str]:
    """Return what ticketing says of a ticket."""
    return {
        "id": "t1",
        "number": "A001",
        "hall": "main",
        "queue": "q",
        "department": "market",
        "item": ITEM,
        "class": "appointment",
        "channel": "phone",
        "state": "waiting",
        "issued_at": "2026-03-02T08:40:00+08:00",
        "appointment": appointment.id,
    }


def test_a_ticket_is_asked_for_with_the_start_of_the_slot(hall: Hall, booked: Appointment) -> None:
    with pytest.raises(TooEarly):
        arrive(hall, booked)
    hall.now += timedelta(minutes=40)
    assert arrive(hall, booked) == {
        "item": ITEM,
        "appointment": booked.id,
        "channel": "phone",
        "class": "appointment",
        "reference_at": "2026-03-02T01:00:00+00:00",
    }


def test_asking_again_after_no_answer_is_the_same_request(hall: Hall, booked: Appointment) -> None:
    hall.now += timedelta(minutes=65)
    first = arrive(hall, booked)
    assert (first["class"], first["reference_at"]) == ("appointment", "2026-03-02T01:10:00+00:00")
    hall.now += timedelta(minutes=20)
    assert arrive(hall, booked) == first
    hall.now += timedelta(days=1)
    with pytest.raises(WrongDay):
        arrive(hall, booked)


def test_checking_in_again_gives_the_same_ticket(hall: Hall, booked: Appointment) -> None:
    hall.now += timedelta(minutes=40)
    ticket = {"id": "t1", "number": "A001"}
    assert hall.check_in(booked, ticket).ticket == ticket
    assert arrive(hall, booked) is None
    assert hall.do(desk.check_in, OPERATOR, id=UUID(booked.id), ticket=None).ticket == ticket
    hall.hear("ticketing.ticket.finished", ticket_of(booked))
    assert hall.do(desk.get_appointment, OPERATOR, id=UUID(booked.id)).state == "fulfilled"
    assert arrive(hall, booked) is None


def test_a_ticket_whose_answer_was_lost_is_heard_of(hall: Hall, booked: Appointment) -> None:
    hall.now += timedelta(minutes=40)
    arrive(hall, booked)
    hall.hear("ticketing.ticket.issued", ticket_of(booked))
    found = hall.do(desk.get_appointment, OPERATOR, id=UUID(booked.id))
    assert found.state == "checked_in"
    assert found.ticket == {name: each for name, each in ticket_of(booked).items() if name != "appointment"}
    # The answer comes after all.
    assert hall.do(desk.check_in, OPERATOR, id=UUID(booked.id), ticket={"id": "t1"}).version == found.version


def test_who_repeats_the_check_in_whose_answer_was_lost_has_the_tickets_token(
    hall: Hall, booked: Appointment
) -> None:
    hall.now += timedelta(minutes=40)
    first, other = (replace(KIOSK, command_id=f"kiosk:{key}") for key in ("first", "other"))
    hall.do(desk.arrive, first, id=UUID(booked.id))
    hall.hear("ticketing.ticket.issued", ticket_of(booked))
    for caller, told in ((first, True), (other, False), (KIOSK, False)):
        assert hall.do(desk.arrive, caller, id=UUID(booked.id)) is None
        come = hall.do(desk.check_in, caller, id=UUID(booked.id), ticket=None)
        has_come = hall.do(desk.has_come, caller, one=come, ticket=None)
        answer = holding.filled(hall.do(holding.shown, caller, one=come, has_come=has_come))
        assert answer["ticket"].get("token") == (token_of("ticket", "main", "t1") if told else None)
    mine = Caller(hall="main", token=token_of("appointment", "main", booked.id))
    again = holding.filled(hall.do(holding.shown, mine, one=come))
    assert again["ticket"]["token"] == token_of("ticket", "main", "t1"), "and who holds the appointment"


def test_who_has_been_served_is_so_even_if_that_is_heard_first(hall: Hall, booked: Appointment) -> None:
    hall.now += timedelta(minutes=40)
    for verb in ("finished", "issued"):
        hall.hear(f"ticketing.ticket.{verb}", ticket_of(booked))
    assert hall.do(desk.get_appointment, OPERATOR, id=UUID(booked.id)).state == "fulfilled"


def test_a_cancelled_appointment_gets_no_ticket(hall: Hall, booked: Appointment) -> None:
    hall.do(booking.cancel, OPERATOR, id=UUID(booked.id))
    hall.now += timedelta(minutes=40)
    with pytest.raises(IllegalTransition):
        arrive(hall, booked)


@pytest.mark.parametrize("digits", ["00001", "00000001", "13800000001"])
def test_the_kiosk_finds_by_the_last_digits_of_the_phone(
    hall: Hall, booked: Appointment, digits: str
) -> None:
    assert hall.do(desk.lookup_today, KIOSK, phone_digits=digits)["items"] == [booked]
    assert hall.do(desk.lookup_today, KIOSK, phone_digits="90000001")["items"] == []


def test_four_digits_find_nobody_at_a_kiosk_without_the_first_character_of_the_name(
    hall: Hall, booked: Appointment
) -> None:
    with pytest.raises(MoreNeeded):
        hall.do(desk.lookup_today, KIOSK, phone_digits="0001")
    assert hall.do(desk.lookup_today, KIOSK, phone_digits="0001", initial="张")["items"] == [booked]
    assert hall.do(desk.lookup_today, KIOSK, phone_digits="0001", initial="李")["items"] == []
    assert hall.do(desk.lookup_today, OPERATOR, phone_digits="0001")["items"] == [booked]


def test_a_clerk_finds_those_of_their_own_department(hall: Hall, booked: Appointment) -> None:
    for department, items in (("market", [booked]), ("tax", [])):
        clerk = replace(KIOSK, roles=frozenset({"clerk"}), department=department)
        assert hall.do(desk.lookup_today, clerk, phone_digits="0001")["items"] == items


def test_the_kiosk_finds_by_reference_or_id_but_only_of_today(hall: Hall, booked: Appointment) -> None:
    tomorrow = hall.book(2, hall.slots()[2], channel="phone")
    shown = replace(KIOSK, token=token_of("appointment", "main", booked.id))
    assert hall.do(desk.lookup_today, KIOSK, reference=booked.reference.lower())["items"] == [booked]
    assert hall.do(desk.lookup_today, shown, id=UUID(booked.id))["items"] == [booked]
    assert hall.do(desk.lookup_today, KIOSK, id=UUID(booked.id))["items"] == [], "of a code, not of a list"
    later = replace(KIOSK, token=token_of("appointment", "main", tomorrow.id))
    assert hall.do(desk.lookup_today, later, id=UUID(tomorrow.id))["items"] == []
    assert hall.do(desk.lookup_today, KIOSK, reference="ZZZZZZZZ")["items"] == []
    assert phone(1) not in str(booked)


CLERK = Caller(hall="main", username="clerk001", roles=frozenset({"clerk"}), department="market")


def _person(hall: Hall, booked: Appointment, caller: Caller = CLERK, **ticket: Any) -> dict[str, str]:
    told = ticket_of(booked) | {"state": "serving", "clerk": "clerk001"} | ticket
    found: dict[str, str] = hall.do(
        desk.reveal_person, caller, id=UUID(booked.id), purpose="窗口办理", ticket=told if ticket else None
    )
    return found


@pytest.mark.parametrize("state", ["called", "serving", "on_hold"])
def test_a_clerk_sees_whom_the_ticket_at_the_window_is_for_with_a_trail(
    hall: Hall, booked: Appointment, state: str
) -> None:
    person = _person(hall, booked, state=state)

    assert (person["name"], person["phone"]) == ("张三", "138****0001")
    with hall.database.connect() as connection:
        [kept] = connection.execute("SELECT by, roles, purpose FROM personal_accesses").fetchall()
    assert kept == {"by": "clerk001", "roles": ["clerk"], "purpose": "窗口办理"}


@pytest.mark.parametrize(
    "ticket", [{}, {"clerk": "clerk002"}, {"clerk": None}, {"state": "waiting"}, {"state": "served"}]
)
def test_a_clerk_sees_nobody_else_and_nobody_after(
    hall: Hall, booked: Appointment, ticket: dict[str, Any]
) -> None:
    with pytest.raises(NotAtYourWindow):
        _person(hall, booked, **ticket)
    with pytest.raises(RoleMissing):
        _person(hall, booked, replace(CLERK, roles=frozenset({"kiosk"})), state="serving")
    with hall.database.connect() as connection:
        assert connection.execute("SELECT * FROM personal_accesses").fetchall() == []
