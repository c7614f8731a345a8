"""On-site orders, crews and their routes."""

from collections.abc import Mapping
from typing import Any

from gateway.api.looking import guessing
from gateway.api.paging import page_of, without_page
from gateway.api.routing import Routes
from gateway.http.asking import ask
from gateway.schemas.appointments import Lookup, Purpose
from gateway.schemas.common import Because, Page
from gateway.schemas.dispatch import (
    Cancelling,
    Completion,
    Crew,
    CrewList,
    CrewQuery,
    FailedVisit,
    FieldAction,
    NewAbsence,
    NewCrew,
    NewOrder,
    NewOrderTime,
    Order,
    OrderList,
    OrderPerson,
    OrderQuery,
    Route,
    RouteQuery,
    Screening,
    VisitDays,
    VisitDaysQuery,
)
from gateway.schemas.dispatch_plans import (
    DispatchPlanQuery,
    NewPlace,
    NewPlan,
    Plan,
    PlanInfo,
    PlanList,
    Reassigned,
)

Body = Mapping[str, Any]
DISPATCHER = ("dispatcher",)
PLANNERS = ("dispatcher", "manager")
READERS = ("clerk", "crew", "operator", "dispatcher", "manager")
STAFF = ("operator", "dispatcher", "manager")
CREW = ("crew",)

routes = Routes(
    "dispatch", __name__, description="Service at the applicant's place, by crews on planned routes."
)


@routes.command(
    "/onsite-orders", Order, body=NewOrder, roles=("visitor", "operator", "dispatcher"), status=201
)
def request_order(body: Body) -> Any:
    """Ask staff to come: a visitor for their own number, staff on somebody's behalf."""
    return ask("dispatch", "request_order", **body)


@routes.question("/onsite-orders", OrderList, query=OrderQuery, roles=STAFF)
def list_orders(query: Body) -> Any:
    """Orders of a person, day, department or state, masked."""
    return ask("dispatch", "list_orders", **query)


@routes.question("/onsite-orders/overdue", OrderList, query=Page, roles=STAFF)
def list_overdue_orders(query: Body) -> Any:
    """Orders whose time is over, the oldest first; what is on a crew's route counts from the day after on."""
    return ask("dispatch", "list_overdue", **query)


@routes.question("/onsite-days", VisitDays, query=VisitDaysQuery, problems=(409,))
def list_visit_days(query: Body) -> Any:
    """The days of the coming four weeks on which staff can come for an item, without rest days and days off."""
    return ask("dispatch", "list_days", **query)


@routes.command("/onsite-orders/lookup", Order, body=Lookup, problems=(404,), repeatable=False)
def look_up_order(body: Body) -> Any:
    """One's own order, by reference and phone number; the answer has its token."""
    with guessing(body["phone"], body["reference"]):
        return ask("dispatch", "lookup", **body)


@routes.question("/onsite-orders/<uuid4:id>", Order, holder=True, staff=READERS)
def get_order(id: str) -> Any:
    """An order for its holder or staff: its state, and when the crew is expected."""
    return ask("dispatch", "get_order", id=id)


@routes.command("/onsite-orders/<uuid4:id>/screen", Order, body=Screening, roles=DISPATCHER)
def screen_order(body: Body, id: str) -> Any:
    """Accept or decline an order."""
    return ask("dispatch", "screen_order", id=id, **body)


@routes.command(
    "/onsite-orders/<uuid4:id>/cancel",
    Order,
    body=Cancelling,
    holder=True,
    staff=("operator", "dispatcher"),
)
def cancel_order(body: Body, id: str) -> Any:
    """Call an order off before the crew is on its way: its holder, or staff."""
    return ask("dispatch", "cancel_order", id=id, **body)


@routes.command(
    "/onsite-orders/<uuid4:id>/reschedule", Order, body=NewOrderTime, roles=("operator", "dispatcher")
)
def reschedule_order(body: Body, id: str) -> Any:
    """Move an order to another time window; it is planned anew."""
    return ask("dispatch", "reschedule_order", id=id, **body)


@routes.command("/onsite-orders/<uuid4:id>/token", Order, body=Because, roles=("operator", "dispatcher"))
def renew_order_token(body: Body, id: str) -> Any:
    """Withdraw the token of who lost it at once; the answer has the next."""
    return ask("dispatch", "renew_token", id=id, **body)


@routes.command("/onsite-orders/<uuid4:id>/reveal", OrderPerson, body=Purpose, roles=STAFF)
def reveal_order_person(body: Body, id: str) -> Any:
    """Whom an order is for, in clear; who asks, when and why is recorded."""
    return ask("dispatch", "reveal_person", id=id, **body)


@routes.command("/onsite-orders/<uuid4:id>/depart", Order, body=FieldAction, roles=CREW)
def depart(body: Body, id: str) -> Any:
    """The crew is on its way."""
    return ask("dispatch", "depart", id=id, **body)


@routes.command("/onsite-orders/<uuid4:id>/arrive", Order, body=FieldAction, roles=CREW)
def arrive(body: Body, id: str) -> Any:
    """The crew is there."""
    return ask("dispatch", "arrive", id=id, **body)


@routes.command("/onsite-orders/<uuid4:id>/complete", Order, body=Completion, roles=CREW)
def complete(body: Body, id: str) -> Any:
    """The visit is done; what was accepted on the spot becomes cases with origin `on_site`."""
    return ask("dispatch", "complete", id=id, **body)


@routes.command("/onsite-orders/<uuid4:id>/fail", Order, body=FailedVisit, roles=CREW)
def fail(body: Body, id: str) -> Any:
    """The visit came to nothing."""
    return ask("dispatch", "fail", id=id, **body)


@routes.command("/crews", Crew, body=NewCrew, roles=PLANNERS, status=201)
def save_crew(body: Body) -> Any:
    """Make or change a crew."""
    return ask("dispatch", "save_crew", **body)


@routes.question("/crews", CrewList, query=CrewQuery, roles=(*PLANNERS, "crew"))
def list_crews(query: Body) -> Any:
    """The crews as they work on a date; a crew's member sees their own."""
    return page_of(ask("dispatch", "list_crews", **without_page(query)), query)


@routes.command("/crews/<code:code>/absences", Crew, body=NewAbsence, roles=PLANNERS, status=201)
def note_absence(body: Body, code: str) -> Any:
    """Note that a member, or the whole crew, is not there; the days that this touches are drafted anew."""
    return ask("dispatch", "note_absence", code=code, **body)


@routes.question("/crews/<code:code>/route", Route, query=RouteQuery, roles=(*PLANNERS, "crew"))
def get_route(query: Body, code: str) -> Any:
    """A crew's visits of a day, in order."""
    return ask("dispatch", "get_route", code=code, **query)


@routes.command("/dispatch-plans", PlanInfo, body=NewPlan, roles=DISPATCHER, status=202)
def request_plan(body: Body) -> Any:
    """Have a day planned; where a plan of it holds, only what has not started is planned."""
    return ask("dispatch", "request_plan", **body)


@routes.question("/dispatch-plans", PlanList, query=DispatchPlanQuery, roles=PLANNERS)
def list_plans(query: Body) -> Any:
    """The plans of a date or all, the newest first."""
    return ask("dispatch", "list_plans", **query)


@routes.question("/dispatch-plans/<uuid4:id>", Plan, roles=PLANNERS)
def get_plan(id: str) -> Any:
    """A plan: how far it is, its routes, who is not served and why, what moved, and whether it still holds."""
    return ask("dispatch", "get_plan", id=id)


@routes.command("/dispatch-plans/<uuid4:id>/publish", Plan, roles=DISPATCHER)
def publish_plan(id: str) -> Any:
    """Assign the orders of a draft; crews and applicants are told."""
    return ask("dispatch", "publish_plan", id=id)


@routes.command("/dispatch-plans/<uuid4:id>/reassign", Reassigned, body=NewPlace, roles=DISPATCHER)
def reassign(body: Body, id: str) -> Any:
    """Give an order of a draft to a crew; with `dry_run` only say whether it can."""
    return ask("dispatch", "reassign", id=id, **body)
