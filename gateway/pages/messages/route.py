"""Messages to people."""

from gateway.pages.blueprint import blueprint, render


@blueprint.get("/messages")
def messages() -> str:
    """Show what was sent to people, and the texts."""
    return render("messages/messages")
