"""Unusual movements and their follow-up."""

from collections.abc import Mapping
from typing import Any

from gateway.api.paging import page_of
from gateway.api.routing import ANALYSTS, Routes
from gateway.http.asking import ask
from gateway.schemas.anomalies import (
    AnomalyList,
    AnomalyQuery,
    Assignment,
    Dismissal,
    Explanation,
    FeedBack,
    OwnerList,
    OwnerQuery,
    WholeAnomaly,
)

Body = Mapping[str, Any]
# Clerks see what concerns their department.
READERS = (*ANALYSTS, "clerk")

routes = Routes("anomalies", __name__, description="Unusual movements: found, explained, fed back.")


@routes.question("/anomalies", AnomalyList, query=AnomalyQuery, roles=READERS)
def list_anomalies(query: Body) -> Any:
    """Unusual movements of items, departments and hours, the newest first."""
    return ask("statistics", "list_anomalies", **query)


@routes.question("/anomalies/owners", OwnerList, query=OwnerQuery, roles=ANALYSTS)
def list_owners(query: Body) -> Any:
    """Who may be given a task: departments, the accounts of one, and those that belong to none."""
    return page_of(ask("statistics", "list_owners", department=query.get("department")), query)


@routes.question("/anomalies/<uuid4:id>", WholeAnomaly, roles=READERS)
def get_anomaly(id: str) -> Any:
    """An unusual movement with the series for its chart and its history."""
    return ask("statistics", "get_anomaly", id=id)


@routes.command("/anomalies/<uuid4:id>/assign", WholeAnomaly, body=Assignment, roles=ANALYSTS)
def assign_anomaly(body: Body, id: str) -> Any:
    """Give somebody the task to explain it by a date."""
    return ask("statistics", "assign_anomaly", id=id, **body)


@routes.command("/anomalies/<uuid4:id>/explain", WholeAnomaly, body=Explanation, roles=READERS)
def explain_anomaly(body: Body, id: str) -> Any:
    """Note what its owner found out."""
    return ask("statistics", "explain_anomaly", id=id, **body)


@routes.command("/anomalies/<uuid4:id>/confirm", WholeAnomaly, roles=ANALYSTS)
def confirm_anomaly(id: str) -> Any:
    """Agree with the explanation: it is a real change."""
    return ask("statistics", "confirm_anomaly", id=id)


@routes.command("/anomalies/<uuid4:id>/dismiss", WholeAnomaly, body=Dismissal, roles=ANALYSTS)
def dismiss_anomaly(body: Body, id: str) -> Any:
    """Set it aside: nothing has changed."""
    return ask("statistics", "dismiss_anomaly", id=id, **body)


@routes.command("/anomalies/<uuid4:id>/feed-back", WholeAnomaly, body=FeedBack, roles=ANALYSTS)
def feed_back_anomaly(body: Body, id: str) -> Any:
    """Note what came of it and was told to the department."""
    return ask("statistics", "feed_back_anomaly", id=id, **body)
