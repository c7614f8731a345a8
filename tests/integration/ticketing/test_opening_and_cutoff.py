"""When numbers are given, and when a queue takes no more."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.ticketing.errors import ClerksOnly, CutOff, HallClosed
from tests.integration.ticketing.conftest import SmallHall


def _at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def _set(hall: SmallHall, text: str) -> None:
    hall.clock.at = _at(text)
    hall.forget()


def _past_days(hall: SmallHall, *sessions: tuple[str, str, str]) -> None:
    """Say that windows of q0 were open on earlier days: (window, from, to)."""
    for window, begins, ends in sessions:
        hall.change(
            """
            INSERT INTO window_sessions (hall, "window", clerk, queues, signed_in_at, signed_out_at)
            VALUES ('main', %(window)s, 'c' || %(window)s, '{q0}', %(begins)s, %(ends)s)
            """,
            window=window,
            begins=_at(begins),
            ends=_at(ends),
        )


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-03-02T08:59:59", "2026-03-02T09:00:00+08:00"),
        ("2026-03-02T17:30:00", "2026-03-03T09:00:00+08:00"),
        ("2026-03-07T10:00:00", "2026-03-09T09:00:00+08:00"),  # a Saturday
        ("2026-03-06T19:00:00", "2026-03-09T09:00:00+08:00"),
    ],
)
def test_outside_the_hours_no_number_is_given_and_the_next_opening_is_said(
    hall: SmallHall, moment: str, opens: str
) -> None:
    hall.furnish()
    _set(hall, moment)
    with pytest.raises(HallClosed) as refusal:
        hall.issue()
    assert refusal.value.extra["opens_at"] == opens
    day = opens[:10]
    until = (datetime.fromisoformat(opens) + timedelta(days=14)).date()
    assert refusal.value.extra["alternatives"] == [
        {"kind": "appointment", "item": "i0", "slots": f"/api/v1/slots?item=i0&from={day}&to={until}"},
        {"kind": "next_opening", "opens_at": opens},
    ]
    with pytest.raises(HallClosed):
        hall.issue(cutoff_override="the boss said so")
    assert hall.rows("SELECT * FROM tickets") == []


def test_a_weekend_that_is_worked_gives_numbers_and_a_holiday_gives_none(hall: SmallHall) -> None:
    hall.furnish()
    days = [{"day": "2026-02-14", "working": True, "name": "调休"}, {"day": "2026-02-17", "working": False}]
    hall.keep("keep_calendar", year=2026, days=days)
    _set(hall, "2026-02-14T10:00:00")
    assert hall.issue()["number"] == "A001"
    _set(hall, "2026-02-17T10:00:00")
    with pytest.raises(HallClosed):
        hall.issue()


def test_without_hours_the_hall_is_closed(hall: SmallHall) -> None:
    hall.furnish(hours=[])
    with pytest.raises(HallClosed) as refusal:
        hall.issue()
    assert refusal.value.extra == {"opens_at": None, "alternatives": []}


def test_a_queue_that_cannot_serve_another_before_closing_is_cut_off(hall: SmallHall) -> None:
    hall.furnish(windows_each=1)
    hall.sign_in("100", queues=["q0"])
    _set(hall, "2026-03-02T17:24:00")
    hall.issue(), hall.issue()  # one window is open, two serve the queue at this hour
    with pytest.raises(CutOff) as refusal:
        hall.issue()
    assert [each["kind"] for each in refusal.value.extra["alternatives"]] == ["appointment", "next_opening"]
    assert refusal.value.extra["opens_at"] == "2026-03-03T09:00:00+08:00"
    assert hall.issue("i2")["number"] == "C001", "another department's queue is not cut off"


def test_a_clerk_may_go_past_the_cut_off_with_a_reason_which_is_kept(hall: SmallHall) -> None:
    hall.furnish(windows_each=1)
    _set(hall, "2026-03-02T17:29:00")
    with pytest.raises(CutOff):
        hall.issue()
    with pytest.raises(ClerksOnly):
        hall.issue(cutoff_override="a visitor from far away", roles="kiosk")
    with pytest.raises(ClerksOnly):
        hall.issue(cutoff_override="a visitor from far away", roles="operator")
    hall.issue(cutoff_override="a visitor from far away")
    assert hall.rows("SELECT cutoff_override FROM tickets") == [
        {"cutoff_override": "a visitor from far away"}
    ]
    (act,) = hall.rows("SELECT body->'data' AS act FROM outbox WHERE type = 'trail.staff.acted'")
    assert (act["act"]["action"], act["act"]["reason"]) == ("issue_ticket", "a visitor from far away")


def test_windows_that_are_still_shut_in_the_morning_do_not_cut_off(hall: SmallHall) -> None:
    hall.furnish(windows_each=1)
    _set(hall, "2026-03-02T09:00:00")
    issued = [hall.issue("i0") for _ in range(30)]
    assert (issued[-1]["windows_open"], issued[-1]["estimate"]) == (0, None)


def test_what_was_open_at_this_hour_on_other_days_counts(hall: SmallHall) -> None:
    hall.furnish(windows_each=1, queues=2)
    hall.keep_windows(6)
    # Six windows serve the queue by their profiles; lately one was open in the last hour.
    _past_days(hall, *((str(200 + n), "2026-02-27T09:00:00", "2026-02-27T15:00:00") for n in range(5)))
    _past_days(hall, ("205", "2026-02-27T09:00:00", "2026-02-27T17:30:00"))
    _set(hall, "2026-03-02T16:30:00")
    for _ in range(11):
        hall.issue()  # five minutes each, and the time between two of them
    with pytest.raises(CutOff):
        hall.issue()
    _set(hall, "2026-03-02T14:30:00")
    assert hall.issue()["number"] == "A012", "at half past two six usually are open"


def test_a_window_somebody_forgot_to_leave_counts_as_open_that_afternoon(hall: SmallHall) -> None:
    hall.furnish(windows_each=1, queues=2)
    hall.keep_windows(2)
    _past_days(
        hall,
        ("200", "2026-02-27T09:00:00", "2026-02-28T00:00:12"),
        ("201", "2026-02-27T09:00:00", "2026-02-28T00:00:12"),
    )
    _set(hall, "2026-03-02T16:30:00")
    with hall.database.autocommit() as store:
        usual = store.usual_windows(
            "main", at=hall.clock(), midnight=_at("2026-03-02T00:00:00"), zone="Asia/Shanghai"
        )
    assert usual == {"q0": 2.0}


def test_today_is_not_among_the_other_days(hall: SmallHall) -> None:
    hall.furnish()
    hall.sign_in("100")
    with hall.database.autocommit() as store:
        usual: dict[str, Any] = store.usual_windows(
            "main", at=hall.clock(), midnight=_at("2026-03-02T00:00:00"), zone="Asia/Shanghai"
        )
    assert usual == {}


def test_open_windows_carry_on_when_fewer_are_usual(hall: SmallHall) -> None:
    hall.furnish(windows_each=1, queues=2)
    hall.keep_windows(5)
    _past_days(hall, ("200", "2026-02-27T09:00:00", "2026-02-27T17:30:00"))
    for n in range(5):
        hall.sign_in(str(200 + n))
    _set(hall, "2026-03-02T17:00:00")
    for _ in range(20):
        hall.issue()
