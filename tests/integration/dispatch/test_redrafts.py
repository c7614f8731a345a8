"""Days drafted anew by what happens on them: at most one draft waits, it says what moved, and nothing else changes."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID

import pytest

from services.dispatch.domain.order import Order
from services.dispatch.domain.plan import DayPlan
from services.dispatch.use_cases import crews, field, orders, plans, solving
from tests.integration.dispatch.in_process import CREW, DISPATCHER, OPERATOR, Hall, Settling, crew_fields

TODAY = date(2026, 3, 2)


@pytest.fixture
def route(hall: Hall) -> list[Order]:
    """Three published visits of the crew m1, one after the other from nine on; nobody else works today."""
    hall.do(crews.save_crew, DISPATCHER, **crew_fields("m2", members=["li"], days_off=[TODAY]))
    for nth in (1, 2, 3):
        hall.screened(nth)
    hall.published()
    with hall.database.autocommit() as store:
        return store.route("main", "m1", TODAY)


def waiting(hall: Hall) -> list[DayPlan]:
    found = hall.do(plans.list_plans, DISPATCHER, date=None, limit=50, cursor=None)["items"]
    return [each for each in found if each.state == "queued"]


def reasons(hall: Hall) -> list[Sequence[str]]:
    return [each.reasons for each in waiting(hall)]


def drafted(hall: Hall) -> DayPlan:
    [plan] = waiting(hall)
    assert solving.solve_next(hall.database, Settling())
    return hall.plan(plan)


def fail(hall: Hall, order: Order) -> None:
    hall.do(field.depart, CREW, id=UUID(order.id), happened_at=None)
    hall.do(field.fail, CREW, id=UUID(order.id), reason="没有人在", happened_at=None)


def cancel(hall: Hall, order: Order) -> None:
    hall.do(orders.cancel_order, DISPATCHER, id=UUID(order.id), reason="不办了")


def test_an_urgent_order_on_a_published_day_is_drafted_at_once_and_nothing_published_changes(
    hall: Hall, route: list[Order]
) -> None:
    urgent = hall.screened(4, caller=OPERATOR, priority="urgent")
    draft = drafted(hall)
    assert (draft.state, list(draft.reasons)) == ("draft", ["urgent_order"])
    assert urgent.id in {stop.job for _, stop in draft.stops}
    assert draft.moved, "who comes later for it is said"
    assert [hall.now_is(each) for each in route] == route
    hall.publish(draft)
    assert hall.now_is(urgent).state == "assigned"


def test_orders_that_are_not_urgent_and_days_without_a_published_plan_wait_for_a_dispatcher(
    hall: Hall, route: list[Order]
) -> None:
    hall.screened(4)
    hall.screened(5, caller=OPERATOR, priority="urgent", window=(33, 36))
    hall.screen(hall.order(6, caller=OPERATOR, priority="urgent"), accept=False, reason="不属于上门事项")
    assert waiting(hall) == []


def test_an_urgent_order_that_moves_to_a_published_day_is_drafted_there(
    hall: Hall, route: list[Order]
) -> None:
    urgent = hall.screened(4, caller=OPERATOR, priority="urgent", window=(33, 36))
    window = {"from_": hall.at(14), "to": hall.at(17)}
    hall.do(orders.reschedule_order, OPERATOR, id=UUID(urgent.id), window=window)
    assert [(each.date, list(each.reasons)) for each in waiting(hall)] == [(TODAY, ["urgent_order"])]


def test_a_failed_visit_gives_its_time_to_those_who_come_after(hall: Hall, route: list[Order]) -> None:
    hall.now = hall.at(9)
    fail(hall, route[0])
    draft = drafted(hall)
    assert list(draft.reasons) == ["failed_visit"]
    later = {each.order: each for each in draft.moved}[route[2].id]
    assert later.before and later.after
    assert later.after.arrives_at < later.before.arrives_at


def test_a_failed_visit_that_helps_nobody_drafts_nothing(hall: Hall, route: list[Order]) -> None:
    hall.now = hall.at(9)
    for order in route[1:]:
        cancel(hall, order)
    before = waiting(hall)
    fail(hall, route[0])
    assert waiting(hall) == before


def test_the_time_of_an_order_called_off_or_moved_goes_to_the_others(hall: Hall, route: list[Order]) -> None:
    cancel(hall, route[0])
    assert list(drafted(hall).reasons) == ["order_gone"]
    window = {"from_": hall.at(33), "to": hall.at(36)}
    hall.do(orders.reschedule_order, OPERATOR, id=UUID(route[1].id), window=window)
    assert [(each.date, list(each.reasons)) for each in waiting(hall)] == [(TODAY, ["order_gone"])]


def test_one_draft_waits_for_all_that_happens_and_the_next_is_for_what_comes_after(
    hall: Hall, route: list[Order]
) -> None:
    urgent = [hall.order(nth, caller=OPERATOR, priority="urgent") for nth in (4, 5, 6)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(hall.screen, urgent))
    cancel(hall, route[0])
    request = {"code": "m1", "member": "wang", "from_": TODAY, "to": None, "reason": "病假"}
    noted = hall.do(crews.note_absence, DISPATCHER, **request)
    [plan] = waiting(hall)
    assert [each.id for each in noted["replanned"]] == [plan.id]
    assert list(plan.reasons) == ["urgent_order", "order_gone", "absence"]
    draft = drafted(hall)
    assert {each.id for each in urgent} <= {stop.job for _, stop in draft.stops}
    hall.do(crews.save_crew, DISPATCHER, **crew_fields("m1", members=["crew", "wang"], capacity=4))
    assert [list(each) for each in reasons(hall)] == [["crew"]]


def test_a_plan_that_a_dispatcher_asked_for_and_that_waits_is_enough(hall: Hall, route: list[Order]) -> None:
    asked = hall.request()
    assert list(asked.reasons) == []
    hall.screened(4, caller=OPERATOR, priority="urgent")
    assert [(each.id, list(each.reasons)) for each in waiting(hall)] == [(asked.id, ["urgent_order"])]
