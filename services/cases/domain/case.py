"""A case, its states, its due date and what may become of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from services.cases.domain.calendar import Calendar
from services.cases.domain.limit import Stop, time_left
from services.cases.errors import (
    IllegalTransition,
    ItemOfOtherDepartment,
    NotYourDepartment,
    NotYourTicket,
    RefusalWithoutReason,
    TicketNotServing,
    UnknownItem,
)
from services.chassis.dated import as_of

_DATED = ("department", "time_limit_days", "state")
_DAY = timedelta(days=1)

# Each state with those that may follow it. A correction ends in the state it began in, or in a rejection when
# the materials do not come. At a window `received` and `in_review` last no time.
TRANSITIONS: dict[str, frozenset[str]] = {
    "received": frozenset({"accepted", "rejected", "correction"}),
    "accepted": frozenset({"in_review", "correction"}),
    "correction": frozenset({"received", "accepted", "rejected"}),
    "in_review": frozenset({"decided"}),
    "decided": frozenset({"delivered"}),
    "delivered": frozenset(),
    "rejected": frozenset(),
}
# Whose time still runs, or stands still: the calendar can change what is left of it.
OPEN = ("accepted", "correction", "in_review")
GRANTED, REFUSED = OUTCOMES = ("granted", "refused")
ORIGINS = ("walk_in", "phone", "web", "extended", "on_site")
APPOINTMENT_CHANNELS = frozenset({"phone", "web"})


@dataclass(frozen=True, kw_only=True)
class Item:
    """What cases knows of a service item; the time limit is in working days, 0 when decided on the spot."""

    code: str
    department: str
    time_limit_days: int
    state: str
    terms: Sequence[Mapping[str, Any]] = ()

    def on(self, day: date) -> "Item":
        """Return it as it is on a day, as far as that was heard."""
        term = as_of(self.terms, day)
        return self if term is None else replace(self, **{name: term[name] for name in _DATED})


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """What cases asks of a ticket."""

    id: str
    department: str
    channel: str
    state: str
    window: str | None
    clerk: str | None
    extended: bool
    item: str | None = None
    business_date: date | None = None

    @property
    def origin(self) -> str:
        """How its cases came to the hall; an appointment counts as one in an extended session too."""
        if self.channel in APPOINTMENT_CHANNELS:
            return self.channel
        return "extended" if self.extended else "walk_in"


@dataclass(frozen=True, kw_only=True)
class Case:
    """Business accepted at a window, or on an on-site order. `version` counts its changes.

    `due_on` and `days_left` are derived (`domain.limit`): a date while the clock runs, working days while it stands.
    """

    hall: str
    number: str
    item: str
    department: str
    state: str
    origin: str
    ticket: str | None
    window: str | None
    clerk: str | None
    applicant_ref: str | None
    joint_case: str | None
    business_date: date
    accepted_at: datetime | None
    due_on: date | None
    decided_at: datetime | None
    decided_on: date | None
    version: int
    onsite_order: str | None = None
    onsite_nth: int | None = None
    limit_days: int | None = None
    days_left: int | None = None
    refused: bool = False

    @property
    def on_time(self) -> bool | None:
        """Whether it was decided on or before its due date; None while it is not decided."""
        if self.decided_on is None or self.due_on is None:
            return None
        return self.decided_on <= self.due_on

    @property
    def outcome(self) -> str | None:
        """What was decided; None while it is not. Both count as decided."""
        if self.decided_on is None:
            return None
        return REFUSED if self.refused else GRANTED


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A stay of a case in a state; `left_at` is None in the state it is in now."""

    state: str
    entered_at: datetime
    left_at: datetime | None
    reason: str | None

    @property
    def seconds(self) -> int | None:
        """How long it lasted; None while it does."""
        return None if self.left_at is None else round((self.left_at - self.entered_at).total_seconds())


def case_number(year: int, serial: int) -> str:
    """Return the number as people read it, `2026-0000123`."""
    return f"{year}-{serial:07d}"


def numbered(case: Case, *, year: int, serial: int) -> Case:
    """Return the case with its number."""
    return replace(case, number=case_number(year, serial))


def check_window(ticket: Ticket, *, username: str | None, is_admin: bool) -> None:
    """Make sure that the ticket is at the caller's window.

    Raises:
        TicketNotServing: it is not being served.
        NotYourTicket: another clerk serves it.
    """
    if ticket.state != "serving":
        raise TicketNotServing(f"The ticket is {ticket.state}; cases are accepted while it is serving.")
    if not is_admin and (username is None or ticket.clerk != username):
        raise NotYourTicket


def check_item(item: Item | None, ticket: Ticket, *, on: date) -> Item:
    """Return the item, as it is on a day, if it may be accepted on a ticket.

    A change that takes effect on a running day does not hit those who hold a number: on a ticket for the item itself
    it is accepted also as it was before the ticket's day.

    Args:
        item: as the catalogue published it.
        ticket: the ticket that is being served.
        on: the day of the acceptance.

    Raises:
        UnknownItem: the hall does not offer it, or no longer.
        ItemOfOtherDepartment: the ticket is at another department.
    """
    own = item is not None and item.code == ticket.item
    day = ticket.business_date or on
    found = [] if item is None else [item.on(day), item.on(day - _DAY)] if own else [item.on(on)]
    offered = [each for each in found if own or each.state == "active"]
    if not offered:
        raise UnknownItem(errors={"item": ["The hall does not offer this item now."]})
    fitting = [each for each in offered if each.department == ticket.department]
    if not fitting:
        raise ItemOfOtherDepartment
    return next((each for each in fitting if each.state == "active"), fitting[0])


def check_department(case: Case, *, department: str | None, is_admin: bool) -> None:
    """Make sure that the caller's department is the case's.

    Raises:
        NotYourDepartment: it is not.
    """
    if not is_admin and department != case.department:
        raise NotYourDepartment


def enter(case: Case, *states: str) -> Case:
    """Return the case after it has entered states one after the other.

    Raises:
        IllegalTransition: one of them may not follow the one before.
    """
    for state in states:
        if state not in TRANSITIONS[case.state]:
            raise IllegalTransition(f"The case is {case.state}; it cannot become {state}.", state=case.state)
        case = replace(case, state=state, version=case.version + 1)
    return case


def accept(case: Case, *, at: datetime, on: date, time_limit_days: int, calendar: Calendar) -> Case:
    """Accept a received case: the time limit runs from its business date `on`.

    Raises:
        IllegalTransition: it is not `received`.
    """
    accepted = replace(enter(case, "accepted"), accepted_at=at, business_date=on, limit_days=time_limit_days)
    return timed(accepted, stops=(), calendar=calendar)


def timed(case: Case, *, stops: Sequence[Stop], calendar: Calendar) -> Case:
    """Return the case with the due date, or the days left, that its stops and the calendar give it."""
    if case.limit_days is None:
        return case
    left = time_left(
        accepted_on=case.business_date, limit_days=case.limit_days, stops=stops, calendar=calendar
    )
    return replace(case, due_on=left.due_on, days_left=left.days_left)


def retimed(case: Case, *, stops: Sequence[Stop], calendar: Calendar) -> Case | None:
    """Return an open case after the calendar has changed; None when that is nothing to it."""
    after = timed(case, stops=stops, calendar=calendar)
    return None if after == case else replace(after, version=case.version + 1)


def decide(case: Case, *, at: datetime, on: date, outcome: str = GRANTED, reason: str | None = None) -> Case:
    """Decide an accepted case, through `in_review` where it was not there yet.

    Args:
        case: the case.
        at: when.
        on: the business date.
        outcome: one of `OUTCOMES`.
        reason: why; a refusal needs one.

    Raises:
        IllegalTransition: it is neither `accepted` nor `in_review`.
        RefusalWithoutReason: it is refused and nobody says why.
    """
    if outcome == REFUSED and not reason:
        raise RefusalWithoutReason(errors={"reason": ["A refusal says why."]})
    decided = replace(enter(case, *way_to_decision(case)), refused=outcome == REFUSED)
    # Never before its acceptance, which another machine's clock may have dated.
    return replace(decided, decided_at=max(at, case.accepted_at or at), decided_on=on)


def way_to_decision(case: Case) -> tuple[str, ...]:
    """Return the states a case enters when it is decided."""
    return ("decided",) if case.state == "in_review" else ("in_review", "decided")


def stop(case: Case, *, stops: Sequence[Stop], on: date, calendar: Calendar) -> Case:
    """Ask for corrected materials: the clock stops, and what is left is a number of days.

    Args:
        case: any case.
        stops: when the clock stood still before.
        on: business date of the asking.
        calendar: the working days.

    Raises:
        IllegalTransition: its state allows no correction.
    """
    return timed(enter(case, "correction"), stops=[*stops, Stop(since=on, until=None)], calendar=calendar)


def resume(case: Case, *, to: str, stops: Sequence[Stop], on: date, calendar: Calendar) -> Case:
    """End a correction: the due date is worked out from the days left.

    Args:
        case: a case in `correction`.
        to: the state it was in before.
        stops: when its clock stood still, the last still lasting; none when it was never accepted.
        on: business date on which the materials are back.
        calendar: the working days.

    Raises:
        IllegalTransition: it is not in `correction`.
    """
    if case.state != "correction":
        raise IllegalTransition(f"The case is {case.state}; only a correction is resumed.", state=case.state)
    ended = [replace(each, until=each.until or on) for each in stops]
    return timed(enter(case, to), stops=ended, calendar=calendar)
