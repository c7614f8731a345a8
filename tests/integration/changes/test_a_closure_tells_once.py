"""A closure with 200 bookings, 40 tickets and 5 visits tells each person once."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from services.chassis import clock
from services.chassis.commands import fingerprint
from services.ticketing.use_cases import issue, visitors
from services.ticketing.use_cases.situation import Situations
from tests.integration.changes import judging
from tests.integration.changes.bus import connected
from tests.integration.changes.course import SlotPlan, clock_time
from tests.integration.changes.whole_hall import WholeHall, phone

BOOKINGS, TICKETS, VISITS = 200, 40, 5


def take_number(hall: WholeHall, nth: int) -> str:
    """Draw a number at a kiosk and leave a phone."""
    caller = hall.caller("kiosk", command_id=str(uuid4()))
    request = {"item": "i1", "channel": "kiosk", "phone": phone(nth)}
    mark = fingerprint("issue_ticket", request, caller)
    with hall.peers["ticketing"].database.autocommit() as store:
        return str(issue.issue_ticket(store, Situations(), caller, mark, **request).body["id"])


def tell_those_who_wait(hall: WholeHall) -> int:
    """Do what ticketing does every few seconds."""
    clockwork = hall.caller("admin", username="clock")
    told: int = hall.do("ticketing", visitors.tell_paused, clockwork, situations=Situations())
    return told


def messages(hall: WholeHall, *kinds: str) -> Counter[str]:
    """Return how many messages of some kinds each person gets, by what they are told of."""
    statement = "SELECT source_id FROM deliveries WHERE hall = %s AND kind = ANY(%s)"
    rows = hall.peers["notifications"].rows(statement, hall.hall, list(kinds))
    return Counter(str(row["source_id"]) for row in rows)


def test_each_person_is_told_once(database: Callable[[str], str]) -> None:
    with connected(database) as peers:
        hall = WholeHall(peers, hall="closed")
        with clock.showing(lambda: hall.now):
            hall.furnish()
            hall.bus.carry_all()
            plan = SlotPlan(department="market", ends="12:00", items=[], capacity=50, last=None)
            hall.save_plan("large", plan)
            begins, ends = clock_time(hall.today, "09:30"), clock_time(hall.course_day(1), "00:00")
            inside = [
                slot["id"]
                for slot in hall.slots("i1", days=1)
                if slot["capacity"] == 50 and begins <= datetime.fromisoformat(str(slot["starts_at"])) < ends
            ]
            assert len(inside) * 50 >= BOOKINGS
            booked = [
                hall.book(10 + nth, "i1", inside[nth // 50], channel="phone").id for nth in range(BOOKINGS)
            ]
            holders = [take_number(hall, 10 + BOOKINGS + nth) for nth in range(TICKETS)]
            visits = [
                hall.order(nth, "i1", begins + timedelta(hours=1), begins + timedelta(hours=3)).id
                for nth in range(VISITS)
            ]
            hall.bus.carry_all()
            hall.close(None, begins, ends)
            for _ in range(2):
                judging.settle(hall)
            assert tell_those_who_wait(hall) == 0, "it has not begun"
            hall.now = begins + timedelta(seconds=5)
            assert [tell_those_who_wait(hall) for _ in range(2)] == [TICKETS, 0]
            judging.settle(hall)
            assert messages(hall, "displaced") == Counter(booked)
            assert messages(hall, "ticket_stopped", "ticket_paused") == Counter(holders)
            assert messages(hall, "onsite_displaced") == Counter(visits)
