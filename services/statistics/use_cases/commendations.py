"""What statistics keeps of commendations."""

from collections.abc import Sequence

from services.chassis.inbox import Received
from services.statistics.store import Store
from services.statistics.use_cases.facts import note_seen, row_of


def keep_commendations(store: Store, received: Sequence[Received]) -> None:
    """Keep what quality says of commendations."""
    store.keep_commendations([row_of(event, "commendation") for event in received])
    note_seen(store, received)
