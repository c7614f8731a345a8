"""Extended sessions and overtime."""

from collections.abc import Mapping
from typing import Any

from gateway.api.paging import page_of, without_page
from gateway.api.routing import STAFF, Routes
from gateway.http.asking import ask
from gateway.schemas.sessions import (
    NewSession,
    OvertimeList,
    OvertimeQuery,
    Session,
    SessionList,
    SessionQuery,
)

Body = Mapping[str, Any]
MANAGER = ("manager",)

routes = Routes("sessions", __name__, description="Staying open past closing, at noon or on a rest day.")


@routes.command(
    "/extended-sessions", Session, body=NewSession, roles=MANAGER, problems=(404, 409), status=201
)
def plan_session(body: Body) -> Any:
    """Plan an extended session."""
    return ask("appointments", "plan_session", **body)


@routes.question("/extended-sessions", SessionList, query=SessionQuery, roles=STAFF)
def list_sessions(query: Body) -> Any:
    """The sessions on these dates."""
    return page_of(ask("appointments", "list_sessions", **without_page(query)), query)


@routes.question("/extended-sessions/<uuid4:id>", Session, roles=STAFF)
def get_session(id: str) -> Any:
    """A session, with the overtime so far."""
    return ask("appointments", "get_session", id=id)


@routes.command("/extended-sessions/<uuid4:id>/open", Session, roles=MANAGER)
def open_session(id: str) -> Any:
    """Open a session before its time."""
    return ask("appointments", "open_session", id=id)


@routes.command("/extended-sessions/<uuid4:id>/close", Session, roles=MANAGER)
def close_session(id: str) -> Any:
    """Close a session; the overtime in it is recorded."""
    return ask("appointments", "close_session", id=id)


@routes.command("/extended-sessions/<uuid4:id>/cancel", Session, roles=MANAGER)
def cancel_session(id: str) -> Any:
    """Call a planned session off."""
    return ask("appointments", "cancel_session", id=id)


@routes.question("/overtime", OvertimeList, query=OvertimeQuery, roles=MANAGER)
def list_overtime(query: Body) -> Any:
    """Overtime by person, to the minute."""
    return page_of(ask("appointments", "list_overtime", **without_page(query)), query)
