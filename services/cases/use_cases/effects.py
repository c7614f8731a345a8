"""How many open cases a change would touch, before anybody makes it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.cases.store import Store
from services.cases.use_cases.common import require
from services.chassis.caller import Caller


def item_effects(
    store: Store, caller: Caller, *, item: str, from_: date, department: str | None
) -> dict[str, Any]:
    """Return how many open cases there are of an item that ends or moves; they are carried on, whatever the day.

    Raises:
        Forbidden: the caller is no manager.
    """
    require(caller, "manager")
    return {"cases": store.item_effects(caller.hall, item)}


def days_effects(store: Store, caller: Caller, *, days: Sequence[date]) -> dict[str, Any]:
    """Return how many open cases are due on or after the first of some days on which nobody works.

    Raises:
        Forbidden: the caller is no manager.
    """
    require(caller, "manager")
    return {"cases": store.days_effects(caller.hall, min(days))}
