"""Every service tells the trail what its staff did, in the agreed bytes."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.chassis import clock, trail
from services.chassis.caller import Caller
from services.chassis.db import Store

SAMPLES = Path(__file__).parent / "samples"
AT = datetime(2026, 3, 2, 1, 5, tzinfo=UTC)
OF_STAFF = Caller(
    hall="main",
    call_id="7f0c1f9e-4a58-4a39-9d7e-0c3b5f0a6a11",
    username="clerk001",
    roles=frozenset({"clerk"}),
    department="market",
    address="10.0.0.9",
)


class Outbox(Store):
    """A store that keeps what is written into the outbox."""

    def __init__(self) -> None:
        """Begin empty."""
        self.before = None
        self.events: list[dict[str, Any]] = []

    def run(self, query: str, **params: Any) -> None:
        """Keep an event."""
        assert query == "add_event"
        self.events.append(json.loads(params["body"]))


@pytest.fixture
def outbox(monkeypatch: pytest.MonkeyPatch) -> Outbox:
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(clock, "real_now", lambda: AT)
    return Outbox()


def test_an_act_is_told_as_agreed(outbox: Outbox) -> None:
    sample = json.loads((SAMPLES / "trail.staff.acted.json").read_text("utf-8"))
    agreed = sample["data"]
    trail.was(outbox, agreed["before"])
    trail.tell_act(
        outbox,
        agreed["service"],
        agreed["action"],
        caller=OF_STAFF,
        request=agreed["request"],
        after=agreed["after"],
    )
    (emitted,) = outbox.events
    for changing in ("id", "subject"):
        assert emitted.pop(changing) and sample.pop(changing)
    assert emitted == {name: value for name, value in sample.items() if name != "position"}


def test_nothing_about_persons_and_no_secret_goes_along(outbox: Outbox) -> None:
    person = {
        "name": "张三",
        "phone": "138****5678",
        "reference": "7K3M9QXR",
        "state": "cancelled",
        "token": "s3cret",
    }
    asked = {"id": "a1", "reason": "来电取消", "phone": "13800005678", "lat": 22.5, "text": "x" * 900}
    trail.was(outbox, {**person, "state": "booked", "members": list(range(60))})
    trail.tell_act(outbox, "appointments", "cancel", caller=OF_STAFF, request=asked, after={"of": person})
    text = json.dumps(outbox.events, ensure_ascii=False)
    assert not [each for each in ("张三", "5678", "7K3M", "s3cret", "22.5", "x" * 600) if each in text]
    data = outbox.events[0]["data"]
    assert data["before"] == {"state": "booked", "members": {"count": 60}}
    assert (data["after"], data["subject"], data["reason"]) == (
        {"of": {"state": "cancelled"}},
        "a1",
        "来电取消",
    )


@pytest.mark.parametrize(
    "before",
    [
        {
            "id": "o1",
            "state": "held",
            "name_masked": "张*三",
            "address_masked": "前街***",
            "phone_masked": "138****5678",
        },
        {"id": "o1", "state": "held", "name_sealed": "张*三", "phone_hash": "5678", "sealed": "前街"},
        {"id": "o1", "state": "held", "phone": "138****5678", "text": "张三，请到前街", "sealed": None},
        {"id": "o1", "state": "held", "sealed": None, "text": "张三，请到前街"},
    ],
)
def test_not_even_a_masked_person_or_what_was_sent_to_one_stays(
    outbox: Outbox, before: dict[str, Any]
) -> None:
    trail.was(outbox, before)
    trail.tell_act(outbox, "dispatch", "screen", caller=OF_STAFF, request={"id": "o1"}, after=before)
    data = outbox.events[0]["data"]
    assert data["before"] == data["after"] == {"id": "o1", "state": "held"}


def test_a_text_that_is_nobodys_stays(outbox: Outbox) -> None:
    template = {"kind": "otp", "text": "验证码：{code}"}
    trail.tell_act(outbox, "notifications", "save_template", caller=OF_STAFF, request=template)
    assert outbox.events[0]["data"]["request"] == template


@pytest.mark.parametrize("roles", [(), ("visitor",), ("kiosk",), ("service",)])
def test_visitors_devices_and_services_leave_nothing(outbox: Outbox, roles: tuple[str, ...]) -> None:
    somebody = Caller(hall="main", roles=frozenset(roles))
    trail.tell_act(outbox, "ticketing", "cancel_ticket", caller=somebody, request={"id": "t1"})
    assert outbox.events == []
