"""QR codes that open a page on a phone: on number slips and appointments."""

import re
from io import BytesIO

import segno
from flask import Response, current_app, request

from gateway.http.asking import HOLDER_HEADER, LONGEST_HOLDER_TOKEN
from gateway.http.problems import Problem

DARK, LIGHT = "#0b1b33", "#ffffff"
# A host's name has at most 253 characters (RFC 1035), a scheme and a port a few.
LONGEST_BASE = 270
HOLDER_TOKEN = re.compile(f"[A-Za-z0-9_-]{{0,{LONGEST_HOLDER_TOKEN}}}")


def code_of(path: str) -> Response:
    """Return the QR code that opens a page on a phone.

    The address in it is below `HALL_PUBLIC_URL` of the application's configuration, because a kiosk often reaches
    the gateway by a name that phones cannot; without it, below the address this request came to. The holder's token
    comes in a header, since logs keep addresses, and stands behind `#` in the code.

    Raises:
        Problem: 400 for a host's name that is too long, 422 for what is no token.
    """
    base = str(current_app.config.get("HALL_PUBLIC_URL") or request.url_root).rstrip("/")
    if len(base) > LONGEST_BASE:  # from the request's Host, which anybody may choose
        raise Problem(400, detail="The host's name is too long.")
    token = request.headers.get(HOLDER_HEADER, "")
    if not HOLDER_TOKEN.fullmatch(token):
        raise Problem(422, errors={HOLDER_HEADER: ["Not a token."]})
    drawn = Response(link_code(base + path + (f"#{token}" if token else "")), mimetype="image/svg+xml")
    drawn.headers["Cache-Control"] = "no-store"
    return drawn


def link_code(address: str) -> bytes:
    """Return an SVG image of the QR code for an address, with the quiet zone of four modules (ISO/IEC 18004)."""
    image = BytesIO()
    segno.make_qr(address, error="m").save(
        image,
        kind="svg",
        border=4,
        dark=DARK,
        light=LIGHT,
        xmldecl=False,
        svgclass=None,
        lineclass=None,
        omitsize=True,
    )
    return image.getvalue()
