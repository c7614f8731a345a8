"""Arranging the hall: departments, zones, queues, windows, opening hours, days of the calendar."""

from collections.abc import Mapping
from typing import Any

from gateway.api.paging import page_of, without_page
from gateway.api.routing import Routes
from gateway.http.asking import ask
from gateway.schemas.arranging import (
    ArrangedWindow,
    ArrangedWindowList,
    CalendarDayList,
    DaysChange,
    DepartmentChange,
    HoursChange,
    HoursList,
    NewCounter,
    NewDepartment,
    NewQueue,
    NewZone,
    QueueChange,
    WindowChange,
    YearQuery,
    ZoneChange,
)
from gateway.schemas.catalogue import Department, Queue, Zone
from gateway.schemas.common import Page

Body = Mapping[str, Any]
ADMIN = ("admin",)

routes = Routes("arranging", __name__, description="How the hall is arranged, and when it is open.")


@routes.command("/departments", Department, body=NewDepartment, roles=ADMIN, status=201)
def add_department(body: Body) -> Any:
    """Make a department."""
    return ask("catalogue", "add_department", **body)


@routes.command("/departments/<code:code>", Department, body=DepartmentChange, roles=ADMIN, method="PATCH")
def change_department(body: Body, code: str) -> Any:
    """Change a department."""
    return ask("catalogue", "change_department", code=code, **body)


@routes.command("/zones", Zone, body=NewZone, roles=ADMIN, status=201)
def add_zone(body: Body) -> Any:
    """Make a zone."""
    return ask("catalogue", "add_zone", **body)


@routes.command("/zones/<code:code>", Zone, body=ZoneChange, roles=ADMIN, method="PATCH")
def change_zone(body: Body, code: str) -> Any:
    """Change a zone."""
    return ask("catalogue", "change_zone", code=code, **body)


@routes.command("/queues", Queue, body=NewQueue, roles=ADMIN, status=201)
def add_queue(body: Body) -> Any:
    """Make a queue."""
    return ask("catalogue", "add_queue", **body)


@routes.command("/queues/<code:code>", Queue, body=QueueChange, roles=ADMIN, method="PATCH")
def change_queue(body: Body, code: str) -> Any:
    """Change a queue."""
    return ask("catalogue", "change_queue", code=code, **body)


@routes.question("/catalogue/windows", ArrangedWindowList, query=Page, roles=ADMIN)
def list_arranged_windows(query: Body) -> Any:
    """The windows as they are arranged, whoever sits there."""
    return page_of(ask("catalogue", "list_windows"), query)


@routes.command("/windows", ArrangedWindow, body=NewCounter, roles=ADMIN, status=201)
def add_window(body: Body) -> Any:
    """Make a window."""
    return ask("catalogue", "add_window", **body)


@routes.command("/windows/<code:code>", ArrangedWindow, body=WindowChange, roles=ADMIN, method="PATCH")
def change_window(body: Body, code: str) -> Any:
    """Change a window."""
    return ask("catalogue", "change_window", code=code, **body)


@routes.command("/hours", HoursList, body=HoursChange, roles=ADMIN)
def save_hours(body: Body) -> Any:
    """Give weekdays other opening hours, of the hall or of a department; the answer is all of them."""
    return page_of(ask("catalogue", "save_hours", **body), {})


@routes.question("/calendar", CalendarDayList, query=YearQuery, roles=ADMIN)
def list_days(query: Body) -> Any:
    """The days of a year that differ from the plain rule of weekdays."""
    return page_of(ask("catalogue", "list_days", **without_page(query)), query)


@routes.question("/calendar/official", CalendarDayList, query=YearQuery, roles=ADMIN)
def list_official_days(query: Body) -> Any:
    """The days of a year that the State Council has published; none while it has not, or is not known here."""
    return page_of(ask("catalogue", "list_official_days", **without_page(query)), query)


@routes.command("/calendar", CalendarDayList, body=DaysChange, roles=ADMIN)
def save_days(body: Body) -> Any:
    """Say which days are worked, and which not, against the plain rule; the answer is those of their years."""
    return page_of(ask("catalogue", "save_days", **body), {})
