"""What extended sessions add to the hours: evenings, noon, rest days, and past midnight."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ticketing.domain.hours import OpeningHours, OpenTime, pass_time
from services.ticketing.domain.session import ExtendedSession, sessions_of
from tests.unit.ticketing.test_opening_hours import HOURS, ZONE, at, seconds_left, wall_seconds


def session(
    starts: str, ends: str, *, windows: str = "100", state: str = "planned", **more: Any
) -> ExtendedSession:
    """Return a session of d0 with windows as "100 101"."""
    starts_at, ends_at = at(starts), at(ends)
    usual = {
        "id": f"{starts}-{ends}",
        "department": "d0",
        "windows": frozenset(windows.split()),
        "day": starts_at.astimezone(ZONE).date(),
        "starts_at": starts_at,
        "ends_at": ends_at,
        "state": state,
        "opened_at": starts_at if state == "open" else None,
        "closed_at": None,
    }
    return ExtendedSession(**usual | more)


def hours(*sessions: ExtendedSession) -> OpeningHours:
    """Return the hall's hours with sessions."""
    return replace(HOURS, sessions=sessions_of(sessions))


def spans(of: OpeningHours, moment: str) -> list[tuple[str, str, str]]:
    """Return what is left of a day as (from, to, windows)."""
    return [
        (f"{each.starts:%H:%M}", f"{each.ends:%H:%M}", " ".join(sorted(each.windows or ())))
        for each in of.left(at(moment), "d0")
    ]


EVENING = session("17:45:00", "20:00:00", windows="100 101")
NIGHT = session("22:00:00", "2026-03-03 02:00:00", state="open")
SATURDAY = session("2026-03-07 09:00:00", "2026-03-07 12:00:00")


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        ("17:29:59", True),
        ("17:40:00", False),  # between the closing and the session
        ("17:45:00", True),
        ("19:59:59", True),
        ("20:00:00", False),
    ],
)
def test_numbers_are_given_in_the_planned_time_of_a_session(moment: str, open_: bool) -> None:
    for state in ("planned", "open"):
        assert hours(replace(EVENING, state=state)).is_open(at(moment), "d0") is open_


@pytest.mark.parametrize("state", ["closed", "cancelled"])
def test_a_session_that_is_over_or_called_off_adds_nothing(state: str) -> None:
    over = hours(replace(EVENING, state=state, closed_at=at("18:00:00")))
    assert not over.is_open(at("18:30:00"), "d0")
    assert not over.in_session(at("18:30:00"), "d0")
    assert spans(over, "18:30:00") == []
    assert over.next_opening(at("17:35:00"), "d0") == at("2026-03-03 09:00:00")


def test_a_session_is_its_own_departments() -> None:
    assert not hours(EVENING).is_open(at("18:00:00"), "d1")
    assert spans(hours(EVENING), "18:00:00") == [("18:00", "20:00", "100 101")]


def test_what_is_left_of_a_day_names_the_windows_of_its_sessions() -> None:
    noon = session("11:30:00", "13:30:00", windows="102")
    assert spans(hours(EVENING, noon), "10:00:00") == [
        ("10:00", "12:00", ""),
        ("12:00", "13:30", "102"),  # what lies in the hours adds nothing
        ("14:00", "17:30", ""),
        ("17:45", "20:00", "100 101"),
    ]


def test_where_two_sessions_meet_the_windows_of_both_serve() -> None:
    second = session("18:00:00", "19:00:00", windows="102")
    assert spans(hours(EVENING, second), "17:35:00") == [
        ("17:45", "18:00", "100 101"),
        ("18:00", "19:00", "100 101 102"),
        ("19:00", "20:00", "100 101"),
    ]


def test_a_session_past_midnight_belongs_to_the_day_on_which_it_began() -> None:
    night = hours(NIGHT)
    assert spans(night, "23:00:00") == [("23:00", "02:00", "100")]
    assert spans(night, "2026-03-03 00:30:00") == [("00:30", "02:00", "100")], "without the next day's hours"
    assert night.since(at("2026-03-03 00:30:00"), "d0") == date(2026, 3, 2)
    assert night.since(at("2026-03-03 00:30:00"), "d0", "101") == date(2026, 3, 3), "which is not in it"
    assert night.since(at("2026-03-03 00:30:00"), "d1") == date(2026, 3, 3)
    assert spans(night, "2026-03-03 10:00:00")[0] == ("10:00", "12:00", "")


def test_an_open_session_that_runs_past_its_plan_serves_on_without_numbers() -> None:
    late = hours(replace(EVENING, state="open"))
    moment = at("20:30:00")
    assert not late.is_open(moment, "d0")
    assert late.in_session(moment, "d0", "100")
    assert not late.in_session(moment, "d0", "200")
    assert not hours(EVENING).in_session(moment, "d0"), "one that nobody opened has ended"
    assert not late.in_session(at("2026-03-03 08:00:00"), "d0"), (
        "nor does one that nobody closes run for ever"
    )


def test_what_is_done_in_the_hours_is_not_extended_and_what_is_done_at_noon_is() -> None:
    all_day = hours(session("11:00:00", "18:00:00", state="open"))
    found = {
        text: all_day.in_session(at(text), "d0") for text in ("11:30:00", "12:30:00", "15:00:00", "17:45:00")
    }
    assert found == {"11:30:00": False, "12:30:00": True, "15:00:00": False, "17:45:00": True}


def test_one_that_is_opened_early_serves_from_then_on() -> None:
    early = hours(replace(EVENING, state="open", opened_at=at("17:35:00")))
    assert early.in_session(at("17:40:00"), "d0")
    assert not early.is_open(at("17:40:00"), "d0"), "numbers are given in the planned time"


def test_the_next_opening_may_be_a_session_later_today_or_on_a_rest_day() -> None:
    both = hours(EVENING, SATURDAY)
    assert both.next_opening(at("17:35:00"), "d0") == EVENING.starts_at
    assert both.next_opening(at("2026-03-06 18:00:00"), "d0") == SATURDAY.starts_at
    assert hours(session("12:00:00", "14:00:00")).next_opening(at("11:00:00"), "d0") == at(
        "2026-03-03 09:00:00"
    )


def test_the_day_of_a_finishing_session_is_kept_a_little_longer() -> None:
    closed = replace(NIGHT, state="closed", closed_at=at("2026-03-03 01:00:00"))
    sessions = sessions_of([closed])
    soon, late = at("2026-03-03 01:29:00"), at("2026-03-03 01:31:00")
    assert sessions.days_kept(soon) == {}
    assert sessions.days_kept(soon, finishing=True) == {"d0": date(2026, 3, 2)}
    assert sessions.windows_kept(soon) == ["100"]
    assert (sessions.days_kept(late, finishing=True), sessions.windows_kept(late)) == ({}, [])


def test_fewer_windows_do_less_of_the_work_in_an_hour() -> None:
    ten = at("10:00:00")
    parts = [
        (OpenTime(ten, ten + timedelta(hours=1)), 7200.0),
        (OpenTime(ten + timedelta(hours=2), ten + timedelta(hours=5), frozenset({"100"})), 4 * 3600.0),
    ]
    passed, left = pass_time(ten, parts, otherwise=0.0)
    assert (passed, left) == (4 * 3600.0, 0.0), "half in the first hour, half in two of the others"
    assert pass_time(ten, parts[:1], otherwise=0.0) == (3600.0, 3600.0)
    assert pass_time(ten, [], otherwise=60.0) == (0.0, 60.0)


minutes = st.integers(0, 24 * 60 - 1)
drawn_sessions = st.lists(
    st.builds(
        lambda begins, lasts, window, state: session(
            "00:00:00",
            "23:59:00",
            windows=window,
            state=state,
            id=f"{begins}-{lasts}-{window}",
            starts_at=at("00:00:00") + timedelta(minutes=begins),
            ends_at=at("00:00:00") + timedelta(minutes=begins + lasts),
            opened_at=None,
        ),
        minutes,
        st.integers(1, 600),
        st.sampled_from(["100", "101", "100 102"]),
        st.sampled_from(["planned", "open", "closed", "cancelled"]),
    ),
    max_size=4,
)


@given(drawn_sessions, minutes, st.floats(0, 40000))
def test_sessions_only_ever_add_and_never_overlap(
    sessions: list[ExtendedSession], minute: int, working: float
) -> None:
    moment = at("00:00:00") + timedelta(minutes=minute)
    more = hours(*sessions)
    stretches = more.left(moment, "d0")
    assert all(one.ends <= other.starts for one, other in pairwise(stretches))
    assert all(moment <= each.starts < each.ends for each in stretches)
    assert HOURS.is_open(moment, "d0") <= more.is_open(moment, "d0")
    assert seconds_left(moment, hours=more) >= seconds_left(moment)
    assert wall_seconds(moment, working, hours=more) >= working - 1e-6
    if working <= seconds_left(moment) > 0:  # else it ends, or begins, in a session after a gap
        assert wall_seconds(moment, working, hours=more) <= wall_seconds(moment, working) + 1e-6
    following, usual = more.next_opening(moment, "d0"), HOURS.next_opening(moment, "d0")
    assert following is not None and usual is not None
    assert moment < following <= usual
    assert more.is_open(following, "d0")
