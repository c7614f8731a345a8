"""The trail of what the staff do."""

from gateway.pages.blueprint import blueprint, render


@blueprint.get("/audit")
def audit() -> str:
    """Show what the staff did."""
    return render("audit/audit")
