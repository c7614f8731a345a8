"""The hall's clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis import clock
from services.chassis.clock import ClockSetting, parse_setting

START = datetime(2026, 3, 2, 0, 50, tzinfo=UTC)


def test_the_setting_is_a_moment_with_an_optional_speed() -> None:
    assert parse_setting("2026-03-02T08:50:00+08:00@120", real_start=7.0) == ClockSetting(START, 120.0, 7.0)
    assert parse_setting("2026-03-02T08:50:00+08:00", real_start=7.0) == ClockSetting(START, 1.0, 7.0)
    assert parse_setting("2026-03-02T00:50:00Z@0.5", real_start=7.0) == ClockSetting(START, 0.5, 7.0)


@pytest.mark.parametrize("text", ["", "real"])
def test_without_a_moment_the_clock_is_real(text: str) -> None:
    assert parse_setting(text, real_start=0) is None


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02T08:50:00",
        "soon",
        "2026-03-02T08:50:00+08:00@0",
        "2026-03-02T08:50:00+08:00@-1",
        "2026-03-02T08:50:00+08:00@fast",
        "2026-03-02T08:50:00+08:00@nan",
        "2026-03-02T08:50:00+08:00@inf",
    ],
)
def test_a_setting_that_means_nothing_is_refused(text: str) -> None:
    """Seen to fail for nan and inf, which are not below zero."""
    with pytest.raises(ValueError):
        parse_setting(text, real_start=0)


def test_a_fast_clock_shows_two_hours_after_a_minute() -> None:
    fast = ClockSetting(START, 120.0, 1000.0)
    assert fast.at(1000.0) == START
    assert fast.at(1060.0) == START + timedelta(hours=2)


@given(st.floats(0.1, 1000), st.floats(0, 1e6), st.floats(0, 1e5))
def test_processes_that_share_a_start_show_the_same_time(
    speed: float, real_start: float, later: float
) -> None:
    text = f"{START.isoformat()}@{speed!r}"
    one, other = (parse_setting(text, real_start=real_start) for _ in range(2))
    assert one is not None and other is not None
    assert one.at(real_start + later) == other.at(real_start + later) >= START


def test_a_test_can_show_any_time_and_leaves_the_clock_as_it_was() -> None:
    with clock.showing(lambda: START):
        assert clock.now() == START
        with clock.showing(lambda: START + timedelta(days=1)):
            assert clock.now() == START + timedelta(days=1)
        assert clock.now() == START
    before = datetime.now(UTC)
    assert before <= clock.real_now() <= datetime.now(UTC)
    assert clock.now() != START


def test_a_day_begins_at_midnight_in_the_hall() -> None:
    assert clock.business_date(datetime(2026, 3, 1, 15, 59, tzinfo=UTC)) == date(2026, 3, 1)
    assert clock.business_date(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)) == date(2026, 3, 2)
