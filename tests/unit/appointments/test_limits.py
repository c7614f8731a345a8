"""What a person may have, and what they lose by failing."""

from datetime import UTC, datetime, timedelta

import pytest

from services.appointments.domain.appointment import Record, check_limits
from services.appointments.errors import BookingSuspended, LimitReached

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


def days_ago(*days: float) -> list[datetime]:
    return [NOW - timedelta(days=each) for each in days]


def record(
    *, live: int = 0, no_shows: tuple[float, ...] = (), cancellations: tuple[float, ...] = ()
) -> Record:
    return Record(live=live, same=0, no_shows=days_ago(*no_shows), cancellations=days_ago(*cancellations))


def test_two_no_shows_within_a_month_suspend_for_thirty_days_from_the_second() -> None:
    failed = record(no_shows=(40, 20))
    assert failed.suspended_until(NOW) == NOW + timedelta(days=10)
    assert record(no_shows=(55, 20)).suspended_until(NOW) is None
    assert record(no_shows=(45, 31)).suspended_until(NOW) is None


def test_five_cancellations_suspend_four_warn() -> None:
    assert record(cancellations=(1, 2, 3, 4)).suspended_until(NOW) is None
    assert record(cancellations=(1, 2, 3, 4)).warning(NOW) == "cancellation_limit_near"
    assert record(cancellations=(1, 2, 3, 4, 5)).suspended_until(NOW) == NOW + timedelta(days=29)


def test_a_suspended_person_is_refused_on_the_web_only() -> None:
    failed = record(no_shows=(1, 2))
    with pytest.raises(BookingSuspended):
        check_limits(failed, channel="web", at=NOW)
    check_limits(failed, channel="phone", at=NOW)


def test_the_third_is_the_last() -> None:
    check_limits(record(live=2), channel="web", at=NOW)
    with pytest.raises(LimitReached):
        check_limits(record(live=3), channel="phone", at=NOW)
