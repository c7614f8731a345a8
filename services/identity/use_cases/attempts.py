"""Limits on guessing.

Attempts are counted when they have failed, so guesses under way at the same moment may exceed a limit by the number
of workers.
"""

from datetime import datetime

from services.identity.domain.attempts import Delay, Limit
from services.identity.errors import TooManyAttempts
from services.identity.store import Store


def require_room(store: Store, hall: str, limit: Limit, subject: str | None, *, at: datetime) -> None:
    """Refuse a further attempt while a limit is reached.

    Args:
        store: identity's tables.
        hall: the hall.
        limit: the limit.
        subject: whom it is counted for; None when that is not known.
        at: now.

    Raises:
        TooManyAttempts: with `retry_after` in seconds.
    """
    filling = store.filling_attempt(hall, limit, subject, at=at) if subject else None
    if filling is not None:
        raise TooManyAttempts(retry_after=limit.retry_after(filling, at))


def require_patience(store: Store, hall: str, delay: Delay, subject: str | None, *, at: datetime) -> None:
    """Refuse a further attempt before the wait after the last failure is over; arguments as for `require_room`.

    Raises:
        TooManyAttempts: with `retry_after` in seconds.
    """
    if subject is None:
        return
    failures, last = store.failures(hall, delay, subject, at=at)
    wait = delay.retry_after(failures, last, at) if last else 0
    if wait:
        raise TooManyAttempts(retry_after=wait)


def count(store: Store, hall: str, limit: Limit | Delay, subject: str | None, *, at: datetime) -> None:
    """Count an attempt; nothing when it is not known for whom."""
    if subject:
        store.add_attempt(hall, limit, subject, at=at)
