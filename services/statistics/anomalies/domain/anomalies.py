"""An unusual movement: what was found, and its way from detection to the answer that is fed back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from services.statistics.errors import DueInThePast, IllegalTransition

# Each state with those that may follow it.
TRANSITIONS: Mapping[str, frozenset[str]] = {
    "detected": frozenset({"assigned"}),
    "assigned": frozenset({"explained"}),
    "explained": frozenset({"confirmed", "dismissed"}),
    "confirmed": frozenset({"fed_back"}),
    "dismissed": frozenset({"fed_back"}),
    "fed_back": frozenset(),
}
# Until it is explained somebody owes an explanation.
UNEXPLAINED = ("detected", "assigned")
KINDS = ("item", "department", "hour")


@dataclass(frozen=True, kw_only=True)
class Anomaly:
    """A finding and its follow-up.

    `observed`, `expected`, `lower` and `upper` are sums over the working days from `since` to `business_date`, or over
    the hours from `since_hour` to `subject`. `version` counts the states it has entered.
    """

    hall: str
    id: str
    subject_kind: str
    subject: str
    department: str | None
    direction: str
    business_date: date
    since: date
    window_days: int
    since_hour: str | None
    observed: float
    expected: float
    lower: float
    upper: float
    chance: float | None
    score: float
    method: str
    last_year: float | None
    series: Sequence[Mapping[str, Any]]
    detected_at: datetime
    seen_on: date
    state: str = "detected"
    owner: str | None = None
    due_on: date | None = None
    explanation: str | None = None
    dismissal: str | None = None
    outcome: str | None = None
    version: int = 1

    def is_overdue(self, today: date) -> bool:
        """Tell whether the day on which it was to be explained is over."""
        return self.state in UNEXPLAINED and self.due_on is not None and self.due_on < today


def enter(anomaly: Anomaly, state: str) -> Anomaly:
    """Return the anomaly in its next state.

    Raises:
        IllegalTransition: this state may not follow.
    """
    if state not in TRANSITIONS[anomaly.state]:
        raise IllegalTransition(
            f"The anomaly is {anomaly.state}; it cannot become {state}.", state=anomaly.state
        )
    return replace(anomaly, state=state, version=anomaly.version + 1)


def assign(anomaly: Anomaly, *, owner: str, due_on: date, today: date) -> Anomaly:
    """Give somebody the task to explain it by a date.

    Raises:
        IllegalTransition: somebody has it already.
        DueInThePast: the date is over.
    """
    assigned = replace(enter(anomaly, "assigned"), owner=owner, due_on=due_on)
    if due_on < today:
        raise DueInThePast(errors={"due_on": ["Before today."]})
    return assigned


def explain(anomaly: Anomaly, *, text: str) -> Anomaly:
    """Note what its owner found out.

    Raises:
        IllegalTransition: nobody has it, or it is explained already.
    """
    return replace(enter(anomaly, "explained"), explanation=text)


def confirm(anomaly: Anomaly) -> Anomaly:
    """Agree with the explanation: it is a real change.

    Raises:
        IllegalTransition: it is not explained, or was judged already.
    """
    return enter(anomaly, "confirmed")


def dismiss(anomaly: Anomaly, *, reason: str) -> Anomaly:
    """Set it aside: nothing has changed.

    Raises:
        IllegalTransition: it is not explained, or was judged already.
    """
    return replace(enter(anomaly, "dismissed"), dismissal=reason)


def feed_back(anomaly: Anomaly, *, result: str) -> Anomaly:
    """Note what came of it and was told to the department.

    Raises:
        IllegalTransition: nobody has judged it, or this was done already.
    """
    return replace(enter(anomaly, "fed_back"), outcome=result)
