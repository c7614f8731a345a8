"""What ticketing takes over the bus: strict about what it does not know."""

from typing import Any

import pytest
from marshmallow import Schema, ValidationError

from services.ticketing import schemas

ISSUE = {"item": "i0", "channel": "kiosk"}
CHECK_IN = {
    "item": "i0",
    "appointment": "00000000-0000-4000-8000-000000000001",
    "channel": "web",
    "class": "appointment",
    "reference_at": "2026-03-02T09:00:00+08:00",
}
TICKET = {"id": "00000000-0000-4000-8000-000000000001"}


@pytest.mark.parametrize(
    ("schema", "request_", "field"),
    [
        (schemas.IssueTicket(), {"channel": "kiosk"}, "item"),
        (schemas.IssueTicket(), {**ISSUE, "channel": "fax"}, "channel"),
        (schemas.IssueTicket(), {**ISSUE, "class": "vip"}, "class"),
        (schemas.IssueTicket(), {**ISSUE, "class": "appointment"}, "class"),
        (schemas.IssueTicket(), {**ISSUE, "class": "urgent"}, "reason"),
        (schemas.IssueTicket(), {**ISSUE, "class": "urgent", "reason": "  "}, "reason"),
        (schemas.IssueTicket(), {**ISSUE, "cutoff_override": ""}, "cutoff_override"),
        (schemas.IssueTicket(), {**ISSUE, "colour": "red"}, "colour"),
        (schemas.IssueTicket(), {**ISSUE, "item": "i 0; --"}, "item"),
        (schemas.IssueTicket(), {**ISSUE, "language": "fr"}, "language"),
        (schemas.CheckInTicket(), {**CHECK_IN, "channel": "kiosk"}, "channel"),
        (schemas.CheckInTicket(), {**CHECK_IN, "class": "priority"}, "class"),
        (schemas.CheckInTicket(), {**CHECK_IN, "reference_at": "2026-03-02T09:00:00"}, "reference_at"),
        (schemas.CheckInTicket(), {**CHECK_IN, "appointment": "7K3M9QXR"}, "appointment"),
        (schemas.CheckInTicket(), {**CHECK_IN, "starts_at": "2026-03-02T09:00:00+08:00"}, "starts_at"),
        (schemas.ContactOf(), {"ticket": "A001"}, "ticket"),
        (schemas.TicketId(), {"id": "A001"}, "id"),
        (schemas.TransferTicket(), {**TICKET, "queue": "q1"}, "reason"),
        (schemas.EvaluateTicket(), {**TICKET, "level": 0}, "level"),
        (schemas.EvaluateTicket(), {**TICKET, "level": 6}, "level"),
        (schemas.EvaluateTicket(), {**TICKET, "level": "5"}, "level"),
        (schemas.EvaluateTicket(), {**TICKET, "level": 5, "comment": "x" * 1001}, "comment"),
        (schemas.SignIn(), {"window": "100", "queues": []}, "queues"),
    ],
)
def test_a_request_that_breaks_a_rule_is_refused_at_its_field(
    schema: Schema, request_: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        schema.load(request_)
    assert field in refusal.value.messages


def test_a_request_of_a_kiosk_is_a_walk_in_unless_it_says_otherwise() -> None:
    assert schemas.IssueTicket().load(ISSUE)["class_"] == "walk_in"
