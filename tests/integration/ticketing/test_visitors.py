"""Telling visitors that their turn is near, and their phones: sealed, seen by a service alone, erased."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from services.chassis import personal
from services.chassis.caller import Caller
from services.ticketing.errors import NobodyToTell, ServicesOnly
from services.ticketing.service import Ticketing
from services.ticketing.use_cases import visitors
from tests.integration.ticketing.conftest import SmallHall
from tests.waiting import DEADLINE_S

CLOCK = Caller(hall="main", username="clock", roles=frozenset({"admin"}))
NOTIFICATIONS = Caller(hall="main", username="notifications", roles=frozenset({"service"}))
PHONE = "13812345678"
ONE = "a0000000-0000-4000-8000-000000000001"


def _told(hall: SmallHall) -> list[dict[str, Any]]:
    rows = hall.rows("SELECT body FROM outbox WHERE type = 'ticketing.ticket.approaching' ORDER BY id")
    return [row["body"]["data"] for row in rows]


def _tell(hall: SmallHall) -> int:
    told: int = hall.do(visitors.tell_approaching, CLOCK)
    return told


def _contact(hall: SmallHall, ticket: str, caller: Caller = NOTIFICATIONS) -> dict[str, Any]:
    with hall.database.autocommit() as store:
        return visitors.contact(store, caller, ticket=UUID(ticket))


def test_who_left_a_phone_is_told_once_when_three_are_ahead(hall: SmallHall) -> None:
    hall.furnish()
    others = [hall.issue() for _ in range(4)]
    mine = hall.issue(phone=PHONE, language="en")
    assert _tell(hall) == 0
    hall.act("cancel", others[0]["id"], hall.visitor(others[0]["id"]))
    assert (_tell(hall), _tell(hall)) == (1, 0)
    (event,) = _told(hall)
    assert (event["id"], event["number"], event["ahead"], event["language"], event["appointment"]) == (
        mine["id"],
        "A005",
        3,
        "en",
        None,
    )
    hall.act("cancel", others[1]["id"], hall.visitor(others[1]["id"]))
    assert _tell(hall) == 0


def test_who_has_an_appointment_is_told_and_reached_through_it(hall: SmallHall) -> None:
    hall.furnish()
    ticket = hall.check_in(ONE).body
    assert _tell(hall) == 1
    (event,) = _told(hall)
    assert (event["appointment"], event["language"], event["ahead"]) == (ONE, None, 0)
    with pytest.raises(NobodyToTell):
        _contact(hall, ticket["id"])


def test_who_left_nothing_or_does_not_wait_is_not_told(hall: SmallHall) -> None:
    hall.furnish()
    hall.issue()
    hall.issue("i1", phone=PHONE)
    hall.sign_in("100", queues=["q1"])
    hall.call_next("100")
    assert _tell(hall) == 0


def test_three_of_another_queue_are_not_ahead(hall: SmallHall) -> None:
    hall.furnish()
    for _ in range(5):
        hall.issue("i1")
    hall.issue(phone=PHONE)
    assert _tell(hall) == 1


def test_one_who_waits_past_midnight_in_a_session_is_told_and_yesterdays_others_are_not(
    hall: SmallHall,
) -> None:
    hall.furnish()
    hall.issue("i2", phone=PHONE)
    hall.hear_session(
        "opened", sequence=2, starts_at="2026-03-02T22:00:00+08:00", ends_at="2026-03-03T02:00:00+08:00"
    )
    hall.go_to("2026-03-02T23:30")
    mine = hall.issue(phone=PHONE)
    hall.go_to("2026-03-03T00:01")
    assert _tell(hall) == 1
    assert [each["id"] for each in _told(hall)] == [mine["id"]]


def test_two_copies_tell_each_visitor_once(hall: SmallHall) -> None:
    hall.furnish()
    for item in ("i0", "i1", "i2"):
        for _ in range(4):
            hall.issue(item, phone=PHONE)
    begin = Barrier(4, timeout=DEADLINE_S)

    def copy(_: int) -> int:
        begin.wait()
        return sum(_tell(hall) for _ in range(3))

    with ThreadPoolExecutor(4) as pool:
        shares = list(pool.map(copy, range(4)))
    assert sum(shares) == 12
    assert len({each["id"] for each in _told(hall)}) == len(_told(hall)) == 12


def test_telling_never_makes_a_call_skip_a_ticket(hall: SmallHall) -> None:
    hall.furnish()
    first = hall.issue(phone=PHONE)
    hall.issue()
    hall.sign_in("100")
    with hall.database.transaction() as store:
        visitors.tell_approaching(store, CLOCK)
        called = hall.call_next("100")
    assert called is not None and called["id"] == first["id"]


def test_a_phone_is_sealed_and_in_the_clear_nowhere(hall: SmallHall) -> None:
    hall.furnish()
    ticket = hall.issue(phone="138-1234-5678")
    _tell(hall)
    everything = str(hall.everything())
    assert not [
        form for form in (PHONE, "138-1234-5678", "1234") if form in everything.replace(ticket["id"], "")
    ]
    (row,) = hall.rows("SELECT phone_sealed, language FROM contacts")
    assert row["language"] == "zh"
    assert personal.vault().open(row["phone_sealed"], purpose="ticket") == "+8613812345678"


def test_who_leaves_one_phone_with_many_numbers_of_a_queue_is_known_to_them_and_to_the_clerk(
    hall: SmallHall,
) -> None:
    hall.furnish()
    first = hall.issue(phone=PHONE)
    assert first["same_phone"] == 0
    assert hall.issue("i1", phone=PHONE)["same_phone"] == 0, "of another queue"
    assert hall.issue(phone="13912345678")["same_phone"] == 0
    assert hall.issue(phone="+86 138 1234 5678")["same_phone"] == 1
    later = hall.issue()
    for _ in range(2):
        with hall.database.transaction() as store:
            holder = hall.visitor(later["id"])
            left = visitors.leave_phone(store, holder, id=later["id"], phone=PHONE, language=None)
        assert left["same_phone"] == 2, "it is not counted itself"
    hall.act("cancel", first["id"], hall.visitor(first["id"]))
    assert hall.issue(phone=PHONE)["same_phone"] == 2, "what is done with counts no more"
    hall.sign_in("100")
    called = [hall.call_next("100")]
    while called[-1] is not None and called[-1]["number"] != later["number"]:
        hall.act("start", called[-1]["id"], hall.clerk("100"))
        hall.act("finish", called[-1]["id"], hall.clerk("100"))
        called.append(hall.call_next("100"))
    assert called[-1] is not None
    assert called[-1]["same_phone"] == 2
    hashes = hall.rows("SELECT phone_hash FROM contacts WHERE phone_hash IS NOT NULL")
    assert not any("1381234" in row["phone_hash"] for row in hashes)


def test_what_is_no_phone_number_is_refused_and_takes_no_number(hall: SmallHall) -> None:
    hall.furnish()
    with pytest.raises(personal.PhoneInvalid) as refusal:
        hall.issue(phone="1234567")
    assert list(refusal.value.errors) == ["phone"]
    assert hall.issue()["number"] == "A001"


def test_a_service_gets_the_phone_and_leaves_a_trace(hall: SmallHall) -> None:
    hall.furnish()
    ticket = hall.issue(phone=PHONE, language="en")["id"]
    assert _contact(hall, ticket) == {"name": None, "phone": "+8613812345678", "language": "en"}
    (trace,) = hall.rows("SELECT ticket::text, by, roles, purpose, at FROM personal_accesses")
    assert trace == {
        "ticket": ticket,
        "by": "notifications",
        "roles": ["service"],
        "purpose": "notification",
        "at": hall.clock.at,
    }
    for statement in ("DELETE FROM personal_accesses", "UPDATE personal_accesses SET by = 'nobody'"):
        with pytest.raises(psycopg.errors.RaiseException):
            hall.change(statement)


@pytest.mark.parametrize("role", ["kiosk", "clerk", "operator", "manager"])
def test_nobody_else_gets_it(hall: SmallHall, role: str) -> None:
    hall.furnish()
    ticket = hall.issue(phone=PHONE)["id"]
    with pytest.raises(ServicesOnly):
        _contact(hall, ticket, Caller(hall="main", roles=frozenset({role})))
    assert hall.rows("SELECT * FROM personal_accesses") == []


def test_a_ticket_without_a_phone_or_that_is_not_there_has_nobody_to_tell(hall: SmallHall) -> None:
    hall.furnish()
    for ticket in (hall.issue()["id"], str(uuid4())):
        with pytest.raises(NobodyToTell):
            _contact(hall, ticket)
    assert hall.rows("SELECT * FROM personal_accesses") == []


def test_ninety_days_after_the_visit_the_phone_is_erased(hall: SmallHall) -> None:
    hall.furnish()
    ticket = hall.issue(phone=PHONE)["id"]
    hall.clock.at = datetime.fromisoformat("2026-05-31T23:59:00+08:00")
    assert hall.do(visitors.erase_contacts, CLOCK) == 0
    hall.clock.move(minutes=2)
    assert hall.do(visitors.erase_contacts, replace(CLOCK, hall="annexe")) == 0
    assert hall.do(visitors.erase_contacts, CLOCK) == 1
    with pytest.raises(NobodyToTell):
        _contact(hall, ticket)
    assert hall.ticket(ticket)["number"] == "A001", "the ticket itself stays"


def test_after_a_rotation_phones_are_sealed_anew_and_health_counts_what_is_left(
    hall: SmallHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall.furnish()
    ticket = hall.issue(phone=PHONE)["id"]
    hall.check_in(ONE)
    old = personal.vault()
    rotated = personal.Vault("k2", {"k2": bytes(range(1, 33)), **old.keys})
    monkeypatch.setattr(personal, "vault", lambda: rotated)
    monkeypatch.setattr("services.ticketing.service.vault", lambda: rotated)

    def health() -> dict[str, Any]:
        with hall.database.autocommit() as store:
            details: dict[str, Any] = Ticketing().health_details(store)
        found: dict[str, Any] = details["personal"]
        return found

    assert health() == {"active": "k2", "rows": {"k1": 1}}
    assert (hall.do(visitors.seal_again, CLOCK), hall.do(visitors.seal_again, CLOCK)) == (1, 0)
    assert health() == {"active": "k2", "rows": {"k2": 1}}
    assert _contact(hall, ticket)["phone"] == "+8613812345678"
