"""Cases: accepted at the window, decided in time."""

from collections.abc import Mapping
from typing import Any

from gateway.api.paging import page_of
from gateway.api.routing import Routes
from gateway.http.asking import ask
from gateway.schemas.cases import Case, CaseList, Decision, NewCase, Reason
from gateway.schemas.common import Page

Body = Mapping[str, Any]
CLERK = ("clerk",)

routes = Routes("cases", __name__, description="Business accepted at a window.")


@routes.command("/tickets/<uuid4:id>/cases", Case, body=NewCase, roles=CLERK, status=201)
def accept_case(body: Body, id: str) -> Any:
    """Accept a case for the visitor at the window."""
    return ask("cases", "accept_case", ticket=id, **body)


@routes.question("/tickets/<uuid4:id>/cases", CaseList, query=Page, roles=CLERK)
def list_cases(query: Body, id: str) -> Any:
    """The cases of one visit."""
    return page_of(ask("cases", "list_cases", ticket=id), query)


@routes.question("/cases/mine", CaseList, query=Page, roles=CLERK)
def list_my_cases(query: Body) -> Any:
    """The cases that the caller accepted today, the newest first."""
    return page_of(ask("cases", "list_my_cases"), query)


@routes.question("/cases/<case:number>", Case, roles=CLERK)
def get_case(number: str) -> Any:
    """A case."""
    return ask("cases", "get_case", number=number)


@routes.command("/cases/<case:number>/decide", Case, body=Decision, roles=CLERK)
def decide_case(body: Body, number: str) -> Any:
    """The case is decided: granted, or refused with a reason; without a body it is granted."""
    return ask("cases", "decide_case", number=number, **body)


@routes.command("/cases/<case:number>/deliver", Case, roles=CLERK)
def deliver_case(number: str) -> Any:
    """The result is handed over."""
    return ask("cases", "deliver_case", number=number)


@routes.command("/cases/<case:number>/correction", Case, body=Reason, roles=CLERK)
def correct_case(body: Body, number: str) -> Any:
    """Ask for materials; the clock stops until they come."""
    return ask("cases", "correct_case", number=number, **body)


@routes.command("/cases/<case:number>/resume", Case, roles=CLERK)
def resume_case(number: str) -> Any:
    """The materials are here; the clock goes on."""
    return ask("cases", "resume_case", number=number)


@routes.command("/cases/<case:number>/reject", Case, body=Reason, roles=CLERK)
def reject_case(body: Body, number: str) -> Any:
    """Do not accept the case."""
    return ask("cases", "reject_case", number=number, **body)
