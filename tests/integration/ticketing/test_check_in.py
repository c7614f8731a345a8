"""Who comes with an appointment gets one ticket, whoever asks for it how often."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest

from services.chassis.caller import Caller
from services.chassis.commands import Answer
from services.ticketing.errors import CutOff, HallClosed, ServicesOnly, UnknownItem
from services.ticketing.use_cases import check_in
from tests.integration.chassis.client import until
from tests.integration.ticketing.conftest import SmallHall
from tests.waiting import DEADLINE_S

ONE, OTHER = "a0000000-0000-4000-8000-000000000001", "a0000000-0000-4000-8000-000000000002"


def test_an_appointment_gets_a_ticket_of_its_class_with_its_reference(hall: SmallHall) -> None:
    hall.furnish()
    hall.issue()
    slot = hall.clock.at - timedelta(minutes=5)
    answer = hall.check_in(ONE, channel="phone", reference_at=slot)
    ticket = answer.body
    assert (answer.replayed, ticket["number"], ticket["class"], ticket["channel"]) == (
        False,
        "A002",
        "appointment",
        "phone",
    )
    assert (ticket["appointment"], ticket["state"], ticket["ahead"]) == (ONE, "waiting", 0)
    row = hall.rows(
        "SELECT rate, reference_at, overdue_at - reference_at AS most FROM tickets WHERE ordinal = 2"
    )
    assert row == [{"rate": 1.5, "reference_at": slot, "most": timedelta(seconds=2700)}]
    told = hall.rows("SELECT body FROM outbox WHERE type = 'ticketing.ticket.issued' ORDER BY id")
    assert [each["body"]["data"]["appointment"] for each in told] == [None, ONE]
    assert hall.ticket(ticket["id"])["appointment"] == ONE


def test_one_who_is_late_waits_as_a_walk_in_and_keeps_the_channel(hall: SmallHall) -> None:
    hall.furnish()
    ticket = hall.check_in(ONE, class_="walk_in", channel="web").body
    assert (ticket["class"], ticket["channel"], ticket["appointment"]) == ("walk_in", "web", ONE)


def test_a_repeat_gets_the_same_ticket_even_when_it_asks_otherwise(hall: SmallHall) -> None:
    hall.furnish()
    first = hall.check_in(ONE).body
    hall.clock.move(minutes=20)
    before = hall.everything()
    again = hall.check_in(ONE, item="i1", class_="walk_in")
    assert again.replayed
    assert {name: again.body[name] for name in ("id", "number", "queue", "class")} == {
        name: first[name] for name in ("id", "number", "queue", "class")
    }
    assert hall.everything() == before
    assert hall.issue()["number"] == "A002", "and no number is lost"


def test_a_repeat_after_closing_still_gets_its_ticket_as_it_is_now(hall: SmallHall) -> None:
    hall.furnish()
    first = hall.check_in(ONE).body
    clerk = hall.sign_in("100")
    hall.call_next("100")
    hall.act("start", first["id"], clerk)
    hall.go_to("2026-03-02T19:00")
    again = hall.check_in(ONE).body
    assert (again["id"], again["state"], again["window"]) == (first["id"], "serving", "100")


def test_many_at_once_get_one_ticket_for_each_appointment(hall: SmallHall) -> None:
    hall.furnish()
    hall.clock.ticking = True
    begin = Barrier(20, timeout=DEADLINE_S)

    def desk(nth: int) -> Answer:
        begin.wait()
        return hall.check_in(ONE if nth % 2 else OTHER, item=f"i{nth % 4 // 2}")

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(desk, range(20)))
    assert sum(not each.replayed for each in answers) == 2
    assert {each.body["appointment"]: each.body["id"] for each in answers} == {
        str(row["appointment"]): str(row["id"]) for row in hall.rows("SELECT id, appointment FROM tickets")
    }
    given = hall.rows("SELECT issued_queue, count(*) AS n, max(ordinal) AS last FROM tickets GROUP BY 1")
    assert all(row["n"] == row["last"] for row in given), "without a gap"


def test_those_who_all_found_no_ticket_still_get_one_between_them(hall: SmallHall) -> None:
    hall.furnish()
    hall.issue()
    with ThreadPoolExecutor(4) as pool:
        with hall.connect() as elsewhere, elsewhere.transaction():
            elsewhere.execute("SELECT 1 FROM queue_days FOR UPDATE")
            asked = [pool.submit(hall.check_in, ONE) for _ in range(4)]
            waiting = "SELECT count(*) AS n FROM pg_locks WHERE NOT granted"
            until(lambda: hall.rows(waiting)[0]["n"] == 4, what="all wait for the number")
        answers = [each.result(DEADLINE_S) for each in asked]
    assert sum(not each.replayed for each in answers) == 1
    assert {each.body["number"] for each in answers} == {"A002"}
    assert hall.rows("SELECT count(*) AS n FROM contacts") == [{"n": 1}]
    assert hall.issue()["number"] == "A003"


def test_appointments_of_two_halls_do_not_meet(hall: SmallHall) -> None:
    hall.furnish()
    ticket = hall.check_in(ONE).body
    with hall.database.autocommit() as store:
        assert store.ticket_of_appointment("annexe", ONE) is None
        found = store.ticket_of_appointment("main", ONE)
    assert found is not None and found.id == ticket["id"]


@pytest.mark.parametrize("role", ["kiosk", "clerk", "operator", "visitor"])
def test_only_a_service_checks_in(hall: SmallHall, role: str) -> None:
    hall.furnish()
    caller = Caller(hall="main", username="x", roles=frozenset({role}))
    request: dict[str, Any] = {"item": "i0", "channel": "web", "class_": "appointment"}
    with hall.database.autocommit() as store, pytest.raises(ServicesOnly):
        check_in.check_in_ticket(
            store, hall.situations, caller, appointment=UUID(ONE), reference_at=hall.clock.at, **request
        )
    assert hall.rows("SELECT * FROM tickets") == []


def test_one_who_was_promised_a_place_is_never_cut_off_but_a_closed_hall_is_closed(hall: SmallHall) -> None:
    hall.furnish(windows_each=1)
    hall.go_to("2026-03-02T17:29")
    with pytest.raises(CutOff):
        hall.issue()
    assert hall.check_in(ONE).body["number"] == "A001"
    hall.go_to("2026-03-02T17:30")
    with pytest.raises(HallClosed) as refusal:
        hall.check_in(OTHER)
    assert refusal.value.extra["opens_at"] == "2026-03-03T09:00:00+08:00"
    with pytest.raises(UnknownItem):
        hall.check_in(OTHER, item="nothing")


def test_one_whose_slot_is_ahead_waits_behind_walk_ins_and_by_slot(hall: SmallHall) -> None:
    hall.furnish()
    in_ten, in_five = (hall.clock.at + timedelta(minutes=n) for n in (10, 5))
    later = hall.check_in(ONE, reference_at=in_ten).body
    sooner = hall.check_in(OTHER, reference_at=in_five).body
    assert (later["ahead"], sooner["ahead"]) == (0, 0)
    hall.clock.move(seconds=30)
    walk_in = hall.issue()
    assert walk_in["ahead"] == 0
    hall.sign_in("100")
    clerk = hall.clerk("100")
    order = []
    for _ in range(3):
        called = hall.call_next("100")
        assert called is not None
        order.append(called["id"])
        hall.act("miss", called["id"], clerk)
    assert order == [walk_in["id"], sooner["id"], later["id"]]
    scores = hall.rows("SELECT score FROM calls ORDER BY id")
    assert [each["score"] for each in scores] == [0.0, 0.0, 0.0], "a slot ahead has no score, and not less"


def test_from_its_slot_on_an_appointment_gains_faster_than_a_walk_in(hall: SmallHall) -> None:
    hall.furnish(max_wait_s=36000)
    walk_in = hall.issue()["id"]
    hall.clock.move(minutes=10)
    appointment = hall.check_in(ONE, reference_at=hall.clock.at + timedelta(minutes=10)).body["id"]
    hall.sign_in("100")

    # 1.5 × (t − 20 min) passes 1 × t after an hour.
    hall.clock.at = datetime.fromisoformat("2026-03-02T10:04:59+08:00")
    assert hall.in_line("100")[0] == walk_in
    hall.clock.move(seconds=2)
    assert hall.in_line("100")[0] == appointment
