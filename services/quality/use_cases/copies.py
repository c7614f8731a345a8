"""What quality keeps of what it hears."""

from collections.abc import Sequence

from services.chassis.inbox import Received
from services.quality.store import Store


def keep_departments(store: Store, received: Sequence[Received]) -> None:
    """Keep what departments are called."""
    store.keep_departments(
        [{**event.data, "hall": event.hall, "sequence": event.sequence} for event in received]
    )


def keep_imported(store: Store, received: Sequence[Received]) -> None:
    """Take over the commendations of files that statistics took in, and give up those it took back.

    A file's rows come in several events and may be taken back and brought again, so of each row the event with the
    highest sequence says whether it is there. One that was corrected or withdrawn here meanwhile stays.
    """
    for event in sorted(received, key=lambda each: each.sequence):
        told = {**event.data, "hall": event.hall, "sequence": event.sequence}
        if event.type.endswith(".imported"):
            store.take_imported(**told)
        else:
            store.take_imported_back(**told)


def take_over(store: Store, received: Sequence[Received]) -> None:
    """Take over what statistics kept before quality was a service of its own; what is known already stays."""
    for event in received:
        store.take_over(event.data["table"], event.data["rows"])
