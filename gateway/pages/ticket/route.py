"""A ticket on its holder's phone."""

from flask import Response, url_for

from gateway.pages import language, qr
from gateway.pages.blueprint import blueprint, render


@blueprint.get("/ticket/<ticket_id>")
def ticket(ticket_id: str) -> str:
    """Show a ticket on its holder's phone."""
    return render("ticket/ticket", ticket=ticket_id)


@blueprint.get("/ticket/<uuid4:ticket_id>/qr.svg")
def ticket_qr(ticket_id: str) -> Response:
    """Draw the QR code that opens a ticket on a phone."""
    return qr.code_of(url_for("pages.ticket", ticket_id=ticket_id, lang=language.asked_language()))
