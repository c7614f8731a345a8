"""Which periods reports are about, and what they are compared with."""

from datetime import date

import pytest

from services.statistics.errors import PeriodInvalid
from services.statistics.facts.domain.workdays import PUBLISHED
from services.statistics.figures.domain.periods import (
    Period,
    like_stretch,
    period_before,
    read_period,
    year_before,
)


@pytest.mark.parametrize(
    ("kind", "text", "first", "last"),
    [
        ("daily", "2011-11-30", date(2011, 11, 30), date(2011, 11, 30)),
        ("monthly", "2012-02", date(2012, 2, 1), date(2012, 2, 29)),
        ("quarterly", "2011-Q4", date(2011, 10, 1), date(2011, 12, 31)),
        ("annual", "2011", date(2011, 1, 1), date(2011, 12, 31)),
    ],
)
def test_a_period_is_read_as_it_is_written(kind: str, text: str, first: date, last: date) -> None:
    found = read_period(kind, text)
    assert (found.kind, found.name, found.first, found.last) == (kind, text, first, last)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("daily", "2011-02-30"),
        ("daily", "20111130"),
        ("daily", "2011-11-30\n"),
        ("monthly", "2011-13"),
        ("monthly", "2011-00"),
        ("quarterly", "2011-Q5"),
        ("quarterly", "2011-q1"),
        ("annual", "11"),
        ("annual", "２０１１"),
        ("annual", "2003"),
        ("annual", "2011-Q4"),
    ],
)
def test_what_is_no_period_is_refused_with_the_right_form(kind: str, text: str) -> None:
    with pytest.raises(PeriodInvalid) as refused:
        read_period(kind, text)
    assert list(refused.value.errors) == ["period"]


@pytest.mark.parametrize(
    ("kind", "text", "before", "earlier"),
    [
        ("annual", "2011", "2010", "2010"),
        ("quarterly", "2011-Q1", "2010-Q4", "2010-Q1"),
        ("monthly", "2011-01", "2010-12", "2010-01"),
        ("daily", "2011-10-10", "2011-10-09", "2010-10-10"),
        ("daily", "2012-02-29", "2012-02-28", "2011-02-28"),
        ("daily", "2011-10-08", "2011-09-30", "2010-10-08"),
    ],
)
def test_what_comes_before(kind: str, text: str, before: str, earlier: str) -> None:
    """The working day before a day: 9 October 2011 was a Sunday on which people worked, the week before a holiday."""
    period = read_period(kind, text)
    assert (period_before(period).name, year_before(period).name) == (before, earlier)


@pytest.mark.parametrize(
    ("kind", "text", "counted_to", "last"),
    [
        ("annual", "2011", date(2011, 11, 30), date(2010, 11, 30)),
        ("annual", "2011", date(2011, 11, 24), date(2010, 11, 24)),
        ("annual", "2016", date(2016, 12, 30), date(2015, 12, 31)),
        ("annual", "2012", date(2012, 2, 29), date(2011, 2, 28)),
        ("monthly", "2011-03", date(2011, 3, 30), date(2011, 2, 28)),
        ("quarterly", "2011-Q1", date(2011, 2, 10), date(2010, 11, 10)),
    ],
)
def test_like_is_compared_with_like(kind: str, text: str, counted_to: date, last: date) -> None:
    """30 December 2016 was that year's last working day, so the whole of 2015 stands beside it."""
    period = read_period(kind, text)
    earlier = year_before(period) if kind == "annual" else period_before(period)
    assert like_stretch(earlier, period, counted_to).last == last


def test_working_days_are_those_of_the_chinese_calendar() -> None:
    assert PUBLISHED.count(date(2011, 1, 1), date(2011, 11, 30)) == 227
    assert PUBLISHED.count(date(2011, 10, 1), date(2011, 10, 9)) == 2, (
        "8 and 9 October make up for the holiday"
    )
    assert PUBLISHED.count(date(2150, 1, 1), date(2150, 1, 7)) == 5, (
        "beyond the published years Monday to Friday"
    )


def test_a_period_can_be_cut_but_not_made_longer() -> None:
    period = Period(kind="daily", name="2011-11-30", first=date(2011, 11, 30), last=date(2011, 11, 30))
    assert period.cut(date(2026, 1, 1)) == period
