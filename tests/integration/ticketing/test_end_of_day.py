"""What midnight does to tickets and windows."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from services.chassis.caller import Caller
from services.ticketing.use_cases import day
from tests.integration.ticketing.conftest import SmallHall

CLOCK = Caller(hall="main", username="clock", roles=frozenset({"admin"}))


def _open_day(hall: SmallHall) -> dict[str, str]:
    """Leave a ticket in each open state, and one that is served."""
    hall.furnish(windows_each=5, queues=2)
    ids = {}
    for nth, (state, commands) in enumerate(
        {
            "called": (),
            "serving": ("start",),
            "on_hold": ("start", "hold"),
            "missed": ("miss",),
            "served": ("start", "finish"),
        }.items()
    ):
        clerk = hall.sign_in(str(100 + nth))
        ids[state] = str(hall.issue()["id"])
        hall.call_next(str(100 + nth))
        for command in commands:
            hall.act(command, ids[state], clerk)
            hall.clock.move(minutes=2)
    ids["waiting"] = str(hall.issue()["id"])
    return ids


def _states(hall: SmallHall, ids: dict[str, str]) -> dict[str, str]:
    return {before: hall.ticket(id_)["state"] for before, id_ in ids.items()}


def test_before_midnight_nothing_is_closed(hall: SmallHall) -> None:
    ids = _open_day(hall)
    hall.clock.at = datetime.fromisoformat("2026-03-02T23:59:59+08:00")
    before = hall.everything()
    assert hall.do(day.close_ended_days, CLOCK) == 0
    assert hall.do(day.empty_forgotten_windows, CLOCK) == 0
    assert hall.everything() == before
    assert _states(hall, ids) == {state: state for state in ids}


def test_after_midnight_every_open_ticket_is_closed_and_what_ended_stays(hall: SmallHall) -> None:
    ids = _open_day(hall)
    hall.clock.at = datetime.fromisoformat("2026-03-03T00:00:05+08:00")
    assert hall.do(day.close_ended_days, CLOCK) == 5
    assert _states(hall, ids) == {state: "served" if state == "served" else "closed" for state in ids}
    still_open = hall.rows("""
        SELECT 1 FROM ticket_states WHERE left_at IS NULL AND state NOT IN ('closed', 'served')
    """)
    assert still_open == []
    told = hall.rows("SELECT count(*) AS n FROM outbox WHERE type = 'ticketing.ticket.closed'")
    assert told == [{"n": 5}]
    held = hall.rows("SELECT service_s FROM tickets WHERE id = %(id)s", id=ids["on_hold"])
    assert held == [{"service_s": 120}], "two minutes were served before it was set aside"
    assert hall.do(day.close_ended_days, CLOCK) == 0


def test_the_windows_of_yesterday_are_emptied(hall: SmallHall) -> None:
    _open_day(hall)
    hall.clock.at = datetime.fromisoformat("2026-03-03T00:00:05+08:00")
    hall.do(day.close_ended_days, CLOCK)
    assert hall.do(day.empty_forgotten_windows, CLOCK) == 5
    assert hall.rows("SELECT code FROM windows WHERE clerk IS NOT NULL") == []
    assert hall.rows("SELECT 1 FROM window_sessions WHERE signed_out_at IS NULL") == []
    assert hall.sign_in("100").username == "clerk100"
    assert hall.do(day.empty_forgotten_windows, CLOCK) == 0, "who signed in today stays"


def test_two_copies_share_the_closing_of_a_long_day(hall: SmallHall) -> None:
    hall.furnish()
    for _ in range(250):
        hall.issue()
    hall.clock.move(days=1)

    def close(_: int) -> int:
        done, all_ = 1, 0
        while done:
            done = hall.do(day.close_ended_days, CLOCK)
            all_ += done
        return all_

    with ThreadPoolExecutor(2) as pool:
        shares = list(pool.map(close, range(2)))
    assert sum(shares) == 250
    assert hall.rows("SELECT count(*) AS n FROM outbox WHERE type LIKE '%%closed'") == [{"n": 250}]


def test_days_that_nobody_closed_are_closed_when_the_service_is_back(hall: SmallHall) -> None:
    hall.furnish()
    hall.issue()
    hall.clock.move(days=3)
    assert hall.do(day.close_ended_days, CLOCK) == 1


def test_another_halls_day_is_left_alone(hall: SmallHall) -> None:
    hall.furnish()
    hall.issue()
    hall.sign_in("100")
    hall.clock.move(days=1)
    other = Caller(hall="annexe", username="clock", roles=frozenset({"admin"}))
    jobs: list[Callable[..., Any]] = [day.close_ended_days, day.expire_missed, day.empty_forgotten_windows]
    before = hall.everything()
    assert [hall.do(job, other) for job in jobs] == [0, 0, 0]
    assert hall.everything() == before
