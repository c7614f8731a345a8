"""What may become of a ticket: each rule in each state."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from services.ticketing.domain import ticket as rules
from services.ticketing.domain.ticket import Ticket
from services.ticketing.errors import AlreadyRequeued, IllegalTransition
from tests.unit.ticketing.conftest import NINE, queue, ticket

LATER = NINE + timedelta(minutes=20)
STATES = (
    "waiting",
    "called",
    "serving",
    "on_hold",
    "missed",
    "transferred",
    "served",
    "cancelled",
    "expired",
    "closed",
)
# The domain's list of transitions, written out again: rule -> states it starts from -> state it leads to.
RULES: dict[str, tuple[Callable[[Ticket], Ticket], set[str], str]] = {
    "recall": (lambda t: rules.recall(t, LATER), {"called"}, "called"),
    "start": (lambda t: rules.start(t, LATER), {"called"}, "serving"),
    "finish": (lambda t: rules.finish(t, LATER), {"serving", "on_hold"}, "served"),
    "miss": (rules.miss, {"called", "on_hold"}, "missed"),
    "requeue": (lambda t: rules.requeue(t, queue(), LATER), {"missed"}, "waiting"),
    "hold": (rules.hold, {"serving"}, "on_hold"),
    "resume": (lambda t: rules.resume(t, window="100", clerk="clerk100", at=LATER), {"on_hold"}, "serving"),
    "transfer": (
        lambda t: rules.transfer(t, queue("q1"), at=LATER)[1],
        {"waiting", "called", "serving", "on_hold"},
        "waiting",
    ),
    "put_back": (
        lambda t: rules.put_back(t, at=LATER),
        {"called", "serving", "on_hold", "missed"},
        "waiting",
    ),
    "cancel": (lambda t: rules.cancel(t, LATER), {"waiting"}, "cancelled"),
    "expire": (lambda t: rules.expire(t, LATER), {"missed"}, "expired"),
    "close": (
        lambda t: rules.close(t, LATER),
        {"waiting", "called", "serving", "on_hold", "missed"},
        "closed",
    ),
}


def test_the_table_of_transitions_is_the_agreed_one() -> None:
    agreed = {
        "waiting": {"called", "transferred", "cancelled", "closed"},
        "called": {"serving", "missed", "transferred", "waiting", "closed"},
        "serving": {"served", "on_hold", "transferred", "waiting", "closed"},
        "on_hold": {"serving", "served", "missed", "transferred", "waiting", "closed"},
        "missed": {"waiting", "expired", "closed"},
        "transferred": {"waiting"},
        "served": set(),
        "cancelled": set(),
        "expired": set(),
        "closed": set(),
    }
    assert agreed == rules.TRANSITIONS
    assert set(STATES) == set(rules.TRANSITIONS)
    assert {state for state in STATES if "closed" in rules.TRANSITIONS[state]} == rules.OPEN


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("rule", RULES)
def test_a_rule_works_from_its_states_only(rule: str, state: str) -> None:
    apply, legal, leads_to = RULES[rule]
    before = ticket(state)
    if state in legal:
        after = apply(before)
        assert after.state == leads_to
        assert after.version > before.version
    else:
        with pytest.raises(IllegalTransition) as refusal:
            apply(before)
        assert refusal.value.extra == {"state": state}
        assert state in refusal.value.detail


@pytest.mark.parametrize("state", ["waiting", "called", "serving"])
def test_a_transferred_ticket_keeps_number_class_and_seniority(state: str) -> None:
    before = ticket(state, class_="priority", number="A007", ordinal=7)
    other = queue(
        "q9", department="d9", zone="Z", max_wait_s=600, rates={"priority": 3.0, "walk_in": 1.0}, prefix="K"
    )
    moved, waiting = rules.transfer(before, other, at=LATER)
    assert moved.state == "transferred"
    same = ("number", "ordinal", "issued_queue", "class_", "reference_at", "issued_at", "id")
    assert [getattr(waiting, name) for name in same] == [getattr(before, name) for name in same]
    assert (waiting.queue, waiting.department, waiting.zone) == ("q9", "d9", "Z")
    assert waiting.rate == 3.0, "the new queue's rate"
    assert waiting.overdue_at == NINE + timedelta(seconds=600), (
        "the new queue's longest wait, from its old time"
    )
    assert (waiting.window, waiting.clerk) == (None, None)


def test_a_requeued_ticket_waits_from_now_on_as_a_walk_in() -> None:
    before = ticket("missed", class_="priority", rate=2.0, misses=1)
    after = rules.requeue(before, queue(), LATER)
    assert (after.reference_at, after.class_, after.rate) == (LATER, "walk_in", 1.0)
    assert after.overdue_at == LATER + timedelta(seconds=2700)
    assert (after.number, after.issued_at, after.requeues) == (before.number, before.issued_at, 1)


def test_a_ticket_is_requeued_once() -> None:
    again = replace(rules.requeue(ticket("missed"), queue(), LATER), state="missed")
    with pytest.raises(AlreadyRequeued):
        rules.requeue(again, queue(), LATER)


def test_service_that_goes_on_keeps_its_beginning() -> None:
    held = rules.hold(rules.start(ticket("called"), NINE))
    resumed = rules.resume(held, window="101", clerk="clerk101", at=LATER)
    assert (resumed.started_at, resumed.window, resumed.clerk) == (NINE, "101", "clerk101")


def test_a_visitor_who_is_sent_on_has_been_called_and_served_nowhere_yet() -> None:
    served = rules.start(ticket("called", first_called_at=NINE, called_at=NINE), NINE)
    waiting = rules.transfer(served, queue("q1", department="d1"), at=LATER, served_s=1200)[1]
    assert (waiting.called_at, waiting.started_at, waiting.wait_s) == (None, None, None)
    first, second = waiting.stretches
    assert (first.queue, first.department, first.item, first.window) == ("q0", "d0", "i0", "100")
    assert (first.state, first.wait_s, first.service_s, first.left_at) == ("transferred", 0, 1200, LATER)
    assert (second.queue, second.department, second.item, second.entered_at) == ("q1", "d1", None, LATER)
    called = replace(waiting, state="called", called_at=LATER, first_called_at=LATER + timedelta(seconds=70))
    assert called.wait_s == 70


def test_service_at_another_window_is_a_stretch_in_which_nobody_waited() -> None:
    held = rules.hold(rules.start(ticket("called", first_called_at=NINE, called_at=NINE), NINE))
    assert rules.resume(held, window="100", clerk="clerk100", at=LATER).past == ()
    elsewhere = rules.resume(held, window="101", clerk="clerk101", at=LATER, served_s=60)
    ended = replace(rules.finish(elsewhere, LATER + timedelta(seconds=30)), service_s=30)
    first, second = ended.stretches
    assert [(each.window, each.service_s, each.wait_s, each.queued) for each in (first, second)] == [
        ("100", 60, 0, True),
        ("101", 30, None, False),
    ]
    assert [each.state for each in (first, second)] == ["moved", "served"]


def test_who_is_put_back_keeps_class_and_seniority_however_often() -> None:
    before = ticket("missed", class_="priority", rate=2.0, misses=1, requeues=1)
    after = rules.put_back(before, at=LATER)
    assert (after.class_, after.rate, after.reference_at) == ("priority", 2.0, NINE)
    assert [each.misses for each in after.stretches] == [1, 0]


def test_service_begins_with_its_call_at_the_earliest() -> None:
    assert rules.start(ticket("called", called_at=LATER), NINE).started_at == LATER


def test_the_wait_lasts_to_the_first_call() -> None:
    assert ticket().wait_s is None
    assert ticket(first_called_at=LATER, called_at=LATER + timedelta(hours=1)).wait_s == 1200
