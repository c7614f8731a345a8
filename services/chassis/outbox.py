"""Facts for the other services: written in the transaction of the change, published by the relay."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from services.chassis import wire
from services.chassis.caller import Caller
from services.chassis.db import Store


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact in the past tense.

    `type` is `<service>.<aggregate>.<verb>`, `subject` the aggregate's id, `sequence` its version after the
    change, so that consumers can put the events of one aggregate in order. `source` names the service where the type
    is the same for all.
    """

    type: str
    subject: str
    sequence: int
    data: Mapping[str, Any]
    source: str = ""


def envelope(event: Event, *, caller: Caller, at: datetime) -> dict[str, Any]:
    """Return the event as CloudEvents 1.0 attributes (JSON format), with ours: hall, sequence, callid.

    Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
    """
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": f"/hallflow/{event.source or event.type.partition('.')[0]}",
        "type": event.type,
        "subject": event.subject,
        "time": at.isoformat(),
        "datacontenttype": "application/json",
        "hall": caller.hall,
        "sequence": event.sequence,
        "callid": caller.call_id,
        "data": event.data,
    }


def publish_later(store: Store, *events: Event, caller: Caller, at: datetime) -> None:
    """Write events into the outbox of the store's transaction."""
    rows = [
        {"type": event.type, "body": wire.dumps(envelope(event, caller=caller, at=at)), "at": at}
        for event in events
    ]
    if len(rows) == 1:
        store.run("add_event", **rows[0])
    else:
        store.run_many("add_event", rows)
