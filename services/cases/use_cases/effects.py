"""Which open cases a change would touch: they are carried on, some of them with another due date."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.cases.store import Store
from services.chassis.caller import Caller
from services.chassis.effects import CASES, Found, counted, touched


def of_item(store: Store, caller: Caller, *, item: str, from_: date, department: str | None) -> Found:
    """Return the open cases of an item that ends or moves; they are carried on, whatever the day."""
    return {CASES: counted(store.cases_touched(caller.hall, item=item))}


def of_days(store: Store, caller: Caller, *, days: Sequence[date]) -> Found:
    """Return the open cases that are due on or after the first of some days on which nobody works."""
    return {CASES: counted(store.cases_touched(caller.hall, due_since=min(days)))}


def of_closure(store: Store, caller: Caller, *, days: Sequence[date], **_: Any) -> Found:
    """Return the open cases that are due on or after the first day that a closure takes of the whole hall."""
    return of_days(store, caller, days=days) if days else {CASES: touched([])}


def of_department(
    store: Store, caller: Caller, *, department: str, from_: date, ends: bool, offers: bool | None
) -> Found:
    """Return the open cases of a department that leaves the hall, whatever the day."""
    if not ends:
        return {CASES: touched([])}
    return {CASES: counted(store.cases_touched(caller.hall, department=department))}
