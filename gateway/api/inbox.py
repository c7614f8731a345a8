"""What the caller was given to do, of all services that give work."""

from collections.abc import Mapping
from typing import Any

from flask import g

from gateway.api.paging import page_of
from gateway.api.routing import SIGNED_IN, Routes
from gateway.http.asking import ask
from gateway.http.permissions import OPERATIONS
from gateway.http.runtime import runtime
from gateway.schemas.common import Page
from gateway.schemas.inbox import Inbox
from services.chassis import clock
from services.chassis.bus import BusError

# Which service gives which work, and the operation by which it is done: who may not do it is given none.
SOURCES = {
    "follow_up": ("ticketing", "answer_follow_up"),
    "anomaly": ("statistics", "explain_anomaly"),
    "action": ("quality", "settle_action"),
}

routes = Routes("inbox", __name__, description="What the caller was given to do.")


@routes.question("/inbox", Inbox, query=Page, roles=SIGNED_IN)
def list_tasks(query: Mapping[str, Any]) -> Any:
    """What the caller, or the caller's department, was given to do and has not done; what is due first comes first.

    A service that does not answer hides nothing of the others: its kind is named as missing.
    """
    today = clock.business_date(clock.now()).isoformat()
    found: list[dict[str, Any]] = []
    missing: list[str] = []
    for kind, (service, operation) in SOURCES.items():
        if not runtime().roles.permits(g.principal, OPERATIONS[operation]):
            continue
        try:
            tasks = ask(service, "list_tasks")["items"]
        except BusError:
            missing.append(kind)
        else:
            found += [{"kind": kind, "overdue": (task["due_on"] or today) < today, **task} for task in tasks]
    in_order = sorted(found, key=lambda task: task["due_on"] or today)
    return {**page_of({"items": in_order}, query), "missing": missing}
