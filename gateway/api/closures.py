"""Closures: announced with their effects shown first, ended early, called off."""

from collections.abc import Mapping
from typing import Any

from gateway.api.effects import whom_it_touches
from gateway.api.paging import page_of, without_page
from gateway.api.routing import Routes
from gateway.http.asking import ask
from gateway.schemas.closures import Closure, ClosureEffectsQuery, ClosureList, ClosureQuery, NewClosure
from gateway.schemas.effects import Effects

Query = Mapping[str, Any]

routes = Routes("closures", __name__, description="When the hall, a department or a window does not serve.")


@routes.question("/closures", ClosureList, query=ClosureQuery)
def list_closures(query: Query) -> Any:
    """The closures, past ones too, those that begin last first."""
    return page_of(ask("catalogue", "list_closures", **without_page(query)), query)


@routes.question("/closures/effects", Effects, query=ClosureEffectsQuery, roles=("manager",))
def get_closure_effects(query: Query) -> Any:
    """Whom it touches when the hall, a department or a window is closed for a time."""
    # What is wrong with it is said here as it is when it is announced.
    about = ask("catalogue", "look_at_closure", **{"reason": "-", **query})
    return whom_it_touches("closure", **about)


@routes.command("/closures", Closure, body=NewClosure, roles=("manager",), status=201)
def announce_closure(body: Query) -> Any:
    """Close the hall, a department or a window from moment to moment; who loses a promise is told once."""
    return ask("catalogue", "announce_closure", **body)


@routes.command("/closures/<uuid4:id>/end", Closure, roles=("manager",))
def end_closure(id: str) -> Any:
    """Open again before a closure is over, or call it off before it begins."""
    return ask("catalogue", "end_closure", id=id)
