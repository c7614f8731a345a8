"""No visitor is left behind on the floor: set aside anywhere, freed by a manager, chosen or sent on with a reason."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from marshmallow import ValidationError

from services.chassis.caller import Caller
from services.chassis.commands import fingerprint
from services.chassis.config import settings
from services.chassis.errors import ServiceError
from services.ticketing.errors import (
    CalledTooOften,
    CalledTooSoon,
    ClerksOnly,
    FloorForStaff,
    FloorManagersOnly,
    IllegalTransition,
    NotWaiting,
    NotYourQueue,
    NotYourTicket,
    NotYourWindow,
    ReasonNeeded,
    UnknownItem,
    UnknownQueue,
    WindowBusy,
    WindowClosed,
)
from services.ticketing.schemas import TransferTicket
from services.ticketing.use_cases import day, floor, issue, questions, serve, windows
from tests.integration.ticketing.conftest import SmallHall
from tests.waiting import DEADLINE_S

MANAGER = Caller(hall="main", username="manager", roles=frozenset({"manager"}))
ADMIN = Caller(hall="main", username="admin", roles=frozenset({"admin"}))
VISITOR = Caller(hall="main")


@pytest.fixture(autouse=True)
def _furnished(hall: SmallHall) -> None:
    """Windows 100, 101, 103, 104 … of d0 and 102, 105 of d1."""
    hall.furnish(windows_each=3)


def serving(hall: SmallHall, window: str = "100") -> tuple[str, Caller]:
    """Return a ticket that is being served at a window, and its clerk."""
    clerk = hall.sign_in(window)
    id_ = str(hall.issue()["id"])
    hall.call_next(window)
    hall.act("start", id_, clerk)
    return id_, clerk


def aside_and_left(hall: SmallHall) -> str:
    """Return a ticket that was set aside at window 100, whose clerk has gone to 101."""
    id_, clerk = serving(hall)
    hall.act("hold", id_, clerk)
    left = hall.do(windows.sign_out, hall.situations, clerk, window="100")
    assert left["held"] == ["A001"], "whoever leaves is told"
    hall.do(windows.sign_in, clerk, window="101")
    return id_


def free(hall: SmallHall, caller: Caller = MANAGER, window: str = "100", **more: Any) -> dict[str, Any]:
    """Sign a clerk out of a window."""
    return hall.do(windows.sign_out, hall.situations, caller, window=window, **more)


def desk(hall: SmallHall, caller: Caller, window: str) -> Any:
    """Return what is before a clerk."""
    with hall.database.autocommit() as store:
        return windows.get_desk(store, hall.situations, caller, window=window)


def why(hall: SmallHall, id_: str) -> dict[str, Any]:
    """Return why a ticket was called."""
    with hall.database.autocommit() as store:
        return questions.why_called(store, VISITOR, id=id_)


@pytest.mark.parametrize(
    ("command", "more", "state"),
    [
        ("resume", {}, "serving"),
        ("transfer", {"queue": "q1", "reason": "另一队列"}, "waiting"),
        ("miss", {}, "missed"),
        ("finish", {}, "served"),
    ],
)
def test_who_was_set_aside_is_not_bound_to_the_window(
    hall: SmallHall, command: str, more: dict[str, Any], state: str
) -> None:
    id_ = aside_and_left(hall)
    colleague = hall.sign_in("103")
    assert [each["id"] for each in desk(hall, colleague, "103").held] == [id_]
    hall.act(command, id_, colleague, **more)
    now = hall.rows('SELECT state, "window", clerk FROM tickets')[0]
    assert now["state"] == state
    if command == "resume":
        assert (now["window"], now["clerk"]) == ("103", colleague.username)


def test_who_did_not_come_back_is_not_served_and_may_come_again(hall: SmallHall) -> None:
    id_ = aside_and_left(hall)
    clerk = hall.clerk("100")
    for command in ("miss", "requeue"):
        hall.clock.move(minutes=1)
        hall.act(command, id_, clerk)
    assert hall.ticket(id_)["state"] == "waiting"
    hall.clock.move(minutes=1)
    called = hall.do(serve.call_next, hall.situations, clerk, window="101")
    assert (called["id"], called["started_at"]) == (id_, None)
    hall.act("miss", id_, clerk)
    hall.clock.move(minutes=31)
    hall.do(day.expire_missed, ADMIN)
    assert hall.ticket(id_)["state"] == "expired"


def stretches(hall: SmallHall) -> list[dict[str, Any]]:
    """Return the stretches of the visit that was told of last."""
    return list(hall.rows("SELECT body FROM outbox ORDER BY id DESC LIMIT 1")[0]["body"]["data"]["stretches"])


def aside_and_missed(hall: SmallHall) -> tuple[str, Caller]:
    """Return a ticket that was served for ten minutes at window 100, set aside and missed, and its clerk."""
    id_, clerk = serving(hall)
    hall.clock.move(minutes=10)
    hall.act("hold", id_, clerk)
    hall.clock.move(minutes=5)
    hall.act("miss", id_, clerk)
    return id_, clerk


@pytest.mark.parametrize("command", ["requeue", "put_back"])
def test_who_comes_back_after_being_missed_was_served_where_they_were(hall: SmallHall, command: str) -> None:
    id_, _ = aside_and_missed(hall)
    hall.clock.move(minutes=5)
    who, more = (hall.clerk("100"), {}) if command == "requeue" else (MANAGER, {"reason": "回来了"})
    hall.act(command, id_, who, **more)
    colleague = hall.sign_in("103")
    hall.clock.move(minutes=4)
    assert hall.do(serve.call_next, hall.situations, colleague, window="103")["id"] == id_
    hall.act("start", id_, colleague)
    hall.clock.move(minutes=2)
    hall.act("finish", id_, colleague)
    assert [
        (each["window"], each["state"], each["queued"], each["wait_s"], each["service_s"])
        for each in stretches(hall)
    ] == [("100", "put_back", True, 0, 600), ("103", "served", True, 240, 120)]
    assert [each["misses"] for each in stretches(hall)] == [1, 0]


def test_who_never_comes_back_was_served_where_they_were(hall: SmallHall) -> None:
    aside_and_missed(hall)
    hall.clock.move(minutes=31)
    hall.do(day.expire_missed, ADMIN)
    told = [(each["window"], each["state"], each["service_s"]) for each in stretches(hall)]
    assert told == [("100", "expired", 600)]


def test_the_list_of_windows_shows_who_is_set_aside_where(hall: SmallHall) -> None:
    aside_and_left(hall)
    with hall.database.autocommit() as store:
        found = windows.list_windows(store, ADMIN)["items"]
    assert {each["code"]: each["held"] for each in found if each["held"]} == {"100": ["A001"]}


def test_another_department_does_not_take_over_who_is_set_aside(hall: SmallHall) -> None:
    id_ = aside_and_left(hall)
    stranger = hall.clerk("102", department="d1")
    hall.do(windows.sign_in, stranger, window="102")
    for command in ("resume", "miss", "finish"):
        with pytest.raises(NotYourTicket):
            hall.act(command, id_, stranger)
    hall.change("UPDATE windows SET queues = '{q2,q0}', profile = '{q2,q0}' WHERE code = '102'")
    assert [each["id"] for each in desk(hall, stranger, "102").held] == [id_]
    hall.act("resume", id_, stranger)
    assert hall.ticket(id_)["window"] == "102", "a comprehensive window serves the queue"


def test_nobody_resumes_without_a_window_of_their_own(hall: SmallHall) -> None:
    id_ = aside_and_left(hall)
    with pytest.raises(WindowClosed):
        hall.act("resume", id_, hall.clerk("nowhere"))
    hall.issue()
    hall.do(serve.call_next, hall.situations, hall.clerk("100"), window="101")
    with pytest.raises(WindowBusy):
        hall.act("resume", id_, hall.clerk("100"))


@pytest.mark.parametrize(
    ("visitor", "state"), [(None, "waiting"), ("put_back", "waiting"), ("hold", "on_hold"), ("end", "closed")]
)
def test_a_manager_frees_a_window_with_a_visitor(hall: SmallHall, visitor: str | None, state: str) -> None:
    id_, _ = serving(hall)
    hall.clock.move(seconds=30)
    freed = free(hall, reason="窗口人员突发不适", visitor=visitor)
    assert (freed["state"], freed["clerk"]) == ("closed", None)
    assert hall.ticket(id_)["state"] == state
    noted = hall.rows('SELECT "window", clerk, freed_by, reason FROM freed_windows')
    assert noted == [
        {"window": "100", "clerk": "clerk100", "freed_by": "manager", "reason": "窗口人员突发不适"}
    ]
    hall.sign_in("100")


def test_one_who_is_put_back_keeps_number_and_seniority(hall: SmallHall) -> None:
    id_, _ = serving(hall)
    hall.clock.move(minutes=5)
    later = hall.issue()
    free(hall, reason="窗口人员突发不适")
    assert hall.ticket(id_)["ahead"] == 0
    hall.sign_in("101")
    again = hall.call_next("101")
    assert again is not None
    assert (again["id"], again["number"]) == (id_, "A001")
    assert hall.ticket(later["id"])["state"] == "waiting"


def test_a_window_with_a_visitor_is_freed_for_a_reason_and_by_managers_alone(hall: SmallHall) -> None:
    serving(hall)
    with pytest.raises(ReasonNeeded):
        free(hall)
    for caller in (
        hall.clerk("other"),
        Caller(hall="main", username="m", roles=frozenset({"manager"}), department="d1"),
    ):
        with pytest.raises(NotYourWindow):
            free(hall, caller, reason="不在岗")
    with pytest.raises(NotYourWindow):
        free(hall, hall.clerk("100"), reason="走了", visitor="end")


@pytest.mark.parametrize("state", ["called", "serving", "on_hold", "missed"])
@pytest.mark.parametrize("command", ["put_back", "end"])
def test_a_manager_puts_back_or_ends_whatever_is_open(hall: SmallHall, state: str, command: str) -> None:
    clerk = hall.sign_in("100")
    id_ = str(hall.issue()["id"])
    hall.call_next("100")
    for step in {"called": (), "serving": ("start",), "on_hold": ("start", "hold"), "missed": ("miss",)}[
        state
    ]:
        hall.act(step, id_, clerk)
    with pytest.raises(FloorManagersOnly):
        hall.act(command, id_, clerk, reason="为什么")
    hall.act(command, id_, MANAGER, reason="设备故障")
    assert hall.ticket(id_)["state"] == {"put_back": "waiting", "end": "closed"}[command]
    reasons = hall.rows("SELECT reason FROM ticket_states WHERE left_at IS NULL")
    assert reasons == [{"reason": "设备故障"}]
    hall.issue()
    assert hall.call_next("100") is not None, "the window is free"


def test_a_waiting_number_is_ended_and_one_that_has_ended_is_not(hall: SmallHall) -> None:
    id_ = str(hall.issue()["id"])
    hall.act("end", id_, MANAGER, reason="重复取号")
    with pytest.raises(IllegalTransition):
        hall.act("end", id_, MANAGER, reason="重复取号")


def _race(*actions: Any) -> list[Any]:
    begin = Barrier(len(actions), timeout=DEADLINE_S)

    def caught(action: Any) -> Any:
        begin.wait()
        try:
            return action()
        except ServiceError as refusal:
            return refusal

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(caught, actions))


def test_a_window_is_freed_while_its_clerk_goes_on_and_nobody_is_stranded(hall: SmallHall) -> None:
    hall.clock.ticking = True
    for n in range(12):
        id_, clerk = serving(hall)
        _race(
            lambda id_=id_, clerk=clerk, n=n: hall.act(("finish", "hold", "finish")[n % 3], id_, clerk),
            lambda n=n: free(hall, reason="离岗", visitor=("put_back", "hold", "end")[n % 3]),
            lambda id_=id_: hall.act("put_back", id_, MANAGER, reason="离岗"),
        )
        free(hall, reason="离岗")
        stranded = hall.rows("""
            SELECT number FROM tickets JOIN windows ON windows.code = "window"
            WHERE state IN ('called', 'serving') AND windows.clerk IS NULL
        """)
        assert stranded == []
        hall.change(
            "UPDATE tickets SET state = 'closed', for_window = NULL WHERE state IN ('waiting', 'on_hold')"
        )


def test_of_two_clerks_and_a_manager_at_once_one_has_who_was_set_aside(hall: SmallHall) -> None:
    hall.clock.ticking = True
    for _ in range(10):
        id_, clerk = serving(hall)
        hall.act("hold", id_, clerk)
        colleague = hall.sign_in("101")
        results = _race(
            lambda id_=id_, clerk=clerk: hall.act("resume", id_, clerk),
            lambda id_=id_, colleague=colleague: hall.act("resume", id_, colleague),
            lambda id_=id_: hall.act("transfer", id_, MANAGER, queue="q1", reason="转办"),
        )
        assert sum(isinstance(each, dict) for each in results) in (1, 2), (
            "a manager may send on whoever resumed"
        )
        states = hall.rows(
            "SELECT state, count(*) AS rows FROM ticket_states WHERE left_at IS NULL GROUP BY 1"
        )
        assert sum(each["rows"] for each in states if each["state"] == "serving") <= 1
        for code in ("100", "101"):
            free(hall, window=code, reason="下一轮", visitor="end")
        hall.change("DELETE FROM ticket_states; DELETE FROM calls; DELETE FROM tickets")


def test_a_clerk_chooses_one_who_waits_and_why_says_so(hall: SmallHall) -> None:
    first, second = hall.issue(), hall.issue()
    clerk = hall.sign_in("100")
    called = hall.do(
        serve.call_number, hall.situations, clerk, window="100", number="A002", reason="行动不便"
    )
    assert called["id"] == second["id"]
    found = why(hall, second["id"])
    assert (found["rule"], found["reason"], found["runner_up"]["number"]) == ("chosen", "行动不便", "A001")
    assert "行动不便" in found["explanation"] and "行动不便" in found["explanation_en"]
    assert hall.ticket(first["id"])["state"] == "waiting"
    with pytest.raises(WindowBusy):
        hall.do(serve.call_number, hall.situations, clerk, window="100", number="A001", reason="也叫")


def test_the_trail_hears_what_was_chosen_or_freed_and_not_what_was_held_besides(hall: SmallHall) -> None:
    hall.issue()
    clerk = hall.sign_in("100")
    with hall.database.transaction() as store:
        serve.call_number(store, hall.situations, clerk, window="100", number="A001", reason="行动不便")
        assert store.before == {"number": "A001", "state": "waiting"}
    with hall.database.transaction() as store:
        windows.sign_out(store, hall.situations, MANAGER, window="100", reason="离岗")
        assert store.before is not None
        assert (store.before["code"], store.before["clerk"]) == ("100", clerk.username)


@pytest.mark.parametrize("number", ["A001", "A009", "C001"])
def test_nobody_is_chosen_who_does_not_wait_for_the_window(hall: SmallHall, number: str) -> None:
    hall.issue("i2")  # C001, of another department
    clerk = hall.sign_in("100")
    ended = hall.issue()["id"]
    hall.call_next("100")
    hall.act("miss", ended, clerk)
    with pytest.raises(NotWaiting):
        hall.do(serve.call_number, hall.situations, clerk, window="100", number=number, reason="为什么")


def test_two_clerks_never_choose_the_same_visitor(hall: SmallHall) -> None:
    hall.clock.ticking = True
    for _ in range(10):
        number = hall.issue()["number"]
        clerks = {code: hall.sign_in(code) for code in ("100", "101", "103")}
        results = _race(
            *(
                lambda code=code, clerk=clerk, number=number: hall.do(
                    serve.call_number, hall.situations, clerk, window=code, number=number, reason="熟悉情况"
                )
                for code, clerk in clerks.items()
            )
        )
        assert sum(isinstance(each, dict) for each in results) == 1
        for code in clerks:
            free(hall, window=code, reason="下一轮", visitor="end")


def test_who_is_sent_to_a_window_is_called_there_alone_while_it_is_open(hall: SmallHall) -> None:
    id_, clerk = serving(hall)
    colleague = hall.sign_in("101")
    hall.sign_in("103")
    hall.act("transfer", id_, clerk, window="101", reason="找原经办人")
    waiting = hall.ticket(id_)
    assert (waiting["for_window"], waiting["queue"], waiting["number"]) == ("101", "q0", "A001")
    beside, there = desk(hall, clerk, "100"), desk(hall, colleague, "101")
    assert ([each["id"] for each in beside.waiting], beside.waiting_count) == ([], 0)
    assert ([each["id"] for each in there.waiting], there.waiting_count) == ([id_], 1)
    assert hall.call_next("103") is None
    called = hall.call_next("101")
    assert called is not None and called["id"] == id_
    found = why(hall, id_)
    assert (found["rule"], found["reason"]) == ("sent_on", "找原经办人")
    assert "找原经办人" in found["explanation"]


def test_who_is_sent_to_a_clerk_waits_for_anybody_once_they_have_gone(hall: SmallHall) -> None:
    id_, clerk = serving(hall)
    colleague = hall.sign_in("101")
    hall.sign_in("103")
    hall.act("transfer", id_, clerk, clerk=colleague.username, reason="找原经办人")
    assert hall.ticket(id_)["for_window"] == "101"
    hall.do(windows.sign_out, hall.situations, colleague, window="101")
    called = hall.call_next("103")
    assert called is not None and called["id"] == id_
    assert why(hall, id_)["rule"] == "score"


def test_nobody_is_sent_to_a_clerk_who_does_not_call_from_the_queue(hall: SmallHall) -> None:
    id_, clerk = serving(hall)
    hall.sign_in("101", queues=["q1"])
    before = hall.everything()
    with pytest.raises(UnknownQueue):
        hall.act("transfer", id_, clerk, window="101", queue="q0", reason="找原经办人")
    assert hall.everything() == before


def test_who_was_sent_to_a_clerk_who_calls_others_now_waits_for_anybody(hall: SmallHall) -> None:
    id_, clerk = serving(hall)
    colleague = hall.sign_in("101")
    hall.sign_in("103")
    hall.act("transfer", id_, clerk, window="101", reason="找原经办人")
    hall.clock.move(seconds=1)
    hall.sign_in("101", queues=["q1"])
    seen = {code: desk(hall, hall.clerk(code), code) for code in ("101", "103")}
    assert {code: len(each.waiting) for code, each in seen.items()} == {"101": 0, "103": 1}
    assert {code: each.waiting_count for code, each in seen.items()} == {"101": 0, "103": 1}
    assert hall.do(serve.call_next, hall.situations, colleague, window="101") is None
    called = hall.call_next("103")
    assert called is not None and called["id"] == id_


@pytest.mark.parametrize("command", ["cancel", "end"])
def test_who_was_sent_to_a_window_may_still_go(hall: SmallHall, command: str) -> None:
    id_, clerk = serving(hall)
    hall.sign_in("101")
    hall.act("transfer", id_, clerk, window="101", reason="找原经办人")
    more = {"reason": "已离开"} if command == "end" else {}
    hall.act(command, id_, MANAGER, **more)
    assert hall.rows("SELECT for_window FROM tickets") == [{"for_window": None}]


def test_who_was_sent_to_a_window_is_closed_with_the_day(hall: SmallHall) -> None:
    id_, clerk = serving(hall)
    hall.sign_in("101")
    hall.act("transfer", id_, clerk, window="101", reason="找原经办人")
    hall.clock.move(days=1)
    assert hall.do(day.close_ended_days, ADMIN) == 1
    assert hall.ticket(id_)["state"] == "closed"


def test_nobody_is_sent_where_nobody_serves_them(hall: SmallHall) -> None:
    id_, clerk = serving(hall)
    before = hall.everything()
    for wrong, refusal in (
        ({"window": "101"}, WindowClosed),
        ({"clerk": "nobody"}, WindowClosed),
        ({"window": "100", "queue": "q2"}, UnknownQueue),
        ({"queue": "q0"}, UnknownQueue),
        ({"queue": "q2", "item": "i0"}, UnknownItem),
        ({"item": "i9"}, UnknownItem),
    ):
        with pytest.raises(refusal):
            hall.act("transfer", id_, clerk, reason="转办", **wrong)
    assert hall.everything() == before
    for nothing in ({"reason": "转办"}, {"window": "101", "clerk": "c", "reason": "转办"}):
        with pytest.raises(ValidationError):
            TransferTicket().load({"id": id_, **nothing})


def test_calling_again_has_a_pause_and_an_end(hall: SmallHall) -> None:
    clerk = hall.sign_in("100")
    id_ = str(hall.issue()["id"])
    hall.call_next("100")
    with pytest.raises(CalledTooSoon) as early:
        hall.act("recall", id_, clerk)
    assert "again_at" in early.value.extra
    for _ in range(settings().recalls):
        hall.clock.move(seconds=settings().recall_pause)
        hall.act("recall", id_, clerk)
    hall.clock.move(minutes=1)
    with pytest.raises(CalledTooOften):
        hall.act("recall", id_, clerk)
    hall.act("miss", id_, clerk)
    hall.act("requeue", id_, clerk)
    hall.call_next("100")
    hall.clock.move(seconds=settings().recall_pause)
    hall.act("recall", id_, clerk)


def test_a_desk_says_how_often_its_visitor_was_called_and_when_again(hall: SmallHall) -> None:
    clerk = hall.sign_in("100")
    id_ = str(hall.issue()["id"])
    most, pause = settings().recalls + 1, timedelta(seconds=settings().recall_pause)
    called = hall.call_next("100")
    assert called is not None
    expected = {"made": 1, "most": most, "again_at": hall.clock.at + pause}
    assert called["calling"] == desk(hall, clerk, "100").ticket["calling"] == expected
    for made in range(2, most + 1):
        hall.clock.move(seconds=settings().recall_pause)
        again = hall.act("recall", id_, clerk)["calling"]
        expected = {"made": made, "most": most, "again_at": hall.clock.at + pause if made < most else None}
        assert again == desk(hall, clerk, "100").ticket["calling"] == expected
    hall.act("start", id_, clerk)
    assert desk(hall, clerk, "100").ticket["calling"] is None
    hall.act("finish", id_, clerk)
    other = hall.issue()
    hall.call_next("100")
    assert desk(hall, clerk, "100").ticket["calling"]["made"] == 1, other["number"]


def test_the_floor_shows_who_waits_is_aside_and_was_missed_in_each_queue(hall: SmallHall) -> None:
    held, clerk = serving(hall)
    hall.act("hold", held, clerk)
    missed, first = (str(hall.issue()["id"]) for _ in range(2))
    hall.call_next("100")
    hall.act("miss", missed, clerk)
    hall.clock.move(seconds=70)
    sent = str(hall.issue("i0")["id"])
    hall.act("transfer", sent, clerk, queue="q2", reason="要先办价格")
    hall.clock.move(seconds=20)
    hall.forget()
    with hall.database.autocommit() as store:
        found = floor.get_floor(store, hall.situations, MANAGER)
        own = floor.get_floor(store, hall.situations, MANAGER, department="d1")
        with pytest.raises(FloorForStaff):
            floor.get_floor(store, hall.situations, VISITOR)
    names = ("waiting", "set_aside", "missed", "longest_wait_s", "windows_open")
    assert {each["queue"]: tuple(each[name] for name in names) for each in found["queues"]} == {
        "q0": (1, 1, 1, 90, 1),
        "q1": (0, 0, 0, None, 1),
        "q2": (1, 0, 0, 20, 0),
    }, "who was sent on has waited there since"
    assert first in hall.in_line("100")
    assert {each["code"]: each["held"] for each in found["windows"] if each["held"]} == {"100": ["A001"]}
    assert [each["queue"] for each in own["queues"]] == ["q2"]
    assert {each["department"] for each in own["windows"]} == {"d1"}


def test_who_waits_again_after_being_missed_has_waited_since_then(hall: SmallHall) -> None:
    clerk = hall.sign_in("100")
    id_ = str(hall.issue()["id"])
    hall.call_next("100")
    for seconds, command in ((60, "miss"), (60, "requeue"), (5, "")):
        hall.clock.move(seconds=seconds)
        if command:
            hall.act(command, id_, clerk)
    hall.forget()
    with hall.database.autocommit() as store:
        found = floor.get_floor(store, hall.situations, MANAGER, department="d0")
    assert [each["longest_wait_s"] for each in found["queues"]] == [5, None]


def issue_as(hall: SmallHall, caller: Caller, item: str = "i0", **more: Any) -> dict[str, Any]:
    """Issue a ticket as somebody."""
    mark = fingerprint("issue_ticket", {"item": item, **more}, caller)
    with hall.database.autocommit() as store:
        return issue.issue_ticket(
            store, hall.situations, caller, mark, item=item, channel="window", **more
        ).body


def test_a_clerk_gives_urgent_numbers_of_the_own_queues_alone(hall: SmallHall) -> None:
    favour = {"class_": "urgent", "reason": "急病"}
    clerk = hall.sign_in("100")
    assert issue_as(hall, clerk, "i0", **favour)["number"] == "A001"
    with pytest.raises(NotYourQueue):
        issue_as(hall, clerk, "i2", **favour)
    assert issue_as(hall, MANAGER, "i2", **favour)["number"] == "C001"
    hall.change("UPDATE windows SET queues = '{q0,q2}' WHERE code = '100'")
    assert issue_as(hall, clerk, "i2", **favour)["number"] == "C002", "at a comprehensive window"
    with pytest.raises(ClerksOnly):
        issue_as(hall, Caller(hall="main", username="k", roles=frozenset({"kiosk"})), **favour)
