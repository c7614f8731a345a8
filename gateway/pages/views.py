"""Routes of the pages. They hold no data of the hall: what a page shows it asks from the public API."""

import re
from typing import cast

from flask import Blueprint, Flask, Response, current_app, render_template, request, url_for
from flask.blueprints import BlueprintSetupState

from gateway.http.asking import HOLDER_HEADER, LONGEST_HOLDER_TOKEN
from gateway.http.hardening import PAGE_POLICY
from gateway.http.problems import Problem
from gateway.pages import language, qr

# A host's name has at most 253 characters (RFC 1035), a scheme and a port a few.
LONGEST_BASE = 270
HOLDER_TOKEN = re.compile(f"[A-Za-z0-9_-]{{0,{LONGEST_HOLDER_TOKEN}}}")

blueprint = Blueprint(
    "pages",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/assets",
)


@blueprint.record_once
def _install_language(state: BlueprintSetupState) -> None:
    language.install(cast(Flask, state.app))


@blueprint.context_processor
def _page_language() -> dict[str, object]:
    chosen = language.chosen_language()
    return {
        "language": chosen,
        "html_language": language.HTML_LANGUAGES[chosen],
        "languages": language.LANGUAGES,
        "messages": language.catalogue(chosen),
    }


@blueprint.after_request
def _set_headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-cache")
        response.vary.add("Cookie")
    if asked := language.asked_language():
        response.set_cookie(language.COOKIE, asked, max_age=language.COOKIE_SECONDS, samesite="Lax")
    return response


@blueprint.get("/")
def landing() -> str:
    """Show the hall's pages and its state."""
    return render_template("pages/landing.html")


@blueprint.get("/kiosk")
def kiosk() -> str:
    """Show the kiosk that issues numbers."""
    return render_template("pages/kiosk.html")


@blueprint.get("/board")
def boards() -> str:
    """Show the zones, to choose a board."""
    return render_template("pages/boards.html")


@blueprint.get("/board/<zone>")
def board(zone: str) -> str:
    """Show the wall board of a zone."""
    return render_template("pages/board.html", page={"zone": zone})


@blueprint.get("/window")
def window() -> str:
    """Show the clerk's console."""
    return render_template("pages/window.html")


@blueprint.get("/ticket/<ticket_id>")
def ticket(ticket_id: str) -> str:
    """Show a ticket on its holder's phone."""
    return render_template("pages/ticket.html", page={"ticket": ticket_id})


@blueprint.get("/ticket/<uuid4:ticket_id>/qr.svg")
def ticket_qr(ticket_id: str) -> Response:
    """Draw the QR code that opens a ticket on a phone.

    The address in it is below `HALL_PUBLIC_URL` of the application's configuration, because a kiosk often reaches
    the gateway by a name that phones cannot; without it, below the address this request came to. The holder's token
    comes in a header, since logs keep addresses, and stands behind `#` in the code.
    """
    path = url_for("pages.ticket", ticket_id=ticket_id, lang=language.asked_language())
    return _code_of(path)


def _code_of(path: str) -> Response:
    base = str(current_app.config.get("HALL_PUBLIC_URL") or request.url_root).rstrip("/")
    if len(base) > LONGEST_BASE:  # from the request's Host, which anybody may choose
        raise Problem(400, detail="The host's name is too long.")
    token = request.headers.get(HOLDER_HEADER, "")
    if not HOLDER_TOKEN.fullmatch(token):
        raise Problem(422, errors={HOLDER_HEADER: ["Not a token."]})
    drawn = Response(qr.link_code(base + path + (f"#{token}" if token else "")), mimetype="image/svg+xml")
    drawn.headers["Cache-Control"] = "no-store"
    return drawn


@blueprint.get("/guide")
def guide() -> str:
    """Show the guide to services: finding an item, and what changed."""
    return render_template("pages/guide.html")


@blueprint.get("/guide/<code>")
def guide_item(code: str) -> str:
    """Show one item of the guide."""
    return render_template("pages/guide-item.html", page={"item": code})


@blueprint.get("/catalogue")
def catalogue() -> str:
    """Show the items with their changes, to add, adjust and withdraw them."""
    return render_template("pages/staff.html", name="catalogue")


@blueprint.get("/book")
def book() -> str:
    """Show the way to an appointment in four steps."""
    return render_template("pages/book.html")


@blueprint.get("/appointment")
def appointment_lookup() -> str:
    """Ask for the reference and phone of an appointment."""
    return render_template("pages/lookup.html")


@blueprint.get("/appointment/<appointment_id>")
def appointment(appointment_id: str) -> str:
    """Show an appointment to whoever knows its address."""
    return render_template("pages/appointment.html", page={"appointment": appointment_id})


@blueprint.get("/appointment/<uuid4:appointment_id>/qr.svg")
def appointment_qr(appointment_id: str) -> Response:
    """Draw the QR code to show at the kiosk, which is also a link to the appointment."""
    return _code_of(url_for("pages.appointment", appointment_id=appointment_id))


@blueprint.get("/operator")
def operator() -> str:
    """Show the phone operator's console."""
    return render_template("pages/staff.html", name="operator")


@blueprint.get("/messages")
def messages() -> str:
    """Show what was sent to people, and the texts."""
    return render_template("pages/staff.html", name="messages")


@blueprint.get("/audit")
def audit() -> str:
    """Show what the staff did."""
    return render_template("pages/staff.html", name="audit")


@blueprint.get("/planning")
def planning() -> str:
    """Show the weekly slot plans, extended sessions and overtime."""
    return render_template("pages/staff.html", name="planning")


@blueprint.get("/field")
def field() -> str:
    """Show a crew its route of today, on the phone."""
    return render_template("pages/staff.html", name="field")


@blueprint.get("/field-worker.js")
def field_worker() -> Response:
    """Give the script that keeps the field page in the phone; it may only keep what lies below its own address."""
    return blueprint.send_static_file("js/field-worker.js")


@blueprint.get("/onsite")
def onsite() -> str:
    """Ask for a visit of staff."""
    return render_template("pages/onsite.html", page={"centre": current_app.config["HALL_MAP_CENTRE"]})


@blueprint.get("/onsite/<order_id>")
def onsite_order(order_id: str) -> str:
    """Show an on-site order to whoever knows its address."""
    return render_template("pages/onsite-order.html", page={"order": order_id})


@blueprint.get("/dispatch")
def dispatch() -> str:
    """Show the dispatcher's day of on-site service, and the crews."""
    return render_template("pages/staff.html", name="dispatch")


@blueprint.get("/overview")
def overview() -> str:
    """Show the day's figures."""
    return render_template("pages/staff.html", name="overview")


@blueprint.get("/dashboard")
def dashboard() -> str:
    """Show the figures of a period: trends, hours, departments, the three services, punctuality, waits."""
    return render_template("pages/staff.html", name="dashboard")


@blueprint.get("/reports")
def reports() -> str:
    """Show the hall's reports with their downloads, and the import of its history."""
    return render_template("pages/staff.html", name="reports")


@blueprint.get("/quality")
def quality() -> str:
    """Show evaluations, commendations, the assessment of departments, meetings and advice on staffing."""
    return render_template("pages/staff.html", name="quality")


@blueprint.get("/anomalies")
def anomalies() -> str:
    """Show unusual movements and their follow-up."""
    return render_template("pages/staff.html", name="anomalies")


@blueprint.get("/joint")
def joint() -> str:
    """Show projects under joint approval: the graph of their steps, who holds them up, their materials."""
    return render_template("pages/staff.html", name="joint")
