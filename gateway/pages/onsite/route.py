"""Asking staff to come, and what became of it."""

from flask import Response, current_app, url_for

from gateway.pages import qr
from gateway.pages.blueprint import blueprint, render


@blueprint.get("/onsite")
def onsite() -> str:
    """Ask for a visit of staff."""
    return render("onsite/onsite", centre=current_app.config["HALL_MAP_CENTRE"])


@blueprint.get("/onsite/<order_id>")
def onsite_order(order_id: str) -> str:
    """Show an on-site order to whoever knows its address."""
    return render("onsite/order", order=order_id)


@blueprint.get("/onsite/<uuid4:order_id>/qr.svg")
def onsite_qr(order_id: str) -> Response:
    """Draw the QR code that opens an order on its person's phone."""
    return qr.code_of(url_for("pages.onsite_order", order_id=order_id))
