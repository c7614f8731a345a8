"""Slots, appointments and slot plans."""

from collections.abc import Mapping
from typing import Any

from flask import Response, g

from gateway.api.calendar import calendar_file
from gateway.api.looking import guessing, spend_search, token_in, ways_to_look
from gateway.api.paging import page_of, without_page
from gateway.api.routing import Routes
from gateway.http.asking import ask
from gateway.http.problems import Problem
from gateway.http.runtime import runtime
from gateway.schemas.appointments import (
    Appointment,
    AppointmentList,
    AppointmentQuery,
    CalendarQuery,
    ComerList,
    DayQuery,
    DaySlotList,
    HistoryQuery,
    Lookup,
    NewAppointment,
    NewSlotPlan,
    NewTime,
    NewWaiting,
    Person,
    PersonHistory,
    PlanQuery,
    Purpose,
    SlotList,
    SlotPlan,
    SlotPlanList,
    SlotQuery,
    TodayQuery,
    WithdrawPlan,
)
from gateway.schemas.common import Because
from services.chassis import clock

Body = Mapping[str, Any]
MANAGER = ("manager",)
# Who acts at a desk for whoever stands there or calls.
DESK = ("clerk", "operator", "manager")
# A kiosk checks people in and does nothing else with their appointments.
REFUSED = (403, 409)
CALENDAR_DOC: dict[str, Any] = {
    "responses": {
        "200": {
            "description": "An iCalendar file (RFC 5545) with one event.",
            "content": {"text/calendar": {"schema": {"type": "string"}}},
            "headers": {"X-Call-Id": "CallId"},
        }
    },
}

routes = Routes("appointments", __name__, description="Booking a time, by web, phone and at the window.")


@routes.question("/slots", SlotList, query=SlotQuery, problems=(409,))
def list_slots(query: Body) -> Any:
    """When an item can be booked, and how many places are left."""
    asked = {"from": clock.business_date(clock.now()).isoformat(), **without_page(query)}
    return page_of(ask("appointments", "list_slots", **asked), query)


@routes.question("/slots/day", DaySlotList, query=DayQuery, roles=("operator", "manager"))
def list_day(query: Body) -> Any:
    """The slots of a day, today's when left out: what is booked, and what each channel has left."""
    asked = {"date": clock.business_date(clock.now()).isoformat(), **without_page(query)}
    return page_of(ask("appointments", "list_day", **asked), query)


@routes.command(
    "/appointments",
    Appointment,
    body=NewAppointment,
    roles=("visitor", "clerk", "operator"),
    problems=(404, 409),
    status=201,
)
def book_appointment(body: Body) -> Any:
    """Take a place."""
    return ask("appointments", "book", **body)


@routes.question("/appointments", AppointmentList, query=AppointmentQuery, roles=DESK)
def list_appointments(query: Body) -> Any:
    """Appointments of a person, day or department, masked."""
    return ask("appointments", "list_appointments", **query)


@routes.command("/appointments/lookup", Appointment, body=Lookup, problems=(404,), repeatable=False)
def look_up_appointment(body: Body) -> Any:
    """One's own appointment, by reference and phone number; the answer has its token."""
    with guessing(body["phone"], body["reference"]):
        return ask("appointments", "lookup", **body)


@routes.question(
    "/appointments/today", ComerList, query=TodayQuery, roles=("kiosk", "clerk", "operator"), holder=True
)
def find_todays_appointments(query: Body) -> Any:
    """Today's appointments that fit what a person shows or says at a kiosk or window.

    At a kiosk a code, a reference, at least five digits of the phone, or four with the name's first character.
    """
    found: dict[str, Any] = {"items": []}
    spend_search()
    g.read_token = token_in(query["q"])
    for way in ways_to_look(query["q"]):
        found = ask("appointments", "lookup_today", **way)
        if found["items"]:
            break
    return {"items": found["items"], "next": None}


@routes.question("/appointments/<uuid4:id>", Appointment, holder=True, staff=DESK)
def get_appointment(id: str) -> Any:
    """An appointment, for its holder or staff of its department."""
    return ask("appointments", "get_appointment", id=id)


@routes.question(
    "/appointments/<uuid4:id>/calendar.ics",
    None,
    query=CalendarQuery,
    problems=(409,),
    holder=True,
    staff=DESK,
    extra_doc=CALENDAR_DOC,
)
def get_calendar_file(query: Body, id: str) -> Response:
    """An appointment for one's own calendar."""
    found = ask("appointments", "get_appointment", id=id)
    if found.get("starts_at") is None:
        raise Problem(409, "no_time_yet", "The appointment has no time yet.")
    moves = ask("appointments", "get_moves", id=id)
    item, hall = ask("catalogue", "get_item", code=found["item"]), ask("catalogue", "get_hall")
    answer = Response(
        calendar_file(
            found,
            moves,
            item=item,
            hall=hall,
            place=runtime().settings.place,
            language=query.get("lang", "zh"),
        ),
        content_type="text/calendar; charset=utf-8",
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="{found["reference"]}.ics"'
    return answer


@routes.command("/appointments/<uuid4:id>/confirm", Appointment, problems=REFUSED, holder=True, staff=DESK)
def confirm_appointment(id: str) -> Any:
    """Book the place that is held or offered."""
    return ask("appointments", "confirm", id=id)


@routes.command("/appointments/<uuid4:id>/cancel", Appointment, problems=REFUSED, holder=True, staff=DESK)
def cancel_appointment(id: str) -> Any:
    """Give the place back."""
    return ask("appointments", "cancel", id=id)


@routes.command(
    "/appointments/<uuid4:id>/reschedule",
    Appointment,
    body=NewTime,
    problems=REFUSED,
    holder=True,
    staff=DESK,
)
def reschedule_appointment(body: Body, id: str) -> Any:
    """Move to another slot; the answer is the new appointment."""
    return ask("appointments", "reschedule", id=id, **body)


@routes.command("/appointments/<uuid4:id>/check-in", Appointment, problems=REFUSED, holder=True, staff=DESK)
def check_in(id: str) -> Any:
    """Take the number of an appointment; again gives the same number."""
    return ask("appointments", "check_in", id=id)


@routes.command(
    "/appointments/<uuid4:id>/token",
    Appointment,
    body=Because,
    roles=DESK,
    problems=REFUSED,
)
def renew_appointment_token(body: Body, id: str) -> Any:
    """Withdraw the token of who lost it at once; the answer has the next."""
    return ask("appointments", "renew_token", id=id, **body)


@routes.command("/appointments/<uuid4:id>/reveal", Person, body=Purpose, roles=DESK)
def reveal_person(body: Body, id: str) -> Any:
    """Who an appointment is for, in clear; who asks, and why, is recorded. A clerk sees who is at their window."""
    return ask("appointments", "reveal_person", id=id, **body)


@routes.question("/persons/history", PersonHistory, query=HistoryQuery, roles=("operator",))
def get_person_history(query: Body) -> Any:
    """What a caller booked, kept and missed."""
    return ask("appointments", "person_history", **query)


@routes.command("/waitlist", Appointment, body=NewWaiting, roles=("visitor", "operator"), status=201)
def join_waitlist(body: Body) -> Any:
    """Wait for a place; the first that falls free is offered for a time."""
    return ask("appointments", "join_waitlist", **body)


@routes.command("/slot-plans", SlotPlan, body=NewSlotPlan, roles=MANAGER, status=201)
def save_slot_plan(body: Body) -> Any:
    """Make or change a weekly plan; its future slots follow."""
    return ask("appointments", "save_slot_plan", **body)


@routes.question("/slot-plans", SlotPlanList, query=PlanQuery, roles=("operator", "manager"))
def list_slot_plans(query: Body) -> Any:
    """The weekly plans, of one department or all."""
    return page_of(ask("appointments", "list_slot_plans", **without_page(query)), query)


@routes.command("/slot-plans/<code:code>/withdraw", SlotPlan, body=WithdrawPlan, roles=MANAGER)
def withdraw_slot_plan(body: Body, code: str) -> Any:
    """End a plan; those booked after that day are told and offered other times."""
    return ask("appointments", "withdraw_slot_plan", code=code, **body)
