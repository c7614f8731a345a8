"""Whatever becomes of visits, their stretches add up to the visit, and figures by any group to the whole."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from services.chassis.caller import Caller
from services.chassis.errors import ServiceError
from services.statistics.figures.use_cases import waits
from services.ticketing.use_cases import day, serve, windows
from tests.integration.statistics.test_stretches_of_visits import DAY, MANAGER, Floor, floor
from tests.integration.ticketing.conftest import SmallHall

__all__ = ["floor"]

COMMANDS = (
    "issue", "serve", "serve", "serve", "call", "start", "hold", "resume", "transfer", "miss", "requeue", "finish",
    "put_back", "end", "cancel", "change_window",
)  # fmt: skip
# Served at one window, set aside, and served on at another.
MOVED = [
    ("serve", 5, 0, 1, "q0"),
    ("hold", 9, 0, 1, "q0"),
    ("resume", 30, 1, 1, "q0"),
    ("finish", 7, 1, 1, "q0"),
]
# What is done, how many seconds later, by which clerk, to the visitor before them (but for one in five), which queue.
Step = tuple[str, int, int, int, str]
STEP = st.tuples(
    st.sampled_from(COMMANDS),
    st.integers(0, 40),
    st.integers(0, 2),
    st.integers(0, 4),
    st.sampled_from(["q0", "q1", "q2"]),
)
CLOSING = datetime.fromisoformat("2026-03-02T17:30:00+08:00")
# Each serving of a visitor at a window, as the states say it.
SERVINGS = """
    SELECT tickets.id::text AS ticket, serving.queue, queues.department, serving."window",
        extract(epoch FROM least(left_at, %(closing)s) - least(entered_at, %(closing)s))::integer AS seconds
    FROM ticket_states AS serving JOIN tickets ON tickets.id = ticket JOIN queues ON queues.code = serving.queue
    WHERE serving.state = 'serving'
"""


def live(floor: Floor, steps: list[Step]) -> None:
    """Let visitors come and be dealt with, by clerks who may do it or not; what may not be changes nothing."""
    clerks, ids = [floor.first, floor.second, floor.other], [str(floor.hall.issue()["id"])]
    for command, seconds, who, which, queue in steps:
        floor.hall.clock.move(seconds=seconds)
        floor.hall.forget()
        id_: str | None = ids[seconds % len(ids)]
        if which:
            id_ = before(floor.hall, clerks[who], set_aside=command == "resume")
        try:
            if command == "issue":
                ids.append(str(floor.hall.issue(f"i{queue[1]}")["id"]))
            elif command in AT_A_WINDOW:
                AT_A_WINDOW[command](floor.hall, clerks[who])
            elif id_ is not None:
                deal_with(floor.hall, clerks[who], id_, command, queue)
        except ServiceError:
            continue


def deal_with(hall: SmallHall, clerk: Caller, id_: str, command: str, queue: str) -> None:
    """Do something to a ticket, as whoever does such things."""
    if command in ("put_back", "end"):
        hall.act(command, id_, MANAGER, reason="窗口关闭")
    elif command == "transfer":
        hall.act(command, id_, clerk, queue=queue, reason="转办")
    else:
        hall.act(command, id_, hall.visitor(id_) if command == "cancel" else clerk)


def seat(hall: SmallHall, clerk: Caller) -> dict[str, Any]:
    """Return the window where a clerk sits."""
    rows = hall.rows("SELECT code, department FROM windows WHERE clerk = %(clerk)s", clerk=clerk.username)
    return rows[0]


def call(hall: SmallHall, clerk: Caller) -> dict[str, Any] | None:
    """Call whoever is next."""
    found: dict[str, Any] | None = hall.do(
        serve.call_next, hall.situations, clerk, window=seat(hall, clerk)["code"]
    )
    return found


def call_and_start(hall: SmallHall, clerk: Caller) -> None:
    """Call whoever is next, who comes at once."""
    if called := call(hall, clerk):
        hall.act("start", str(called["id"]), clerk)


def change_window(hall: SmallHall, clerk: Caller) -> None:
    """Have a clerk sit down at another window of the department, where nobody is left at the present one."""
    at = seat(hall, clerk)
    free = hall.rows(
        "SELECT code FROM windows WHERE department = %(department)s AND clerk IS NULL ORDER BY code",
        department=at["department"],
    )
    hall.do(windows.sign_out, hall.situations, clerk, window=at["code"])
    hall.do(windows.sign_in, clerk, window=free[0]["code"])


AT_A_WINDOW: Mapping[str, Callable[[SmallHall, Caller], object]] = {
    "call": call, "serve": call_and_start, "change_window": change_window,
}  # fmt: skip


def before(hall: SmallHall, clerk: Caller, *, set_aside: bool) -> str | None:
    """Return the ticket that a clerk has before them, or one that is set aside, None when there is none."""
    rows = hall.rows(
        """
        SELECT id FROM tickets WHERE finished_at IS NULL
            AND CASE WHEN %(set_aside)s THEN state = 'on_hold' ELSE clerk = %(clerk)s END
        ORDER BY state = 'on_hold', issued_at, id
        """,
        clerk=clerk.username,
        set_aside=set_aside,
    )
    return str(rows[0]["id"]) if rows else None


def end_all(hall: SmallHall) -> None:
    """End whoever is still in the hall."""
    for row in hall.rows("SELECT id FROM tickets WHERE finished_at IS NULL"):
        hall.act("end", str(row["id"]), MANAGER, reason="清场")


def last_told(floor: Floor) -> list[dict[str, Any]]:
    """Return what was said last of each ticket."""
    last = {each["subject"]: each["data"] for each in floor.told() if ".ticket." in each["type"]}
    return list(last.values())


def when(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


def stretches_add_up(ticket: dict[str, Any]) -> None:
    """Hold that the stretches of a visit that is over cover it, with no gap and nothing twice."""
    found = ticket["stretches"]
    assert when(found[0]["entered_at"]) == when(ticket["issued_at"])
    assert when(found[-1]["left_at"]) == when(ticket["finished_at"])
    for this, following in pairwise(found):
        assert when(this["left_at"]) == when(following["entered_at"])
    for each in found:
        spent = (each["wait_s"] or 0) + (each["service_s"] or 0)
        assert timedelta(seconds=spent) <= when(each["left_at"]) - when(each["entered_at"])


def figures_add_up(floor: Floor) -> None:
    """Hold that the figures by each group are those of the states, and add up to the same whole."""
    servings = floor.hall.rows(SERVINGS, closing=CLOSING)
    whole = sum(each["seconds"] for each in servings)
    for group in ("queue", "window", "department"):
        spent: Counter[str] = Counter()
        for each in servings:
            spent[each[group]] += each["seconds"]
        told = {name: seconds for name, seconds in floor.worked(group).items() if seconds}
        assert told == {name: seconds for name, seconds in spent.items() if seconds}
        assert sum(told.values()) == whole
    assert sum(floor.worked("hour").values()) == whole
    unknown = sum(
        each["service_s"] or 0
        for ticket in last_told(floor)
        for each in ticket["stretches"]
        if each["item"] is None
    )
    assert sum(floor.worked("item").values()) + unknown == whole
    rows = {
        group: floor.figures.do(waits.get_waits, MANAGER, since=DAY, until=DAY, group=group)
        for group in ("queue", "department", "window")
    }
    assert len({sum(row["called"] for row in each) for each in rows.values()}) == 1
    overview = floor.figures.overview(DAY)
    volumes = floor.volumes("department").values()
    assert tuple(map(sum, zip(*volumes, strict=True))) == (
        overview["issued"],
        overview["served"],
        overview["missed"],
    )


def test_stretches_add_up_to_the_visit_and_figures_to_the_whole(floor: Floor) -> None:
    @settings(
        max_examples=20,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(st.lists(STEP, min_size=20, max_size=40))
    @example(MOVED)
    def visits(steps: list[Step]) -> None:
        live(floor, steps)
        end_all(floor.hall)

    visits()
    live(floor, [("call", 5, 0, 0, "q0"), ("start", 5, 0, 0, "q0"), ("hold", 9, 0, 0, "q0")])
    live(floor, [("call", 5, 0, 0, "q0"), ("start", 5, 0, 0, "q0")])
    floor.hall.go_to("2026-03-03T00:00")
    floor.hall.do(day.close_ended_days, MANAGER)
    floor.figures.take(floor.told())
    for ticket in last_told(floor):
        stretches_add_up(ticket)
    assert {
        each["state"] for ticket in last_told(floor) for each in ticket["stretches"] if each["service_s"]
    } >= {"served", "transferred", "put_back", "moved", "closed"}
    figures_add_up(floor)
