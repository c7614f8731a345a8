"""Queues, items and windows as ticketing knows them, and the order of a queue."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from services.chassis.dated import as_of

_DATED = ("department", "queue", "service_seconds", "state")
SMALLEST_RATE = 0.001


@dataclass(frozen=True, kw_only=True)
class Queue:
    """What tickets wait in. `rates` give score per second by class; `max_wait_s` is in seconds."""

    hall: str
    code: str
    prefix: str
    name: str
    name_en: str
    department: str
    zone: str
    max_wait_s: int
    rates: dict[str, float] = field(hash=False)

    def rate(self, class_: str) -> float:
        """Return the score a ticket of this class gains in a second; urgent needs none."""
        return max(self.rates.get(class_, 1.0), SMALLEST_RATE)


@dataclass(frozen=True, kw_only=True)
class Item:
    """A service item; `service_seconds` is how long it typically takes at the window."""

    hall: str
    code: str
    name: str
    name_en: str
    department: str
    queue: str
    service_seconds: int
    state: str
    terms: Sequence[Mapping[str, Any]] = field(default=(), hash=False)

    def on(self, day: date) -> "Item":
        """Return it as it is on a day, as far as that was heard."""
        term = as_of(self.terms, day)
        return self if term is None else replace(self, **{name: term[name] for name in _DATED})


class Waiting(Protocol):
    """What the order looks at."""

    @property
    def queue(self) -> str: ...
    @property
    def class_(self) -> str: ...
    @property
    def rate(self) -> float: ...
    @property
    def reference_at(self) -> datetime: ...
    @property
    def overdue_at(self) -> datetime: ...
    @property
    def ordinal(self) -> int: ...
    @property
    def id(self) -> str: ...


W = TypeVar("W", bound=Waiting)

URGENT, OVERDUE, BY_SCORE = "urgent", "overdue", "score"
_RANKS = {URGENT: 0, OVERDUE: 1, BY_SCORE: 2}


def rule_for(ticket: Waiting, at: datetime) -> str:
    """Return the rule that gives a waiting ticket its place now: urgent, overdue or score."""
    if ticket.class_ == "urgent":
        return URGENT
    return OVERDUE if ticket.overdue_at <= at else BY_SCORE


def score(ticket: Waiting, at: datetime) -> float:
    """Return rate × seconds since the reference time; nothing before an appointment's start.

    The accumulating priority queue of Kleinrock (1964), with the rates as policy: Stanford, Taylor and Ziedins,
    "Waiting time distributions in the accumulating priority queue", Queueing Systems 77 (2014).
    """
    return max(0.0, _gained(ticket, at))


def _gained(ticket: Waiting, at: datetime) -> float:
    """Return the score, and below zero how far off it is: who comes before their slot stands behind all, by slot."""
    return ticket.rate * (at - ticket.reference_at).total_seconds()


def order_key(
    ticket: Waiting, at: datetime, profile: Sequence[str]
) -> tuple[int, float, int, datetime, int, str]:
    """Return what tickets are sorted by; the smallest is called next.

    Urgent ones first, by their time; then those past the longest wait of their queue, the longest past first;
    then the highest score. Equal scores go by the order of the window's profile, then by time and number.

    Args:
        ticket: a waiting ticket.
        at: the moment of the call.
        profile: codes of the queues the window calls from, in order.
    """
    rule = rule_for(ticket, at)
    within = {
        URGENT: ticket.reference_at.timestamp(),
        OVERDUE: ticket.overdue_at.timestamp(),
        BY_SCORE: -_gained(ticket, at),
    }[rule]
    place = profile.index(ticket.queue) if ticket.queue in profile else len(profile)
    return (_RANKS[rule], within, place, ticket.reference_at, ticket.ordinal, ticket.id)


def call_order(tickets: Iterable[W], at: datetime, profile: Sequence[str]) -> list[W]:
    """Return waiting tickets of a window's queues in the order in which they would be called now."""
    return sorted(
        (t for t in tickets if t.queue in profile), key=lambda ticket: order_key(ticket, at, profile)
    )
