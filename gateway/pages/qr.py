"""QR codes that open a page on a phone: on number slips and appointments."""

from io import BytesIO

import segno

DARK, LIGHT = "#0b1b33", "#ffffff"


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
