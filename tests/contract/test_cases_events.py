"""Cases emits the agreed bytes, and reads the catalogue's."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from services.cases import events, schemas
from services.cases.domain import case as domain
from services.cases.domain import joint as joint_rules
from services.cases.domain.calendar import Calendar
from services.cases.domain.case import Case
from services.cases.domain.joint import Commitment, JointCase, Step
from services.cases.domain.limit import Stop
from services.cases.service import Cases
from services.chassis import wire
from services.chassis.caller import Caller
from services.chassis.inbox import read_event
from services.chassis.outbox import Event, envelope

SAMPLES = Path(__file__).parent / "samples"
AT = datetime(2026, 3, 2, 1, 5, tzinfo=UTC)
MONDAY = date(2026, 3, 2)
HEARINGS = {hearing.type: hearing for hearing in Cases.inbox.hearings}


def _all_closed(joint: JointCase) -> JointCase:
    word = Commitment(text="月底前补办", fulfil_by=date(2026, 3, 31), made_at=AT, made_by="clerk010")
    joint = joint_rules.decided(joint, joint.steps[0])
    return joint_rules.commit(joint, "tax", word, department="tax", is_admin=False)


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
CORRECTION = domain.stop(ACCEPTED, stops=[], on=MONDAY, calendar=Calendar())
RESUMED = domain.resume(
    CORRECTION,
    to="accepted",
    stops=[Stop(since=MONDAY, until=None)],
    on=date(2026, 3, 4),
    calendar=Calendar(),
)
RETIMED = domain.retimed(ACCEPTED, stops=[], calendar=Calendar({date(2026, 3, 5): False}))
assert RETIMED is not None
DECIDED = domain.decide(ACCEPTED, at=datetime(2026, 3, 2, 2, tzinfo=UTC), on=MONDAY)

STATES = {
    "accepted": ACCEPTED,
    "correction_requested": CORRECTION,
    "resumed": RESUMED,
    "retimed": RETIMED,
    "decided": DECIDED,
    "delivered": domain.enter(DECIDED, "delivered"),
    "rejected": domain.enter(CORRECTION, "rejected"),
}

PLAN = joint_rules.PlannedStep(step="name", item="market-001", department="market", after=())
OPENED = JointCase(
    hall="main",
    number="J2026-00012",
    procedure="shop",
    project="老街书店",
    applicant_ref="P-7",
    lead="market",
    preconditioned=True,
    state="open",
    opened_at=AT,
    opened_by="clerk003",
    steps=(
        Step(**vars(PLAN), state="ready"),
        Step(step="tax", item="tax-001", department="tax", after=("name",)),
    ),
    materials=(),
)
ADVANCED = joint_rules.begin(OPENED, OPENED.steps[0], case="2026-0000123")
LATER = datetime(2026, 3, 9, 2, tzinfo=UTC)
JOINT_STATES = {
    "opened": OPENED,
    "advanced": ADVANCED,
    "closed": joint_rules.end(_all_closed(ADVANCED), "closed", at=LATER, by="clerk003"),
    "withdrawn": joint_rules.end(ADVANCED, "withdrawn", at=LATER, by="manager", reason="业主放弃"),
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


@pytest.mark.parametrize("verb", sorted(JOINT_STATES))
def test_cases_tells_of_joint_cases_what_was_agreed(verb: str) -> None:
    joint = JOINT_STATES[verb]
    sample = json.loads((SAMPLES / f"cases.joint_case.{verb}.json").read_text("utf-8"))
    event = emitted(events.joint_event(verb, schemas.JointState().dump(joint), version=joint.version))
    assert event.pop("id") != sample.pop("id")
    assert event == sample


def test_each_event_of_cases_has_a_sample() -> None:
    told = {f"cases.case.{verb}" for verb in STATES} | {f"cases.joint_case.{verb}" for verb in JOINT_STATES}
    assert {path.stem for path in SAMPLES.glob("cases.*.json")} == told


def test_no_event_of_cases_names_the_applicant() -> None:
    for path in SAMPLES.glob("cases.*.json"):
        assert not {"applicant_ref", "reason", "project"} & set(json.loads(path.read_text("utf-8"))["data"])


@pytest.mark.parametrize("type_", sorted(HEARINGS))
def test_cases_reads_what_it_hears(type_: str) -> None:
    sample = json.loads((SAMPLES / f"{type_}.json").read_text("utf-8"))
    assert read_event(sample, HEARINGS).type == type_
