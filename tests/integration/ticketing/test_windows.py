"""Clerks at windows: one clerk a window, one window a clerk, and what is another's stays another's."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

import psycopg
import pytest

from services.chassis.caller import Caller
from services.chassis.config import settings
from services.chassis.errors import ServiceError
from services.ticketing import schemas
from services.ticketing.errors import (
    ClerkElsewhere,
    NoSuchTicket,
    NoSuchWindow,
    NotYourTicket,
    NotYourWindow,
    UnknownQueue,
    WindowBusy,
    WindowClosed,
    WindowTaken,
)
from services.ticketing.use_cases import questions, serve, windows
from tests.integration.ticketing.conftest import SmallHall
from tests.waiting import DEADLINE_S

ADMIN = Caller(hall="main", username="admin", roles=frozenset({"admin"}))
NOBODY = "00000000-0000-4000-8000-000000000000"


def _race(*works: Callable[[], Any]) -> list[Any]:
    """Do several things at once; returns each one's result or refusal."""
    begin = Barrier(len(works), timeout=DEADLINE_S)

    def run(work: Callable[[], Any]) -> Any:
        begin.wait()
        try:
            return work()
        except ServiceError as refusal:
            return type(refusal)

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def _seated(hall: SmallHall) -> list[tuple[str, str]]:
    return [
        (row["code"], row["clerk"])
        for row in hall.rows("SELECT code, clerk FROM windows WHERE clerk IS NOT NULL ORDER BY code")
    ]


def test_a_clerk_sits_at_one_window(hall: SmallHall) -> None:
    hall.furnish()
    clerk = hall.sign_in("100")
    before = hall.everything()
    with pytest.raises(ClerkElsewhere):
        hall.do(windows.sign_in, clerk, window="101")
    assert hall.everything() == before


def test_a_window_has_one_clerk(hall: SmallHall) -> None:
    hall.furnish()
    hall.sign_in("100")
    before = hall.everything()
    with pytest.raises(WindowTaken):
        hall.do(windows.sign_in, hall.clerk("other"), window="100")
    assert hall.everything() == before


def test_of_ten_clerks_who_sit_down_at_once_one_gets_the_window(hall: SmallHall) -> None:
    hall.furnish()
    results = _race(
        *(lambda n=n: hall.do(windows.sign_in, hall.clerk(f"x{n}"), window="100") for n in range(10))
    )
    assert results.count(WindowTaken) == 9
    assert len(_seated(hall)) == 1
    assert len(hall.rows("SELECT 1 FROM window_sessions")) == 1
    assert len(hall.rows("SELECT 1 FROM outbox")) == 1


def test_a_clerk_who_sits_down_at_ten_windows_at_once_gets_one(hall: SmallHall) -> None:
    hall.furnish(windows_each=5, queues=2)
    clerk = hall.clerk("100")
    results = _race(*(lambda n=n: hall.do(windows.sign_in, clerk, window=str(100 + n)) for n in range(10)))
    assert results.count(ClerkElsewhere) == 9
    assert len(_seated(hall)) == 1
    assert len(hall.rows("SELECT 1 FROM window_sessions WHERE signed_out_at IS NULL")) == 1


def test_another_departments_window_is_refused(hall: SmallHall) -> None:
    hall.furnish()
    with pytest.raises(NotYourWindow):
        hall.do(windows.sign_in, hall.clerk("100"), window="102")
    assert hall.do(windows.sign_in, ADMIN, window="102")["clerk"] == "admin"


def test_a_queue_the_window_does_not_serve_is_refused(hall: SmallHall) -> None:
    hall.furnish()
    with pytest.raises(UnknownQueue):
        hall.do(windows.sign_in, hall.clerk("100"), window="100", queues=["q2"])
    with pytest.raises(NoSuchWindow):
        hall.do(windows.sign_in, hall.clerk("100"), window="999")


def test_signing_in_again_changes_nothing_or_what_is_called_from(hall: SmallHall) -> None:
    hall.furnish()
    clerk = hall.sign_in("100", queues=["q0"])
    before = hall.everything()
    hall.do(windows.sign_in, clerk, window="100", queues=["q0"])
    assert hall.everything() == before
    hall.clock.move(minutes=5)
    assert hall.do(windows.sign_in, clerk, window="100", queues=["q1"])["profile"] == ["q1"]
    sessions = hall.rows("SELECT queues, signed_out_at FROM window_sessions ORDER BY signed_in_at")
    assert [(row["queues"], row["signed_out_at"] is None) for row in sessions] == [
        (["q0"], False),
        (["q1"], True),
    ]
    hall.issue("i0")
    assert hall.call_next("100") is None
    hall.issue("i1")
    assert hall.call_next("100")["number"] == "B001"


def test_signing_out_frees_window_and_clerk_and_can_be_repeated(hall: SmallHall) -> None:
    hall.furnish()
    clerk = hall.sign_in("100")
    hall.clock.move(hours=1)
    hall.do(windows.sign_out, hall.situations, clerk, window="100")
    session = hall.rows(
        "SELECT extract(epoch FROM signed_out_at - signed_in_at) AS lasted FROM window_sessions"
    )
    assert session == [{"lasted": 3600}]
    before = hall.everything()
    assert hall.do(windows.sign_out, hall.situations, clerk, window="100")["state"] == "closed"
    assert hall.everything() == before
    hall.do(windows.sign_in, clerk, window="101")
    hall.do(windows.sign_in, hall.clerk("other"), window="100")
    assert _seated(hall) == [("100", "clerkother"), ("101", "clerk100")]


def test_nobody_signs_another_out_but_a_manager(hall: SmallHall) -> None:
    hall.furnish()
    hall.sign_in("100")
    with pytest.raises(NotYourWindow):
        hall.do(windows.sign_out, hall.situations, hall.clerk("other"), window="100")
    manager = Caller(hall="main", username="manager", roles=frozenset({"manager"}))
    assert hall.do(windows.sign_out, hall.situations, manager, window="100")["state"] == "closed"


@pytest.mark.parametrize("start", [False, True])
def test_a_window_with_a_visitor_is_not_left(hall: SmallHall, start: bool) -> None:
    hall.furnish()
    clerk = hall.sign_in("100")
    id_ = hall.issue()["id"]
    hall.call_next("100")
    if start:
        hall.act("start", id_, clerk)
    before = hall.everything()
    with pytest.raises(WindowBusy) as refusal:
        hall.do(windows.sign_out, hall.situations, clerk, window="100")
    assert refusal.value.extra == {"ticket": id_}
    assert hall.everything() == before


def test_calling_and_leaving_at_once_never_leaves_a_visitor_at_an_empty_window(hall: SmallHall) -> None:
    hall.furnish(windows_each=5, queues=2)
    hall.clock.ticking = True
    for n in range(10):
        code = str(100 + n)
        clerk = hall.sign_in(code)
        hall.issue()
        _race(
            lambda code=code: hall.call_next(code),
            lambda code=code, clerk=clerk: hall.do(windows.sign_out, hall.situations, clerk, window=code),
        )
    stranded = hall.rows("""
        SELECT number FROM tickets JOIN windows ON windows.code = "window"
        WHERE state = 'called' AND windows.clerk IS NULL
    """)
    assert stranded == []


def test_nothing_is_called_from_a_window_that_is_shut_or_anothers(hall: SmallHall) -> None:
    hall.furnish()
    hall.issue()
    with pytest.raises(WindowClosed):
        hall.call_next("100")
    hall.sign_in("101")
    before = hall.everything()
    with pytest.raises(NotYourWindow):
        hall.do(serve.call_next, hall.situations, hall.clerk("100"), window="101")
    assert hall.everything() == before
    assert hall.do(serve.call_next, hall.situations, ADMIN, window="101")["clerk"] == "clerk101", (
        "called for the clerk there"
    )


OTHERS = {
    "recall": "called",
    "start": "called",
    "miss": "called",
    "finish": "serving",
    "hold": "serving",
    "transfer": "called",
}


@pytest.mark.parametrize("command", OTHERS)
def test_a_ticket_at_anothers_window_is_refused(hall: SmallHall, command: str) -> None:
    hall.furnish()
    id_ = hall.issue()["id"]
    owner = hall.sign_in("100")
    hall.call_next("100")
    if OTHERS[command] == "serving":
        hall.act("start", id_, owner)
    hall.clock.move(seconds=settings().recall_pause)
    colleague = hall.sign_in("101")
    more = {"queue": "q1", "reason": "why"} if command == "transfer" else {}
    before = hall.everything()
    with pytest.raises(NotYourTicket):
        hall.act(command, id_, colleague, **more)
    assert hall.everything() == before
    hall.act(command, id_, ADMIN, **more)
    assert hall.everything() != before


def test_a_ticket_of_another_department_is_refused_and_one_that_is_not_there(hall: SmallHall) -> None:
    hall.furnish()
    id_ = hall.issue("i2")["id"]
    with pytest.raises(NotYourTicket):
        hall.act("transfer", id_, hall.clerk("100"), queue="q0", reason="why")
    with pytest.raises(NoSuchTicket):
        hall.act("start", NOBODY, hall.clerk("100"))


def test_a_missed_ticket_is_put_back_by_any_clerk_of_its_department(hall: SmallHall) -> None:
    hall.furnish()
    id_ = hall.issue()["id"]
    clerk = hall.sign_in("100")
    hall.call_next("100")
    hall.act("miss", id_, clerk)
    with pytest.raises(NotYourTicket):
        hall.act("requeue", id_, hall.clerk("102", department="d1"))
    assert hall.act("requeue", id_, hall.clerk("101"))["state"] == "waiting"


def test_a_held_ticket_leaves_the_window_free_and_comes_back_when_it_is_free_again(hall: SmallHall) -> None:
    hall.furnish()
    held, other = hall.issue()["id"], hall.issue()["id"]
    clerk = hall.sign_in("100")
    hall.call_next("100")
    hall.act("start", held, clerk)
    hall.act("hold", held, clerk)
    assert hall.call_next("100")["id"] == other
    before = hall.everything()
    with pytest.raises(WindowBusy):
        hall.act("resume", held, clerk)
    assert hall.everything() == before
    hall.act("miss", other, clerk)
    resumed = hall.act("resume", held, clerk)
    assert (resumed["state"], resumed["window"]) == ("serving", "100")
    with pytest.raises(WindowBusy):
        hall.call_next("100")


def test_resuming_and_calling_at_once_gives_the_window_one_visitor(hall: SmallHall) -> None:
    hall.furnish(windows_each=5, queues=2)
    hall.clock.ticking = True
    for n in range(10):
        code = str(100 + n)
        clerk = hall.sign_in(code)
        id_ = hall.issue()["id"]
        assert hall.call_next(code)["id"] == id_
        hall.act("start", id_, clerk)
        hall.act("hold", id_, clerk)
        other = hall.issue()["id"]
        results = _race(
            lambda id_=id_, clerk=clerk: hall.act("resume", id_, clerk),
            lambda code=code: hall.call_next(code),
        )
        assert results.count(WindowBusy) == 1
        if hall.ticket(other)["state"] == "waiting":
            hall.act("cancel", other, clerk)


def test_two_tickets_at_a_window_are_impossible_in_the_database_too(hall: SmallHall) -> None:
    hall.furnish()
    hall.issue(), hall.issue()
    hall.sign_in("100")
    hall.call_next("100")
    with pytest.raises(psycopg.errors.UniqueViolation, match="one_ticket_at_a_window"):
        hall.change("""UPDATE tickets SET state = 'called', "window" = '100' WHERE state = 'waiting'""")


def test_of_two_commands_at_once_on_a_ticket_one_is_refused(hall: SmallHall) -> None:
    hall.furnish()
    clerk = hall.sign_in("100")
    for _ in range(8):
        id_ = hall.issue()["id"]
        assert hall.call_next("100")["id"] == id_
        results = _race(
            lambda id_=id_: hall.act("start", id_, clerk), lambda id_=id_: hall.act("miss", id_, clerk)
        )
        assert sum(isinstance(result, dict) for result in results) == 1
        if hall.ticket(id_)["state"] == "serving":
            hall.act("finish", id_, clerk)
        hall.clock.move(seconds=1)


def test_the_desk_shows_what_is_the_clerks(hall: SmallHall) -> None:
    hall.furnish()
    clerk, colleague = hall.sign_in("100"), hall.sign_in("101")
    ids = [hall.issue()["id"] for _ in range(5)]
    for command in ("hold", "miss"):
        id_ = hall.call_next("100")["id"]
        if command == "hold":
            hall.act("start", id_, clerk)
        hall.act(command, id_, clerk)
    hall.call_next("100")
    hall.clock.move(seconds=1)
    with hall.database.autocommit() as store:
        desk = windows.get_desk(store, hall.situations, clerk, window="100")
        beside = windows.get_desk(store, hall.situations, colleague, window="101")
        with pytest.raises(NotYourWindow):
            windows.get_desk(store, hall.situations, clerk, window="102")
    assert [
        desk.ticket["id"],
        *(each["id"] for each in desk.held + desk.missed + desk.waiting),
    ] == [
        ids[2],
        ids[0],
        ids[1],
        ids[3],
        ids[4],
    ]
    assert [each["ahead"] for each in desk.waiting] == [0, 1]
    assert (beside.ticket, [each["id"] for each in beside.held]) == (None, [ids[0]]), (
        "anybody's of the department"
    )
    assert [each["id"] for each in beside.missed] == [ids[1]]


def test_a_desk_counts_all_who_wait_and_lists_the_first(
    hall: SmallHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall.furnish()
    monkeypatch.setattr(windows, "MOST_WAITING_SHOWN", 3)
    clerk = hall.sign_in("100", queues=["q0"])
    ids = [hall.issue("i0")["id"] for _ in range(5)]
    hall.issue("i1")
    with hall.database.autocommit() as store:
        desk = windows.get_desk(store, hall.situations, clerk, window="100")
        other = windows.get_desk(store, hall.situations, clerk, window="101")
    assert ([each["id"] for each in desk.waiting], desk.waiting_count) == (ids[:3], 5)
    assert (len(other.waiting), other.waiting_count) == (3, 6), (
        "one that is shut would call from all its queues"
    )


def test_several_desks_are_each_as_alone(hall: SmallHall) -> None:
    hall.furnish()
    clerk = hall.sign_in("100")
    hall.sign_in("101", queues=["q1"])
    first = hall.issue("i0")["id"]
    hall.issue("i0")
    for item in ("i1", "i2", "i1"):
        hall.issue(item)
    assert hall.call_next("100")["id"] == first
    hall.act("start", first, clerk)
    hall.act("hold", first, clerk)
    gateway = Caller(hall="main")
    with hall.database.autocommit() as store:
        alone = [
            windows.get_desk(store, hall.situations, gateway, window=code) for code in ("102", "100", "101")
        ]
        together = windows.get_desks(
            store, hall.situations, gateway, windows=["102", "100", "999", "101", "100"]
        )
        own = windows.get_desks(store, hall.situations, clerk, windows=["100", "102", "101"])
    assert together["items"] == alone
    assert [len(desk.waiting) for desk in alone] == [1, 3, 2]
    assert [desk.window.code for desk in own["items"]] == ["100", "101"]


def test_the_desk_of_a_window_shows_who_waits_for_its_clerk_or_would_for_any(hall: SmallHall) -> None:
    hall.furnish()
    first, second = hall.issue("i0")["id"], hall.issue("i1")["id"]
    hall.issue("i2")
    clerk = hall.sign_in("101", queues=["q1"])
    with hall.database.autocommit() as store:
        shut = windows.get_desk(store, hall.situations, clerk, window="100")
        own = windows.get_desk(store, hall.situations, clerk, window="101")
        seated = store.window("main", "101")
        with pytest.raises(NoSuchWindow):
            windows.get_desk(store, hall.situations, clerk, window="999")
    assert ([row["id"] for row in shut.waiting], shut.ticket, shut.window.state) == (
        [first, second],
        None,
        "closed",
    )
    assert [row["id"] for row in own.waiting] == [second]
    assert own.window == seated, "JSON gives the very window"


def test_a_desk_says_of_a_ticket_all_that_the_call_has_said(hall: SmallHall) -> None:
    hall.furnish()
    phone = "13812345678"
    for _ in range(2):
        hall.issue("i0", phone=phone)
    hall.sign_in("100", queues=["q0"])
    called = schemas.TicketReply().dump(hall.call_next("100"))
    with hall.database.autocommit() as store:
        found = schemas.DeskReply().dump(
            windows.get_desk(store, hall.situations, Caller(hall="main"), window="100")
        )
    assert called["same_phone"] == 0
    again_at = [datetime.fromisoformat(each["calling"].pop("again_at")) for each in (called, found["ticket"])]
    assert again_at[0] == again_at[1]
    assert found["ticket"] == called
    (waiting,) = found["waiting"]
    assert waiting.keys() == called.keys()
    assert waiting["same_phone"] == 1


def test_windows_are_listed_with_who_sits_there(hall: SmallHall) -> None:
    hall.furnish()
    hall.sign_in("101")
    with hall.database.autocommit() as store:
        everywhere = windows.list_windows(store, ADMIN)["items"]
        here = windows.list_windows(store, ADMIN, department="d1")["items"]
    assert [(each["code"], each["state"]) for each in everywhere][:2] == [("100", "closed"), ("101", "open")]
    assert {each["department"] for each in here} == {"d1"}


@pytest.mark.parametrize("roles", [(), ("visitor",), ("kiosk",)])
def test_strangers_are_told_no_names_of_the_staff(hall: SmallHall, roles: tuple[str, ...]) -> None:
    hall.furnish()
    seated = hall.sign_in("101")
    id_ = hall.issue("i1")["id"]
    hall.call_next("101")
    stranger = Caller(hall="main", roles=frozenset(roles))
    with hall.database.autocommit() as store:
        everywhere = windows.list_windows(store, stranger)
        told = questions.get_ticket(store, hall.situations, stranger, id=id_)
        of_staff = questions.get_ticket(store, hall.situations, ADMIN, id=id_)
    assert (told["clerk"], of_staff["clerk"]) == (None, seated.username)
    shown = {each["code"]: each for each in schemas.WindowsUnnamed().dump(everywhere)["items"]}
    full = {each["code"]: each for each in schemas.WindowsReply().dump(everywhere)["items"]}
    assert full["101"] == {**shown["101"], "clerk": seated.username} and shown["101"]["clerk"] is None
