"""The kiosk, where visitors take numbers."""

from gateway.pages.blueprint import blueprint, render


@blueprint.get("/kiosk")
def kiosk() -> str:
    """Show the kiosk that issues numbers."""
    return render("kiosk/kiosk")
