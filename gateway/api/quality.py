"""Quality of service: commendations, evaluations, waits."""

from collections.abc import Mapping
from typing import Any

from gateway.api.paging import page_of, without_page
from gateway.api.routing import STAFF, Routes
from gateway.asking import ask
from gateway.schemas.quality import (
    Commendation,
    CommendationChanges,
    CommendationHistory,
    CommendationList,
    CommendationQuery,
    EvaluationFigureQuery,
    EvaluationFiguresList,
    NewCommendation,
    Reason,
)

Query = Mapping[str, Any]
Body = Mapping[str, Any]
ANALYSTS = ("analyst", "manager")

routes = Routes("quality", __name__, description="Quality of service: commendations, evaluations, waits.")


@routes.question("/statistics/evaluations", EvaluationFiguresList, query=EvaluationFigureQuery, roles=STAFF)
def get_evaluation_figures(query: Query) -> Any:
    """How visits were found, by department or item."""
    return page_of(ask("statistics", "get_evaluations", **without_page(query)), query)


@routes.command("/commendations", Commendation, body=NewCommendation, roles=ANALYSTS, status=201)
def record_commendation(body: Body) -> Any:
    """Record a thank-you letter, banner or plaque."""
    return ask("statistics", "record_commendation", **body)


@routes.question("/commendations", CommendationList, query=CommendationQuery, roles=ANALYSTS)
def list_commendations(query: Query) -> Any:
    """The commendations received on these dates, the newest first; withdrawn ones are left out."""
    return page_of(ask("statistics", "list_commendations", **without_page(query)), query)


@routes.question("/commendations/<uuid4:id>", CommendationHistory, roles=ANALYSTS)
def get_commendation(id: str) -> Any:
    """A commendation with what it was before each change."""
    return ask("statistics", "get_commendation", id=id)


@routes.command(
    "/commendations/<uuid4:id>", CommendationHistory, body=CommendationChanges, roles=ANALYSTS, method="PATCH"
)
def correct_commendation(body: Body, id: str) -> Any:
    """Set a commendation right."""
    return ask("statistics", "correct_commendation", id=id, **body)


@routes.command("/commendations/<uuid4:id>/withdraw", CommendationHistory, body=Reason, roles=ANALYSTS)
def withdraw_commendation(body: Body, id: str) -> Any:
    """Count a commendation no more."""
    return ask("statistics", "withdraw_commendation", id=id, **body)
