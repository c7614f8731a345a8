"""What somebody was given to do."""

from gateway.pages.blueprint import blueprint, render


@blueprint.get("/inbox")
def inbox() -> str:
    """Show what the account, or its department, is to do."""
    return render("inbox/inbox")
