"""Statistics emits the agreed bytes, of which none holds what somebody wrote freely."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from services.chassis import wire
from services.chassis.caller import Caller
from services.chassis.outbox import Event, envelope
from services.statistics import events
from services.statistics.anomalies.domain import anomalies as rules
from services.statistics.anomalies.domain.anomalies import TRANSITIONS, Anomaly
from services.statistics.anomalies.schemas import AnomalyEvent

SAMPLES = Path(__file__).parent / "samples"
AT = datetime(2026, 3, 4, 17, 5, tzinfo=UTC)

DETECTED = Anomaly(
    hall="main", id="5b8d2c14-7e3f-4a69-9c02-1d4e6f8a0b35", subject_kind="item", subject="market-001",
    department="market", direction="rise", business_date=date(2026, 3, 4), since=date(2026, 3, 2), window_days=3,
    since_hour=None, observed=96.0, expected=48.25, lower=22.0, upper=81.0, chance=0.0001, score=4.0,
    method="farrington-flexible", last_year=15.5, series=[], detected_at=AT, seen_on=date(2026, 3, 4),
)  # fmt: skip
ASSIGNED = rules.assign(DETECTED, owner="market", due_on=date(2026, 3, 11), today=date(2026, 3, 5))
EXPLAINED = rules.explain(ASSIGNED, text="张三说新规施行")
STATES = {
    "detected": DETECTED,
    "assigned": ASSIGNED,
    "explained": EXPLAINED,
    "confirmed": rules.confirm(EXPLAINED),
    "dismissed": rules.dismiss(EXPLAINED, reason="李四补录"),
    "fed_back": rules.feed_back(rules.confirm(EXPLAINED), result="王五增开窗口"),
}


def emitted(event: Event) -> dict[str, Any]:
    """Return an event as it goes over the bus."""
    caller = Caller(hall="main", call_id="7f0c1f9e-4a58-4a39-9d7e-0c3b5f0a6a11")
    whole: dict[str, Any] = json.loads(wire.dumps({**envelope(event, caller=caller, at=AT), "position": 1}))
    return whole


def test_there_is_a_sample_of_each_state_and_no_other() -> None:
    names = {path.stem for path in SAMPLES.glob("statistics.anomaly.*.json")}
    assert (
        names
        == {f"statistics.anomaly.{state}" for state in TRANSITIONS}
        == {f"statistics.anomaly.{state}" for state in STATES}
    )


@pytest.mark.parametrize("state", STATES)
def test_statistics_emits_what_was_agreed(state: str) -> None:
    anomaly = STATES[state]
    event = emitted(events.anomaly_event(state, AnomalyEvent().dump(anomaly), version=anomaly.version))
    text = (SAMPLES / f"statistics.anomaly.{state}.json").read_text("utf-8")
    assert {**event, "id": "00d15000-0000-4000-8000-000000000000"} == json.loads(text)
    assert not [word for word in ("张三", "李四", "王五") if word in text]


ROW = {
    "id": "0b6f1a52-6d0c-4f0e-9d55-2f8f6f6c7a10", "department": "market", "kind": "letter",
    "received_on": date(2026, 3, 4), "note": "企业来信",
}  # fmt: skip
OF_FILES: dict[str, dict[str, Any]] = {
    "imported": {"by": "analyst", "at": AT, "rows": [ROW]},
    "taken_back": {"ids": [ROW["id"]]},
}


@pytest.mark.parametrize("verb", OF_FILES)
def test_statistics_tells_of_commendations_of_files_as_was_agreed(verb: str) -> None:
    import_ = "7a1d3c5e-9b2f-4e60-8c71-3d5f7a9b1c24"
    event = emitted(events.commendations_event(verb, import_, OF_FILES[verb], telling=7))
    sample = json.loads((SAMPLES / f"statistics.commendations.{verb}.json").read_text("utf-8"))
    assert {**event, "id": "00d15000-0000-4000-8000-000000000000"} == sample


def test_an_event_names_the_state_it_tells_of() -> None:
    event = events.anomaly_event("detected", AnomalyEvent().dump(replace(DETECTED)), version=1)
    assert (event.type, event.data["state"]) == ("statistics.anomaly.detected", "detected")
