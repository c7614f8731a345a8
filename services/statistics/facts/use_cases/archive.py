"""Every event is archived before its handler takes it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from marshmallow import Schema

from services.chassis.inbox import Handler, Hearing, Received
from services.statistics.facts.store import Store


def archived(hearings: Iterable[Hearing]) -> list[Hearing]:
    """Return hearings whose handlers archive what they are given first, in the same transaction.

    Handlers stay as many as they were, so that a stream of mixed types still reaches each as one batch. What is
    archived is what a schema lets through: all that statistics reads, and no personal data.
    """
    heard = list(hearings)
    schemas = {hearing.type: hearing.schema for hearing in heard}
    handlers = {hearing.handler: _archiving(hearing.handler, schemas) for hearing in heard}
    return [replace(hearing, handler=handlers[hearing.handler]) for hearing in heard]


def _archiving(handler: Handler, schemas: Mapping[str, Schema]) -> Handler:
    def archive_and_handle(store: Store, received: Sequence[Received]) -> None:
        store.archive_events([_row(event, schemas[event.type]) for event in received])
        handler(store, received)

    return archive_and_handle


def _row(event: Received, schema: Schema) -> dict[str, Any]:
    return {
        "hall": event.hall,
        "id": event.id,
        "at": event.time,
        "type": event.type,
        "subject": event.subject,
        "sequence": event.sequence,
        "position": event.position,
        "data": schema.dump(event.data),
    }
