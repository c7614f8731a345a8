"""What happens by the clock: missed tickets expire, a day that is over is closed.

A day is over at midnight, but for departments whose extended session runs on: their tickets and clerks stay until it
has closed, and half an hour longer who is at a window.
"""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from services.chassis import clock
from services.chassis.caller import Caller
from services.ticketing.domain import ticket as rules
from services.ticketing.store import Store
from services.ticketing.use_cases.views import tell
from services.ticketing.use_cases.windows import leave

MISSED_FOR = timedelta(minutes=30)
BATCH = 200


def close_ended_days(store: Store, caller: Caller) -> int:
    """Close open tickets of business dates before today, up to a batch; returns how many.

    Who is still being served by what the console says was served until the windows closed at most.
    """
    at = clock.now()
    hours = store.hours(caller.hall, at, clock.hall_zone())
    sessions = hours.sessions
    tickets = store.ended_days(
        caller.hall,
        clock.business_date(at),
        kept=sessions.days_kept(at),
        finishing=sessions.days_kept(at, finishing=True),
        limit=BATCH,
    )
    for ticket in tickets:
        served = store.served(ticket)
        until = hours.served_until(served.since or at, at, ticket.department, ticket.window)
        closed = replace(rules.close(ticket, at), service_s=served.spent(until))
        store.save(closed, at=at, reason="end of day")
        tell(store, "closed", closed, caller=caller, at=at)
    return len(tickets)


def empty_forgotten_windows(store: Store, caller: Caller) -> int:
    """Sign out clerks who are still signed in from a day that is over; returns how many."""
    at = clock.now()
    today = clock.business_date(at)
    midnight = datetime.combine(today, time(), clock.hall_zone()).astimezone(UTC)
    kept = store.sessions(caller.hall, at, clock.hall_zone()).windows_kept(at)
    windows = store.forgotten_windows(caller.hall, midnight, kept=kept)
    for window in windows:
        leave(store, window, caller=caller, at=at)
    return len(windows)


def expire_missed(store: Store, caller: Caller) -> int:
    """Expire tickets that were missed half an hour ago and not put back, up to a batch; returns how many."""
    at = clock.now()
    kept = store.sessions(caller.hall, at, clock.hall_zone()).days_kept(at)
    tickets = store.long_missed(
        caller.hall, clock.business_date(at), kept=kept, before=at - MISSED_FOR, limit=BATCH
    )
    for ticket in tickets:
        # Who was set aside and did not come back was served for a while.
        expired = replace(rules.expire(ticket, at), service_s=store.served(ticket).spent(at))
        store.save(expired, at=at)
        tell(store, "expired", expired, caller=caller, at=at)
    return len(tickets)
