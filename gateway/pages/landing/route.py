"""The way in: the hall's pages and its state."""

from gateway.pages.blueprint import blueprint, render


@blueprint.get("/")
def landing() -> str:
    """Show the hall's pages and its state."""
    return render("landing/landing")
