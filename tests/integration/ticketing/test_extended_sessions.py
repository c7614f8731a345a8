"""Extended sessions: numbers, cut-off and ranges in them, what is marked, what boards show."""

from datetime import datetime
from itertools import permutations
from typing import Any

import pytest

from services.chassis.caller import Caller
from services.ticketing.domain.estimate import CHANGEOVER_S
from services.ticketing.errors import CutOff, HallClosed
from services.ticketing.schemas import BoardReply
from services.ticketing.use_cases import boards
from tests.integration.ticketing.conftest import SESSION, SmallHall

SATURDAY = {"starts_at": "2026-03-07T09:00:00+08:00", "ends_at": "2026-03-07T12:00:00+08:00"}
ELSEWHERE = {"id": "5e550000-0000-4000-8000-000000000002", "department": "d1", "windows": ["104"]}


def _is_open(hall: SmallHall) -> bool:
    try:
        hall.issue()
    except HallClosed:
        return False
    return True


@pytest.mark.parametrize("last", ["opened", "cancelled", "closed"])
def test_the_newest_state_of_a_session_stays_in_any_order(hall: SmallHall, last: str) -> None:
    hall.furnish()
    course = [("planned", 1), *([("opened", 2)] if last == "closed" else []), (last, 3)]
    for order in permutations(course):
        for verb, sequence in order:
            hall.hear_session(verb, sequence=sequence)
        kept = hall.rows("SELECT state, sequence FROM extended_sessions")
        assert kept == [{"state": {"opened": "open"}.get(last, last), "sequence": 3}], order
        hall.go_to("2026-03-02T18:00")
        assert _is_open(hall) is (last == "opened"), order
        hall.change("DELETE FROM extended_sessions")


def test_a_planned_session_gives_numbers_in_its_time_to_its_department(hall: SmallHall) -> None:
    hall.furnish()
    hall.hear_session("planned")
    hall.go_to("2026-03-02T17:40")
    with pytest.raises(HallClosed) as refusal:
        hall.issue()
    assert refusal.value.extra["opens_at"] == "2026-03-02T17:45:00+08:00"
    hall.go_to("2026-03-02T17:45")
    assert hall.issue()["number"] == "A001"
    with pytest.raises(HallClosed):
        hall.issue("i2")


def test_an_open_session_past_its_plan_gives_no_number_and_still_calls(hall: SmallHall) -> None:
    hall.furnish()
    hall.hear_session("opened", sequence=2)
    hall.go_to("2026-03-02T19:50")
    waiting = hall.issue()
    hall.go_to("2026-03-02T20:05")
    with pytest.raises(HallClosed):
        hall.issue()
    hall.sign_in("100")
    called = hall.call_next("100")
    assert called is not None and (called["id"], called["extended"]) == (waiting["id"], True)


def test_a_session_on_a_rest_day_is_the_next_opening_and_what_is_offered_instead(hall: SmallHall) -> None:
    hall.furnish()
    hall.hear_session("planned", **SATURDAY)
    hall.go_to("2026-03-06T18:00")
    with pytest.raises(HallClosed) as refusal:
        hall.issue()
    assert refusal.value.extra["opens_at"] == "2026-03-07T09:00:00+08:00"
    assert refusal.value.extra["alternatives"][0]["slots"].startswith("/api/v1/slots?item=i0&from=2026-03-07")
    with pytest.raises(HallClosed) as others:
        hall.issue("i2")
    assert others.value.extra["opens_at"] == "2026-03-09T09:00:00+08:00"
    hall.go_to("2026-03-07T09:00")
    assert hall.issue()["extended"] is True


def test_the_cut_off_counts_what_is_left_of_the_sessions_to_come(hall: SmallHall) -> None:
    hall.furnish(windows_each=1)
    hall.go_to("2026-03-02T17:29")
    with pytest.raises(CutOff):
        hall.issue()
    hall.hear_session("planned")
    assert hall.issue()["number"] == "A001"


def test_only_windows_of_the_session_that_can_serve_the_queue_count(hall: SmallHall) -> None:
    hall.furnish(windows_each=5, queues=2)
    hall.change("UPDATE windows SET queues = '{q1}' WHERE code = '100'")
    hall.hear_session("planned")
    hall.go_to("2026-03-02T17:50")
    with pytest.raises(CutOff) as refusal:
        hall.issue("i0")
    assert refusal.value.extra["opens_at"] == "2026-03-03T09:00:00+08:00", (
        "the session does not serve this queue"
    )
    assert hall.issue("i1")["number"] == "B001"


def test_in_a_session_its_windows_alone_are_counted(hall: SmallHall) -> None:
    hall.furnish(windows_each=5, queues=2)
    hall.hear_session("planned", ends_at="2026-03-02T18:05:00+08:00")
    for window in ("101", "102", "103"):
        hall.sign_in(window)  # who stayed longer by themselves
    hall.go_to("2026-03-02T17:45")
    issued = 0
    with pytest.raises(CutOff) as refusal:
        while issued < 30:
            hall.issue()
            issued += 1
    # One window, twenty minutes, five minutes each.
    assert 3 <= issued <= 5
    assert refusal.value.extra["opens_at"] == "2026-03-03T09:00:00+08:00"


def test_the_wait_on_the_clock_goes_over_the_gap_to_the_session_and_on_at_its_pace(hall: SmallHall) -> None:
    hall.furnish(windows_each=4, queues=1)
    for window in ("100", "101", "102", "103"):
        hall.sign_in(window)
    hall.hear_session("planned", starts_at="2026-03-02T18:30:00+08:00", ends_at="2026-03-02T22:00:00+08:00")
    hall.go_to("2026-03-02T17:25")
    waits = [hall.issue()["estimate"]["p50_s"] for _ in range(20)]
    assert waits[3] <= CHANGEOVER_S
    assert not [each for each in waits if 5 * 60 < each < 65 * 60], (
        "nobody is served between closing and session"
    )
    # Five minutes of four windows are left, then one window does the rest alone.
    assert waits[-1] > 65 * 60 + 2 * 300 * 4


def test_what_is_issued_called_or_started_in_a_session_is_marked(hall: SmallHall) -> None:
    hall.furnish()
    hall.hear_session("opened", sequence=2)
    clerk = hall.sign_in("100")
    issued = [hall.issue(cutoff_override="many") for _ in range(3)]
    assert [each["extended"] for each in issued] == [False] * 3
    in_hours = hall.call_next("100")
    assert in_hours is not None and in_hours["extended"] is False
    hall.go_to("2026-03-02T17:35")
    assert hall.act("start", in_hours["id"], clerk)["extended"] is False, "the session has not begun"
    hall.act("finish", in_hours["id"], clerk)
    started_in_it = hall.call_next("100")
    assert started_in_it is not None and started_in_it["extended"] is False
    hall.go_to("2026-03-02T17:46")
    assert hall.act("start", started_in_it["id"], clerk)["extended"] is True
    hall.act("finish", started_in_it["id"], clerk)
    called = hall.call_next("100")
    assert called is not None and called["extended"] is True
    assert hall.issue()["extended"] is True
    told = hall.rows("""
        SELECT body -> 'data' ->> 'number' AS number, type, body -> 'data' ->> 'extended' AS extended FROM outbox
        WHERE type LIKE 'ticketing.ticket.%%' AND body -> 'data' ->> 'extended' = 'true' ORDER BY id
    """)
    assert [(each["number"], each["type"].rpartition(".")[2]) for each in told] == [
        ("A002", "started"),
        ("A002", "finished"),
        ("A003", "called"),
        ("A004", "issued"),
    ]


def test_at_a_window_that_is_not_in_the_session_nothing_is_marked(hall: SmallHall) -> None:
    hall.furnish()
    hall.hear_session("opened", sequence=2)
    hall.issue()
    hall.go_to("2026-03-02T18:00")
    clerk = hall.sign_in("101")
    called = hall.call_next("101")
    assert called is not None and called["extended"] is False
    assert hall.act("start", called["id"], clerk)["extended"] is False


def test_a_held_visitor_who_is_served_on_in_a_session_is_marked(hall: SmallHall) -> None:
    hall.furnish()
    hall.hear_session("opened", sequence=2)
    clerk = hall.sign_in("100")
    id_ = hall.issue()["id"]
    hall.call_next("100")
    for command in ("start", "hold"):
        assert hall.act(command, id_, clerk)["extended"] is False
    hall.go_to("2026-03-02T18:00")
    assert hall.act("resume", id_, clerk)["extended"] is True


def test_one_who_checks_in_during_a_session_is_marked_and_keeps_the_channel(hall: SmallHall) -> None:
    hall.furnish()
    hall.hear_session("planned")
    hall.go_to("2026-03-02T18:00")
    ticket = hall.check_in("a0000000-0000-4000-8000-000000000001", channel="phone").body
    assert (ticket["extended"], ticket["channel"]) == (True, "phone")


def _extended(hall: SmallHall, zone: str = "A") -> list[dict[str, Any]]:
    with hall.database.autocommit() as store:
        board = boards.get_board(store, hall.situations, Caller(hall="main"), zone=zone)
    shown: list[dict[str, Any]] = BoardReply().dump(board)["extended"]
    return shown


def test_a_board_shows_the_sessions_that_run_at_windows_of_its_zone(hall: SmallHall) -> None:
    hall.furnish()
    hall.keep("keep_department", code="d0", name="市场监管局", name_en="Market Regulation")
    hall.keep("keep_zone", code="B", name="乙区", name_en="Zone B")
    hall.hear_session("opened", sequence=2)
    hall.hear_session("planned", **ELSEWHERE, ends_at="2026-03-02T18:30:00+08:00")
    assert _extended(hall) == []
    hall.go_to("2026-03-02T18:00")
    ends = (
        datetime.fromisoformat("2026-03-02T18:30:00+08:00"),
        datetime.fromisoformat("2026-03-02T20:00:00+08:00"),
    )
    shown = [{**each, "ends_at": datetime.fromisoformat(each["ends_at"])} for each in _extended(hall)]
    assert shown == [
        {"department": "d1", "name": "d1", "name_en": "d1", "ends_at": ends[0]},
        {"department": "d0", "name": "市场监管局", "name_en": "Market Regulation", "ends_at": ends[1]},
    ]
    assert _extended(hall, "B") == []
    hall.hear_session("closed", sequence=3, id=SESSION, closed_at="2026-03-02T18:00:00+08:00")
    assert [each["department"] for each in _extended(hall)] == ["d1"]
