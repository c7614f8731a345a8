"""The catalogue emits the agreed bytes: each event has exactly the members of its sample."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from services.catalogue import events
from services.catalogue.domain.closures import Closure
from services.catalogue.domain.items import Item
from services.catalogue.domain.places import Department, Queue, Window, Zone
from services.chassis import wire
from services.chassis.caller import Caller
from services.chassis.outbox import Event, envelope

SAMPLES = Path(__file__).parent / "samples"
AT = datetime(2026, 3, 2, 1, 5, tzinfo=UTC)

DEPARTMENT = Department(
    code="market", name="市市场监管局", name_en="Market Supervision Bureau", offers_three_services=True
)
ZONE = Zone(code="A", name="企业登记与税务区", name_en="Business Registration and Tax")
QUEUE = Queue(
    code="market-setup",
    prefix="A",
    name="企业设立登记",
    name_en="Business Registration",
    department="market",
    zone="A",
    max_wait_s=2700,
    priority_rate=2.0,
    appointment_rate=1.8,
    walk_in_rate=1.0,
)
WINDOW = Window(
    code="103",
    name="103号窗口",
    name_en="Window 103",
    department="market",
    zone="A",
    queues=("market-setup", "market-change"),
)
ITEM = Item(
    code="market-001",
    name="内资企业设立登记",
    name_en="Registration of domestic companies",
    department="market",
    queue="market-setup",
    kind="administrative_licence",
    time_limit_days=5,
    service_seconds=480,
    chains=("enterprise-registration",),
    state="active",
    effective_from=date(2026, 3, 2),
    revision=2,
)
MOVED = replace(ITEM, department="drc", queue="drc-invest", effective_from=date(2026, 9, 21), revision=3)
HOURS = [
    {
        "department": None,
        "weekday": 1,
        "opens": "09:00",
        "closes": "17:45",
        "breaks": [{"starts": "12:00", "ends": "14:00"}],
    }
]
DAYS = [{"day": date(2026, 1, 1), "working": False, "name": "元旦"}]
CLOSED = Closure(
    id="0d9f2c6e-6f0e-4c55-9a43-6f5d3f1c2b10",
    department=None,
    window=None,
    starts_at=datetime(2026, 3, 4, 1, 0, tzinfo=UTC),
    ends_at=datetime(2026, 3, 4, 10, 0, tzinfo=UTC),
    reason="供电检修",
    reason_en="Power maintenance",
    recorded_at=AT,
    recorded_by="manager",
)

EMITTED = {
    "catalogue.department.published": events.department_published(DEPARTMENT, sequence=1),
    "catalogue.zone.published": events.zone_published(ZONE, sequence=1),
    "catalogue.queue.published": events.queue_published(QUEUE, sequence=1),
    "catalogue.window.published": events.window_published(WINDOW, sequence=1),
    "catalogue.item.published": events.item_published(ITEM, sequence=2),
    "catalogue.item.dated": events.item_dated("market-001", [ITEM, MOVED], sequence=3),
    "catalogue.hours.published": events.hours_published("main", HOURS, time_zone="Asia/Shanghai", sequence=1),
    "catalogue.closure.published": events.closure_published(CLOSED, days=[date(2026, 3, 4)], sequence=1),
    "catalogue.calendar.published": events.calendar_published(2026, DAYS, sequence=1),
}


def emitted(event: Event) -> dict[str, Any]:
    """Return an event as it goes over the bus."""
    caller = Caller(hall="main", call_id="7f0c1f9e-4a58-4a39-9d7e-0c3b5f0a6a11")
    whole: dict[str, Any] = json.loads(wire.dumps({**envelope(event, caller=caller, at=AT), "position": 1}))
    return whole


@pytest.mark.parametrize("name", sorted(EMITTED))
def test_the_catalogue_emits_what_was_agreed(name: str) -> None:
    sample = json.loads((SAMPLES / f"{name}.json").read_text("utf-8"))
    event = emitted(EMITTED[name])
    assert event.pop("id") != sample.pop("id")
    assert event == sample


def test_each_event_of_the_catalogue_has_a_sample() -> None:
    assert {path.stem for path in SAMPLES.glob("catalogue.*.json")} == EMITTED.keys()
