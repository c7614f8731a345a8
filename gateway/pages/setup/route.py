"""The first start of a hall."""

from gateway.pages.blueprint import blueprint, render


@blueprint.get("/setup")
def setup() -> str:
    """Ask for the set-up code, the hall's name and its first administrator."""
    return render("setup/setup")
