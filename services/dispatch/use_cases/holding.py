"""Who may act for an order's person, which answers have the token that proves it, and a new one for who lost it."""

from typing import Any
from uuid import UUID

from services.chassis import clock, holder
from services.chassis.caller import Caller
from services.dispatch import schemas
from services.dispatch.domain.order import TRANSITIONS, Order
from services.dispatch.errors import IllegalTransition, NotTheHolder, NotYourPhone
from services.dispatch.store import Store
from services.dispatch.use_cases.common import STAFF, found, require

KIND = "order"
_public, _staff = schemas.OrderReply(), schemas.StaffOrderReply()


def is_holder(store: Store, caller: Caller, order: Order) -> bool:
    """Tell whether a caller came with the token, or is the visitor who proved the phone it was asked for with."""
    proved = "visitor" in caller.roles and caller.subject is not None
    return (proved and caller.subject == order.person.phone_hash) or holder.holds(
        store, caller, KIND, order.id
    )


def require_holder(store: Store, caller: Caller, order: Order, *besides: str) -> None:
    """Make sure that a caller may act for an order's person; roles named besides may, too.

    Raises:
        NotYourPhone: a visitor who proved another number.
        NotTheHolder: anybody else who may not.
    """
    if caller.has(*besides) or is_holder(store, caller, order):
        return
    raise NotYourPhone if "visitor" in caller.roles else NotTheHolder


def require_reader(store: Store, caller: Caller, order: Order) -> None:
    """Make sure that a caller may see an order: its holder, staff, clerks of its department, the crew that has it.

    Raises:
        NotYourPhone, NotTheHolder: as `require_holder`.
    """
    if caller.serves(order.department, "clerk") or (caller.has("crew") and _is_in_crew(store, caller, order)):
        return
    require_holder(store, caller, order, *STAFF)


def _is_in_crew(store: Store, caller: Caller, order: Order) -> bool:
    code = order.crew or order.crew_before
    crews = store.crews(caller.hall, order.day) if code else []
    return any(crew.code == code and caller.username in crew.members for crew in crews)


def renew_token(store: Store, caller: Caller, *, id: UUID, reason: str) -> Order:
    """Withdraw the token of a person who lost it; the next is in the answer.

    Args:
        store: in a transaction.
        caller: an operator or a dispatcher.
        id: the order.
        reason: why, for the trail.

    Raises:
        NotFound, Forbidden, Conflict: no such order; the caller's role; it is over.
    """
    require(caller, "operator", "dispatcher")
    order = found(store.lock_order(caller.hall, str(id)))
    if not TRANSITIONS[order.state]:
        raise IllegalTransition(f"The order is {order.state}; it needs no token.", state=order.state)
    holder.renew(store, KIND, caller.hall, order.id, at=clock.now())
    return order


def shown(store: Store, caller: Caller, order: Order, *, made: bool = False) -> dict[str, Any]:
    """Return an order as its caller may see it; where the token goes the answer has a place for it.

    Args:
        store: where it is.
        caller: who asks.
        order: the order.
        made: it, or a new token of it, was made by this command, whose caller hands it to its person.
    """
    body: dict[str, Any] = (_staff if caller.has(*STAFF, "crew") else _public).dump(order)
    if made or is_holder(store, caller, order):
        body["token"] = holder.place(holder.number_of(store, KIND, order.hall, order.id))
    return body


def filled(body: dict[str, Any]) -> dict[str, Any]:
    """Return an answer with its token."""
    answer: dict[str, Any] = holder.filled(KIND, body["hall"], body)
    return answer
