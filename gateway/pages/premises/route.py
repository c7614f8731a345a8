"""How the hall is arranged, and when it is open."""

from gateway.pages.blueprint import blueprint, render


@blueprint.get("/premises")
def premises() -> str:
    """Show departments, zones, queues, windows, opening hours and the calendar."""
    return render("premises/premises")
