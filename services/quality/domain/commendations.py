"""Thank-you letters, banners and plaques that departments received."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from services.quality.errors import AlreadyWithdrawn, NotYet

KINDS = ("letter", "banner", "plaque")


@dataclass(frozen=True, kw_only=True)
class Commendation:
    """A commendation as it is counted now; one that was withdrawn is not."""

    hall: str
    id: str
    department: str
    kind: str
    received_on: date
    note: str
    recorded_by: str
    recorded_at: datetime
    version: int = 1
    withdrawn_at: datetime | None = None


def commended(counts: Mapping[str, int]) -> dict[str, int]:
    """Return `letters`, `banners` and `plaques` from counts by kind."""
    return {f"{kind}s": counts.get(kind, 0) for kind in KINDS}


def record(commendation: Commendation, *, today: date) -> Commendation:
    """Check a new one.

    Raises:
        NotYet: it is said to have come on a day that is still ahead.
    """
    if commendation.received_on > today:
        raise NotYet(errors={"received_on": ["May not be in the future."]})
    return commendation


def correct(commendation: Commendation, *, today: date, **changes: Any) -> Commendation:
    """Set what was recorded wrongly right.

    Raises:
        AlreadyWithdrawn: it is counted no more.
        NotYet: as `record`.
    """
    _require_counted(commendation)
    return record(replace(commendation, version=commendation.version + 1, **changes), today=today)


def withdraw(commendation: Commendation, *, at: datetime) -> Commendation:
    """Count a commendation no more.

    Raises:
        AlreadyWithdrawn: it was withdrawn before.
    """
    _require_counted(commendation)
    return replace(commendation, version=commendation.version + 1, withdrawn_at=at)


def _require_counted(commendation: Commendation) -> None:
    if commendation.withdrawn_at is not None:
        raise AlreadyWithdrawn
