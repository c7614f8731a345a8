"""The catalogue for those who keep it."""

from gateway.pages.blueprint import blueprint, render


@blueprint.get("/catalogue")
def catalogue() -> str:
    """Show the items with their changes, to add, adjust and withdraw them."""
    return render("catalogue/catalogue")
