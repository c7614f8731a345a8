"""What a crew says of its visits, at once or later, when it has a connection again."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID, uuid5

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.outbox import publish_later
from services.chassis.trail import was
from services.dispatch import events
from services.dispatch.domain import order as rules
from services.dispatch.domain.crew import Crew
from services.dispatch.domain.order import Order
from services.dispatch.domain.reach import on
from services.dispatch.errors import CalledOff, CrewBusy, NoCrew, NotYourCrew, UnknownItem, WrongDay
from services.dispatch.store import Store
from services.dispatch.use_cases.common import found, require, require_member, save
from services.dispatch.use_cases.redrafting import redraft_without

_OVERTIME = UUID("6f0d4c52-6a3e-4b0e-9f4b-6a0c6a1f3d11")


def depart(store: Store, caller: Caller, *, id: UUID, happened_at: datetime | None) -> Order:
    """Note that the crew is on its way.

    Raises:
        NotFound, Conflict, Invalid, Forbidden: no such order; its state, its day or another visit; the moment;
            another crew's.
    """
    crew, order = _locked(store, caller, id)
    at = _moment(store, order, happened_at)
    left = rules.depart(order, at=at)
    if clock.business_date(at) != order.day:
        raise WrongDay(f"The order is for {order.day.isoformat()}.", date=order.day.isoformat())
    if (other := store.underway(caller.hall, crew.code)) is not None:
        raise CrewBusy(f"The crew is still at {other}.", reference=other)
    return save(store, left, "departed", caller=caller, at=at)


def arrive(store: Store, caller: Caller, *, id: UUID, happened_at: datetime | None) -> Order:
    """Note that the crew is there.

    Raises:
        NotFound, Conflict, Invalid, Forbidden: no such order; its state; the moment; another crew's.
    """
    _, order = _locked(store, caller, id)
    at = _moment(store, order, happened_at)
    return save(store, rules.arrive(order, at=at), "arrived", caller=caller, at=at)


def complete(
    store: Store,
    caller: Caller,
    *,
    id: UUID,
    cases: Sequence[Mapping[str, str]],
    happened_at: datetime | None,
) -> Order:
    """Note that the visit is done; cases hears of what was accepted on the spot and makes the cases.

    Raises:
        NotFound, Conflict, Invalid, Forbidden: no such order; its state; the moment or an item; another crew's.
    """
    crew, order = _locked(store, caller, id)
    at = _moment(store, order, happened_at)
    accepted = [each["item"] for each in cases]
    done = rules.complete(order, cases=accepted, at=at)
    for item in accepted:
        _check_item(store, crew, item, day=order.day)
    return _end(store, caller, crew, done, "done", at=at)


def fail(store: Store, caller: Caller, *, id: UUID, reason: str, happened_at: datetime | None) -> Order:
    """Note that the visit came to nothing.

    Raises:
        NotFound, Conflict, Invalid, Forbidden: no such order; its state; the moment; another crew's.
    """
    crew, order = _locked(store, caller, id)
    at = _moment(store, order, happened_at)
    failed = _end(store, caller, crew, rules.fail(order, reason=reason, at=at), "failed", at=at)
    redraft_without(store, caller, order, reason="failed_visit", at=clock.now())
    return failed


def _locked(store: Store, caller: Caller, id_: UUID) -> tuple[Crew, Order]:
    """Return an order and its crew, both locked, the crew first: it makes one visit at a time."""
    require(caller, "crew")
    before = found(store.order(caller.hall, str(id_)))
    crew = store.lock_crew(caller.hall, _crew_of(before), before.day)
    was(store, None)
    order = found(store.lock_order(caller.hall, before.id))
    if crew is None or _crew_of(order) != crew.code:
        raise NotYourCrew
    require_member(caller, crew)
    return crew, order


def _crew_of(order: Order) -> str:
    """Return the crew that has an order.

    Raises:
        CalledOff, NoCrew: none has, and why.
    """
    if order.crew is None:
        raise CalledOff(reason=order.reason) if order.state == "cancelled" else NoCrew
    return order.crew


def _moment(store: Store, order: Order, happened_at: datetime | None) -> datetime:
    return rules.moment(happened_at, entered_at=store.state_since(order), at=clock.now())


def _check_item(store: Store, crew: Crew, item: str, *, day: date) -> None:
    """Make sure that a crew may accept an item on the day of a visit; one withdrawn since still counts.

    Raises:
        UnknownItem: there is none, or the crew has not the skill.
    """
    known = on(store.item(crew.hall, item), day)
    if known is None or not crew.can(item, known.department):
        raise UnknownItem(errors={"cases": [f"{item} is no item of this crew."]})


def _end(store: Store, caller: Caller, crew: Crew, order: Order, verb: str, *, at: datetime) -> Order:
    ended = save(store, order, verb, caller=caller, at=at, ended_by=caller.username)
    tell_overtime(store, caller, crew, ended, at=at)
    return ended


def tell_overtime(store: Store, caller: Caller, crew: Crew, order: Order, *, at: datetime) -> None:
    """Say what a visit that has ended took of its crew outside opening hours."""
    for fact in _overtime(store, crew, order):
        publish_later(store, events.overtime_recorded(fact), caller=caller, at=at)


def _overtime(store: Store, crew: Crew, order: Order) -> list[dict[str, object]]:
    """Return what a visit took of its crew's members outside opening hours, on the way and there."""
    if order.departed_at is None or order.ended_at is None:
        return []
    hours = store.hours(crew.hall, clock.hall_zone())
    outside = list(hours.outside(order.departed_at, order.ended_at, crew.department))
    return [
        {
            "id": str(uuid5(_OVERTIME, f"{order.id}/{member}/{nth}")),
            "session": None,
            "order": order.id,
            "staff": member,
            "department": crew.department,
            "business_date": clock.business_date(starts).isoformat(),
            "starts_at": starts.isoformat(),
            "ends_at": ends.isoformat(),
            "minutes": int((ends - starts).total_seconds() // 60),
        }
        for member in crew.present(order.day)
        for nth, (starts, ends) in enumerate(outside)
    ]
