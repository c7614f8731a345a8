"""Which time a trial hall shows, started on this machine or in containers."""

import subprocess
import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from deploy.hall.hours import Timetable, choose, settings_for, shown
from deploy.local.start import REFERENCE

SHANGHAI = ZoneInfo("Asia/Shanghai")
FRIDAY_CLOSING = datetime(2026, 3, 6, 17, 45, tzinfo=SHANGHAI)


@pytest.fixture
def table() -> Timetable:
    """The reference hall's hours and calendar."""
    return Timetable(REFERENCE)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def chosen(table: Timetable, now: str, *, given: str = "", seen: str | None = None) -> str:
    return choose(table, given=given, now=local(now), seen=local(seen) if seen else None).setting


@pytest.mark.parametrize("now", ["2026-03-02T09:00", "2026-03-02T12:30", "2026-03-02T16:44"])
def test_the_clock_is_real_while_the_hall_is_open_for_another_hour(table, now):
    assert chosen(table, now) == "real"


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-03-02T06:00", "2026-03-02"),
        ("2026-03-02T16:45", "2026-03-02"),
        ("2026-03-02T22:00", "2026-03-02"),
        ("2026-03-07T11:00", "2026-03-06"),  # Saturday: Friday is nearer than Monday
        ("2026-03-08T11:00", "2026-03-09"),  # Sunday: Monday is
    ],
)
def test_outside_opening_hours_and_in_the_last_one_it_begins_in_the_morning_of_the_nearest_working_day(
    table, now, day
):
    assert chosen(table, now) == f"{day}T09:05:00+08:00@1"


def test_a_holiday_on_a_weekday_is_no_working_day(table):
    assert chosen(table, "2026-10-01T10:00").startswith("2026-09-30T09:05")


def test_a_clock_that_was_set_never_goes_back(table):
    assert chosen(table, "2026-03-02T20:00", seen="2026-03-02T11:20:30").startswith("2026-03-02T11:20:30")
    assert chosen(table, "2026-03-02T20:00", seen="2026-03-02T17:10").startswith("2026-03-03T09:05")
    assert chosen(table, "2026-03-02T20:00", seen="2026-03-06T18:00").startswith("2026-03-09T09:05")


def test_nor_does_it_while_the_hall_is_open(table):
    """On a Sunday it begins on Monday."""
    assert chosen(table, "2026-03-09T09:00", seen="2026-03-09T12:05").startswith("2026-03-09T12:05")
    assert chosen(table, "2026-03-09T12:06", seen="2026-03-09T12:05") == "real"


def test_the_users_clock_is_taken_as_it_is(table):
    assert chosen(table, "2026-03-02T23:00", given="real") == "real"
    given = "2026-03-02T08:50:00+08:00@120"
    assert chosen(table, "2026-03-02T10:00", given=given, seen="2026-03-05T10:00") == given


def test_a_clock_without_offset_is_refused(table):
    with pytest.raises(ValueError, match="offset"):
        chosen(table, "2026-03-02T10:00", given="2026-03-02T08:50:00")


def test_the_shown_time_runs_from_the_start_instant():
    started = datetime.now(UTC).timestamp() - 10

    at = shown("2026-03-02T09:00:00+08:00@60", started)

    assert 600 <= (at - local("2026-03-02T09:00")).total_seconds() < 1200


def settings_at(now: str, **environment: str) -> dict[str, str]:
    """Return what containers are told that ask at a moment, with this set before."""
    lines = settings_for(environment, now=local(now)).splitlines()
    return dict(line.split("=", 1) for line in lines if not line.startswith("#"))


EVENING = "2026-03-02T20:00"


def test_containers_are_told_the_clock_that_a_local_start_chooses(table):
    told = settings_at(EVENING, HALL_CLOCK="real", HALL_CLOCK_STARTED="0")

    assert told["HALL_CLOCK"] == chosen(table, EVENING) == "2026-03-02T09:05:00+08:00@1"
    assert float(told["HALL_CLOCK_STARTED"]) == local(EVENING).timestamp()
    assert settings_at("2026-03-02T10:00")["HALL_CLOCK"] == "real"


def test_containers_that_ask_again_go_on_from_their_clock_and_never_back():
    told = settings_at(EVENING)

    again, asked_at = settings_at("2026-03-02T22:00", **told), local("2026-03-02T22:00").timestamp()
    for each in (told, again):
        at = shown(each["HALL_CLOCK"], float(each["HALL_CLOCK_STARTED"]), real_time=asked_at)
        assert at == local("2026-03-02T11:05")
    assert settings_at("2026-03-03T06:00", **told)["HALL_CLOCK"] == "2026-03-03T09:05:00+08:00@1"


def test_a_clock_of_ones_own_begins_when_containers_ask():
    told = settings_at(EVENING, HALL_CLOCK="2026-03-02T08:50:00+08:00@120")

    assert told["HALL_CLOCK"] == "2026-03-02T08:50:00+08:00@120"
    assert float(told["HALL_CLOCK_STARTED"]) == local(EVENING).timestamp()


def test_the_settings_are_lines_of_an_env_file():
    said = subprocess.run(
        [sys.executable, "-m", "deploy.hall.hours"],
        cwd=REFERENCE.parents[1],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    reason, clock, started = said.splitlines()
    assert reason.startswith("# ") and clock.startswith("HALL_CLOCK=")
    assert float(started.removeprefix("HALL_CLOCK_STARTED=")) > 0
