"""Waits as visitors are told them, on issue and when they ask."""

from datetime import datetime

import pytest

from services.chassis.caller import Caller
from services.ticketing.errors import (
    AlreadyEvaluated,
    IllegalTransition,
    NoSuchTicket,
    NotCalled,
    UnknownItem,
)
from services.ticketing.store import PACE_PRIOR_S
from services.ticketing.use_cases import questions
from services.ticketing.use_cases.situation import Situations
from tests.integration.ticketing.conftest import SmallHall

NOBODY = "00000000-0000-4000-8000-000000000000"
VISITOR = Caller(hall="main")


def test_ahead_and_range_are_told_on_issue_and_kept(hall: SmallHall) -> None:
    hall.furnish(windows_each=1)
    hall.sign_in("100", queues=["q0"])
    told = [hall.issue() for _ in range(4)]
    assert [each["ahead"] for each in told] == [0, 1, 2, 3]
    medians = [each["estimate"]["p50_s"] for each in told]
    assert medians == sorted(medians)
    assert 600 <= medians[3] <= 1000 <= told[3]["estimate"]["p90_s"]
    kept = hall.rows("SELECT p50_s, p90_s, ahead_at_issue FROM tickets ORDER BY ordinal")
    assert [{**each["estimate"], "ahead_at_issue": each["ahead"]} for each in told] == kept


def test_a_ticket_asked_for_later_says_how_it_is_now(hall: SmallHall) -> None:
    hall.furnish(windows_each=1)
    clerk = hall.sign_in("100", queues=["q0"])
    ids = [hall.issue()["id"] for _ in range(3)]
    hall.clock.move(seconds=1)
    first = hall.ticket(ids[2])
    hall.call_next("100")
    hall.act("start", ids[0], clerk)
    later = hall.ticket(ids[2])
    assert (first["ahead"], later["ahead"]) == (2, 1)
    assert later["estimate"]["p50_s"] > 0
    called = hall.ticket(ids[0])
    assert (called["ahead"], called["estimate"]) == (None, None)


def test_nobody_is_told_a_wait_while_no_window_is_open(hall: SmallHall) -> None:
    hall.furnish(windows_each=1)
    issued = hall.issue()
    assert (issued["ahead"], issued["windows_open"], issued["estimate"]) == (0, 0, None)
    hall.sign_in("100", queues=["q0"])
    hall.forget()
    asked = hall.ticket(issued["id"])
    assert (asked["windows_open"], asked["estimate"]["p50_s"] > 0) == (1, True)
    assert hall.rows("SELECT p50_s, p90_s FROM tickets") == [{"p50_s": None, "p90_s": None}]


def test_a_wait_that_today_has_no_time_for_is_no_estimate(hall: SmallHall) -> None:
    hall.furnish(windows_each=1)
    hall.sign_in("100", queues=["q0"])
    first = [hall.issue()["id"] for _ in range(20)][-1]  # a hundred minutes and more
    assert hall.ticket(first)["estimate"] is not None
    hall.clock.at = datetime.fromisoformat("2026-03-02T17:20:00+08:00")
    hall.forget()
    assert hall.ticket(first)["estimate"] is None


def test_urgent_tickets_wait_for_urgent_ones_only(hall: SmallHall) -> None:
    hall.furnish()
    hall.issue(), hall.issue()
    hall.clock.move(seconds=5)
    told = [hall.issue(class_="urgent", reason="medical")["ahead"] for _ in range(2)]
    assert told == [0, 1]
    assert hall.issue()["ahead"] == 4


def test_what_is_told_on_issue_is_what_is_found_when_asked_at_once(hall: SmallHall) -> None:
    hall.furnish()
    for class_ in ("walk_in", "priority", "walk_in", "urgent", "priority", "urgent", "walk_in"):
        ticket = hall.issue(class_=class_, reason="medical")
        assert hall.ticket(ticket["id"])["ahead"] == ticket["ahead"], class_
        hall.clock.move(seconds=20)


def test_an_appointment_whose_slot_is_ahead_does_not_stand_before_a_walk_in(hall: SmallHall) -> None:
    hall.furnish()
    early = hall.issue()["id"]
    hall.change(
        "UPDATE tickets SET class_ = 'appointment', reference_at = issued_at + interval '20 minutes' WHERE id = %(id)s",
        id=early,
    )
    ticket = hall.issue()
    assert (ticket["ahead"], hall.ticket(ticket["id"])["ahead"]) == (0, 0)


def test_the_noon_break_is_part_of_the_wait_on_the_clock(hall: SmallHall) -> None:
    hall.furnish(windows_each=1)
    hall.sign_in("100", queues=["q0"])
    hall.clock.at = datetime.fromisoformat("2026-03-02T11:50:00+08:00")
    told = [hall.issue()["estimate"]["p50_s"] for _ in range(6)]
    # Five minutes each: who cannot begin before twelve begins after two.
    assert told[1] < 600
    assert told[5] > 2 * 3600
    assert not [each for each in told if 600 < each < 600 + 2 * 3600]


def test_a_window_that_holds_a_visitor_aside_counts_only_what_it_serves(hall: SmallHall) -> None:
    hall.furnish(windows_each=1)
    clerk = hall.sign_in("100", queues=["q0"])
    id_ = hall.issue()["id"]
    hall.call_next("100")
    hall.act("start", id_, clerk)
    hall.clock.move(seconds=60)
    hall.act("hold", id_, clerk)
    hall.clock.move(minutes=30)
    hall.act("resume", id_, clerk)
    hall.clock.move(seconds=30)
    with hall.database.autocommit() as store:
        load = store.window_loads("main", hall.clock())[0]
    assert (load.expected_s, load.elapsed_s) == (300, 90)


def test_a_slow_morning_makes_longer_waits(hall: SmallHall) -> None:
    hall.furnish(windows_each=1)
    clerk = hall.sign_in("100", queues=["q0"])
    usual = [hall.issue()["estimate"]["p50_s"] for _ in range(6)][-1]
    for _ in range(6):
        id_ = hall.call_next("100")["id"]
        hall.act("start", id_, clerk)
        hall.clock.move(minutes=15)
        hall.act("finish", id_, clerk)
    hall.forget()
    slow = [hall.issue()["estimate"]["p50_s"] for _ in range(6)][-1]
    assert slow > 1.5 * usual


@pytest.mark.parametrize(
    ("to", "served_s", "pace"),
    [
        ({"queue": "q2"}, 60, 1.0),  # nobody knows what is typical of what they do there
        ({"queue": "q1"}, 60, 1.0),  # the item was begun elsewhere
        ({"queue": "q2", "item": "i2"}, 600, (6000 + PACE_PRIOR_S) / (3000 + PACE_PRIOR_S)),
    ],
)
def test_who_is_sent_on_makes_no_queue_faster_than_it_is(
    hall: SmallHall, to: dict[str, str], served_s: int, pace: float
) -> None:
    hall.furnish()
    hall.change("UPDATE items SET service_seconds = 900 WHERE code IN ('i0', 'i1')")
    seats = {
        "q0": ("100", hall.sign_in("100", queues=["q0"])),
        "q1": ("101", hall.sign_in("101", queues=["q1"])),
    }
    seats["q2"] = ("102", hall.sign_in("102", department="d1"))
    for _ in range(10):
        id_ = hall.issue()["id"]
        hall.call_next("100")
        hall.act("transfer", id_, seats["q0"][1], reason="转办", **to)
        window, clerk = seats[to["queue"]]
        hall.call_next(window)
        hall.act("start", id_, clerk)
        hall.clock.move(seconds=served_s)
        hall.act("finish", id_, clerk)
    hall.forget()
    with hall.database.autocommit() as store:
        loads = hall.situations.current(store, "main", hall.clock()).loads
    assert loads[to["queue"]].pace == pytest.approx(pace)


def test_who_is_sent_on_for_nobody_knows_what_is_typical_of_the_queue(hall: SmallHall) -> None:
    hall.furnish()
    hall.change("UPDATE items SET service_seconds = 900 WHERE code = 'i0'")
    clerk, there = hall.sign_in("100"), hall.sign_in("102", department="d1")
    id_ = hall.issue()["id"]
    typical = []
    for who, queue in ((clerk, "q2"), (there, "q1")):
        hall.act("transfer", id_, who, queue=queue, reason="转办")
        typical += [row["service_seconds"] for row in hall.rows("SELECT service_seconds FROM tickets")]
    assert typical == [300, 900], "and of the item again where that is done"


def test_each_hall_of_an_installation_has_its_own_situation(hall: SmallHall) -> None:
    hall.furnish()
    at = hall.clock()
    with hall.database.autocommit() as store:
        here = hall.situations.current(store, "main", at)
        there = hall.situations.current(store, "annexe", at)
        again = hall.situations.current(store, "main", at)
    assert set(here.reference.queues) == {"q0", "q1", "q2"}
    assert there.reference.queues == {}
    assert again is here, "and it is read once a second at most"


def test_the_situation_follows_the_copies(hall: SmallHall) -> None:
    hall.furnish()
    situations = Situations()
    with hall.database.autocommit() as store:
        situations.current(store, "main", hall.clock())
        hall.change(
            "UPDATE items SET state = 'withdrawn'; UPDATE reference_version SET version = version + 1"
        )
        stale = situations._read(store, "main", hall.clock())
    assert {item.state for item in stale.reference.items.values()} == {"withdrawn"}


def test_an_item_that_is_withdrawn_unknown_or_without_its_queue_gets_no_number(hall: SmallHall) -> None:
    hall.furnish()
    hall.change("UPDATE items SET state = 'withdrawn' WHERE code = 'i1'")
    hall.change("UPDATE items SET queue = 'not-copied-yet' WHERE code = 'i2'")
    for item in ("i1", "i2", "i7"):
        with pytest.raises(UnknownItem) as refusal:
            hall.issue(item)
        assert list(refusal.value.errors) == ["item"]


def test_a_ticket_that_is_not_there_is_not_found(hall: SmallHall) -> None:
    hall.furnish()
    with pytest.raises(NoSuchTicket):
        hall.ticket(NOBODY)


def test_why_is_answered_in_both_languages_and_only_after_a_call(hall: SmallHall) -> None:
    hall.furnish()
    urgent_later = [hall.issue(), hall.issue(class_="urgent", reason="medical")]
    with hall.database.autocommit() as store, pytest.raises(NotCalled):
        questions.why_called(store, VISITOR, id=urgent_later[0]["id"])
    clerk = hall.sign_in("100")
    hall.clock.move(seconds=10)
    called = hall.call_next("100")
    hall.clock.move(seconds=5)
    hall.act("recall", called["id"], clerk)
    with hall.database.autocommit() as store:
        why = questions.why_called(store, VISITOR, id=urgent_later[1]["id"])
    assert (why["rule"], why["waiting"], why["runner_up"]["number"]) == ("urgent", 1, "A001")
    assert why["explanation"].startswith("A002 先于 A001")
    assert why["explanation_en"].startswith("A002 came before A001: urgent tickets are called first")
    hall.act("miss", called["id"], clerk)
    hall.call_next("100")
    with hall.database.autocommit() as store:
        alone = questions.why_called(store, VISITOR, id=urgent_later[0]["id"])
    assert (alone["runner_up"], alone["waiting"]) == (None, 0)
    assert alone["explanation_en"] == "Nobody else waited when A001 was called."


def test_a_visit_is_evaluated_once_and_only_when_it_is_over(hall: SmallHall) -> None:
    hall.furnish()
    clerk = hall.sign_in("100")
    id_ = hall.issue()["id"]
    with pytest.raises(IllegalTransition):
        hall.act("evaluate", id_, hall.visitor(id_), level=5)
    hall.call_next("100")
    hall.act("start", id_, clerk)
    hall.act("finish", id_, clerk)
    given = hall.act("evaluate", id_, hall.visitor(id_), level=2, comment="等了很久")
    assert (given["level"], given["comment"]) == (2, "等了很久")
    before = hall.everything()
    with pytest.raises(AlreadyEvaluated):
        hall.act("evaluate", id_, hall.visitor(id_), level=5)
    assert hall.everything() == before
    told = hall.rows("SELECT body FROM outbox WHERE type = 'ticketing.evaluation.recorded'")
    assert "等了很久" not in str(told), "what a visitor wrote stays here"
