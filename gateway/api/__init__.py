"""The public API: one blueprint a service, all under `/api/v1`."""

from flask import Flask

from gateway.api import (
    anomalies,
    appointments,
    arranging,
    assessment,
    boards,
    cases,
    catalogue,
    clients,
    closures,
    dispatch,
    effects,
    identity,
    imports,
    inbox,
    joint,
    notifications,
    oidc,
    operations,
    quality,
    reports,
    roles,
    sessions,
    statistics,
    ticketing,
    workbook,
)
from gateway.api.openapi import HallApi

BLUEPRINTS = (
    catalogue.routes,
    arranging.routes,
    ticketing.routes,
    boards.routes,
    cases.routes,
    joint.routes,
    appointments.routes,
    sessions.routes,
    dispatch.routes,
    effects.routes,
    closures.routes,
    notifications.routes,
    statistics.routes,
    anomalies.routes,
    imports.routes,
    quality.routes,
    assessment.routes,
    reports.routes,
    identity.routes,
    oidc.routes,
    workbook.routes,
    roles.routes,
    clients.routes,
    inbox.routes,
)


def register(app: Flask) -> None:
    """Serve the API, its description and its documentation page."""
    api = HallApi(app)
    for routes in BLUEPRINTS:
        api.register_blueprint(routes, url_prefix="/api/v1")
    api.register_blueprint(operations.routes)
