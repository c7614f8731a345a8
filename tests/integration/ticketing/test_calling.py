"""Calling next: once, in order, by one window, with its reasons."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from services.chassis.caller import Caller
from services.ticketing.domain.queue import call_order
from services.ticketing.errors import NotCalled, WindowBusy
from services.ticketing.use_cases import questions, serve
from tests.integration.ticketing.conftest import SmallHall
from tests.waiting import DEADLINE_S, until

CLASSES = ("walk_in", "priority", "walk_in", "walk_in")


def test_tickets_are_called_in_the_order_of_the_rule(hall: SmallHall) -> None:
    hall.furnish(max_wait_s=1800)
    for n in range(60):
        hall.issue(f"i{n % 2}", class_=CLASSES[n % 4])
        hall.clock.move(seconds=37)
    hall.issue("i1", class_="urgent", reason="medical")
    hall.sign_in("100")
    called = []
    expected = []
    for _ in range(61):
        hall.clock.move(seconds=5)
        expected.append(call_order(hall.waiting(), hall.clock(), ["q0", "q1"])[0].id)
        ticket = hall.call_next("100")
        called.append(ticket["id"])
        clerk = hall.clerk("100")
        hall.do(serve.start_ticket, hall.situations, clerk, id=ticket["id"])
        hall.do(serve.finish_ticket, clerk, id=ticket["id"])
    assert called == expected
    assert len(set(called)) == 61
    rules = {row["rule"] for row in hall.rows("SELECT rule FROM calls")}
    assert rules == {"urgent", "overdue", "score"}


def test_forty_threads_on_thirty_windows_call_five_hundred_tickets_once_each(hall: SmallHall) -> None:
    hall.furnish(windows_each=15, queues=2)
    for n in range(500):
        hall.issue(f"i{n % 2}", class_=CLASSES[n % 4])
        hall.clock.move(seconds=1)
    codes = [str(100 + n) for n in range(30)]
    for code in codes:
        hall.sign_in(code)
    expected = [ticket.id for ticket in call_order(hall.waiting(), hall.clock(), ["q0", "q1"])]
    begin = Barrier(40, timeout=DEADLINE_S)
    hall.clock.ticking = True

    def called_at(code: str) -> tuple[Any, ...]:
        try:
            return (hall.call_next(code),)
        except WindowBusy:  # the other thread at this window is at work
            return ()

    def serve_on(thread: int) -> list[str]:
        code = codes[thread % 30]
        clerk = hall.clerk(code)
        done = []
        begin.wait()
        while True:
            (ticket,) = until(lambda: called_at(code), what=f"window {code} is free")
            if ticket is None:
                return done
            done.append(ticket["id"])
            hall.do(serve.start_ticket, hall.situations, clerk, id=ticket["id"])
            hall.do(serve.finish_ticket, clerk, id=ticket["id"])

    with ThreadPoolExecutor(40) as pool:
        results = list(pool.map(serve_on, range(40)))
    called = [id_ for done in results for id_ in done]
    assert sorted(called) == sorted(expected)
    in_order = [str(row["ticket"]) for row in hall.rows("SELECT ticket FROM calls ORDER BY id")]
    # Each caller takes the first that no other has in hand. However long one is held up with a ticket in hand: whoever
    # is called before somebody that comes first leaves behind no more than the other callers have in hand.
    places = {id_: place for place, id_ in enumerate(expected)}
    order = [places[id_] for id_ in in_order]
    assert max(sum(later < place for later in order[nth:]) for nth, place in enumerate(order)) < 40
    both = hall.rows("""
        SELECT count(*) AS overlaps FROM ticket_states AS one JOIN ticket_states AS two
            ON one."window" = two."window" AND one.ticket < two.ticket
            AND one.state IN ('called', 'serving') AND two.state IN ('called', 'serving')
            AND one.entered_at < two.left_at AND two.entered_at < one.left_at
    """)
    assert both[0]["overlaps"] == 0


def test_a_window_that_has_a_visitor_cannot_call_another(hall: SmallHall) -> None:
    hall.furnish()
    hall.issue(), hall.issue()
    hall.sign_in("100")
    hall.call_next("100")
    with pytest.raises(WindowBusy):
        hall.call_next("100")


def test_nobody_waiting_is_no_ticket(hall: SmallHall) -> None:
    hall.furnish()
    hall.sign_in("100")
    assert hall.call_next("100") is None


def test_every_call_says_why(hall: SmallHall) -> None:
    hall.furnish()
    hall.issue("i0")
    hall.clock.move(seconds=60)
    second = hall.issue("i1", class_="priority")
    hall.clock.move(seconds=100)
    hall.sign_in("100")
    called = hall.call_next("100")
    assert called["id"] == second["id"], "200 points against 160"
    with hall.database.autocommit() as store:
        why = questions.why_called(store, hall.clerk("100"), id=called["id"])
    assert (why["rule"], why["score"]) == ("score", 200.0)
    assert (why["runner_up"]["number"], why["runner_up"]["score"]) == ("A001", 160.0)
    assert "B001 came before A001" in why["explanation_en"]


def test_past_the_longest_wait_a_walk_in_goes_before_a_later_priority_ticket(hall: SmallHall) -> None:
    hall.furnish(max_wait_s=600)
    first = hall.issue("i0")
    hall.clock.move(seconds=400)
    hall.issue("i0", class_="priority")
    hall.clock.move(seconds=199)
    assert hall.in_line("100")[0] == first["id"], "599 against 2 × 199"
    hall.clock.move(seconds=300)
    hall.sign_in("100")
    assert hall.call_next("100")["id"] == first["id"]
    assert hall.rows("SELECT rule FROM calls")[0]["rule"] == "overdue"


def test_whoever_sees_a_number_on_the_board_may_ask_why_it_was_called(hall: SmallHall) -> None:
    hall.furnish()
    called, other = hall.issue(), hall.issue()
    hall.sign_in("100")
    hall.call_next("100")
    anybody = Caller(hall="main")
    why = hall.do(questions.why_number, anybody, zone="A", number=called["number"].lower())
    assert (why["number"], why["runner_up"]["number"], why["rule"]) == (
        called["number"],
        other["number"],
        "score",
    )
    assert not {called["id"], other["id"]} & set(re.findall(r"[0-9a-f-]{36}", str(why)))
    for zone, number in (("A", other["number"]), ("B", called["number"])):
        with pytest.raises(NotCalled):
            hall.do(questions.why_number, anybody, zone=zone, number=number)
    hall.clock.move(days=1)
    with pytest.raises(NotCalled):
        hall.do(questions.why_number, anybody, zone="A", number=called["number"])
