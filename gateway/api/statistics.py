"""Figures of the hall."""

from collections.abc import Mapping
from typing import Any

from gateway.api.routing import STAFF, Routes
from gateway.asking import ask
from gateway.schemas.statistics import Overview, OverviewQuery, VolumeList, VolumeQuery

Query = Mapping[str, Any]

routes = Routes("statistics", __name__, description="Today's numbers, volumes by period.")


@routes.question("/statistics/overview", Overview, query=OverviewQuery, roles=STAFF)
def get_overview(query: Query) -> Any:
    """One day's numbers, today's when no date is given."""
    return ask("statistics", "get_overview", **query)


@routes.question("/statistics/volumes", VolumeList, query=VolumeQuery, roles=STAFF)
def get_volumes(query: Query) -> Any:
    """Volumes by period and group."""
    return ask("statistics", "get_volumes", **query)
