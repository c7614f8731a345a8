"""The guide to services."""

from gateway.pages.blueprint import blueprint, render


@blueprint.get("/guide")
def guide() -> str:
    """Show the guide to services: finding an item, and what changed."""
    return render("guide/guide")


@blueprint.get("/guide/<code>")
def guide_item(code: str) -> str:
    """Show one item of the guide."""
    return render("guide/item", item=code)
