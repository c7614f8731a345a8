"""The order of a queue: urgent, then past the longest wait, then by score."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ticketing.domain import ticket as rules
from services.ticketing.domain.queue import SMALLEST_RATE, call_order, rule_for, score
from services.ticketing.domain.ticket import Ticket
from tests.unit.ticketing.conftest import NINE, RATES, queue, ticket

MAX_WAIT_S = 1800
LOWER = {"priority": ("appointment", "walk_in"), "appointment": ("walk_in",), "walk_in": ()}


def waiting(nth: int, *, class_: str, came_s: int, in_queue: str = "q0") -> Ticket:
    """Return a ticket that came some seconds after nine; an appointment's slot may still be ahead."""
    came = NINE + timedelta(seconds=came_s)
    return ticket(
        id=str(UUID(int=nth + 1)),
        ordinal=nth + 1,
        queue=in_queue,
        class_=class_,
        rate=queue(rates=RATES).rate(class_),
        reference_at=came,
        overdue_at=came + timedelta(seconds=MAX_WAIT_S),
        reason="why" if class_ == "urgent" else None,
    )


classes = st.sampled_from(["walk_in", "walk_in", "priority", "appointment", "urgent"])
crowds = st.lists(st.tuples(classes, st.integers(0, 7200), st.sampled_from(["q0", "q1"])), min_size=1).map(
    lambda drawn: [waiting(n, class_=c, came_s=s, in_queue=q) for n, (c, s, q) in enumerate(drawn)]
)
moments = st.integers(0, 9000).map(lambda seconds: NINE + timedelta(seconds=seconds))
PROFILE = ["q0", "q1"]


@given(crowds, moments)
def test_everybody_has_one_place_whatever_order_they_are_read_in(crowd: list[Ticket], at) -> None:
    order = call_order(crowd, at, PROFILE)
    assert sorted(t.id for t in order) == sorted(t.id for t in crowd)
    assert call_order(list(reversed(crowd)), at, PROFILE) == order


@given(crowds, moments)
def test_urgent_tickets_are_always_first_and_by_time(crowd: list[Ticket], at) -> None:
    order = call_order(crowd, at, PROFILE)
    urgent = [t for t in order if t.class_ == "urgent"]
    assert order[: len(urgent)] == urgent
    assert [t.reference_at for t in urgent] == sorted(t.reference_at for t in urgent)


@given(crowds, moments)
def test_nobody_past_the_longest_wait_is_passed_by_a_later_one_of_a_lower_class(
    crowd: list[Ticket], at
) -> None:
    order = call_order(crowd, at, PROFILE)
    for place, called in enumerate(order):
        for passed in order[place + 1 :]:
            if passed.class_ == "urgent" or passed.overdue_at > at:
                continue
            assert called.class_ == "urgent" or called.reference_at <= passed.reference_at
            assert called.class_ not in LOWER[passed.class_] or called.reference_at <= passed.reference_at


@given(crowds, moments)
def test_in_one_class_nobody_overtakes(crowd: list[Ticket], at) -> None:
    for class_ in ("urgent", "priority", "appointment", "walk_in"):
        times = [t.reference_at for t in call_order(crowd, at, PROFILE) if t.class_ == class_]
        assert times == sorted(times)


@given(crowds, st.integers(0, 7200), st.integers(0, 9000))
def test_a_requeued_ticket_stays_behind_all_that_came_before(
    crowd: list[Ticket], requeued_s: int, later: int
) -> None:
    put_back = NINE + timedelta(seconds=requeued_s)
    missed = replace(waiting(500, class_="priority", came_s=0), state="missed")
    back = rules.requeue(missed, queue(max_wait_s=MAX_WAIT_S), put_back)
    at = put_back + timedelta(seconds=later)
    order = call_order([*(t for t in crowd if t.queue == "q0"), back], at, PROFILE)
    behind = order[order.index(back) + 1 :]
    assert all(t.reference_at >= put_back for t in behind)


@given(crowds, moments)
def test_a_window_calls_from_its_profile_only(crowd: list[Ticket], at) -> None:
    assert {t.queue for t in call_order(crowd, at, ["q1"])} <= {"q1"}


def test_a_priority_ticket_gains_twice_as_fast() -> None:
    first, second = (waiting(0, class_="walk_in", came_s=0), waiting(1, class_="priority", came_s=600))
    before, after = (NINE + timedelta(seconds=s) for s in (1199, 1201))
    assert call_order([first, second], before, PROFILE)[0] == first
    assert call_order([first, second], after, PROFILE)[0] == second
    assert score(second, after) == pytest.approx(1202.0)


def test_an_appointment_before_its_slot_has_no_score_and_overtakes_nobody() -> None:
    early = waiting(0, class_="appointment", came_s=900)
    at = NINE + timedelta(seconds=300)
    assert score(early, at) == 0.0
    assert call_order([early, waiting(1, class_="walk_in", came_s=299)], at, PROFILE)[-1] == early


def test_equal_scores_go_by_the_profile_then_by_number() -> None:
    here, there = (
        waiting(1, class_="walk_in", came_s=0, in_queue="q1"),
        waiting(0, class_="walk_in", came_s=0),
    )
    third = waiting(2, class_="walk_in", came_s=0, in_queue="q1")
    at = NINE + timedelta(seconds=60)
    assert call_order([third, there, here], at, ["q1", "q0"]) == [here, third, there]
    assert call_order([third, there, here], at, ["q0", "q1"]) == [there, here, third]


def test_the_longest_wait_counts_from_its_very_second() -> None:
    one = waiting(0, class_="walk_in", came_s=0)
    assert rule_for(one, one.overdue_at - timedelta(microseconds=1)) == "score"
    assert rule_for(one, one.overdue_at) == "overdue"


def test_a_queue_without_a_rate_for_a_class_takes_one_and_never_nothing() -> None:
    assert queue(rates={}).rate("priority") == 1.0
    assert queue(rates={"walk_in": 0.0}).rate("walk_in") == SMALLEST_RATE
