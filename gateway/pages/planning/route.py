"""What a manager plans."""

from gateway.pages.blueprint import blueprint, render


@blueprint.get("/planning")
def planning() -> str:
    """Show the weekly slot plans, extended sessions and overtime."""
    return render("planning/planning")
