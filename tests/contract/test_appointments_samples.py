"""The agreed bytes of appointments and notifications: complete, and without a word about persons."""

import json
from pathlib import Path
from typing import Any

import pytest

SAMPLES = {path.stem: path for path in (Path(__file__).parent / "samples").glob("*.json")}
OURS = sorted(name for name in SAMPLES if name.startswith(("appointments.", "notifications.")))
AGREED = {
    "appointments.appointment": (
        "held", "booked", "lapsed", "cancelled", "rescheduled", "checked_in", "fulfilled", "no_show", "displaced",
        "waitlisted", "offered",
    ),
    "appointments.session": ("planned", "opened", "closed", "cancelled"),
    "appointments.overtime": ("recorded",),
    "appointments.token": ("renewed",),
    "notifications.delivery": ("sent", "failed"),
}  # fmt: skip
# Everything that could name a person, in clear, masked or hashed.
PERSONAL = {"name", "phone", "phone_hash", "phone_masked", "to", "text", "person"}


def sample(name: str) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(SAMPLES[name].read_text("utf-8"))
    return whole


def test_there_is_a_sample_of_each_agreed_event_and_no_other() -> None:
    assert set(OURS) == {f"{aggregate}.{verb}" for aggregate, verbs in AGREED.items() for verb in verbs}


@pytest.mark.parametrize("name", OURS)
def test_an_event_says_what_it_is_about_and_names_no_person(name: str) -> None:
    event = sample(name)
    assert (event["type"], event["subject"]) == (name, event["data"]["id"])
    assert event["source"] == f"/hallflow/{name.partition('.')[0]}"
    assert not PERSONAL & event["data"].keys()


@pytest.mark.parametrize("aggregate", AGREED)
def test_all_events_of_an_aggregate_have_the_same_members(aggregate: str) -> None:
    members = {frozenset(sample(name)["data"]) for name in OURS if name.startswith(f"{aggregate}.")}
    assert len(members) == 1
