"""Limits on guessing.

Attempts are counted when they have failed, so guesses under way at the same moment may exceed a limit by the number
of workers.
"""

from datetime import datetime

from services.identity.domain.attempts import Limit
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


def count(store: Store, hall: str, limit: Limit, subject: str | None, *, at: datetime) -> None:
    """Count an attempt; nothing when it is not known for whom."""
    if subject:
        store.add_attempt(hall, limit, subject, at=at)
