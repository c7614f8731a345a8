"""What happens by the clock, each in a transaction of its own."""

from collections.abc import Callable
from datetime import timedelta

from services.chassis import clock, personal
from services.chassis.caller import Caller
from services.dispatch.store import Store
from services.dispatch.use_cases.changes import settle
from services.dispatch.use_cases.common import PURPOSE

Job = Callable[[Store, Caller], None]

BATCH = 200
KEPT = timedelta(days=90)
_SEALED = ("name_sealed", "phone_sealed", "address_sealed")


def erase_persons(store: Store, caller: Caller) -> None:
    """Forget the persons of orders that ended 90 days ago."""
    at = clock.now()
    store.erase_persons(caller.hall, before=at - KEPT, at=at, limit=BATCH)


def seal_again(store: Store, caller: Caller) -> None:
    """Seal under the active key what is sealed under another."""
    vault = personal.vault()
    for row in store.sealed_before(caller.hall, vault.active, limit=BATCH):
        sealed = {name: vault.seal_again(row[name], purpose=PURPOSE) for name in _SEALED}
        store.seal_again(caller.hall, id=row["id"], **sealed)


SOON = (settle,)
JOBS = (*SOON, erase_persons, seal_again)
