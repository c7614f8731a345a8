"""Who may act for an order's person, and which answers have the token that proves it."""

from typing import Any

from services.chassis import holder
from services.chassis.caller import Caller
from services.dispatch import schemas
from services.dispatch.domain.order import Order
from services.dispatch.errors import NotTheHolder, NotYourPhone
from services.dispatch.store import Store
from services.dispatch.use_cases.common import STAFF

KIND = "order"
_public, _staff = schemas.OrderReply(), schemas.StaffOrderReply()


def is_holder(caller: Caller, order: Order) -> bool:
    """Tell whether a caller came with the token, or is the visitor who proved the phone it was asked for with."""
    proved = "visitor" in caller.roles and caller.subject is not None
    return holder.holds(caller, KIND, order.id) or (proved and caller.subject == order.person.phone_hash)


def require_holder(caller: Caller, order: Order, *besides: str) -> None:
    """Make sure that a caller may act for an order's person; roles named besides may, too.

    Raises:
        NotYourPhone: a visitor who proved another number.
        NotTheHolder: anybody else who may not.
    """
    if caller.has(*besides) or is_holder(caller, order):
        return
    raise NotYourPhone if "visitor" in caller.roles else NotTheHolder


def require_reader(store: Store, caller: Caller, order: Order) -> None:
    """Make sure that a caller may see an order: its holder, staff, clerks of its department, the crew that has it.

    Raises:
        NotYourPhone, NotTheHolder: as `require_holder`.
    """
    if caller.serves(order.department, "clerk") or (caller.has("crew") and _is_in_crew(store, caller, order)):
        return
    require_holder(caller, order, *STAFF)


def _is_in_crew(store: Store, caller: Caller, order: Order) -> bool:
    code = order.crew or order.crew_before
    crews = store.crews(caller.hall, order.day) if code else []
    return any(crew.code == code and caller.username in crew.members for crew in crews)


def shown(caller: Caller, order: Order, *, made: bool = False) -> dict[str, Any]:
    """Return an order as its caller may see it; where the token goes the answer has an empty one.

    Args:
        caller: who asks.
        order: the order.
        made: it was made by this command, whose caller hands the token to its person.
    """
    body: dict[str, Any] = (_staff if caller.has(*STAFF, "crew") else _public).dump(order)
    if made or is_holder(caller, order):
        body["token"] = holder.UNSAID
    return body


def filled(body: dict[str, Any]) -> dict[str, Any]:
    """Return an answer with its token."""
    answer: dict[str, Any] = holder.filled(KIND, body["hall"], body)
    return answer
