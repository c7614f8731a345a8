"""Visits of before there were stretches: made of what is kept of them, and told once."""

from services.chassis import clock
from services.chassis.caller import Caller
from services.ticketing.domain.before import with_stretches
from services.ticketing.store import Store
from services.ticketing.use_cases.views import tell

BATCH = 100


def recover_stretches(store: Store, caller: Caller) -> int:
    """Make the stretches of visits that were sent on before, up to a batch; returns how many visits were taken."""
    tickets = store.take_visits_without_stretches(caller.hall, limit=BATCH)
    departments = (
        {code: queue.department for code, queue in store.queues(caller.hall).items()} if tickets else {}
    )
    for ticket in tickets:
        recovered = with_stretches(ticket, store.passages(ticket), departments)
        if recovered is not ticket:
            store.save_same_state(recovered)
            tell(store, "retold", recovered, caller=caller, at=clock.now())
    return len(tickets)
