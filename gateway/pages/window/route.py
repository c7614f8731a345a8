"""The console of a clerk at a window."""

from gateway.pages.blueprint import blueprint, render


@blueprint.get("/window")
def window() -> str:
    """Show the clerk's console."""
    return render("window/window")
