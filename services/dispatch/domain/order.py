"""An on-site order, its states, and when each of its moments may be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from services.dispatch.errors import IllegalTransition, MomentInvalid, ReasonMissing, WindowInvalid

# Each state with those that may follow it. `scheduled` has a place in a draft; an order that a new plan cannot keep
# goes back there from `assigned`. One that is moved to another time is looked at anew, in the state it had.
TRANSITIONS: dict[str, frozenset[str]] = {
    "requested": frozenset({"requested", "screened", "cancelled"}),
    "screened": frozenset({"screened", "scheduled", "cancelled"}),
    "scheduled": frozenset({"screened", "assigned", "cancelled"}),
    "assigned": frozenset({"screened", "scheduled", "assigned", "en_route", "cancelled"}),
    "en_route": frozenset({"on_site", "failed_visit", "cancelled"}),
    "on_site": frozenset({"done", "failed_visit"}),
    "done": frozenset(),
    "failed_visit": frozenset(),
    "cancelled": frozenset(),
}
OPEN = ("requested", "screened", "scheduled", "assigned", "en_route", "on_site")
PLANNABLE = ("screened", "scheduled", "assigned")
UNDERWAY = ("en_route", "on_site")
PRIORITIES = ("urgent", "normal", "low")
CHANNELS = ("web", "phone")
MOST_OPEN = 3
FARTHEST = timedelta(days=28)
SHORTEST_WINDOW = timedelta(minutes=30)
# Crockford's base 32: no I, L, O, U, which are misread or misheard.
REFERENCE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_LENGTH = 8
# A phone's clock may run ahead of the hall's by so much.
CLOCK_SKEW = timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Whom an order is for: the phone's hash, sealed texts for those who go there, masks and the place on the map.

    All of it is None once it is erased.
    """

    phone_hash: str | None
    name_sealed: str | None
    phone_sealed: str | None
    address_sealed: str | None
    name: str | None
    phone: str | None
    address: str | None
    lat: float | None
    lon: float | None
    language: str


@dataclass(frozen=True, kw_only=True)
class Order:
    """A request for staff to come.

    `version` counts the states it has entered. `terms` counts what a plan would have to heed: it stays when a plan
    only gives the order a place, so that a draft can tell whether the order is what it was planned as. `cases` are the
    items accepted on the spot, `case_numbers` the items by the number that cases has given them since. One that is
    `displaced` cannot be kept as it was promised, until it is moved, given to a crew or called off. `crew_before` is
    the crew whose route it was on when it was called off.
    """

    hall: str
    id: str
    reference: str
    state: str
    item: str
    department: str
    channel: str
    window_from: datetime
    window_to: datetime
    day: date
    priority: str
    service_seconds: int
    crew: str | None = None
    plan: str | None = None
    arrives_at: datetime | None = None
    leaves_at: datetime | None = None
    departed_at: datetime | None = None
    arrived_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str | None = None
    cases: Sequence[str] = ()
    case_numbers: Mapping[str, str] = field(default_factory=dict)
    created_at: datetime
    version: int = 1
    terms: int = 1
    displaced: bool = False
    crew_before: str | None = None
    person: Person

    @property
    def on_time(self) -> bool | None:
        """Whether the crew came within the promised window; one that is early waits. None before it came."""
        return None if self.arrived_at is None else self.arrived_at <= self.window_to

    @property
    def accepted(self) -> list[tuple[str, str | None]]:
        """Each item accepted on the spot with its case's number, None until there is one."""
        free = sorted(self.case_numbers)
        pairs = []
        for item in self.cases:
            number = next((each for each in free if self.case_numbers[each] == item), None)
            free = [each for each in free if each != number]
            pairs.append((item, number))
        return pairs

    @property
    def travel_s(self) -> int | None:
        """Seconds the crew was under way until it came, or until nobody had to go there any more; None before that."""
        return _seconds(self.departed_at, self.arrived_at or self.ended_at)

    @property
    def service_s(self) -> int | None:
        """Seconds the crew was there; None before it ended, or when it never came."""
        return _seconds(self.arrived_at, self.ended_at)


def _seconds(since: datetime | None, until: datetime | None) -> int | None:
    return None if since is None or until is None else round((until - since).total_seconds())


def check_window(start: datetime, end: datetime, *, at: datetime, days: tuple[date, date]) -> None:
    """Make sure that a time window can be promised.

    Args:
        start: its start.
        end: its end.
        at: now.
        days: the business dates of both.

    Raises:
        WindowInvalid: it is past, too short, too far away, or reaches over midnight.
    """
    wrong = ""
    if end - start < SHORTEST_WINDOW:
        wrong = "At least 30 minutes after `from`."
    elif days[0] != days[1]:
        wrong = "On the same day as `from`."
    elif end <= at + SHORTEST_WINDOW:
        wrong = "Too soon for anybody to come."
    elif start - at > FARTHEST:
        wrong = "At most 28 days ahead."
    if wrong:
        raise WindowInvalid(errors={"window": [wrong]})


def enter(order: Order, state: str) -> Order:
    """Return the order in its next state; what a plan has to heed counts as changed unless it only gave a place.

    Raises:
        IllegalTransition: this state may not follow.
    """
    if state not in TRANSITIONS[order.state]:
        raise IllegalTransition(f"The order is {order.state}; it cannot become {state}.", state=order.state)
    terms = order.terms if (order.state, state) == ("screened", "scheduled") else order.terms + 1
    return replace(order, state=state, version=order.version + 1, terms=terms)


def screen(order: Order, *, service_seconds: int | None, reason: str | None) -> Order:
    """Accept a request, with another length of the visit where one is given.

    Raises:
        IllegalTransition: it is not `requested`.
    """
    _require(order, "requested")
    accepted = replace(enter(order, "screened"), reason=reason)
    return replace(accepted, service_seconds=service_seconds or order.service_seconds)


def decline(order: Order, *, reason: str | None, at: datetime) -> Order:
    """Turn a request down: it is cancelled, with the reason.

    Raises:
        IllegalTransition: it is not `requested`.
        ReasonMissing: nobody says why.
    """
    _require(order, "requested")
    if not reason:
        raise ReasonMissing(errors={"reason": ["Needed to decline."]})
    return cancel(order, reason=reason, at=at)


def _require(order: Order, state: str) -> None:
    if order.state != state:
        raise IllegalTransition(f"The order is {order.state}, not {state}.", state=order.state)


def cancel(order: Order, *, reason: str | None, at: datetime) -> Order:
    """Call an order off, until the crew is there; who may do so while it is on its way is for the caller to say.

    Raises:
        IllegalTransition: the crew is or was there, or it is cancelled already.
    """
    cancelled = replace(
        enter(_unplanned(order), "cancelled"), reason=reason, crew_before=order.crew, displaced=False
    )
    # Never before the crew left, which another machine's clock may have dated.
    return replace(cancelled, ended_at=max(at, order.departed_at or at))


def reschedule(order: Order, *, start: datetime, end: datetime, day: date) -> Order:
    """Move an order to another time window; it has to be planned anew.

    Raises:
        IllegalTransition: the crew is on its way or was there, or it is cancelled.
    """
    moved = enter(_unplanned(order), "requested" if order.state == "requested" else "screened")
    return replace(moved, window_from=start, window_to=end, day=day, displaced=False)


def displace(order: Order) -> Order:
    """Note that nobody can come as promised; the order waits to be moved or called off.

    Raises:
        IllegalTransition: the crew is on its way or was there, or it is cancelled.
    """
    off = enter(_unplanned(order), "requested" if order.state == "requested" else "screened")
    return replace(off, displaced=True)


def follow(order: Order, *, department: str) -> Order:
    """Return the order at the department that does its item now; a plan has to heed that."""
    return replace(order, department=department, terms=order.terms + 1)


def _unplanned(order: Order) -> Order:
    return replace(order, crew=None, plan=None, arrives_at=None, leaves_at=None)


def schedule(order: Order) -> Order:
    """Note that a screened order has a place in a draft."""
    return enter(order, "scheduled")


def assign(order: Order, *, crew: str, plan: str, arrives_at: datetime, leaves_at: datetime) -> Order:
    """Give an order to a crew, or to another, or at another time.

    Raises:
        IllegalTransition: the order has started or ended, or has no place in a draft.
    """
    given = replace(enter(order, "assigned"), displaced=False)
    return replace(given, crew=crew, plan=plan, arrives_at=arrives_at, leaves_at=leaves_at)


def unassign(order: Order) -> Order:
    """Take an order from its crew; it waits for the next plan.

    Raises:
        IllegalTransition: it is not assigned.
    """
    return enter(_unplanned(order), "scheduled")


def depart(order: Order, *, at: datetime) -> Order:
    """Note that the crew is on its way.

    Raises:
        IllegalTransition: the order is not assigned.
    """
    return replace(enter(order, "en_route"), departed_at=at)


def arrive(order: Order, *, at: datetime) -> Order:
    """Note that the crew is there.

    Raises:
        IllegalTransition: the crew was not on its way.
    """
    return replace(enter(order, "on_site"), arrived_at=at)


def complete(order: Order, *, cases: Sequence[str], at: datetime) -> Order:
    """Note that the visit is done, with the items accepted on the spot.

    Raises:
        IllegalTransition: the crew is not there.
    """
    return replace(enter(order, "done"), cases=tuple(cases), ended_at=at)


def fail(order: Order, *, reason: str, at: datetime) -> Order:
    """Note that the visit came to nothing.

    Raises:
        IllegalTransition: the crew is neither on its way nor there.
    """
    return replace(enter(order, "failed_visit"), reason=reason, ended_at=at)


def moment(happened_at: datetime | None, *, entered_at: datetime, at: datetime) -> datetime:
    """Return when something happened: now, or when a crew without a connection says it did.

    Args:
        happened_at: what the crew says.
        entered_at: when the order entered its present state.
        at: now.

    Raises:
        MomentInvalid: it lies in the future or before the present state.
    """
    if happened_at is None:
        return max(at, entered_at)
    if happened_at > at + CLOCK_SKEW:
        raise MomentInvalid(errors={"happened_at": ["Not in the future."]})
    if happened_at < entered_at:
        raise MomentInvalid(errors={"happened_at": ["Before what happened last."]})
    return max(min(happened_at, at), entered_at)
