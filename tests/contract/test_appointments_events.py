"""Appointments emits the agreed bytes, and reads what it hears."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from services.appointments import events, schemas
from services.appointments.domain.appointment import Appointment, Person
from services.appointments.domain.sessions import Overtime
from services.chassis import wire
from services.chassis.caller import Caller
from services.chassis.outbox import Event, envelope

SAMPLES = Path(__file__).parent / "samples"
AT = datetime(2026, 3, 2, 1, 5, tzinfo=UTC)

BOOKED = Appointment(
    hall="main",
    id="9b1f6c52-7a0e-4c55-8f43-2d9d3c1a7e10",
    reference="7K3M9QXR",
    state="booked",
    item="market-001",
    department="market",
    channel="web",
    slot="2f6d9c1e-0b7a-4e9a-9a55-4c1b7a8e6d01",
    starts_at=datetime(2026, 3, 5, 6, tzinfo=UTC),
    ends_at=datetime(2026, 3, 5, 6, 30, tzinfo=UTC),
    day=date(2026, 3, 5),
    until=None,
    wanted_from=None,
    wanted_to=None,
    booked_at=AT,
    rescheduled_from=None,
    rescheduled_to=None,
    arrived_at=None,
    ticket=None,
    warning=None,
    created_at=AT,
    version=2,
    person=Person(
        phone_hash="5f4dcc3b", name_sealed="k1:x", phone_sealed="k1:y", name="张*", phone="138****5678",
        language="zh",
    ),
)  # fmt: skip
UNBOOKED = replace(BOOKED, booked_at=None)
WAITING = replace(
    UNBOOKED, slot=None, starts_at=None, ends_at=None, day=None, wanted_from=date(2026, 3, 5),
    wanted_to=date(2026, 3, 6),
)  # fmt: skip
STATES = {
    "held": replace(UNBOOKED, state="held", version=1, until=datetime(2026, 3, 2, 1, 15, tzinfo=UTC)),
    "booked": replace(BOOKED, rescheduled_from="5e0c1f77-3b5d-4a3c-9a61-6f5b0f2f4d21"),
    "lapsed": replace(UNBOOKED, state="lapsed"),
    "cancelled": replace(BOOKED, state="cancelled", version=3, warning="cancellation_limit_near"),
    "rescheduled": replace(
        BOOKED, state="rescheduled", version=3, rescheduled_to="1f0d7c62-3f0e-4a2d-8f43-2d9d3c1a7e11"
    ),
    "checked_in": replace(BOOKED, state="checked_in", version=3, ticket={"number": "A001"}),
    "fulfilled": replace(BOOKED, state="fulfilled", version=4, ticket={"number": "A001"}),
    "no_show": replace(BOOKED, state="no_show", version=3, warning="no_show_limit_near"),
    "displaced": replace(BOOKED, state="displaced", version=3),
    "waitlisted": replace(WAITING, state="waitlisted", version=1),
    "offered": replace(UNBOOKED, state="offered", until=datetime(2026, 3, 2, 1, 35, tzinfo=UTC)),
}


SESSION = {
    "id": "c3f8a1d4-52b7-4f0b-8d64-7a1e90b6f332",
    "department": "market",
    "windows": ["101", "103"],
    "staff": ["clerk001", "clerk003"],
    "starts_at": datetime(2026, 3, 2, 9, 45, tzinfo=UTC),
    "ends_at": datetime(2026, 3, 2, 12, tzinfo=UTC),
    "state": "planned",
    "opened_at": None,
    "closed_at": None,
    "version": 1,
    "overtime_minutes": 0,
    "overtime": [],
}
OPENED = {**SESSION, "state": "open", "opened_at": SESSION["starts_at"], "version": 2}
SESSIONS = {
    "planned": SESSION,
    "opened": OPENED,
    "closed": {
        **OPENED,
        "state": "closed",
        "closed_at": datetime(2026, 3, 2, 12, 10, tzinfo=UTC),
        "version": 3,
        "overtime_minutes": 265,
        "overtime": [{"staff": "clerk001", "minutes": 145}, {"staff": "clerk003", "minutes": 120}],
    },
    "cancelled": {**SESSION, "state": "cancelled", "version": 2},
}
OVERTIME = Overtime(
    id="d4a7b2c9-1e35-4b86-a0f7-3c5d8e9f1a42",
    session="c3f8a1d4-52b7-4f0b-8d64-7a1e90b6f332",
    staff="clerk001",
    department="market",
    business_date=date(2026, 3, 2),
    starts_at=datetime(2026, 3, 2, 9, 45, tzinfo=UTC),
    ends_at=datetime(2026, 3, 2, 12, 10, tzinfo=UTC),
    minutes=145,
)


def on_the_bus(event: Event) -> dict[str, Any]:
    """Return an event as it goes over the bus."""
    caller = Caller(hall="main", call_id="7f0c1f9e-4a58-4a39-9d7e-0c3b5f0a6a11")
    whole: dict[str, Any] = json.loads(wire.dumps({**envelope(event, caller=caller, at=AT), "position": 1}))
    return whole


def sample(type_: str) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads((SAMPLES / f"{type_}.json").read_text("utf-8"))
    return whole


def check(event: Event, agreed: dict[str, Any]) -> None:
    """Compare an event with its sample, but for the id."""
    emitted = on_the_bus(event)
    assert emitted.pop("id") != agreed.pop("id")
    assert emitted == agreed


@pytest.mark.parametrize("verb", sorted(STATES))
def test_appointments_emits_what_was_agreed(verb: str) -> None:
    agreed = sample(f"appointments.appointment.{verb}")
    appointment = STATES[verb]
    data = {
        **schemas.AppointmentEvent().dump(appointment),
        "alternatives": agreed["data"]["alternatives"],
        # Who is displaced is told why.
        **{name: agreed["data"][name] for name in ("cause", "moved_to")},
    }
    check(events.appointment_event(verb, data, version=appointment.version), agreed)


@pytest.mark.parametrize("verb", sorted(SESSIONS))
def test_a_session_emits_what_was_agreed(verb: str) -> None:
    session = SESSIONS[verb]
    event = events.session_event(verb, schemas.SessionState().dump(session), version=session["version"])
    check(event, sample(f"appointments.session.{verb}"))


def test_overtime_emits_what_was_agreed() -> None:
    data = schemas.OvertimeEvent().dump(OVERTIME)
    check(events.overtime_event(data, sequence=1), sample("appointments.overtime.recorded"))


def test_a_withdrawn_token_emits_what_was_agreed() -> None:
    agreed = sample("appointments.token.renewed")
    check(events.token_event(agreed["data"]), agreed)
