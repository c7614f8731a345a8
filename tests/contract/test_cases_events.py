"""Cases emits the agreed bytes, and reads the catalogue's."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from services.cases import domain, events, schemas
from services.cases.domain import Calendar, Case
from services.cases.service import Cases
from services.chassis import wire
from services.chassis.caller import Caller
from services.chassis.inbox import read_event
from services.chassis.outbox import Event, envelope

SAMPLES = Path(__file__).parent / "samples"
AT = datetime(2026, 3, 2, 1, 5, tzinfo=UTC)
MONDAY = date(2026, 3, 2)
HEARINGS = {hearing.type: hearing for hearing in Cases.inbox.hearings}

RECEIVED = Case(
    hall="main",
    number="2026-0000123",
    item="market-001",
    department="market",
    state="received",
    origin="walk_in",
    ticket="4d0bb2bb-3f53-4b67-9f5c-8dfb1d1f8d55",
    window="103",
    clerk="clerk003",
    applicant_ref="A-2026-000987",
    joint_case=None,
    business_date=MONDAY,
    accepted_at=None,
    due_on=None,
    decided_at=None,
    decided_on=None,
    version=1,
)
ACCEPTED = domain.accept(RECEIVED, at=AT, on=MONDAY, time_limit_days=5, calendar=Calendar())
CORRECTION = domain.enter(ACCEPTED, "correction")
RESUMED = domain.resume(
    CORRECTION, to="accepted", stopped_on=MONDAY, on=date(2026, 3, 4), calendar=Calendar()
)
DECIDED = domain.decide(ACCEPTED, at=datetime(2026, 3, 2, 2, tzinfo=UTC), on=MONDAY)

STATES = {
    "accepted": ACCEPTED,
    "correction_requested": CORRECTION,
    "resumed": RESUMED,
    "decided": DECIDED,
    "delivered": domain.enter(DECIDED, "delivered"),
    "rejected": domain.enter(CORRECTION, "rejected"),
}


def emitted(event: Event) -> dict[str, Any]:
    """Return an event as it goes over the bus."""
    caller = Caller(hall="main", call_id="7f0c1f9e-4a58-4a39-9d7e-0c3b5f0a6a11")
    whole: dict[str, Any] = json.loads(wire.dumps({**envelope(event, caller=caller, at=AT), "position": 1}))
    return whole


@pytest.mark.parametrize("verb", sorted(STATES))
def test_cases_emits_what_was_agreed(verb: str) -> None:
    case = STATES[verb]
    sample = json.loads((SAMPLES / f"cases.case.{verb}.json").read_text("utf-8"))
    event = emitted(events.case_event(verb, schemas.CaseState().dump(case), version=case.version))
    assert event.pop("id") != sample.pop("id")
    assert event == sample


def test_each_event_of_cases_has_a_sample() -> None:
    assert {path.stem for path in SAMPLES.glob("cases.*.json")} == {f"cases.case.{verb}" for verb in STATES}


def test_no_event_of_cases_names_the_applicant() -> None:
    for path in SAMPLES.glob("cases.*.json"):
        assert not {"applicant_ref", "reason"} & set(json.loads(path.read_text("utf-8"))["data"])


@pytest.mark.parametrize("type_", sorted(HEARINGS))
def test_cases_reads_what_it_hears(type_: str) -> None:
    sample = json.loads((SAMPLES / f"{type_}.json").read_text("utf-8"))
    assert read_event(sample, HEARINGS).type == type_
