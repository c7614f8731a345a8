"""The phone operator's console."""

from gateway.pages.blueprint import blueprint, render


@blueprint.get("/operator")
def operator() -> str:
    """Show the phone operator's console."""
    return render("operator/operator")
