"""Asking staff to come, and what became of it."""

from flask import current_app

from gateway.pages.blueprint import blueprint, render


@blueprint.get("/onsite")
def onsite() -> str:
    """Ask for a visit of staff."""
    return render("onsite/onsite", centre=current_app.config["HALL_MAP_CENTRE"])


@blueprint.get("/onsite/<order_id>")
def onsite_order(order_id: str) -> str:
    """Show an on-site order to whoever knows its address."""
    return render("onsite/order", order=order_id)
