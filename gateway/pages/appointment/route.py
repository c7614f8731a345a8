"""One's own appointment."""

from flask import Response, url_for

from gateway.pages import qr
from gateway.pages.blueprint import blueprint, render


@blueprint.get("/appointment")
def appointment_lookup() -> str:
    """Ask for the reference and phone of an appointment."""
    return render("appointment/lookup")


@blueprint.get("/appointment/<appointment_id>")
def appointment(appointment_id: str) -> str:
    """Show an appointment to whoever knows its address."""
    return render("appointment/appointment", appointment=appointment_id)


@blueprint.get("/appointment/<uuid4:appointment_id>/qr.svg")
def appointment_qr(appointment_id: str) -> Response:
    """Draw the QR code to show at the kiosk, which is also a link to the appointment."""
    return qr.code_of(url_for("pages.appointment", appointment_id=appointment_id))
