"""Tickets and windows."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from gateway.api.paging import page_of, without_page
from gateway.api.routing import ANALYSTS, SIGNED_IN, Routes
from gateway.api.streaming import stream, stream_doc
from gateway.http.asking import ask, ask_for_all
from gateway.http.auth import bearer_token
from gateway.http.runtime import runtime
from gateway.schemas.catalogue import ByDepartment
from gateway.schemas.common import Because
from gateway.schemas.ticketing import (
    Choice,
    Desk,
    Evaluation,
    EvaluationDetail,
    EvaluationList,
    EvaluationQuery,
    Floor,
    FloorQuery,
    FollowUpResult,
    FollowUpTask,
    NewEvaluation,
    NewTicket,
    SignIn,
    SignOut,
    Ticket,
    TicketPhone,
    Transfer,
    Why,
    Window,
    WindowList,
)

Body = Mapping[str, Any]
CLERK = ("clerk",)
MANAGER = ("manager",)
# A manager steps in for a clerk who is gone.
FLOOR = ("clerk", "manager")
WATCHES_FLOOR = ("clerk", "operator", *ANALYSTS)

routes = Routes("ticketing", __name__, description="Numbers, windows and calls.")


@routes.command(
    "/tickets", Ticket, body=NewTicket, roles=("kiosk", "clerk", "operator", "manager"), status=201
)
def issue_ticket(body: Body) -> Any:
    """Take a number."""
    return ask("ticketing", "issue_ticket", **body)


@routes.question("/tickets/<uuid4:id>", Ticket)
def get_ticket(id: str) -> Any:
    """A ticket, with how many are ahead and how long it will take while it waits."""
    return ask("ticketing", "get_ticket", id=id)


@routes.question("/tickets/<uuid4:id>/why", Why, problems=(409,))
def why_called(id: str) -> Any:
    """Why a ticket was called when it was."""
    return ask("ticketing", "why_called", id=id)


@routes.command("/tickets/<uuid4:id>/cancel", Ticket, holder=True, staff=CLERK)
def cancel_ticket(id: str) -> Any:
    """Give a number back: its holder, or staff of its department."""
    return ask("ticketing", "cancel_ticket", id=id)


@routes.command("/tickets/<uuid4:id>/phone", Ticket, body=TicketPhone, holder=True, staff=CLERK)
def leave_phone(body: Body, id: str) -> Any:
    """Leave a phone with a waiting number, to be told when the turn is near: its holder, or staff of its department."""
    return ask("ticketing", "leave_phone", id=id, **body)


@routes.command("/tickets/<uuid4:id>/token", Ticket, body=Because, roles=("clerk", "operator", "manager"))
def renew_ticket_token(body: Body, id: str) -> Any:
    """Withdraw the token of a lost slip at once; the answer has the next, for a slip that is printed anew."""
    return ask("ticketing", "renew_token", id=id, **body)


@routes.command("/tickets/<uuid4:id>/recall", Ticket, roles=CLERK)
def recall_ticket(id: str) -> Any:
    """Call the same number again, as often as the hall allows and after a pause."""
    return ask("ticketing", "recall_ticket", id=id)


@routes.command("/tickets/<uuid4:id>/start", Ticket, roles=CLERK)
def start_ticket(id: str) -> Any:
    """The visitor is at the window."""
    return ask("ticketing", "start_ticket", id=id)


@routes.command("/tickets/<uuid4:id>/finish", Ticket, roles=CLERK)
def finish_ticket(id: str) -> Any:
    """The visitor is served, or was set aside and needs nothing more."""
    return ask("ticketing", "finish_ticket", id=id)


@routes.command("/tickets/<uuid4:id>/miss", Ticket, roles=CLERK)
def miss_ticket(id: str) -> Any:
    """Nobody came, or nobody came back who was set aside."""
    return ask("ticketing", "miss_ticket", id=id)


@routes.command("/tickets/<uuid4:id>/requeue", Ticket, roles=CLERK)
def requeue_ticket(id: str) -> Any:
    """Put a missed number back into its queue, once."""
    return ask("ticketing", "requeue_ticket", id=id)


@routes.command("/tickets/<uuid4:id>/hold", Ticket, roles=CLERK)
def hold_ticket(id: str) -> Any:
    """Set a visitor aside, to fill in a form for example."""
    return ask("ticketing", "hold_ticket", id=id)


@routes.command("/tickets/<uuid4:id>/resume", Ticket, roles=CLERK)
def resume_ticket(id: str) -> Any:
    """Go on, at the window where one is signed in, with a visitor who was set aside at any of the department."""
    return ask("ticketing", "resume_ticket", id=id)


@routes.command("/tickets/<uuid4:id>/transfer", Ticket, body=Transfer, roles=FLOOR)
def transfer_ticket(body: Body, id: str) -> Any:
    """Send a visitor on to another queue, to a window or to a clerk, with the same number and seniority."""
    return ask("ticketing", "transfer_ticket", id=id, **body)


@routes.command("/tickets/<uuid4:id>/put-back", Ticket, body=Because, roles=MANAGER)
def put_back_ticket(body: Body, id: str) -> Any:
    """Let a visitor wait again whose clerk is gone, with the same number and seniority."""
    return ask("ticketing", "put_back_ticket", id=id, **body)


@routes.command("/tickets/<uuid4:id>/end", Ticket, body=Because, roles=MANAGER)
def end_ticket(body: Body, id: str) -> Any:
    """End a number whose visitor is gone, whatever state it is in."""
    return ask("ticketing", "end_ticket", id=id, **body)


@routes.command("/tickets/<uuid4:id>/evaluation", Evaluation, body=NewEvaluation, status=201, holder=True)
def evaluate_ticket(body: Body, id: str) -> Any:
    """Say how the visit was: its visitor alone, never staff."""
    return ask("ticketing", "evaluate_ticket", id=id, **body)


@routes.question("/evaluations", EvaluationList, query=EvaluationQuery, roles=ANALYSTS)
def list_evaluations(query: Body) -> Any:
    """Evaluations, the newest first, with the follow-up of the negative ones."""
    return ask("ticketing", "list_evaluations", **query)


@routes.command("/evaluations/<uuid4:ticket>/assign", EvaluationDetail, body=FollowUpTask, roles=MANAGER)
def assign_evaluation(body: Body, ticket: str) -> Any:
    """Have somebody follow a negative evaluation up by a date; again to give it to somebody else. An account that is
    not there, or is of no role that follows up, is refused: 422 `no_such_owner`."""
    return ask("ticketing", "assign_evaluation", ticket=ticket, **body)


@routes.command("/evaluations/<uuid4:ticket>/follow-up", EvaluationDetail, body=FollowUpResult, roles=MANAGER)
def follow_up_evaluation(body: Body, ticket: str) -> Any:
    """What came of a follow-up that was assigned."""
    return ask("ticketing", "follow_up_evaluation", ticket=ticket, **body)


@routes.command("/evaluations/<uuid4:ticket>/answer", EvaluationDetail, body=FollowUpResult, roles=SIGNED_IN)
def answer_follow_up(body: Body, ticket: str) -> Any:
    """What came of a follow-up that the caller was given."""
    return ask("ticketing", "answer_follow_up", ticket=ticket, **body)


@routes.question("/windows", WindowList, query=ByDepartment)
def list_windows(query: Body) -> Any:
    """The windows and who sits there, of one department or all."""
    return page_of(ask_for_all("ticketing", "list_windows", **without_page(query)), query)


@routes.question("/floor", Floor, query=FloorQuery, roles=WATCHES_FLOOR)
def get_floor(query: Body) -> Any:
    """What goes on in the queues and at the windows, of one department or all."""
    return ask("ticketing", "get_floor", **query)


@routes.command("/windows/<code:code>/sign-in", Window, body=SignIn, roles=CLERK)
def sign_in(body: Body, code: str) -> Any:
    """Open a window."""
    return ask("ticketing", "sign_in", window=code, **body)


@routes.command("/windows/<code:code>/sign-out", Window, body=SignOut, roles=FLOOR)
def sign_out(body: Body, code: str) -> Any:
    """Close a window; a manager frees one that its clerk has left. Says who is set aside there."""
    return ask("ticketing", "sign_out", window=code, **body)


@routes.command("/windows/<code:code>/call-next", Ticket, roles=CLERK, or_empty=True)
def call_next(code: str) -> Any:
    """Call the next number; 204 when nobody waits."""
    return ask("ticketing", "call_next", window=code)


@routes.command("/windows/<code:code>/call", Ticket, body=Choice, roles=CLERK)
def call_number(body: Body, code: str) -> Any:
    """Call one who waits for the window out of turn, for a reason that `why` shows."""
    return ask("ticketing", "call_number", window=code, **body)


@routes.question("/windows/<code:code>/current", Desk, roles=FLOOR)
def get_desk(code: str) -> Any:
    """What is before a clerk: the ticket at the window, what is set aside, who waits in the order of calling."""
    return ask("ticketing", "get_desk", window=code)


@routes.question("/windows/<code:code>/events", None, roles=CLERK, extra_doc=stream_doc("desk", "a desk"))
def stream_desk(code: str) -> Response:
    """What is before a clerk as it changes.

    A change is told within a second or two, one of those who wait within 15 s while somebody is served. The stream
    ends with the token.
    """
    parts = runtime()
    token = bearer_token(request.headers.get("Authorization")) or ""
    return stream(
        lambda last: parts.live.desks.open(
            code,
            lambda: ask("ticketing", "get_desk", window=code),
            always_find=True,
            last_position=last,
            may_go_on=lambda: parts.verifier.still_takes(token),
        )
    )
