"""Plans: drafted, looked at while they are solved, published, changed by hand, and made again."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.dispatch.domain.order import Order
from services.dispatch.domain.plan import DayPlan
from services.dispatch.domain.planning import Plan, Problem
from services.dispatch.domain.travel import GreatCircle
from services.dispatch.errors import (
    DateInvalid,
    NoSuchCrew,
    NoSuchOrder,
    NotADraft,
    NotFeasible,
    PlanOutdated,
    RoleMissing,
)
from services.dispatch.use_cases import crews, looking, orders, plans, solving
from tests.integration.dispatch.in_process import CREW, DISPATCHER, OPERATOR, Hall, Settling, crew_fields

TODAY = date(2026, 3, 2)


class Meanwhile:
    """Solves as the real one does, after something has happened."""

    def __init__(self, happens: Callable[[], Any]) -> None:
        """Say what happens."""
        self.happens = happens

    def solve(self, problem: Problem, on_progress: Callable[[Plan], None]) -> Plan:
        """Let it happen, then solve."""
        self.happens()
        return Settling().solve(problem, on_progress)


def stops(plan: DayPlan) -> dict[str, str]:
    return {stop.job: crew for crew, stop in plan.stops}


def test_a_draft_gives_orders_a_place_and_publishing_assigns_them(hall: Hall) -> None:
    taken = [*(hall.screened(nth) for nth in range(1, 4)), hall.screened(4, window=(15, 17))]
    waiting = hall.order(5)
    draft = hall.planned()
    assert (draft.state, set(stops(draft))) == ("draft", {each.id for each in taken})
    assert {hall.now_is(each).state for each in taken} == {"scheduled"}
    assert hall.now_is(waiting).state == "requested"
    published = hall.publish(draft)
    assert (published.state, published.current) == ("published", True)
    for order in taken:
        now = hall.now_is(order)
        assert (now.state, now.crew, now.plan) == ("assigned", stops(draft)[order.id], draft.id)
        assert now.window_from <= now.arrives_at <= now.window_to
        assert hall.verbs(order) == ["requested", "screened", "scheduled", "assigned"]
    [told] = hall.told("dispatch.plan.published")
    assert (told["data"]["orders"], told["data"]["unserved"]) == (4, 0)


def test_each_order_that_nobody_can_serve_is_listed_with_the_reason(hall: Hall) -> None:
    hall.hear("catalogue.department.published", {"code": "tax", "offers_three_services": True}, sequence=2)
    hall.do(crews.save_crew, DISPATCHER, **crew_fields("t1", skills={"departments": ["tax"], "items": []}))
    lost = {
        "skill": hall.screened(1, item="tax-001"),
        "shift": hall.screen(hall.order(2, window=(17, 21)), service_seconds=7200),
        "window": hall.screened(3, location={"lat": 23.4, "lon": 114.0}),
    }
    hall.do(crews.save_crew, DISPATCHER, **crew_fields("t1"))
    draft = hall.planned()
    assert {each.job: each.reason for each in draft.plan.unserved} == {
        order.id: reason for reason, order in lost.items()
    }
    hall.publish(draft)
    assert {hall.now_is(each).state for each in lost.values()} == {"screened"}


def test_a_day_without_orders_gives_an_empty_draft(hall: Hall) -> None:
    draft = hall.planned()
    assert (draft.state, draft.plan.routes, draft.plan.unserved) == ("draft", (), ())
    assert hall.publish(draft).current


def test_the_best_plan_so_far_can_be_read_while_it_is_solved(hall: Hall) -> None:
    hall.screened(1)
    seen: list[DayPlan] = []

    class Slow:
        def solve(self, problem: Problem, on_progress: Callable[[Plan], None]) -> Plan:
            best = Settling().solve(problem, lambda _: None)
            on_progress(best)
            seen.append(hall.plan(asked))
            return best

    asked = hall.request()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solving, "SHOWN_EVERY_S", 0)
        solving.solve_next(hall.database, Slow())
    [during] = seen
    assert (during.state, during.progress["served"], len(during.plan.routes)) == ("solving", 1, 1)
    assert hall.plan(asked).progress is None


def test_a_plan_whose_solver_fails_says_so_and_the_next_is_made(hall: Hall) -> None:
    hall.screened(1)

    def fail() -> None:
        raise ZeroDivisionError

    failed = hall.planned(solver=Meanwhile(fail))
    assert (failed.state, failed.fault) == ("failed", "ZeroDivisionError")
    with pytest.raises(NotADraft):
        hall.publish(failed)
    assert hall.planned().state == "draft"


def test_a_plan_that_its_planners_do_not_survive_is_given_up(hall: Hall) -> None:
    hall.screened(1)
    asked = hall.request()

    class Died(BaseException):
        """As if the process had ended."""

    def die() -> None:
        raise Died

    for _ in range(solving.MOST_ATTEMPTS):
        with pytest.raises(Died):
            solving.solve_next(hall.database, Meanwhile(die))
        assert hall.plan(asked).state == "solving"
    assert solving.solve_next(hall.database, Meanwhile(die))
    assert (hall.plan(asked).state, hall.plan(asked).fault) == ("failed", "planner_died")
    assert not solving.solve_next(hall.database, Settling())


def test_two_planners_never_solve_the_same_plan(hall: Hall) -> None:
    hall.screened(1)
    asked = [hall.request() for _ in range(2)]
    others: list[bool] = []

    def look() -> None:
        others.append(solving.solve_next(hall.database, Settling()))

    assert solving.solve_next(hall.database, Meanwhile(look))
    assert others == [True]
    assert {hall.plan(each).state for each in asked} == {"draft"}
    assert {hall.plan(each).attempts for each in asked} == {1}


@pytest.mark.parametrize("when", ["while it is solved", "after"])
def test_a_plan_with_an_order_cancelled_meanwhile_is_refused_by_name(hall: Hall, when: str) -> None:
    kept, gone = hall.screened(1), hall.screened(2)

    def cancel() -> None:
        hall.do(orders.cancel_order, OPERATOR, id=UUID(gone.id), reason=None)

    draft = hall.planned(solver=Meanwhile(cancel if when == "while it is solved" else lambda: None))
    if when == "after":
        cancel()
    change = {"order": gone.id, "reference": gone.reference, "state": "cancelled", "change": "cancelled"}
    assert hall.seen(draft)["changed"] == [change]
    with pytest.raises(PlanOutdated) as refused:
        hall.publish(draft)
    assert refused.value.extra["changed"] == [change]
    assert [hall.now_is(each).state for each in (kept, gone)] == ["scheduled", "cancelled"]
    assert not hall.told("dispatch.plan")
    assert set(stops(hall.published())) == {kept.id}


def test_an_order_moved_to_another_time_or_a_crew_changed_makes_a_draft_untrue(hall: Hall) -> None:
    order = hall.screened(1)
    draft = hall.planned()
    window = {"from_": hall.at(15), "to": hall.at(17)}
    hall.do(orders.reschedule_order, DISPATCHER, id=UUID(order.id), window=window)
    [crew] = [route.crew for route in draft.plan.routes]
    hall.do(crews.note_absence, DISPATCHER, code=crew, member=None, from_=TODAY, to=None, reason="病假")
    changed = hall.seen(draft)["changed"]
    assert [(each.get("order"), each.get("crew"), each["change"]) for each in changed] == [
        (order.id, None, "changed"),
        (None, crew, "changed"),
    ]
    with pytest.raises(PlanOutdated):
        hall.publish(draft)


def test_a_draft_whose_first_visit_should_have_begun_is_refused(hall: Hall) -> None:
    order = hall.screened(1)
    draft = hall.planned()
    hall.now += timedelta(hours=2)
    with pytest.raises(PlanOutdated) as refused:
        hall.publish(draft)
    assert refused.value.extra["changed"] == [{"order": order.id, "change": "time_passed"}]


def test_of_two_dispatchers_who_publish_at_once_one_wins_and_the_other_is_told(hall: Hall) -> None:
    taken = [hall.screened(nth) for nth in (1, 2)]
    drafts = [hall.planned(), hall.planned()]

    def attempt(draft: DayPlan) -> str:
        try:
            hall.publish(draft)
        except PlanOutdated as refused:
            return f"{refused.extra['changed'][0]['change']} meanwhile"
        except NotADraft:
            return "not a draft"
        return "published"

    with ThreadPoolExecutor(8) as pool:
        answers = Counter(pool.map(attempt, [drafts[nth % 2] for nth in range(8)]))
    assert answers == {"published": 1, "not a draft": 3, "published meanwhile": 4}
    [current] = [each for each in map(hall.plan, drafts) if each.current]
    assert {hall.now_is(each).plan for each in taken} == {current.id}
    assert [hall.verbs(each).count("assigned") for each in taken] == [1, 1]


def test_planning_again_says_what_moved_and_publishing_moves_it(hall: Hall) -> None:
    taken = [hall.screened(nth) for nth in (1, 2, 3)]
    first = hall.published()
    crew = stops(first)[taken[0].id]
    hall.do(crews.note_absence, DISPATCHER, code=crew, member=None, from_=TODAY, to=None, reason="病假")
    urgent = hall.screened(4, caller=OPERATOR, priority="urgent")
    draft = hall.planned()
    other = {"m1": "m2", "m2": "m1"}[crew]
    assert set(stops(draft).values()) == {other}
    left = [each for each in taken if stops(first)[each.id] == crew]
    moved = {each.order: (each.before.crew, each.after.crew) for each in draft.moved if each.after}
    assert {each.id: moved[each.id] for each in left} == {each.id: (crew, other) for each in left}
    hall.publish(draft)
    assert {hall.now_is(each).crew for each in (*taken, urgent)} == {other}
    assert not hall.plan(first).current
    assert hall.verbs(left[0])[-1] == "reassigned"


def test_a_sick_member_of_two_has_the_day_drafted_anew_for_the_room_that_is_left(hall: Hall) -> None:
    hall.do(crews.save_crew, DISPATCHER, **crew_fields("m1", members=["crew", "wang"], capacity=4))
    hall.do(
        crews.save_crew, DISPATCHER, **crew_fields("m2", members=["li"], start={"lat": 22.9, "lon": 114.4})
    )
    taken = [hall.screened(nth) for nth in (1, 2, 3)]
    assert set(stops(hall.published()).values()) == {"m1"}
    request = {"code": "m1", "from_": TODAY, "to": date(2026, 3, 4), "reason": "病假"}
    noted = hall.do(crews.note_absence, DISPATCHER, member="wang", **request)
    assert [each.date for each in noted["replanned"]] == [TODAY]
    assert {hall.now_is(each).crew for each in taken} == {"m1"}, (
        "what is published stays until another plan is"
    )
    solving.solve_next(hall.database, Settling())
    [draft] = [hall.plan(each) for each in noted["replanned"]]
    gone = [each for each in draft.moved if each.after is None or each.after.crew == "m2"]
    assert (draft.state, len(gone)) == ("draft", 1)
    hall.publish(draft)
    assert Counter(hall.now_is(each).crew for each in taken)["m1"] == 2


def test_a_change_of_a_crew_that_no_plan_has_to_heed_drafts_nothing(hall: Hall) -> None:
    hall.do(crews.save_crew, DISPATCHER, **crew_fields("m2", members=["li"], days_off=[TODAY]))
    hall.screened(1)
    hall.published()
    for change, days in (
        ({"name": "新名"}, []),
        ({"days_off": [date(2026, 3, 3)]}, []),
        ({"capacity": 3}, [TODAY]),
    ):
        saved = hall.do(crews.save_crew, DISPATCHER, **crew_fields("m1", members=["crew", "wang"], **change))
        assert [each.date for each in saved["replanned"]] == days, change
    request = {"code": "m2", "member": None, "from_": TODAY, "to": None, "reason": None}
    assert hall.do(crews.note_absence, DISPATCHER, **request)["replanned"] == []


def test_an_order_that_a_new_plan_cannot_keep_waits_again(hall: Hall) -> None:
    order = hall.screened(1)
    hall.published()
    for code in ("m1", "m2"):
        hall.do(crews.note_absence, DISPATCHER, code=code, member=None, from_=TODAY, to=None, reason=None)
    draft = hall.planned()
    assert [(each.order, each.after) for each in draft.moved] == [(order.id, None)]
    hall.publish(draft)
    now = hall.now_is(order)
    assert (now.state, now.crew, now.arrives_at) == ("scheduled", None, None)
    assert hall.verbs(order)[-1] == "unassigned"


def test_what_a_new_plan_leaves_as_it_was_is_not_told_again(hall: Hall) -> None:
    order = hall.screened(1, window=(15, 17))
    hall.published()
    again = hall.published()
    assert hall.now_is(order).plan == again.id
    assert hall.verbs(order).count("assigned") == 1
    assert "reassigned" not in hall.verbs(order)


def test_the_same_day_and_seed_give_the_same_plan(hall: Hall) -> None:
    for nth in range(1, 6):
        hall.screened(nth)
    first, second = hall.planned(), hall.planned()
    assert first.plan == second.plan


def reassigned(hall: Hall, draft: DayPlan, order: Order, crew: str, **more: Any) -> dict[str, Any]:
    request = {"order": UUID(order.id), "crew": crew, "position": None, "dry_run": False} | more
    answer: dict[str, Any] = hall.do(
        plans.reassign, DISPATCHER, id=UUID(draft.id), travel=GreatCircle(), **request
    )
    return answer


def test_an_order_dragged_to_another_crew_gets_new_times_at_once(hall: Hall) -> None:
    taken = [hall.screened(nth) for nth in (1, 2, 3)]
    draft = hall.planned()
    crew = stops(draft)[taken[0].id]
    other = {"m1": "m2", "m2": "m1"}[crew]
    dry = reassigned(hall, draft, taken[0], other, dry_run=True)
    assert (dry["feasible"], hall.plan(draft).plan) == (True, draft.plan)
    answer = reassigned(hall, draft, taken[0], other, position=0)
    assert stops(answer["plan"])[taken[0].id] == other
    assert stops(hall.plan(draft))[taken[0].id] == other
    assert sorted(stops(hall.plan(draft))) == sorted(each.id for each in taken)
    hall.publish(draft)
    assert hall.now_is(taken[0]).crew == other


def test_a_crew_that_cannot_is_refused_with_the_reasons(hall: Hall) -> None:
    hall.do(crews.save_crew, DISPATCHER, **crew_fields("t1", skills={"departments": ["tax"], "items": []}))
    order = hall.screened(1)
    draft = hall.planned()
    with pytest.raises(NotFeasible) as refused:
        reassigned(hall, draft, order, "t1")
    assert refused.value.extra["reasons"] == [{"order": order.id, "reason": "skill"}]
    assert hall.plan(draft).plan == draft.plan
    with pytest.raises(NoSuchCrew):
        reassigned(hall, draft, order, "nobody")
    with pytest.raises(NoSuchOrder):
        reassigned(hall, draft, hall.screened(2), "m1")


def test_an_order_that_nobody_served_can_be_given_to_a_crew_by_hand(hall: Hall) -> None:
    class Lazy:
        def solve(self, problem: Problem, on_progress: Callable[[Plan], None]) -> Plan:
            return Plan(routes=(), unserved=())

    order = hall.screened(1)
    draft = hall.planned(solver=Lazy())
    reassigned(hall, draft, order, "m1")
    assert hall.now_is(order).state == "scheduled"
    hall.publish(draft)
    assert hall.now_is(order).crew == "m1"


def test_only_days_to_come_are_planned_and_only_by_dispatchers(hall: Hall) -> None:
    for day in (date(2026, 3, 1), date(2026, 4, 20)):
        with pytest.raises(DateInvalid):
            hall.request(date=day)
    with pytest.raises(RoleMissing):
        hall.do(plans.request_plan, CREW, date=TODAY, seed=1, seconds=None)
    first = hall.request()
    hall.now += timedelta(seconds=1)
    second = hall.request(3)
    listed = hall.do(plans.list_plans, DISPATCHER, date=None, limit=1, cursor=None)
    assert [each.id for each in listed["items"]] == [second.id]
    rest = hall.do(plans.list_plans, DISPATCHER, date=None, limit=1, cursor=UUID(listed["next"]))
    assert ([each.id for each in rest["items"]], rest["next"]) == ([first.id], None)


def test_a_crew_sees_its_route_in_order_with_whom_to_visit_and_that_leaves_a_trace(hall: Hall) -> None:
    for nth in (1, 2, 3):
        hall.screened(nth)
    draft = hall.published()
    ids = [stop.job for crew, stop in draft.stops if crew == "m1"]
    for _ in range(2):
        route = hall.do(looking.get_route, CREW, code="m1", date=None)
    assert [order.id for order, _ in route["stops"]] == ids
    assert {person["name"] for _, person in route["stops"]} == {"张三"}
    dispatchers = hall.do(looking.get_route, DISPATCHER, code="m1", date=None)
    assert {person for _, person in dispatchers["stops"]} == {None}
    with hall.database.connect() as connection:
        seen = connection.execute("SELECT by, purpose FROM personal_accesses").fetchall()
    assert seen == [{"by": "crew", "purpose": "route"}] * len(ids)
