"""The facts notifications publishes."""

from services.chassis.outbox import Event

# notifications.delivery.<verb>: sent failed.


def delivery_event(verb: str, id_: str, *, kind: str, cause: str, tries: int, version: int) -> Event:
    """Say what became of a message; neither its text nor the phone is told."""
    return Event(
        type=f"notifications.delivery.{verb}",
        subject=id_,
        sequence=version,
        data={"id": id_, "kind": kind, "cause": cause, "tries": tries},
    )
