"""Dispatch emits the agreed bytes, of which none names a person or a place."""

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.chassis import wire
from services.chassis.caller import Caller
from services.chassis.outbox import Event, envelope
from services.dispatch import events, schemas
from services.dispatch.domain import order as rules
from services.dispatch.domain import reach
from services.dispatch.domain.crew import Crew
from services.dispatch.domain.order import Order, Person

SAMPLES = Path(__file__).parent / "samples"
AT = datetime(2026, 3, 2, 1, 5, tzinfo=UTC)
# Everything that could name a person or where they live, in clear, masked or hashed.
PERSONAL = {"name", "phone", "phone_hash", "address", "location", "lat", "lon", "reason", "person"}

REQUESTED = Order(
    hall="main",
    id="7c3e0f6a-2b7d-4f0e-9d58-5f3a1c9b2e41",
    reference="7K3M9QXR",
    state="requested",
    item="market-001",
    department="market",
    channel="web",
    window_from=datetime(2026, 3, 2, 6, tzinfo=UTC),
    window_to=datetime(2026, 3, 2, 9, tzinfo=UTC),
    day=date(2026, 3, 2),
    priority="normal",
    service_seconds=900,
    created_at=AT,
    person=Person(
        phone_hash="5f4dcc3b", name_sealed="k1:x", phone_sealed="k1:y", address_sealed="k1:z", name="张*",
        phone="138****5678", address="福田区福中三****", lat=22.54, lon=114.06, language="zh",
    ),
)  # fmt: skip
PLAN = "1d7a0b36-9c45-4e02-8a6f-0b2c4d6e8f13"
COMES = datetime(2026, 3, 2, 6, 20, tzinfo=UTC)
PLACE = {"crew": "market-1", "plan": PLAN, "arrives_at": COMES, "leaves_at": COMES + timedelta(minutes=15)}
SCREENED = rules.screen(REQUESTED, service_seconds=None, reason=None)
SCHEDULED = rules.schedule(SCREENED)
ASSIGNED = rules.assign(SCHEDULED, **PLACE)
DEPARTED = rules.depart(ASSIGNED, at=datetime(2026, 3, 2, 6, 2, tzinfo=UTC))
ARRIVED = rules.arrive(DEPARTED, at=datetime(2026, 3, 2, 6, 18, tzinfo=UTC))
ENDED_AT = datetime(2026, 3, 2, 6, 40, tzinfo=UTC)
STATES = {
    "requested": REQUESTED,
    "screened": SCREENED,
    "declined": rules.decline(REQUESTED, reason="须本人到场", at=AT),
    "scheduled": SCHEDULED,
    "assigned": ASSIGNED,
    "reassigned": rules.assign(ASSIGNED, **PLACE | {"crew": "market-2"}),
    "unassigned": rules.unassign(ASSIGNED),
    "displaced": rules.displace(ASSIGNED),
    "rescheduled": rules.reschedule(
        ASSIGNED,
        start=datetime(2026, 3, 3, 6, tzinfo=UTC),
        end=datetime(2026, 3, 3, 9, tzinfo=UTC),
        day=date(2026, 3, 3),
    ),
    "cancelled": rules.cancel(ASSIGNED, reason=None, at=AT),
    "departed": DEPARTED,
    "arrived": ARRIVED,
    "done": rules.complete(ARRIVED, cases=["market-001"], at=ENDED_AT),
    "failed": rules.fail(ARRIVED, reason="无人在家", at=ENDED_AT),
}
OPENS, CLOSES = (datetime.fromisoformat(f"2026-03-03T{at}:00+08:00") for at in ("09:00", "17:45"))
CREW = Crew(
    hall="main",
    code="market-1",
    name="市市场监管局上门服务一组",
    name_en="Market Supervision Bureau, crew 1",
    department="market",
    members=["clerk001", "clerk002"],
    least_members=1,
    departments=["market"],
    items=[],
    shifts={1: (time(9), time(17, 45))},
    lat=22.54,
    lon=114.06,
    capacity=10,
    days_off=[],
)
FACTS = {
    "dispatch.crew.published": events.crew_published(schemas.CrewEvent().dump(CREW), version=1),
    "dispatch.plan.published": events.plan_published(
        {
            "id": PLAN, "date": "2026-03-02", "crews": ["market-1"], "orders": 1, "unserved": 0, "moved": 0,
            "distance_m": 5200,
        }
    ),
    "dispatch.overtime.recorded": events.overtime_recorded(
        {
            "id": "0c6f2d1e-8b3a-5d47-9e10-4f2b6a8c0d35", "session": None, "order": REQUESTED.id,
            "staff": "clerk001", "department": "market", "business_date": "2026-03-02",
            "starts_at": "2026-03-02T09:45:00+00:00", "ends_at": "2026-03-02T10:20:00+00:00", "minutes": 35,
        }
    ),
}  # fmt: skip


def order_event(verb: str) -> Event:
    ended_by = "clerk001" if verb in ("done", "failed") else None
    data = {**schemas.OrderEvent().dump(STATES[verb]), "ended_by": ended_by}
    if verb == "displaced":
        data |= {"alternatives": reach.told([(date(2026, 3, 3), OPENS, CLOSES)]), "cause": "day_off"}
    return events.order_event(verb, data, version=STATES[verb].version)


EVENTS = {f"dispatch.order.{verb}": order_event(verb) for verb in STATES} | FACTS


def emitted(event: Event) -> dict[str, Any]:
    """Return an event as it goes over the bus."""
    caller = Caller(hall="main", call_id="7f0c1f9e-4a58-4a39-9d7e-0c3b5f0a6a11")
    whole: dict[str, Any] = json.loads(wire.dumps({**envelope(event, caller=caller, at=AT), "position": 1}))
    return whole


def agreed(type_: str) -> dict[str, Any]:
    sample: dict[str, Any] = json.loads((SAMPLES / f"{type_}.json").read_text("utf-8"))
    return sample


def test_there_is_a_sample_of_each_event_and_no_other() -> None:
    assert {path.stem for path in SAMPLES.glob("dispatch.*.json")} == EVENTS.keys()


@pytest.mark.parametrize("type_", sorted(EVENTS))
def test_dispatch_emits_what_was_agreed(type_: str) -> None:
    sample, event = agreed(type_), emitted(EVENTS[type_])
    assert event.pop("id") != sample.pop("id")
    assert event == sample


@pytest.mark.parametrize("verb", sorted(STATES))
def test_no_event_of_an_order_names_a_person_or_a_place(verb: str) -> None:
    sample = agreed(f"dispatch.order.{verb}")
    assert not PERSONAL & sample["data"].keys()
    text = json.dumps(sample, ensure_ascii=False)
    assert not [word for word in ("张", "138", "福田", "22.54", "无人", "须本人") if word in text]


def test_all_events_of_an_order_have_the_same_members_but_for_why_one_is_displaced_and_what_is_offered() -> (
    None
):
    members = {
        frozenset(agreed(f"dispatch.order.{verb}")["data"].keys() - {"alternatives", "cause"})
        for verb in STATES
    }
    assert len(members) == 1


def test_overtime_has_the_shape_of_that_in_extended_sessions() -> None:
    ours, theirs = agreed("dispatch.overtime.recorded"), agreed("appointments.overtime.recorded")
    assert theirs["data"].keys() <= ours["data"].keys()
