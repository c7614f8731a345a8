"""Notifications emits the agreed bytes."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.chassis import wire
from services.chassis.caller import Caller
from services.chassis.outbox import envelope
from services.notifications import events

SAMPLES = Path(__file__).parent / "samples"
AT = datetime(2026, 3, 2, 1, 5, tzinfo=UTC)
TRIES = {"sent": (1, 2), "failed": (5, 6)}


@pytest.mark.parametrize("verb", sorted(TRIES))
def test_notifications_emits_what_was_agreed(verb: str) -> None:
    tries, version = TRIES[verb]
    sample: dict[str, Any] = json.loads((SAMPLES / f"notifications.delivery.{verb}.json").read_text("utf-8"))
    agreed = sample["data"]
    event = events.delivery_event(
        verb, agreed["id"], kind="booked", cause=agreed["cause"], tries=tries, version=version
    )
    caller = Caller(hall="main", call_id="7f0c1f9e-4a58-4a39-9d7e-0c3b5f0a6a11")
    emitted: dict[str, Any] = json.loads(wire.dumps({**envelope(event, caller=caller, at=AT), "position": 1}))
    assert emitted.pop("id") != sample.pop("id")
    assert emitted == sample
