"""The facts ticketing publishes."""

from collections.abc import Mapping
from typing import Any

from services.chassis.outbox import Event

# ticketing.ticket.<verb>: issued called recalled started held resumed finished missed requeued transferred cancelled
# expired closed; approaching and paused, which change nothing of the ticket; retold, when more is known of it.
# ticketing.window.<verb>: signed_in signed_out. ticketing.evaluation.<verb>: recorded assigned followed_up.
# ticketing.token.renewed: of a ticket with an appointment.


def ticket_event(verb: str, data: Mapping[str, Any], *, version: int) -> Event:
    """Say what became of a ticket, with its whole state afterwards."""
    return Event(type=f"ticketing.ticket.{verb}", subject=data["id"], sequence=version, data=data)


def window_event(verb: str, data: Mapping[str, Any], *, version: int) -> Event:
    """Say who sits at a window or left it."""
    return Event(type=f"ticketing.window.{verb}", subject=data["code"], sequence=version, data=data)


def evaluation_event(verb: str, data: Mapping[str, Any], *, version: int) -> Event:
    """Say how a visit was evaluated, or how far its follow-up is."""
    return Event(type=f"ticketing.evaluation.{verb}", subject=data["ticket"], sequence=version, data=data)


def token_event(data: Mapping[str, Any]) -> Event:
    """Say which of its tokens, by `number`, counts for the ticket of an appointment; never the token itself."""
    return Event(type="ticketing.token.renewed", subject=data["id"], sequence=data["number"], data=data)
