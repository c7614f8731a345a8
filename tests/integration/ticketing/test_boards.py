"""What a zone's board shows."""

from typing import Any

import pytest

from services.chassis.caller import Caller
from services.ticketing.errors import NoSuchZone
from services.ticketing.schemas import BoardReply
from services.ticketing.use_cases import boards
from tests.integration.ticketing.conftest import SmallHall


def _board(hall: SmallHall, zone: str = "A") -> dict[str, Any]:
    hall.forget()
    with hall.database.autocommit() as store:
        shown: dict[str, Any] = BoardReply().dump(
            boards.get_board(store, hall.situations, Caller(hall="main"), zone=zone)
        )
    return shown


def test_an_empty_board_names_its_zone_and_every_queue(hall: SmallHall) -> None:
    hall.furnish()
    board = _board(hall)
    assert (board["zone"], board["zone_name"], board["zone_name_en"]) == ("A", "甲区", "Zone A")
    assert (board["calling"], board["announcements"]) == ([], [])
    assert [(row["queue"], row["count"]) for row in board["waiting"]] == [("q0", 0), ("q1", 0), ("q2", 0)]
    assert board["as_of"] == hall.clock().isoformat()


def test_a_queue_without_an_open_window_promises_no_wait_however_many_are_usual(hall: SmallHall) -> None:
    hall.furnish()
    for _ in range(4):
        hall.issue()
    hall.sign_in("101", queues=["q1"])
    shown = {row["queue"]: (row["windows_open"], row["p90_s"]) for row in _board(hall)["waiting"]}
    assert shown == {"q0": (0, None), "q1": (1, 57), "q2": (0, None)}


def test_a_wait_longer_than_can_be_said_is_no_number(hall: SmallHall) -> None:
    hall.furnish(windows_each=1)
    for _ in range(3):
        hall.issue()
    hall.sign_in("100", queues=["q0"])
    hall.change("UPDATE tickets SET service_seconds = 14400")
    row = next(row for row in _board(hall)["waiting"] if row["queue"] == "q0")
    assert (row["count"], row["windows_open"], row["p90_s"]) == (3, 1, None)


def test_called_and_served_tickets_are_shown_the_newest_call_first(hall: SmallHall) -> None:
    hall.furnish()
    for nth in range(3):
        hall.issue()
        clerk = hall.sign_in(("100", "101", "103")[nth])
    first = hall.call_next("100")
    hall.act("start", first["id"], hall.clerk("100"))
    hall.clock.move(seconds=20)
    second = hall.call_next("101")
    hall.clock.move(seconds=20)
    third = hall.call_next("103")
    hall.act("miss", third["id"], clerk)
    shown = _board(hall)["calling"]
    assert [(row["number"], row["window"], row["state"]) for row in shown] == [
        ("A002", "101", "called"),
        ("A001", "100", "serving"),
    ]
    assert second["id"] not in str(shown), "a board shows numbers alone"
    assert (shown[0]["window_name"], shown[0]["window_name_en"]) == ("101号窗口", "Window 101")
    assert (shown[0]["queue"], shown[0]["queue_name"], shown[0]["queue_name_en"]) == (
        "q0",
        "队列0",
        "Queue 0",
    )


def test_waiting_tickets_are_counted_by_queue_with_the_wait_of_a_new_one(hall: SmallHall) -> None:
    hall.furnish(windows_each=1)
    hall.sign_in("100", queues=["q0"])
    for item in ("i0", "i0", "i0", "i1"):
        hall.issue(item)
    waiting = {row["queue"]: row for row in _board(hall)["waiting"]}
    assert {code: row["count"] for code, row in waiting.items()} == {"q0": 3, "q1": 1, "q2": 0}
    assert waiting["q0"]["p90_s"] >= 3 * 300


def test_numbers_whose_visitors_did_not_come_are_on_the_board_until_they_are_queued_again(
    hall: SmallHall,
) -> None:
    hall.furnish()
    clerk = hall.sign_in("100")
    ids = [hall.issue()["id"] for _ in range(2)]
    for _ in ids:
        hall.act("miss", hall.call_next("100")["id"], clerk)
        hall.clock.move(seconds=5)
    assert _board(hall)["missed"] == ["A002", "A001"]
    hall.act("requeue", ids[1], clerk)
    assert _board(hall)["missed"] == ["A001"]


def test_calls_and_recalls_are_announced_for_two_minutes_in_their_order(hall: SmallHall) -> None:
    hall.furnish()
    hall.issue(), hall.issue()
    first, second = hall.sign_in("100"), hall.sign_in("101")
    ids = [hall.call_next("100")["id"]]
    hall.clock.move(seconds=10)
    ids.append(hall.call_next("101")["id"])
    hall.clock.move(seconds=10)
    hall.act("recall", ids[0], first)
    board = _board(hall)
    announced = board["announcements"]
    assert [(row["number"], row["window"], row["recall"]) for row in announced] == [
        ("A001", "100", False),
        ("A002", "101", False),
        ("A001", "100", True),
    ]
    assert [row["seq"] for row in announced] == sorted(row["seq"] for row in announced)
    assert {row["number"]: row["recalls"] for row in board["calling"]} == {"A001": 1, "A002": 0}
    hall.clock.move(seconds=109)
    assert [row["number"] for row in _board(hall)["announcements"]] == ["A002", "A001"]
    hall.clock.move(seconds=30)
    assert _board(hall)["announcements"] == []
    hall.act("miss", ids[1], second)


def test_a_ticket_that_was_put_back_begins_its_recalls_anew(hall: SmallHall) -> None:
    hall.furnish()
    clerk = hall.sign_in("100")
    id_ = hall.issue()["id"]
    hall.call_next("100")
    hall.clock.move(seconds=5)
    hall.act("recall", id_, clerk)
    hall.act("miss", id_, clerk)
    hall.act("requeue", id_, clerk)
    hall.clock.move(seconds=5)
    hall.call_next("100")
    assert [row["recalls"] for row in _board(hall)["calling"]] == [0]


def test_a_board_shows_its_own_zone_only(hall: SmallHall) -> None:
    hall.furnish()
    hall.keep("keep_zone", code="B", name="乙区", name_en="Zone B")
    hall.change(
        "UPDATE windows SET zone = 'B' WHERE code = '101'; UPDATE queues SET zone = 'B' WHERE code = 'q2'"
    )
    hall.issue()
    hall.sign_in("101")
    hall.call_next("101")
    here, there = _board(hall), _board(hall, "B")
    assert (here["calling"], here["announcements"]) == ([], [])
    assert [row["number"] for row in there["calling"]] == ["A001"], "a call is shown where the window is"
    assert [row["number"] for row in there["announcements"]] == ["A001"]
    assert [row["queue"] for row in here["waiting"]] == ["q0", "q1"]
    assert [row["queue"] for row in there["waiting"]] == ["q2"]


def test_a_zone_that_is_not_there_is_not_found(hall: SmallHall) -> None:
    hall.furnish()
    with pytest.raises(NoSuchZone):
        _board(hall, "Z")
