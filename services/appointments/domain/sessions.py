"""Extended sessions, and the overtime of those who are at their windows.

Overtime is the time in which a person is signed in at a window of the session, while the session is open, outside the
department's opening hours. Two windows at once count once. It is counted in whole minutes for each person, session
and business date: seconds of the same person and date are added up first, and what is then left below a minute does
not count. So no sum of minutes is ever longer than the session.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, zip_longest
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from services.appointments.domain import stretches
from services.appointments.domain.stretches import Stretch
from services.appointments.errors import IllegalTransition, SessionInvalid, TooEarlyToOpen
from services.closures import Closures

# Each state with those that may follow it.
TRANSITIONS: dict[str, frozenset[str]] = {
    "planned": frozenset({"open", "cancelled"}),
    "open": frozenset({"closed"}),
    "closed": frozenset(),
    "cancelled": frozenset(),
}
LONGEST = timedelta(hours=16)
# Who plans a session on the spot names the moment at which they began to type.
JUST_NOW = timedelta(minutes=5)
FARTHEST = timedelta(days=366)
EARLIEST = timedelta(hours=12)
FOR_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Session:
    """A department stays open. `regular` are the opening hours its overtime was counted against, kept at the close."""

    hall: str
    id: str
    department: str
    windows: Sequence[str]
    staff: Sequence[str]
    starts_at: datetime
    ends_at: datetime
    state: str
    opened_at: datetime | None
    closed_at: datetime | None
    version: int
    regular: Sequence[Stretch] | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class Signing:
    """What ticketing said of a window: who signed in when and, once they have signed out, until when."""

    window: str
    sequence: int
    clerk: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class Presence:
    """Somebody at a window; `until` is `FOR_EVER` while they are there."""

    clerk: str
    since: datetime
    until: datetime

    @property
    def stretch(self) -> Stretch:
        """The time of it."""
        return self.since, self.until


@dataclass(frozen=True, kw_only=True)
class Overtime:
    """A person's overtime in a session on a business date; a correction has the same id and the next sequence."""

    id: str
    session: str
    staff: str
    department: str
    business_date: date
    starts_at: datetime
    ends_at: datetime
    minutes: int
    sequence: int = 1


def check_times(session: Session, *, at: datetime) -> None:
    """Make sure that a session can be planned at this time.

    Raises:
        SessionInvalid: it begins in the past or more than a year ahead, ends before it begins, or is too long.
    """
    wrong: dict[str, list[str]] = {}
    if not at - JUST_NOW <= session.starts_at <= at + FARTHEST:
        wrong["starts_at"] = ["In the past, or more than a year ahead."]
    if session.ends_at <= max(session.starts_at, at):
        wrong["ends_at"] = ["Must be after `starts_at`, and to come."]
    elif session.ends_at - session.starts_at > LONGEST:
        wrong["ends_at"] = [f"At most {LONGEST // timedelta(hours=1)} hours after `starts_at`."]
    if wrong:
        raise SessionInvalid(errors=wrong)


def check_extends(session: Session, *, regular: Iterable[Stretch]) -> None:
    """Make sure that a session is more than the opening hours.

    Raises:
        SessionInvalid: the department is open all the time as it is.
    """
    if not stretches.without([(session.starts_at, session.ends_at)], regular):
        raise SessionInvalid(errors={"starts_at": ["The department is open all this time as it is."]})


def _enter(session: Session, state: str) -> Session:
    if state not in TRANSITIONS[session.state]:
        raise IllegalTransition(
            f"The session is {session.state}; it cannot become {state}.", state=session.state
        )
    return replace(session, state=state, version=session.version + 1)


def open_(session: Session, *, at: datetime) -> Session:
    """Open a session: by hand before its start from this moment on, otherwise from its start.

    Raises:
        IllegalTransition: it is not planned.
        TooEarlyToOpen: it begins more than twelve hours from now.
    """
    opened = replace(_enter(session, "open"), opened_at=min(at, session.starts_at))
    if session.starts_at - at > EARLIEST:
        raise TooEarlyToOpen(starts_at=session.starts_at.isoformat())
    return opened


def close(session: Session, *, at: datetime, regular: Iterable[Stretch]) -> Session:
    """Close a session at a moment; the opening hours are kept with it, since later ones do not change its overtime.

    Raises:
        IllegalTransition: it is not open.
    """
    closed = replace(_enter(session, "closed"), closed_at=max(at, session.opened_at or at))
    return replace(closed, regular=list(regular))


def cancel(session: Session) -> Session:
    """Call a planned session off.

    Raises:
        IllegalTransition: it is not planned.
    """
    return _enter(session, "cancelled")


def closing_time(
    session: Session,
    presences: Iterable[Presence],
    *,
    regular: Iterable[Stretch],
    next_starts_at: datetime | None,
    at: datetime,
) -> datetime | None:
    """Return when an open session ended by itself, None while it goes on.

    It ends as planned unless somebody is at its windows then: in that case when the last of them leaves, when the
    department opens as usual or when its next session begins, whichever comes first.
    """
    planned = session.ends_at
    stays = stretches.union(each.stretch for each in presences)
    last_leaves = next((ends for starts, ends in stays if starts <= planned < ends), planned)
    opens = min((max(starts, planned) for starts, ends in regular if ends > planned), default=FOR_EVER)
    ends_at = min(last_leaves, opens, next_starts_at or FOR_EVER)
    return ends_at if ends_at <= at else None


def presences(signings: Iterable[Signing]) -> Iterator[Presence]:
    """Give who was at which window, of what was heard so far.

    A sign-out tells both ends. A sign-in lasts until the next that is known of its window: ticketing seats a clerk
    anew without a word of the sign-out when only the queues change, and a sign-out may still be under way.
    """
    ordered = sorted(signings, key=lambda one: (one.window, one.sequence))
    for _, of_window in groupby(ordered, key=lambda one: one.window):
        facts = list(of_window)
        for fact, following in zip_longest(facts, facts[1:]):
            until = max(fact.since, _end(fact, following))
            yield Presence(clerk=fact.clerk, since=fact.since, until=until)


def _end(fact: Signing, following: Signing | None) -> datetime:
    if fact.until is not None or following is None:
        return fact.until or FOR_EVER
    same = (following.clerk, following.since) == (fact.clerk, fact.since)
    return following.until if same and following.until else following.since


def overtime(
    session: Session,
    presences: Iterable[Presence],
    *,
    regular: Iterable[Stretch],
    zone: ZoneInfo,
    at: datetime,
) -> list[Overtime]:
    """Return the overtime in a session up to its close, or so far, by person and date; see the module for the rule."""
    if session.opened_at is None:
        return []
    opened = (session.opened_at, session.closed_at or at)
    closed_hours = stretches.without([opened], regular)
    found: list[Overtime] = []
    ordered = sorted(presences, key=lambda one: one.clerk)
    for clerk, stays in groupby(ordered, key=lambda one: one.clerk):
        times = [each.stretch for each in stays]
        extra = [part for free in closed_hours for part in stretches.within(times, free)]
        found += _by_date(session, clerk, extra, zone)
    return found


def _by_date(session: Session, clerk: str, extra: Iterable[Stretch], zone: ZoneInfo) -> Iterator[Overtime]:
    for day, parts in stretches.by_day(extra, zone).items():
        if minutes := stretches.whole_minutes(parts):
            yield Overtime(
                id=str(uuid5(UUID(session.id), f"{clerk} {day}")),
                session=session.id,
                staff=clerk,
                department=session.department,
                business_date=day,
                starts_at=parts[0][0],
                ends_at=parts[-1][1],
                minutes=minutes,
            )


def corrections(counted: Iterable[Overtime], recorded: Iterable[Overtime]) -> Iterator[Overtime]:
    """Give what has to be added to the ledger so that its newest entries say what was counted."""
    before = {entry.id: entry for entry in recorded}
    for entry in counted:
        known = before.pop(entry.id, None)
        if known is None:
            yield entry
        elif replace(entry, sequence=known.sequence) != known:
            yield replace(entry, sequence=known.sequence + 1)
    for gone in before.values():
        if gone.minutes:
            yield replace(gone, ends_at=gone.starts_at, minutes=0, sequence=gone.sequence + 1)


def is_shut(session: Session, closures: Closures) -> bool:
    """Tell whether closures leave a session no time at all."""
    return not any(closures.left(session.starts_at, session.ends_at, session.department))
