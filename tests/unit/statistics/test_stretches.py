"""Ranges of dates taken apart leave no day out and count none twice."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.statistics.figures.domain.stretches import (
    Stretch,
    days_alone,
    period_start,
    portions,
    stretch_of,
)

DATES = st.dates(date(2003, 12, 1), date(2012, 2, 1))
BY = st.sampled_from(["day", "month", "quarter", "year"])


def days_between(since: date, until: date) -> list[date]:
    return [since + timedelta(days=nth) for nth in range((until - since).days + 1)]


def covered(stretch: Stretch) -> list[date]:
    """Return the days of a stretch, those of its whole months included, as its sums would be read."""
    whole = [day for day in days_between(date(2003, 1, 1), date(2014, 1, 1)) if day.day == 1]
    months = [first for first in whole if stretch.whole_since <= first < stretch.whole_until]
    days = [day for first in months for day in days_between(first, last_of(first))]
    for day in days_between(stretch.since, stretch.until):
        days += [day] * (day < stretch.head_until)
        days += [day] * (day >= stretch.tail_since)
    return sorted(days)


def last_of(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


@given(DATES, st.integers(0, 400))
def test_months_and_edges_are_the_range(since: date, days: int) -> None:
    until = since + timedelta(days=days)
    assert covered(stretch_of(since, until)) == days_between(since, until)
    assert covered(days_alone(since, until)) == days_between(since, until)


@given(DATES, st.integers(0, 900), BY)
def test_portions_follow_each_other_and_cut_no_period(since: date, days: int, by: str) -> None:
    until = since + timedelta(days=days)
    parts = list(portions(since, until, by))
    assert [day for part in parts for day in days_between(part.since, part.until)] == days_between(
        since, until
    )
    for part in parts[1:]:
        assert period_start(part.since, by) == part.since


@pytest.mark.parametrize("by", ["day", "month", "quarter", "year"])
def test_the_end_of_time_is_a_range_too(by: str) -> None:
    parts = list(portions(date(9999, 1, 1), date.max, by))
    assert (parts[0].since, parts[-1].until) == (date(9999, 1, 1), date.max)


def test_a_whole_year_is_months_alone() -> None:
    stretch = stretch_of(date(2011, 1, 1), date(2011, 12, 31))
    assert (stretch.whole_since, stretch.whole_until) == (date(2011, 1, 1), date(2012, 1, 1))
    assert stretch.head_until == stretch.since
    assert stretch.tail_since > stretch.until
