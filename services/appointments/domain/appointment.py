"""An appointment, its states, and what a person may have and loses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from services.appointments.errors import (
    BookingSuspended,
    IllegalTransition,
    LimitReached,
    SlotPast,
    TooEarly,
    TooLateToConfirm,
    WrongDay,
)

# Each state with those that may follow it.
TRANSITIONS: dict[str, frozenset[str]] = {
    "held": frozenset({"booked", "lapsed"}),
    "booked": frozenset({"checked_in", "cancelled", "rescheduled", "no_show", "displaced"}),
    "checked_in": frozenset({"fulfilled"}),
    "waitlisted": frozenset({"offered", "cancelled", "displaced"}),
    "offered": frozenset({"booked", "lapsed", "displaced"}),
    "lapsed": frozenset(),
    "fulfilled": frozenset(),
    "cancelled": frozenset(),
    "rescheduled": frozenset(),
    "no_show": frozenset(),
    "displaced": frozenset(),
}
HOLD = timedelta(minutes=10)
OFFER = timedelta(minutes=30)
MONTH = timedelta(days=30)
CHECK_IN_BEFORE = timedelta(minutes=30)
CHECK_IN_AFTER = timedelta(minutes=15)
MOST_LIVE = 3
NO_SHOWS = 2
CANCELLATIONS = 5
# Crockford's base 32: no I, L, O, U, which are misread or misheard.
REFERENCE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_LENGTH = 8


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who an appointment is for: the phone's hash, sealed texts for those who must reach them, masks for the rest."""

    phone_hash: str | None
    name_sealed: str | None
    phone_sealed: str | None
    name: str | None
    phone: str | None
    language: str


@dataclass(frozen=True, kw_only=True)
class Appointment:
    """A reserved place or a wish for one. `version` counts the states it has entered; `until` ends hold and offer."""

    hall: str
    id: str
    reference: str
    state: str
    item: str
    department: str
    channel: str
    slot: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    day: date | None
    until: datetime | None
    wanted_from: date | None
    wanted_to: date | None
    booked_at: datetime | None
    rescheduled_from: str | None
    rescheduled_to: str | None
    arrived_at: datetime | None
    ticket: Mapping[str, Any] | None
    warning: str | None
    created_at: datetime
    version: int
    person: Person

    @property
    def lead_s(self) -> int | None:
        """Seconds from the booking to the slot's start; None while it is not booked."""
        if self.booked_at is None or self.starts_at is None:
            return None
        return round((self.starts_at - self.booked_at).total_seconds())


# Who holds a place that may be taken away; it stays the same one in all of them.
DISPLACEABLE = frozenset({"held", "offered", "booked"})
# What a place becomes whose holder does not want it.
GIVEN_UP = frozenset({"cancelled", "lapsed"})


def enter(appointment: Appointment, state: str) -> Appointment:
    """Return the appointment in its next state.

    Raises:
        IllegalTransition: this state may not follow.
    """
    if state not in TRANSITIONS[appointment.state]:
        raise IllegalTransition(
            f"The appointment is {appointment.state}; it cannot become {state}.", state=appointment.state
        )
    until = appointment.until if state in ("held", "offered") else None
    return replace(appointment, state=state, until=until, version=appointment.version + 1)


def confirm(appointment: Appointment, *, at: datetime) -> Appointment:
    """Book the place that is held or offered.

    Raises:
        IllegalTransition: it is neither held nor offered.
        TooLateToConfirm: the time for that is over.
    """
    booked = replace(enter(appointment, "booked"), booked_at=at)
    if appointment.until is not None and appointment.until <= at:
        raise TooLateToConfirm
    return booked


def give_up(appointment: Appointment, *, at: datetime) -> Appointment:
    """Cancel a booking or a wish; a place that is only held or offered lapses.

    Raises:
        IllegalTransition: there is no place to give up.
        SlotPast: its time has come, so that nobody can turn a no-show into a cancellation.
    """
    next_ = enter(appointment, "lapsed" if appointment.state in ("held", "offered") else "cancelled")
    if appointment.starts_at is not None and appointment.starts_at <= at:
        raise SlotPast
    return next_


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """How a person who has come waits: class of their ticket, and since when they count as waiting."""

    class_: str
    reference_at: datetime


def arrive(appointment: Appointment, *, at: datetime, today: date) -> Arrival:
    """Return how a person who checks in now waits: ahead of walk-ins unless they are more than 15 minutes late.

    Raises:
        IllegalTransition: it is not booked.
        WrongDay: it is on another day.
        TooEarly: check-in opens half an hour before its time.
    """
    enter(appointment, "checked_in")
    starts_at = appointment.starts_at
    if starts_at is None or appointment.day != today:
        raise WrongDay(day=appointment.day.isoformat() if appointment.day else None)
    if at < starts_at - CHECK_IN_BEFORE:
        raise TooEarly(opens_at=(starts_at - CHECK_IN_BEFORE).isoformat())
    late = at > starts_at + CHECK_IN_AFTER
    return Arrival(class_="walk_in" if late else "appointment", reference_at=max(at, starts_at))


@dataclass(frozen=True, kw_only=True)
class Record:
    """What is known of a person: live appointments, those of one item and day, and moments of failure of 60 days."""

    live: int
    same: int
    no_shows: Sequence[datetime]
    cancellations: Sequence[datetime]

    def suspended_until(self, at: datetime) -> datetime | None:
        """Return until when this person cannot book on the web, None when nothing is held against them.

        Two no-shows or five cancellations within a month suspend for 30 days from the last of them.
        """
        ends = [*_suspensions(self.no_shows, NO_SHOWS), *_suspensions(self.cancellations, CANCELLATIONS)]
        last = max(ends, default=None)
        return last if last is not None and last > at else None

    def warning(self, at: datetime) -> str | None:
        """Return the limit that the next failure would reach."""
        since = at - MONTH
        if sum(each > since for each in self.no_shows) == NO_SHOWS - 1:
            return "no_show_limit_near"
        if sum(each > since for each in self.cancellations) == CANCELLATIONS - 1:
            return "cancellation_limit_near"
        return None


def _suspensions(moments: Sequence[datetime], most: int) -> list[datetime]:
    ordered = sorted(moments)
    pairs = zip(ordered, ordered[most - 1 :], strict=False)
    return [last + MONTH for first, last in pairs if last - first <= MONTH]


def check_limits(record: Record, *, channel: str, at: datetime) -> None:
    """Make sure that a person may have one more appointment.

    Raises:
        LimitReached: they have one of this item and day, or three in all.
        BookingSuspended: they failed too often; only staff can book for them.
    """
    if channel == "web" and (until := record.suspended_until(at)):
        raise BookingSuspended(until=until.isoformat())
    if record.same:
        raise LimitReached("There is an appointment of this item on this day already.", limit="item_and_day")
    if record.live >= MOST_LIVE:
        raise LimitReached(f"No more than {MOST_LIVE} appointments at a time.", limit="live")
