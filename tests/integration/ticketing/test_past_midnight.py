"""An extended session that goes past midnight: its tickets and clerks stay, and the numbers of the new day begin."""

from datetime import date
from typing import Any

import pytest

from services.chassis.caller import Caller
from services.ticketing.errors import CutOff, HallClosed
from services.ticketing.use_cases import boards, day, windows
from tests.integration.ticketing.conftest import SmallHall

CLOCK = Caller(hall="main", username="clock", roles=frozenset({"admin"}))
NIGHT = {"starts_at": "2026-03-02T22:00:00+08:00", "ends_at": "2026-03-03T02:00:00+08:00"}


@pytest.fixture
def night(hall: SmallHall) -> SmallHall:
    """A hall in which window 100 of d0 is open from ten to two; half past eleven."""
    hall.furnish()
    hall.hear_session("opened", sequence=2, **NIGHT, opened_at=NIGHT["starts_at"])
    hall.go_to("2026-03-02T23:30")
    return hall


def _end_of_day(hall: SmallHall) -> tuple[int, int]:
    return hall.do(day.close_ended_days, CLOCK), hall.do(day.empty_forgotten_windows, CLOCK)


def _close(hall: SmallHall, moment: str) -> None:
    hall.go_to(moment)
    hall.hear_session("closed", sequence=3, **NIGHT, closed_at=f"{moment}:00+08:00")


def test_tickets_and_clerks_of_a_session_stay_past_midnight_and_others_do_not(night: SmallHall) -> None:
    night.go_to("2026-03-02T17:00")
    there = night.issue("i2")["id"]
    night.sign_in("101"), night.sign_in("102", department="d1")
    night.go_to("2026-03-02T23:30")
    here = night.issue()["id"]
    night.sign_in("100")
    night.go_to("2026-03-03T00:30")
    assert _end_of_day(night) == (1, 2)
    assert (night.ticket(here)["state"], night.ticket(there)["state"]) == ("waiting", "closed")
    assert night.rows("SELECT code FROM windows WHERE clerk IS NOT NULL") == [{"code": "100"}]


def test_a_ticket_of_before_midnight_keeps_its_date_and_is_called_first(night: SmallHall) -> None:
    before = night.issue()
    night.sign_in("100")
    night.go_to("2026-03-03T00:30")
    after = night.issue()
    assert (before["number"], after["number"]) == ("A001", "A001"), "numbers begin anew"
    assert (after["ahead"], night.ticket(after["id"])["ahead"]) == (1, 1)
    assert [
        row["business_date"] for row in night.rows("SELECT business_date FROM tickets ORDER BY issued_at")
    ] == [
        date(2026, 3, 2),
        date(2026, 3, 3),
    ]
    desk = night.do(windows.get_desk, night.situations, night.clerk("100"), window="100")
    assert [each["id"] for each in desk.waiting] == [before["id"], after["id"]]
    called = night.call_next("100")
    assert called is not None
    assert (called["id"], called["business_date"], called["extended"]) == (
        before["id"],
        date(2026, 3, 2),
        True,
    )


def test_a_window_that_is_not_in_the_session_calls_todays_tickets_only(night: SmallHall) -> None:
    night.issue()
    night.go_to("2026-03-03T00:30")
    night.sign_in("101")
    assert night.call_next("101") is None


def test_boards_and_ranges_count_those_who_wait_since_yesterday(night: SmallHall) -> None:
    night.issue(), night.issue()
    night.go_to("2026-03-03T00:30")
    with night.database.autocommit() as store:
        board = boards.get_board(store, night.situations, CLOCK, zone="A")
    assert {each["queue"]: each["count"] for each in board["waiting"]}["q0"] == 2
    assert night.issue()["ahead"] == 2


def test_yesterdays_tickets_that_nobody_has_closed_yet_are_ahead_of_nobody(hall: SmallHall) -> None:
    hall.furnish()
    hall.issue()
    hall.go_to("2026-03-03T09:05")
    ticket = hall.issue()
    assert (ticket["ahead"], hall.ticket(ticket["id"])["ahead"]) == (0, 0)


def test_past_midnight_the_cut_off_is_the_end_of_the_session_and_not_of_the_new_day(night: SmallHall) -> None:
    night.go_to("2026-03-03T01:54")
    assert night.issue()["extended"] is True
    with pytest.raises(CutOff) as refusal:
        night.issue()
    assert refusal.value.extra["opens_at"] == "2026-03-03T09:00:00+08:00"
    night.go_to("2026-03-03T02:00")
    with pytest.raises(HallClosed):
        night.issue()


def test_once_it_has_closed_who_waits_is_closed_and_who_is_served_is_finished_first(night: SmallHall) -> None:
    served, waiting = night.issue()["id"], night.issue()["id"]
    clerk = night.sign_in("100")
    night.call_next("100")
    night.act("start", served, clerk)
    _close(night, "2026-03-03T01:30")
    assert _end_of_day(night) == (1, 0)
    assert (night.ticket(served)["state"], night.ticket(waiting)["state"]) == ("serving", "closed")
    night.clock.move(minutes=10)
    assert night.act("finish", served, clerk)["state"] == "served"
    night.clock.move(minutes=21)
    assert _end_of_day(night) == (0, 1)


def test_who_is_at_a_window_half_an_hour_after_the_close_is_closed(night: SmallHall) -> None:
    called = night.issue()["id"]
    night.sign_in("100")
    night.call_next("100")
    _close(night, "2026-03-03T01:30")
    assert _end_of_day(night) == (0, 0)
    night.go_to("2026-03-03T02:00")
    assert _end_of_day(night) == (1, 1)
    assert night.ticket(called)["state"] == "closed"


def test_a_session_that_was_never_closed_keeps_nobody_for_ever(night: SmallHall) -> None:
    night.issue()
    night.sign_in("100")
    night.go_to("2026-03-03T13:59")
    assert _end_of_day(night) == (0, 0)
    night.go_to("2026-03-03T14:00")
    assert _end_of_day(night) == (1, 1)


def test_a_ticket_of_the_new_day_is_todays_when_the_session_is_over(night: SmallHall) -> None:
    night.go_to("2026-03-03T00:30")
    ticket = night.issue()["id"]
    _close(night, "2026-03-03T01:30")
    assert _end_of_day(night)[0] == 0
    night.go_to("2026-03-03T09:01")
    night.sign_in("101")
    called: dict[str, Any] | None = night.call_next("101")
    assert called is not None and called["id"] == ticket


def test_a_missed_ticket_expires_past_midnight_too(night: SmallHall) -> None:
    missed = night.issue()["id"]
    clerk = night.sign_in("100")
    night.call_next("100")
    night.go_to("2026-03-02T23:50")
    night.act("miss", missed, clerk)
    desk = night.do(windows.get_desk, night.situations, clerk, window="100")
    assert [each["id"] for each in desk.missed] == [missed]
    night.go_to("2026-03-03T00:10")
    desk = night.do(windows.get_desk, night.situations, clerk, window="100")
    assert [each["id"] for each in desk.missed] == [missed]
    assert (night.do(day.expire_missed, CLOCK), _end_of_day(night)) == (0, (0, 0))
    night.go_to("2026-03-03T00:21")
    assert night.do(day.expire_missed, CLOCK) == 1
    assert night.ticket(missed)["state"] == "expired"
