"""Quality of service: commendations, evaluations, waits."""

from collections.abc import Mapping
from typing import Any

from gateway.api.paging import page_of, without_page
from gateway.api.routing import ANALYSTS, STAFF, Routes
from gateway.http.asking import ask
from gateway.schemas.quality import (
    Advice,
    AdviceList,
    Commendation,
    CommendationChanges,
    CommendationHistory,
    CommendationList,
    CommendationQuery,
    CountedNoMore,
    Distribution,
    DistributionQuery,
    EvaluationFigureQuery,
    EvaluationFiguresList,
    NewAdvice,
    NewCommendation,
    WaitFiguresList,
    WaitQuery,
)

Query = Mapping[str, Any]
Body = Mapping[str, Any]

routes = Routes("quality", __name__, description="Quality of service: commendations, evaluations, waits.")


@routes.question("/statistics/evaluations", EvaluationFiguresList, query=EvaluationFigureQuery, roles=STAFF)
def get_evaluation_figures(query: Query) -> Any:
    """How visits were found, by department or item."""
    return page_of(ask("statistics", "get_evaluations", **without_page(query)), query)


@routes.command("/commendations", Commendation, body=NewCommendation, roles=ANALYSTS, status=201)
def record_commendation(body: Body) -> Any:
    """Record a thank-you letter, banner or plaque."""
    return ask("quality", "record_commendation", **body)


@routes.question("/commendations", CommendationList, query=CommendationQuery, roles=ANALYSTS)
def list_commendations(query: Query) -> Any:
    """The commendations received on these dates, the newest first; withdrawn ones are left out."""
    return page_of(ask("quality", "list_commendations", **without_page(query)), query)


@routes.question("/commendations/<uuid4:id>", CommendationHistory, roles=ANALYSTS)
def get_commendation(id: str) -> Any:
    """A commendation with what it was before each change."""
    return ask("quality", "get_commendation", id=id)


@routes.command(
    "/commendations/<uuid4:id>", CommendationHistory, body=CommendationChanges, roles=ANALYSTS, method="PATCH"
)
def correct_commendation(body: Body, id: str) -> Any:
    """Set a commendation right."""
    return ask("quality", "correct_commendation", id=id, **body)


@routes.command("/commendations/<uuid4:id>/withdraw", CommendationHistory, body=CountedNoMore, roles=ANALYSTS)
def withdraw_commendation(body: Body, id: str) -> Any:
    """Count a commendation no more."""
    return ask("quality", "withdraw_commendation", id=id, **body)


@routes.question("/statistics/waits", WaitFiguresList, query=WaitQuery, roles=STAFF)
def get_waits(query: Query) -> Any:
    """How long people waited and were served, and how good the estimates were."""
    return page_of(ask("statistics", "get_waits", **without_page(query)), query)


@routes.question("/statistics/distributions", Distribution, query=DistributionQuery, roles=STAFF)
def get_distribution(query: Query) -> Any:
    """A histogram of waits or services."""
    return ask("statistics", "get_distribution", **query)


@routes.command("/staffing-advice", Advice, body=NewAdvice, roles=ANALYSTS, status=202)
def request_staffing_advice(body: Body) -> Any:
    """Have the windows that each queue needs in each hour worked out by simulation."""
    return ask("statistics", "request_advice", **body)


@routes.question("/staffing-advice", AdviceList, roles=ANALYSTS)
def list_staffing_advice() -> Any:
    """The fifty newest pieces of advice, without their rows."""
    return {"items": ask("statistics", "list_advice"), "next": None}


@routes.question("/staffing-advice/<uuid4:id>", Advice, roles=ANALYSTS)
def get_staffing_advice(id: str) -> Any:
    """Advice on staffing, or how far it is."""
    return ask("statistics", "get_advice", id=id)
