"""The order that the database calls in is the order of the rule."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.ticketing.domain.queue import call_order, rule_for, score
from services.ticketing.domain.ticket import Ticket
from services.ticketing.store import Store
from tests.integration.ticketing.conftest import RATES, SmallHall

NOON = datetime.fromisoformat("2026-03-02T12:00:00+08:00").astimezone(UTC)
PROFILES = (["q0"], ["q0", "q1"], ["q1", "q0"], ["q2", "q0", "q1"])

# Few distinct times, so that ties are common; an appointment's slot may lie in the future.
tickets = st.lists(
    st.tuples(
        st.sampled_from(["walk_in", "walk_in", "priority", "appointment", "urgent"]),
        st.sampled_from([-5400, -3600, -1800, -1800.000001, -900, -60, 0]) | st.floats(-7200, 0),
        st.sampled_from(["q0", "q1", "q2"]),
        st.sampled_from([600, 1800, 2700]),
        st.sampled_from(["new", "requeued", "slot ahead"]),
    ),
    min_size=1,
    max_size=25,
)


def _row(nth: int, drawn: tuple[str, float, str, int, str]) -> dict[str, Any]:
    class_, came_s, queue, max_wait_s, story = drawn
    if story == "requeued":
        class_ = "walk_in"
    if story == "slot ahead" and class_ == "appointment":
        came_s = -came_s
    came = NOON + timedelta(seconds=came_s)
    return {
        "id": str(UUID(int=(nth * 7919) % 1000)),
        "ordinal": nth + 1 if story != "requeued" else 1000 - nth,
        "queue": queue,
        "class_": class_,
        "rate": RATES.get(class_, 1.0),
        "reference_at": came,
        "overdue_at": came + timedelta(seconds=max_wait_s),
        "reason": "why" if class_ == "urgent" else None,
        "requeues": int(story == "requeued"),
    }


def _insert(store: Store, rows: list[dict[str, Any]]) -> None:
    cursor = store._connection.cursor()
    cursor.executemany(
        """
        INSERT INTO tickets (hall, id, number, issued_queue, ordinal, business_date, queue, department, zone, item,
            service_seconds, class_, channel, state, rate, reference_at, overdue_at, reason, issued_at, requeues,
            ahead_at_issue, stretch_at)
        VALUES ('main', %(id)s, 'A' || %(ordinal)s, %(queue)s, %(ordinal)s, '2026-03-02', %(queue)s, 'd0', 'A', 'i0',
            300, %(class_)s, 'kiosk', 'waiting', %(rate)s, %(reference_at)s, %(overdue_at)s, %(reason)s,
            %(reference_at)s, %(requeues)s, 0, %(reference_at)s)
        """,
        rows,
    )
    cursor.execute("""
        INSERT INTO ticket_states (hall, ticket, version, state, queue, entered_at)
        SELECT hall, id, version, state, queue, issued_at - interval '1 day' FROM tickets
    """)


@pytest.fixture
def full_hall(hall: SmallHall) -> SmallHall:
    """A hall whose windows 100 and 101 serve all three queues."""
    hall.furnish()
    hall.change("UPDATE windows SET queues = '{q0,q1,q2}', department = 'd0'")
    hall.clock.at = NOON
    return hall


class Undone(Exception):
    """Ends an example's transaction without a trace."""


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(drawn=tickets, profile=st.sampled_from(PROFILES))
def test_the_database_orders_calls_and_counts_as_the_rule_does(
    full_hall: SmallHall, drawn: list[tuple[str, float, str, int, str]], profile: list[str]
) -> None:
    today = NOON.date()
    with pytest.raises(Undone), full_hall.database.transaction() as store:
        rows = [_row(nth, each) for nth, each in enumerate(drawn)]
        _insert(store, rows)
        everybody = [store.ticket("main", row["id"]) for row in rows]
        expected = call_order(everybody, NOON, profile)
        store.seat(
            replace(store.window("main", "101"), clerk="c", profile=profile, signed_in_at=NOON), at=NOON
        )
        [desk] = store.desks("main", {"101": today}, at=NOON, limit=100)
        assert [(row["id"], row["ahead"]) for row in desk.waiting] == [
            (ticket.id, place) for place, ticket in enumerate(expected)
        ]
        for place, ticket in enumerate(call_order(everybody, NOON, [profile[0]])):
            assert store.ahead(ticket, NOON, today) == place
        _calls_are_as(store, full_hall, expected, profile)
        raise Undone


def _calls_are_as(store: Store, hall: SmallHall, expected: list[Ticket], profile: list[str]) -> None:
    """Call everybody, each to a window made for it, and compare ticket, rule, score and runner-up."""
    window = store.window("main", "100")
    for nth in count():
        seat = type(window)(**{**window.__dict__, "code": f"w{nth}", "profile": profile, "clerk": f"c{nth}"})
        called = store.call_next(seat, at=NOON, since=NOON.date(), extended=False)
        if called is None:
            assert nth == len(expected)
            return
        assert called.id == expected[nth].id
        why = store.last_call("main", called.id)
        assert why is not None
        assert (why["rule"], why["class_"]) == (rule_for(expected[nth], NOON), expected[nth].class_)
        assert why["score"] == pytest.approx(score(expected[nth], NOON))
        assert why["waiting"] == len(expected) - nth - 1
        runner_up = expected[nth + 1].number if nth + 1 < len(expected) else None
        assert (why["runner_up"] or {}).get("number") == runner_up


def test_a_window_with_a_chosen_order_of_queues_breaks_ties_by_it(full_hall: SmallHall) -> None:
    first, second = full_hall.issue("i0"), full_hall.issue("i1")
    full_hall.sign_in("100", queues=["q1", "q0"])
    full_hall.sign_in("101", queues=["q0", "q1"])
    assert full_hall.call_next("100")["id"] == second["id"]
    assert full_hall.call_next("101")["id"] == first["id"]


def test_yesterdays_tickets_are_never_called_today(full_hall: SmallHall) -> None:
    full_hall.issue()
    full_hall.sign_in("100")
    full_hall.clock.move(days=1)
    assert full_hall.call_next("100") is None


def test_the_runner_up_is_one_that_came_after_and_not_one_being_called_elsewhere(
    full_hall: SmallHall,
) -> None:
    ids, numbers = [], []
    for _ in range(3):
        ticket = full_hall.issue()
        ids.append(ticket["id"])
        numbers.append(ticket["number"])
        full_hall.clock.move(seconds=10)
    full_hall.sign_in("100")
    with full_hall.connect() as elsewhere, elsewhere.transaction():
        elsewhere.execute("SELECT 1 FROM tickets WHERE id = %s FOR UPDATE", [ids[0]])
        assert full_hall.call_next("100")["id"] == ids[1], "the first is in another's hands"
    runner_up = full_hall.rows("SELECT runner_up FROM calls")[0]["runner_up"]
    assert (runner_up["number"], "ticket" in runner_up) == (numbers[2], False)
