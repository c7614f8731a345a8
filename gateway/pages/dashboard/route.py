"""The hall's figures over time."""

from gateway.pages.blueprint import blueprint, render


@blueprint.get("/dashboard")
def dashboard() -> str:
    """Show the figures of a period: trends, hours, departments, the three services, punctuality, waits."""
    return render("dashboard/dashboard")
