"""Closures of the hall, of departments and of windows."""

from gateway.pages.blueprint import blueprint, render


@blueprint.get("/closures")
def closures() -> str:
    """Show what is closed when, and let managers close and open."""
    return render("closures/closures")
