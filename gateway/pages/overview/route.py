"""The day's figures for the manager."""

from gateway.pages.blueprint import blueprint, render


@blueprint.get("/overview")
def overview() -> str:
    """Show the day's figures."""
    return render("overview/overview")
