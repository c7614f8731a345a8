"""Slots, appointments and slot plans."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Response, g

from gateway.api.calendar import calendar_file
from gateway.api.paging import page_of, without_page
from gateway.api.routing import Routes
from gateway.asking import ask
from gateway.limits import plain_number
from gateway.problems import Problem
from gateway.runtime import runtime
from gateway.schemas.appointments import (
    Appointment,
    AppointmentList,
    AppointmentQuery,
    CalendarQuery,
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
from gateway.schemas.common import UUID_PATTERN
from services.chassis import clock
from services.chassis.caller import network_of

Body = Mapping[str, Any]
MANAGER = ("manager",)
# A kiosk checks people in and does nothing else with their appointments.
REFUSED = (403, 409)
_UUID = re.compile(UUID_PATTERN.strip("^$"))
_PHONE_DIGITS = re.compile(r"[0-9]{4,11}\Z")
REFERENCE_LENGTH = 8
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


@routes.question(
    "/appointments", AppointmentList, query=AppointmentQuery, roles=("clerk", "operator", "manager")
)
def list_appointments(query: Body) -> Any:
    """Appointments of a person, day or department, masked."""
    return ask("appointments", "list_appointments", **query)


@routes.command("/appointments/lookup", Appointment, body=Lookup, problems=(404,), repeatable=False)
def look_up_appointment(body: Body) -> Any:
    """One's own appointment, by reference and phone number."""
    spend_lookup(body["phone"])
    return ask("appointments", "lookup", **body)


@routes.question(
    "/appointments/today", AppointmentList, query=TodayQuery, roles=("kiosk", "clerk", "operator")
)
def find_todays_appointments(query: Body) -> Any:
    """Today's appointments that fit what a person shows or says at a kiosk or window."""
    found: dict[str, Any] = {"items": []}
    for way in _ways_to_look(query["q"]):
        found = ask("appointments", "lookup_today", **way)
        if found["items"]:
            break
    return {"items": found["items"], "next": None}


@routes.question("/appointments/<uuid4:id>", Appointment)
def get_appointment(id: str) -> Any:
    """An appointment."""
    return ask("appointments", "get_appointment", id=id)


@routes.question(
    "/appointments/<uuid4:id>/calendar.ics",
    None,
    query=CalendarQuery,
    problems=(409,),
    extra_doc=CALENDAR_DOC,
)
def get_calendar_file(query: Body, id: str) -> Response:
    """An appointment for one's own calendar."""
    found = ask("appointments", "get_appointment", id=id)
    if found.get("starts_at") is None:
        raise Problem(409, "no_time_yet", "The appointment has no time yet.")
    item, hall = ask("catalogue", "get_item", code=found["item"]), ask("catalogue", "get_hall")
    answer = Response(
        calendar_file(found, item=item, hall=hall, language=query.get("lang", "zh")),
        content_type="text/calendar; charset=utf-8",
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="{found["reference"]}.ics"'
    return answer


@routes.command("/appointments/<uuid4:id>/confirm", Appointment, problems=REFUSED)
def confirm_appointment(id: str) -> Any:
    """Book the place that is held or offered."""
    return ask("appointments", "confirm", id=id)


@routes.command("/appointments/<uuid4:id>/cancel", Appointment, problems=REFUSED)
def cancel_appointment(id: str) -> Any:
    """Give the place back."""
    return ask("appointments", "cancel", id=id)


@routes.command("/appointments/<uuid4:id>/reschedule", Appointment, body=NewTime, problems=REFUSED)
def reschedule_appointment(body: Body, id: str) -> Any:
    """Move to another slot; the answer is the new appointment."""
    return ask("appointments", "reschedule", id=id, **body)


@routes.command("/appointments/<uuid4:id>/check-in", Appointment, problems=REFUSED)
def check_in(id: str) -> Any:
    """Take the number of an appointment; again gives the same number."""
    return ask("appointments", "check_in", id=id)


@routes.command("/appointments/<uuid4:id>/reveal", Person, body=Purpose, roles=("operator", "manager"))
def reveal_person(body: Body, id: str) -> Any:
    """Who an appointment is for, in clear; who asks, when and why is recorded."""
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


def _ways_to_look(shown: str) -> list[dict[str, str]]:
    """Return how to look for what was shown or typed, the surest way first.

    A code's text may be a link that ends in the id. A reference of digits alone could be a phone number's digits too.
    """
    if found := _UUID.search(shown.strip().lower()):
        return [{"id": found.group()}]
    text = "".join(character for character in shown if character.isalnum())
    ways = []
    if len(text) == REFERENCE_LENGTH and text.isascii():
        ways.append({"reference": text.upper()})
    if _PHONE_DIGITS.match(text):
        ways.append({"phone_digits": text})
    return ways


def spend_lookup(phone: str) -> None:
    """Count a try to find a reference of a phone number, against guessing.

    Raises:
        Problem: 429, too many of this number or from this address.
    """
    limits = runtime().limits
    limits.spend(limits.codes, f"lookup/{plain_number(phone)}")
    limits.spend(limits.codes, f"lookup-address/{network_of(g.address)}")
