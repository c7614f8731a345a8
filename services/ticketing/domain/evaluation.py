"""How a visitor found the service, and what is done where it was bad."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.ticketing.errors import DueInThePast, FollowUpRefused, NoSuchOwner

# The two negative ones of five levels.
NEGATIVE = frozenset({1, 2})
# Who may be given a follow-up: those who serve visitors and those who lead the hall, not who runs the system alone.
OWNERS = frozenset(
    {"clerk", "operator", "dispatcher", "crew", "analyst", "manager", "department_head", "front_desk"}
)
# The states of a follow-up with those that may come next; a level that is not negative has none.
FOLLOW_UPS: dict[str, frozenset[str]] = {
    "open": frozenset({"assigned"}),
    "assigned": frozenset({"assigned", "followed_up"}),
    "followed_up": frozenset(),
}


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """The evaluation of a visit; `owner` answers for its follow-up until `due_on`.

    `item` is None for who was sent on and served for something that nobody wrote down.
    """

    hall: str
    ticket: str
    business_date: date
    queue: str
    department: str
    item: str | None
    window: str | None
    clerk: str | None
    level: int
    comment: str | None
    recorded_at: datetime
    follow_up: str | None
    owner: str | None = None
    due_on: date | None = None
    result: str | None = None
    version: int = 1
    # That of the visit's ticket, by which the hall knows it.
    number: str | None = None


def first_follow_up(level: int) -> str | None:
    """Return the state in which the follow-up of a new evaluation is, None where none is needed."""
    return "open" if level in NEGATIVE else None


def require_owner(roles: Iterable[str]) -> None:
    """Refuse to give a follow-up to an account.

    Args:
        roles: of the account; none where there is no such account, or it is closed.

    Raises:
        NoSuchOwner: it has none of `OWNERS`.
    """
    if not OWNERS & set(roles):
        raise NoSuchOwner(errors={"owner": ["There is no such account, or it serves no visitors."]})


def assign(evaluation: Evaluation, *, owner: str, due_on: date, today: date) -> Evaluation:
    """Say who follows an evaluation up, and by when.

    Args:
        evaluation: a negative one.
        owner: the account of who answers for it.
        due_on: the last business date.
        today: the business date.

    Raises:
        FollowUpRefused: it is not negative, or was followed up.
        DueInThePast: the last date is over.
    """
    if due_on < today:
        raise DueInThePast
    return _to(evaluation, "assigned", owner=owner, due_on=due_on)


def follow_up(evaluation: Evaluation, *, result: str) -> Evaluation:
    """Say what came of a follow-up.

    Raises:
        FollowUpRefused: nobody answers for it, or it was followed up before.
    """
    return _to(evaluation, "followed_up", result=result)


def _to(evaluation: Evaluation, state: str, **changes: str | date) -> Evaluation:
    before = evaluation.follow_up
    if before is None:
        raise FollowUpRefused("Only a negative evaluation is followed up.", state=None)
    if state not in FOLLOW_UPS[before]:
        raise FollowUpRefused(f"The follow-up is {before}; it cannot become {state}.", state=before)
    return replace(evaluation, follow_up=state, version=evaluation.version + 1, **changes)  # type: ignore[arg-type]
