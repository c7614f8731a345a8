"""Waits and services count for the queue, department, item and window in which they were spent."""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

import pytest

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.db import Database, load_queries
from services.statistics.facts.use_cases import rebuild
from services.statistics.figures.use_cases import evaluations, waits
from services.statistics.service import hearings
from services.ticketing.store import Store
from services.ticketing.use_cases import before, day, serve, windows
from tests.integration.statistics.in_process import HEARINGS, Figures
from tests.integration.statistics.plain_recount import kept, recounted
from tests.integration.statistics.test_figures_of_appointments import event
from tests.integration.ticketing.conftest import SettableClock, SmallHall
from tests.waiting import DEADLINE_S

DAY = date(2026, 3, 2)
MANAGER = Caller(hall="main", username="manager", roles=frozenset({"manager"}))


class Floor:
    """A small hall whose queue q0 is of department d0 and q2 of d1, and the figures that hear of it."""

    def __init__(self, hall: SmallHall, figures: Figures) -> None:
        """Furnish it, with clerks at two windows of d0 and one of d1."""
        self.hall, self.figures = hall, figures
        hall.furnish(windows_each=3)
        self.first, self.second = hall.sign_in("100"), hall.sign_in("101")
        self.other = hall.clerk("102", department="d1")
        hall.do(windows.sign_in, self.other, window="102")

    def after(self, seconds: int, command: str, id_: str, caller: Caller, **more: Any) -> None:
        """Do something to a ticket some seconds later."""
        self.hall.clock.move(seconds=seconds)
        self.hall.act(command, id_, caller, **more)

    def call(self, seconds: int, window: str) -> None:
        """Call the next one to a window some seconds later."""
        self.hall.clock.move(seconds=seconds)
        assert self.hall.call_next(window) is not None

    def sent_on(self) -> str:
        """A number for q0, 8 s at its window, sent on to q2, 70 s of waiting and 2 s there."""
        id_ = str(self.hall.issue("i0")["id"])
        self.call(0, "100")
        self.after(0, "start", id_, self.first)
        self.after(8, "transfer", id_, self.first, queue="q2", reason="要先办价格")
        self.call(70, "102")
        self.after(0, "start", id_, self.other)
        self.after(2, "finish", id_, self.other)
        return id_

    def told(self) -> list[dict[str, Any]]:
        """Return all that ticketing has said and statistics hears."""
        events = self.hall.rows("SELECT type, body, id FROM outbox ORDER BY id")
        return [each["body"] | {"position": each["id"]} for each in events if each["type"] in HEARINGS]

    def waits(self, group: str) -> dict[str, Any]:
        """Return waits and services by group: called, median wait, served, mean service."""
        rows = self.figures.do(waits.get_waits, MANAGER, since=DAY, until=DAY, group=group)
        names = ("called", "median_wait_s", "served", "mean_service_s")
        return {row["group"]: tuple(row[name] for name in names) for row in rows}

    def worked(self, group: str) -> dict[str, int]:
        """Return the seconds spent serving by group."""
        rows = self.figures.do(waits.get_waits, MANAGER, since=DAY, until=DAY, group=group)
        return {row["group"]: row["worked_s"] for row in rows}

    def volumes(self, group: str) -> dict[str, tuple[int, ...]]:
        """Return tickets, served and missed by group."""
        rows = self.figures.volumes(**{"from": str(DAY), "to": str(DAY), "by": "day", "group": group})
        return {row["group"]: (row["tickets"], row["served"], row["missed"]) for row in rows["items"]}


@pytest.fixture
def floor(database: Callable[[str], str], figures: Figures) -> Iterator[Floor]:
    """The hall, with its clock, and its figures."""
    made = Database(
        Store, load_queries("services.ticketing"), url=database("ticketing"), size=4, timeout=DEADLINE_S
    )
    hands = SettableClock()
    with clock.showing(hands):
        yield Floor(SmallHall(made, hands), figures)
    made.close()


def test_a_visitor_who_is_sent_on_counts_in_both_queues(floor: Floor) -> None:
    id_ = floor.sent_on()
    floor.hall.act("evaluate", id_, floor.hall.visitor(id_), level=1)
    floor.figures.take(floor.told())
    assert floor.waits("queue") == {"q0": (1, 0, 1, 8), "q2": (1, 70, 1, 2)}
    assert floor.waits("department") == {"d0": (1, 0, 1, 8), "d1": (1, 70, 1, 2)}
    assert floor.waits("window") == {"100": (1, 0, 1, 8), "102": (1, 70, 1, 2)}
    assert floor.waits("item") == {"i0": (1, 0, 1, 8)}, "nobody knows what was done in the other department"
    assert floor.volumes("department") == {"d0": (1, 0, 0), "d1": (0, 1, 0)}
    assert floor.volumes("item") == {"i0": (1, 0, 0)}
    found = floor.figures.do(evaluations.get_evaluations, MANAGER, since=DAY, until=DAY, group="item")
    assert [row["group"] for row in found] == []
    ticket = floor.hall.rows("SELECT called_at, started_at FROM tickets")[0]
    assert ticket["started_at"] >= ticket["called_at"]


def test_an_estimate_is_made_for_each_queue_and_measured_there(floor: Floor) -> None:
    floor.sent_on()
    floor.figures.take(floor.told())
    rows = floor.figures.do(waits.get_waits, MANAGER, since=DAY, until=DAY, group="queue")
    stretches = floor.told()[-1]["data"]["stretches"]
    errors = [abs(each["wait_s"] - each["p50_s"]) for each in stretches]
    assert [row["mean_abs_error_s"] for row in rows] == errors
    assert [row["estimated"] for row in rows] == [1, 1]


def test_arrivals_and_services_for_the_advice_are_those_of_each_queue(floor: Floor) -> None:
    floor.sent_on()
    floor.figures.take(floor.told())
    with floor.figures.database.autocommit() as store:
        arrivals = store.arrivals("main", since=DAY, until=DAY)
        services = store.services("main", since=DAY, until=DAY)
    assert {row["queue"]: row["tickets"] for row in arrivals} == {"q0": 1, "q2": 1}
    assert {row["queue"]: set(row["times"]) for row in services} == {"q0": {8}, "q2": {2}, None: {2, 8}}


def test_the_item_that_is_named_or_known_is_what_counts(floor: Floor) -> None:
    named = str(floor.hall.issue("i0")["id"])
    floor.call(0, "100")
    floor.after(0, "transfer", named, floor.first, queue="q2", item="i2", reason="办另一事项")
    floor.call(30, "102")
    same = str(floor.hall.issue("i0")["id"])
    floor.after(0, "transfer", same, floor.first, queue="q1", reason="同一部门")
    floor.call(20, "101")
    floor.figures.take(floor.told())
    assert floor.waits("item") == {"i0": (2, 10, 0, None), "i2": (1, 30, 0, None)}


def test_service_that_goes_on_elsewhere_is_one_service_of_the_queue_and_two_of_windows(floor: Floor) -> None:
    id_ = str(floor.hall.issue("i0")["id"])
    floor.call(60, "100")
    floor.after(0, "start", id_, floor.first)
    floor.after(30, "hold", id_, floor.first)
    floor.after(600, "resume", id_, floor.second)
    floor.after(15, "finish", id_, floor.second)
    floor.figures.take(floor.told())
    assert floor.waits("queue") == {"q0": (1, 60, 1, 45)}
    assert floor.waits("window") == {"100": (1, 60, 1, 30), "101": (0, None, 1, 15)}
    assert floor.volumes("department") == {"d0": (1, 1, 0)}
    with floor.figures.database.autocommit() as store:
        assert [row["tickets"] for row in store.arrivals("main", since=DAY, until=DAY)] == [1]


def test_who_is_put_back_waits_twice_and_comes_twice(floor: Floor) -> None:
    id_ = str(floor.hall.issue("i0")["id"])
    floor.call(10, "100")
    floor.after(0, "start", id_, floor.first)
    floor.hall.clock.move(seconds=40)
    floor.hall.do(windows.sign_out, floor.hall.situations, MANAGER, window="100", reason="窗口人员突发不适")
    floor.call(50, "101")
    floor.figures.take(floor.told())
    assert floor.waits("queue") == {"q0": (2, 30, 1, 40)}
    assert floor.figures.overview(DAY)["called"] == 1


def test_service_before_a_visitor_was_missed_is_part_of_it(floor: Floor) -> None:
    id_ = str(floor.hall.issue("i0")["id"])
    floor.call(10, "100")
    floor.after(0, "start", id_, floor.first)
    for seconds, command in ((8, "hold"), (60, "miss"), (60, "requeue")):
        floor.after(seconds, command, id_, floor.first)
    floor.after(20, "transfer", id_, floor.first, queue="q2", reason="要先办价格")
    floor.figures.take(floor.told())
    assert floor.waits("queue") == {"q0": (1, 10, 1, 8)}
    assert floor.waits("window") == {"100": (1, 10, 1, 8)}
    assert floor.volumes("department") == {"d0": (1, 0, 1)}


def test_service_of_who_never_came_back_is_counted_where_it_was_given(floor: Floor) -> None:
    id_ = str(floor.hall.issue("i0")["id"])
    floor.call(10, "100")
    floor.after(0, "start", id_, floor.first)
    for seconds, command in ((8, "hold"), (60, "miss")):
        floor.after(seconds, command, id_, floor.first)
    floor.hall.clock.move(minutes=31)
    floor.hall.do(day.expire_missed, MANAGER)
    floor.figures.take(floor.told())
    assert floor.waits("queue") == {"q0": (1, 10, 1, 8)}
    assert floor.waits("window") == {"100": (1, 10, 1, 8)}
    assert floor.volumes("department") == {"d0": (1, 0, 1)}


def test_service_that_a_manager_ended_is_work_and_no_service(floor: Floor) -> None:
    id_ = str(floor.hall.issue("i0")["id"])
    floor.call(10, "100")
    floor.after(0, "start", id_, floor.first)
    floor.after(30, "hold", id_, floor.first)
    floor.after(60, "resume", id_, floor.second)
    floor.after(15, "end", id_, MANAGER, reason="访客已离开")
    floor.figures.take(floor.told())
    assert floor.waits("queue") == {"q0": (1, 10, 0, None)}
    assert floor.waits("window") == {"100": (1, 10, 1, 30), "101": (0, None, 0, None)}
    assert floor.worked("window") == {"100": 30, "101": 15}
    assert [floor.worked(group) for group in ("queue", "department", "item")] == [
        {"q0": 45},
        {"d0": 45},
        {"i0": 45},
    ]
    with floor.figures.database.autocommit() as store:
        assert sum(row["served"] for row in store.services("main", since=DAY, until=DAY)) == 0, (
            "none was whole"
        )


def test_whom_nobody_finished_was_served_until_the_windows_closed_at_most(floor: Floor) -> None:
    floor.hall.go_to("2026-03-02T17:20")
    id_ = str(floor.hall.issue("i0")["id"])
    floor.call(0, "100")
    floor.after(0, "start", id_, floor.first)
    floor.hall.go_to("2026-03-03T00:00")
    floor.hall.do(day.close_ended_days, MANAGER)
    floor.hall.do(day.empty_forgotten_windows, MANAGER)
    floor.figures.take(floor.told())
    assert floor.worked("window") == {"100": 600}
    assert floor.waits("window") == {"100": (1, 0, 0, None)}


def test_a_window_tells_what_part_of_its_time_was_spent_serving(floor: Floor) -> None:
    id_ = str(floor.hall.issue("i0")["id"])
    floor.call(60, "100")
    floor.after(0, "start", id_, floor.first)
    floor.after(90, "finish", id_, floor.first)
    floor.hall.clock.move(seconds=150)
    floor.hall.do(windows.sign_out, floor.hall.situations, floor.first, window="100")
    floor.hall.clock.move(seconds=300)
    floor.figures.take(floor.told())
    [row] = floor.figures.do(waits.get_waits, MANAGER, since=DAY, until=DAY, group="window")
    assert (row["worked_s"], row["open_s"], row["occupancy"]) == (90, 300, 0.3)
    [queue] = floor.figures.do(waits.get_waits, MANAGER, since=DAY, until=DAY, group="queue")
    assert (queue["worked_s"], queue["open_s"], queue["occupancy"]) == (90, None, None)


def test_who_is_missed_in_two_departments_is_missed_once_in_the_first(floor: Floor) -> None:
    id_ = str(floor.hall.issue("i0")["id"])
    floor.call(0, "100")
    for command, caller, more in (
        ("miss", floor.first, {}),
        ("requeue", floor.first, {}),
        ("transfer", floor.first, {"queue": "q2", "reason": "转办"}),
    ):
        floor.after(5, command, id_, caller, **more)
    floor.call(5, "102")
    floor.after(5, "miss", id_, floor.other)
    floor.figures.take(floor.told())
    assert floor.volumes("department") == {"d0": (1, 0, 1)}
    assert floor.figures.overview(DAY)["missed"] == 1


COMMANDS = ("call", "start", "hold", "resume", "transfer", "miss", "requeue", "finish", "put_back")


def live(floor: Floor, rng: random.Random, commands: Sequence[str] = COMMANDS) -> None:
    """Let visitors come, be sent on, set aside, resumed elsewhere, missed and put back, as chance has it."""
    hall, at = floor.hall, {"100": floor.first, "101": floor.second, "102": floor.other}
    ids = [str(hall.issue(rng.choice(["i0", "i1", "i2"]))["id"]) for _ in range(12)]
    for _ in range(220):
        hall.clock.move(seconds=rng.randrange(40))
        window, id_ = rng.choice(list(at)), rng.choice(ids)
        command = rng.choice(commands)
        more = {
            "transfer": {"queue": rng.choice(["q0", "q1", "q2"]), "reason": "转办"},
            "put_back": {"reason": "窗口关闭"},
        }.get(command, {})
        caller = MANAGER if command == "put_back" else at[window]
        try:
            if command == "call":
                hall.do(serve.call_next, hall.situations, at[window], window=window)
            else:
                hall.act(command, id_, caller, **more)
        except Exception as refusal:  # what may not be changes nothing
            assert hasattr(refusal, "code"), refusal


@pytest.mark.parametrize("seed", range(3))
def test_late_repeated_and_reordered_events_count_alike_and_a_rebuild_finds_nothing(
    floor: Floor, seed: int
) -> None:
    rng = random.Random(seed)
    live(floor, rng)
    told = floor.told()
    last = {each["subject"]: each["data"] for each in told if ".ticket." in each["type"]}
    told += rng.sample(told, len(told) // 3)
    rng.shuffle(told)
    floor.figures.take(told, batch=7)
    expected: dict[str, list[int]] = {}
    for ticket in last.values():
        for each in ticket["stretches"]:
            if each["wait_s"] is not None:
                expected.setdefault(each["queue"], []).append(each["wait_s"])
    assert {queue: row[0] for queue, row in floor.waits("queue").items()} == {
        queue: len(found) for queue, found in expected.items()
    }
    assert sum(len(ticket["stretches"]) > 1 for ticket in last.values()) > 2
    assert sum(row[0] for row in floor.volumes("department").values()) == len(last)
    with floor.figures.database.connect() as connection:
        assert kept(connection) == recounted(connection)
    assert rebuild.rebuild(floor.figures.database, hearings(), lambda *_: None) == 0


def test_a_ticket_of_before_that_was_sent_on_moves_no_item_to_another_department(floor: Floor) -> None:
    id_ = floor.sent_on()
    old = [
        {**each, "data": {k: v for k, v in each["data"].items() if k != "stretches"}} for each in floor.told()
    ]
    accepted = event(
        "cases.case.accepted",
        "2026-0000001",
        1,
        {
            "business_date": str(DAY),
            "department": "d0",
            "item": "i0",
            "state": "accepted",
            "origin": "walk_in",
            "ticket": id_,
            "accepted_at": "2026-03-02T09:06:00+08:00",
        },
    )
    floor.figures.take([*old, accepted])
    with floor.figures.database.autocommit() as store:
        found = store.daily_counts("main", [DAY])
    assert [(each["kind"], each["subject"], each["department"]) for each in found] == [
        ("department", "d0", "d0"),
        ("item", "i0", "d0"),
    ]


# What could become of a visit before there were stretches.
COMMANDS_BEFORE = ("call", "call", "start", "transfer", "miss", "requeue", "finish")
ASKED_BEFORE = """
    UPDATE tickets SET past = '[]', p50_s = coalesce((past -> 0 ->> 'p50_s')::int, p50_s),
        p90_s = coalesce((past -> 0 ->> 'p90_s')::int, p90_s), service_s = service_s + 1000;
    INSERT INTO visits_without_stretches SELECT hall, id FROM tickets
"""


def known(floor: Floor) -> list[dict[str, Any]]:
    """Return what is kept of all stretches, without estimates and items, of which before little was known."""
    return [
        {
            **row,
            "past": [
                {
                    name: datetime.fromisoformat(value) if value and name.endswith("_at") else value
                    for name, value in each.items()
                    if name not in ("p50_s", "p90_s", "item")
                }
                for each in row["past"]
            ],
        }
        for row in floor.hall.rows("SELECT id, past, state, queue, stretch_at FROM tickets ORDER BY id")
    ]


@pytest.mark.parametrize("seed", range(3))
def test_stretches_of_before_are_made_of_the_states_that_are_known(floor: Floor, seed: int) -> None:
    live(floor, random.Random(seed), COMMANDS_BEFORE)
    as_it_was, last = known(floor), floor.told()[-1]["position"]
    served = floor.hall.rows("SELECT id, service_s FROM tickets WHERE service_s IS NOT NULL ORDER BY id")
    floor.hall.change(ASKED_BEFORE)
    while floor.hall.do(before.recover_stretches, MANAGER):
        pass
    assert known(floor) == as_it_was
    told = [each for each in floor.told() if each["position"] > last]
    assert len(told) == sum(bool(each["past"]) for each in as_it_was) > 2
    again = floor.hall.rows("SELECT id, service_s FROM tickets WHERE service_s IS NOT NULL ORDER BY id")
    moved = {each["subject"] for each in told}
    assert [each for each in again if str(each["id"]) in moved] == [
        each for each in served if str(each["id"]) in moved
    ]


def test_figures_of_visits_of_before_are_mended_by_what_is_told_once_more(floor: Floor) -> None:
    floor.sent_on()
    original = floor.told()
    old = [{**each, "data": {k: v for k, v in each["data"].items() if k != "stretches"}} for each in original]
    floor.figures.take(old)
    assert floor.waits("queue") == {"q2": (1, 70, 1, 2)}
    floor.hall.change(ASKED_BEFORE)
    floor.hall.do(before.recover_stretches, MANAGER)
    floor.figures.take(floor.told()[len(original) :])
    assert floor.waits("queue") == {"q0": (1, 0, 1, 8), "q2": (1, 70, 1, 2)}
    assert floor.waits("window") == {"100": (1, 0, 1, 8), "102": (1, 70, 1, 2)}
    assert floor.waits("item") == {"i0": (1, 0, 1, 8)}
    rows = floor.figures.do(waits.get_waits, MANAGER, since=DAY, until=DAY, group="queue")
    assert [row["estimated"] for row in rows] == [1, 0], "the estimate was that of the first queue"
    assert rebuild.rebuild(floor.figures.database, hearings(), lambda *_: None) == 0


def test_events_of_before_there_were_stretches_count_as_one(floor: Floor) -> None:
    floor.sent_on()
    old = [
        {**each, "data": {k: v for k, v in each["data"].items() if k != "stretches"}} for each in floor.told()
    ]
    floor.figures.take(old)
    assert floor.waits("queue") == {"q2": (1, 70, 1, 2)}
    assert rebuild.rebuild(floor.figures.database, hearings(), lambda *_: None) == 0
