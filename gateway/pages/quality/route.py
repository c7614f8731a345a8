"""Quality of service."""

from gateway.pages.blueprint import blueprint, render


@blueprint.get("/quality")
def quality() -> str:
    """Show evaluations, commendations, the assessment of departments, meetings and advice on staffing."""
    return render("quality/quality")
