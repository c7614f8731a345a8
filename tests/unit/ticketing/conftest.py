"""Tickets and queues as values, for the pure rules."""

from datetime import date, datetime, timedelta
from typing import Any

from services.ticketing.domain.queue import Queue
from services.ticketing.domain.ticket import Ticket

NINE = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
RATES = {"priority": 2.0, "appointment": 1.5, "walk_in": 1.0}


def queue(code: str = "q0", **changes: Any) -> Queue:
    """Return a queue with three quarters of an hour as its longest wait."""
    usual = {
        "hall": "main",
        "code": code,
        "prefix": "A",
        "name": "队列",
        "name_en": "Queue",
        "department": "d0",
        "zone": "A",
        "max_wait_s": 2700,
        "rates": RATES,
    }
    return Queue(**usual | changes)


def ticket(state: str = "waiting", **changes: Any) -> Ticket:
    """Return a ticket issued at nine, at a window when its state needs one."""
    at_a_window = state in ("called", "serving", "on_hold", "served")
    usual = {
        "hall": "main",
        "id": "00000000-0000-4000-8000-000000000001",
        "number": "A001",
        "issued_queue": "q0",
        "ordinal": 1,
        "business_date": date(2026, 3, 2),
        "queue": "q0",
        "department": "d0",
        "zone": "A",
        "item": "i0",
        "service_seconds": 300,
        "class_": "walk_in",
        "channel": "kiosk",
        "appointment": None,
        "state": state,
        "rate": 1.0,
        "reference_at": NINE,
        "overdue_at": NINE + timedelta(seconds=2700),
        "window": "100" if at_a_window else None,
        "clerk": "clerk100" if at_a_window else None,
        "extended": False,
        "reason": None,
        "cutoff_override": None,
        "issued_at": NINE,
        "first_called_at": None,
        "called_at": None,
        "started_at": None,
        "finished_at": None,
        "service_s": None,
        "calls": 0,
        "misses": 0,
        "requeues": 0,
        "ahead_at_issue": 0,
        "p50_s": 0,
        "p90_s": 0,
        "version": 1,
        "stretch_at": NINE,
        "stretch_item": "i0",
    }
    return Ticket(**usual | changes)
