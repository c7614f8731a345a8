"""Identity emits the agreed bytes, and reads the catalogue's."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.chassis import wire
from services.chassis.caller import Caller
from services.chassis.inbox import read_event
from services.chassis.outbox import Event, envelope
from services.identity import events
from services.identity.service import Identity

SAMPLES = Path(__file__).parent / "samples"
AT = datetime(2026, 3, 2, 1, 5, tzinfo=UTC)
HEARINGS = {hearing.type: hearing for hearing in Identity.inbox.hearings}

EMITTED = {
    "identity.token.revoked": events.token_revoked("3f7d5a0c9b1e4c55a7d8e2f10b6c4d3a", exp=1_772_456_700),
    "identity.account.revoked": events.account_revoked("clerk001", before=AT, sequence=1),
    "identity.account.published": events.account_published(
        "clerk001", roles=["crew", "clerk"], department="market", active=True, sequence=2
    ),
    "identity.hall.set_up": events.hall_set_up(
        "main", name="市行政服务大厅", name_en="City Government Service Hall"
    ),
    "identity.trail.ended": events.trail_ended(3, link="5f" * 32),
    "identity.otp.requested": events.otp_requested(
        "0d8f6f0e-52a5-4f0f-9d6c-6f3b6f1f2b7a", phone_masked="138****5678", expires_at=AT
    ),
}


def emitted(event: Event) -> dict[str, Any]:
    """Return an event as it goes over the bus."""
    caller = Caller(hall="main", call_id="7f0c1f9e-4a58-4a39-9d7e-0c3b5f0a6a11")
    whole: dict[str, Any] = json.loads(wire.dumps({**envelope(event, caller=caller, at=AT), "position": 1}))
    return whole


@pytest.mark.parametrize("name", sorted(EMITTED))
def test_identity_emits_what_was_agreed(name: str) -> None:
    sample = json.loads((SAMPLES / f"{name}.json").read_text("utf-8"))
    event = emitted(EMITTED[name])
    assert event.pop("id") != sample.pop("id")
    assert event == sample


def test_each_event_of_identity_has_a_sample() -> None:
    assert {path.stem for path in SAMPLES.glob("identity.*.json")} == EMITTED.keys()


@pytest.mark.parametrize("type_", sorted(HEARINGS))
def test_identity_reads_what_it_hears(type_: str) -> None:
    sample = json.loads((SAMPLES / f"{type_}.json").read_text("utf-8"))
    read = read_event(sample, HEARINGS).data
    if type_ == "trail.staff.acted":
        assert read == {**sample["data"], "at": datetime.fromisoformat(sample["data"]["at"])}
    else:
        assert read == {"code": "103", "department": "market"}
