"""How many people with a number a change would meet, before anybody makes it; all of them are served."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.chassis.caller import Caller
from services.ticketing.errors import FloorManagersOnly
from services.ticketing.store import Store


def item_effects(
    store: Store, caller: Caller, *, item: str, from_: date, department: str | None
) -> dict[str, Any]:
    """Return how many hold a number of an item that ends or moves on a day.

    Raises:
        FloorManagersOnly: the caller is no manager.
    """
    _require_manager(caller)
    return {"tickets": store.item_effects(caller.hall, item, from_)}


def days_effects(store: Store, caller: Caller, *, days: Sequence[date]) -> dict[str, Any]:
    """Return how many hold a number on days that become days off.

    Raises:
        FloorManagersOnly: the caller is no manager.
    """
    _require_manager(caller)
    return {"tickets": store.days_effects(caller.hall, days)}


def _require_manager(caller: Caller) -> None:
    if not caller.has("manager"):
        raise FloorManagersOnly
