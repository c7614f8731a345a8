"""The dispatcher's day of on-site service."""

from gateway.pages.blueprint import blueprint, render


@blueprint.get("/dispatch")
def dispatch() -> str:
    """Show the dispatcher's day of on-site service, and the crews."""
    return render("dispatch/dispatch")
