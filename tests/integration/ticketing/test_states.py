"""Every command in every state: what may happen happens, what may not changes nothing."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import pytest

from services.chassis.caller import Caller
from services.ticketing.errors import AlreadyRequeued, IllegalTransition
from services.ticketing.use_cases import day
from tests.integration.ticketing.conftest import SmallHall

CLOCK = Caller(hall="main", username="clock", roles=frozenset({"admin"}))
# How a ticket that is called to a window comes into each state; "waiting" is before the call.
WAYS: Mapping[str, tuple[str, ...]] = {
    "called": (),
    "serving": ("start",),
    "on_hold": ("start", "hold"),
    "missed": ("miss",),
    "served": ("start", "finish"),
}
# The states each command is allowed in, and what it makes of them.
COMMANDS: Mapping[str, tuple[set[str], str]] = {
    "recall": ({"called"}, "called"),
    "start": ({"called"}, "serving"),
    "finish": ({"serving", "on_hold"}, "served"),
    "miss": ({"called", "on_hold"}, "missed"),
    "requeue": ({"missed"}, "waiting"),
    "hold": ({"serving"}, "on_hold"),
    "resume": ({"on_hold"}, "serving"),
    "transfer": ({"waiting", "called", "serving", "on_hold"}, "waiting"),
    "cancel": ({"waiting"}, "cancelled"),
    "evaluate": ({"served"}, "served"),
}
MORE: Mapping[str, dict[str, Any]] = {
    "transfer": {"queue": "q1", "reason": "wrong queue"},
    "evaluate": {"level": 5},
}
# In this order they can be made side by side: closing takes a day, expiring half an hour, one that waits is called.
STATES = ("closed", "expired", "cancelled", "called", "serving", "on_hold", "missed", "served", "waiting")


class Tickets:
    """Brings tickets into states, each at a window of its own."""

    def __init__(self, hall: SmallHall) -> None:
        """Furnish a hall with windows enough."""
        self.hall = hall
        self._windows = iter(range(200))
        hall.furnish(windows_each=30, queues=2)

    def waiting(self) -> str:
        """Return a ticket that waits."""
        return str(self.hall.issue()["id"])

    def in_state(self, state: str) -> tuple[str, Caller]:
        """Return a ticket in a state and the clerk it belongs to."""
        if state in ("cancelled", "expired", "closed", "waiting"):
            return self._ended(state)
        window = str(100 + next(self._windows))
        clerk = self.hall.sign_in(window)
        id_ = self.waiting()
        called = self.hall.call_next(window)
        assert called is not None and called["id"] == id_
        for command in WAYS[state]:
            self.hall.clock.move(seconds=7)
            self.hall.act(command, id_, clerk, **MORE.get(command, {}))
        return id_, clerk

    def _ended(self, state: str) -> tuple[str, Caller]:
        clerk = self.hall.clerk("100")
        if state == "expired":
            id_, clerk = self.in_state("missed")
            self.hall.clock.move(minutes=31)
            self.hall.do(day.expire_missed, CLOCK)
            return id_, clerk
        id_ = self.waiting()
        if state == "cancelled":
            self.hall.act("cancel", id_, clerk)
        if state == "closed":
            self.hall.clock.move(days=1)
            self.hall.do(day.close_ended_days, CLOCK)
        return id_, clerk


@pytest.fixture
def tickets(hall: SmallHall) -> Tickets:
    """Tickets in any state."""
    return Tickets(hall)


# What has been done already is answered alike.
AGAIN = ("cancelled", "cancel")


def test_a_ticket_that_is_cancelled_again_stays_as_it_is_and_is_told_once(
    hall: SmallHall, tickets: Tickets
) -> None:
    id_, clerk = tickets.in_state("cancelled")
    before, events = hall.ticket(id_), hall.rows("SELECT id FROM outbox")

    again = hall.act("cancel", id_, _who(hall, "cancel", id_, clerk))

    assert again["state"] == "cancelled"
    assert (hall.ticket(id_), hall.rows("SELECT id FROM outbox")) == (before, events)


def test_an_illegal_command_is_refused_and_changes_nothing(hall: SmallHall, tickets: Tickets) -> None:
    there = {state: tickets.in_state(state) for state in STATES}
    found = {state: hall.ticket(id_)["state"] for state, (id_, _) in there.items()}
    assert found == {state: state for state in STATES}
    before = hall.everything()
    tried = 0
    for state, (id_, clerk) in there.items():
        for command, (legal, _) in COMMANDS.items():
            if state in legal or (state, command) == AGAIN:
                continue
            with pytest.raises(IllegalTransition) as refusal:
                hall.act(command, id_, _who(hall, command, id_, clerk), **MORE.get(command, {}))
            assert refusal.value.extra["state"] == state, (command, state)
            tried += 1
    assert hall.everything() == before
    assert tried == len(STATES) * len(COMMANDS) - 16, "sixteen pairs of state and command are allowed"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_legal_command_leads_where_it_should_and_is_told_once(
    hall: SmallHall, tickets: Tickets, command: str
) -> None:
    legal, leads_to = COMMANDS[command]
    for state in sorted(legal):
        id_, clerk = tickets.in_state(state)
        hall.clock.move(seconds=10)
        events = len(hall.rows("SELECT id FROM outbox"))
        hall.act(command, id_, _who(hall, command, id_, clerk), **MORE.get(command, {}))
        assert hall.ticket(id_)["state"] == leads_to
        told = hall.rows("SELECT body FROM outbox ORDER BY id")[events:]
        assert len(told) == 1, (command, state)
        version = hall.rows("SELECT version FROM tickets WHERE id = %(id)s", id=id_)[0]["version"]
        if command != "evaluate":
            assert told[0]["body"]["sequence"] == version
            assert told[0]["body"]["data"]["state"] == leads_to
        assert _intervals_are_contiguous(hall, id_), (command, state)
        hall.change(
            "DELETE FROM ticket_states; DELETE FROM calls; DELETE FROM evaluations; DELETE FROM tickets"
        )


def _who(hall: SmallHall, command: str, id_: str, clerk: Caller) -> Caller:
    return hall.visitor(id_) if command == "evaluate" else clerk


def _intervals(hall: SmallHall, id_: str) -> list[dict[str, Any]]:
    return hall.rows("SELECT * FROM ticket_states WHERE ticket = %(id)s ORDER BY version", id=id_)


def _intervals_are_contiguous(hall: SmallHall, id_: str) -> bool:
    rows = _intervals(hall, id_)
    ticket = hall.rows("SELECT state, issued_at FROM tickets WHERE id = %(id)s", id=id_)[0]
    touching = all(one["left_at"] == two["entered_at"] for one, two in pairwise(rows))
    only_last_is_open = [row["left_at"] is None for row in rows] == [False] * (len(rows) - 1) + [True]
    ends_agree = rows[0]["entered_at"] == ticket["issued_at"] and rows[-1]["state"] == ticket["state"]
    return touching and only_last_is_open and ends_agree


def test_a_long_visit_is_one_unbroken_row_of_intervals(hall: SmallHall) -> None:
    hall.furnish()
    clerk = hall.sign_in("100")
    id_ = str(hall.issue()["id"])

    def after(seconds: int, command: Callable[[], Any]) -> None:
        hall.clock.move(seconds=seconds)
        command()

    after(100, lambda: hall.call_next("100"))
    after(5, lambda: hall.act("recall", id_, clerk))
    after(30, lambda: hall.act("miss", id_, clerk))
    after(60, lambda: hall.act("requeue", id_, clerk))
    after(40, lambda: hall.call_next("100"))
    after(10, lambda: hall.act("start", id_, clerk))
    after(120, lambda: hall.act("hold", id_, clerk))
    after(500, lambda: hall.act("resume", id_, clerk))
    after(50, lambda: hall.act("transfer", id_, clerk, queue="q1", reason="needs the other queue"))
    after(20, lambda: hall.call_next("100"))
    after(3, lambda: hall.act("start", id_, clerk))
    after(30, lambda: hall.act("finish", id_, clerk))
    hall.clock.move(hours=1)

    rows = _intervals(hall, id_)
    lasted = [
        (row["state"], row["queue"], (row["left_at"] - row["entered_at"]).total_seconds())
        for row in rows[:-1]
    ]
    assert lasted == [
        ("waiting", "q0", 100),
        ("called", "q0", 35),
        ("missed", "q0", 60),
        ("waiting", "q0", 40),
        ("called", "q0", 10),
        ("serving", "q0", 120),
        ("on_hold", "q0", 500),
        ("serving", "q0", 50),
        ("transferred", "q0", 0),
        ("waiting", "q1", 20),
        ("called", "q1", 3),
        ("serving", "q1", 30),
    ]
    assert _intervals_are_contiguous(hall, id_)
    ticket = hall.rows("SELECT * FROM tickets")[0]
    assert [each["service_s"] for each in ticket["past"]] == [120 + 50], "time on hold is no service"
    assert ticket["service_s"] == 30, "what was done in the other queue"
    assert [each["wait_s"] for each in ticket["past"]] == [100]
    assert (ticket["first_called_at"] - ticket["stretch_at"]).total_seconds() == 20
    assert (ticket["misses"], ticket["requeues"], ticket["calls"]) == (1, 1, 4), "three calls and a recall"
    assert [row["reason"] for row in rows if row["reason"]] == ["needs the other queue"] * 2


def test_a_ticket_is_put_back_once_and_the_second_time_changes_nothing(hall: SmallHall) -> None:
    hall.furnish()
    clerk = hall.sign_in("100")
    id_ = hall.issue()["id"]
    for put_back in (True, False):
        hall.call_next("100")
        hall.act("miss", id_, clerk)
        if put_back:
            hall.act("requeue", id_, clerk)
    before = hall.everything()
    with pytest.raises(AlreadyRequeued):
        hall.act("requeue", id_, clerk)
    assert hall.everything() == before


def test_a_missed_visitor_who_comes_back_waits_behind_those_before(hall: SmallHall) -> None:
    hall.furnish()
    clerk = hall.sign_in("100", queues=["q0"])
    missed = hall.issue(class_="priority")
    hall.call_next("100")
    hall.act("miss", missed["id"], clerk)
    hall.clock.move(minutes=10)
    before = hall.issue()
    hall.clock.move(minutes=1)
    put_back = hall.act("requeue", missed["id"], clerk)
    assert (put_back["ahead"], put_back["class_"]) == (1, "walk_in")
    hall.clock.move(minutes=1)
    after = hall.issue()
    hall.clock.move(minutes=60)
    order = []
    for _ in range(3):
        called = hall.call_next("100")
        order.append(called["id"])
        hall.act("start", called["id"], clerk)
        hall.act("finish", called["id"], clerk)
    assert order == [before["id"], missed["id"], after["id"]]


def test_a_transferred_ticket_takes_its_seniority_along(hall: SmallHall) -> None:
    hall.furnish()
    moved = hall.issue("i0")
    hall.clock.move(minutes=5)
    there = hall.issue("i1")
    hall.clock.move(minutes=1)
    clerk = hall.sign_in("100")
    answer = hall.act("transfer", moved["id"], clerk, queue="q1", reason="wrong queue")
    assert (answer["ahead"], hall.ticket(there["id"])["ahead"]) == (0, 1)
    assert (answer["windows_open"], answer["estimate"]) == (0, None)


def test_a_missed_ticket_expires_after_half_an_hour_and_not_before(hall: SmallHall) -> None:
    hall.furnish()
    clerk = hall.sign_in("100")
    id_ = hall.issue()["id"]
    hall.call_next("100")
    hall.act("miss", id_, clerk)
    hall.clock.move(minutes=30)
    assert hall.do(day.expire_missed, CLOCK) == 0
    hall.clock.move(seconds=1)
    assert hall.do(day.expire_missed, CLOCK) == 1
    assert hall.ticket(id_)["state"] == "expired"
    assert _intervals_are_contiguous(hall, id_)
    assert hall.do(day.expire_missed, CLOCK) == 0


def test_put_back_in_time_it_does_not_expire(hall: SmallHall) -> None:
    hall.furnish()
    clerk = hall.sign_in("100")
    id_ = hall.issue()["id"]
    hall.call_next("100")
    hall.act("miss", id_, clerk)
    hall.act("requeue", id_, clerk)
    hall.clock.move(minutes=45)
    assert hall.do(day.expire_missed, CLOCK) == 0


def test_a_ticket_that_came_while_the_call_waited_its_turn_is_called_without_a_gap_in_time(
    hall: SmallHall,
) -> None:
    hall.furnish()
    hall.sign_in("100")
    id_ = hall.issue()["id"]
    hall.clock.move(seconds=-2)  # the clock of the machine that calls is behind the one that issued
    called = hall.call_next("100")
    assert called["called_at"] == called["issued_at"]
    hall.act("start", id_, hall.clerk("100"))
    hall.act("transfer", id_, hall.clerk("100"), queue="q1", reason="wrong queue")
    assert _intervals_are_contiguous(hall, id_)
    assert all(row["left_at"] is None or row["left_at"] >= row["entered_at"] for row in _intervals(hall, id_))
