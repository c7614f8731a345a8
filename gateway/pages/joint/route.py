"""Joint approval of projects by several departments."""

from gateway.pages.blueprint import blueprint, render


@blueprint.get("/joint")
def joint() -> str:
    """Show projects under joint approval: the graph of their steps, who holds them up, their materials."""
    return render("joint/joint")
