"""What is left of open cases' time, derived again when the calendar has changed."""

from collections.abc import Sequence

from services.cases import events, schemas
from services.cases.domain import case as domain
from services.cases.domain.case import Case
from services.cases.domain.limit import Stop
from services.cases.store import Store
from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.outbox import publish_later

_CASE_STATE = schemas.CaseState()


def retime_cases(store: Store, caller: Caller) -> None:
    """Work out the due dates and days left of a hall's open cases anew; each that moves is told of.

    Joint cases show their steps' cases as they are, so they follow by themselves.

    Args:
        store: the database, in the transaction in which the calendar changed.
        caller: the hall, and the call that changed it.
    """
    found = store.open_cases(caller.hall)
    stops, calendar = stops_of(store, caller.hall, found), store.calendar(caller.hall)
    moved = [
        after
        for case in found
        if (after := domain.retimed(case, stops=stops.get(case.number, ()), calendar=calendar))
    ]
    store.save_cases(moved)
    told = [events.case_event("retimed", _CASE_STATE.dump(case), version=case.version) for case in moved]
    if told:
        publish_later(store, *told, caller=caller, at=clock.now())


def stops_of(store: Store, hall: str, cases: Sequence[Case]) -> dict[str, list[Stop]]:
    """Return when the clocks of cases stood still, in business dates, by number."""
    found: dict[str, list[Stop]] = {}
    for number, since, until in store.stops(hall, [each.number for each in cases]):
        stop = Stop(since=clock.business_date(since), until=clock.business_date(until) if until else None)
        found.setdefault(number, []).append(stop)
    return found
