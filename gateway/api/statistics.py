"""Figures of the hall."""

from collections.abc import Mapping
from typing import Any

from gateway.api.paging import page_of, without_page
from gateway.api.routing import ANALYSTS, STAFF, Routes
from gateway.http.asking import ask
from gateway.schemas.statistics import (
    AppointmentFigureQuery,
    AppointmentFiguresList,
    HeatmapList,
    HeatmapQuery,
    OnsiteFigureQuery,
    OnsiteFiguresList,
    OvertimeFigureQuery,
    OvertimeFiguresList,
    Overview,
    OverviewQuery,
    VolumeList,
    VolumeQuery,
)

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


@routes.question("/statistics/heatmap", HeatmapList, query=HeatmapQuery, roles=STAFF)
def get_heatmap(query: Query) -> Any:
    """Cases and tickets by weekday and hour; hours in which nothing happened are left out."""
    return page_of(ask("statistics", "get_heatmap", **without_page(query)), query)


@routes.question(
    "/statistics/appointments", AppointmentFiguresList, query=AppointmentFigureQuery, roles=STAFF
)
def get_appointment_figures(query: Query) -> Any:
    """What became of appointments, by the date of their slot."""
    return page_of(ask("statistics", "get_appointments", **without_page(query)), query)


@routes.question("/statistics/overtime", OvertimeFiguresList, query=OvertimeFigureQuery, roles=ANALYSTS)
def get_overtime_figures(query: Query) -> Any:
    """Minutes of overtime."""
    return page_of(ask("statistics", "get_overtime", **without_page(query)), query)


@routes.question("/statistics/onsite", OnsiteFiguresList, query=OnsiteFigureQuery, roles=STAFF)
def get_onsite_figures(query: Query) -> Any:
    """What became of on-site orders, by the date of their window."""
    return page_of(ask("statistics", "get_onsite", **without_page(query)), query)
