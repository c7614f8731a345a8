"""Notifications reads the agreed bytes of what it hears, and tells what was agreed."""

import json
from pathlib import Path

import pytest

from services.chassis.inbox import read_event
from services.notifications import events
from services.notifications.service import Notifications

SAMPLES = Path(__file__).parent / "samples"
HEARINGS = {hearing.type: hearing for hearing in Notifications.inbox.hearings}
# A type whose sample is not agreed yet is not read here; once its file is there, it is.
AGREED = sorted(type_ for type_ in HEARINGS if (SAMPLES / f"{type_}.json").exists())


@pytest.mark.parametrize("type_", AGREED)
def test_notifications_reads_the_sample_of_what_it_hears(type_: str) -> None:
    sample = json.loads((SAMPLES / f"{type_}.json").read_text("utf-8"))
    assert read_event(sample, HEARINGS).type == type_


@pytest.mark.parametrize("verb", ["sent", "failed"])
def test_what_became_of_a_message_is_told_as_agreed(verb: str) -> None:
    sample = json.loads((SAMPLES / f"notifications.delivery.{verb}.json").read_text("utf-8"))
    told = events.delivery_event(verb, "1", kind="otp", cause="otp:1", tries=1, version=2)
    assert told.type == sample["type"]
    assert told.data.keys() == sample["data"].keys()
