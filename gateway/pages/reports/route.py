"""The report centre."""

from gateway.pages.blueprint import blueprint, render


@blueprint.get("/reports")
def reports() -> str:
    """Show the hall's reports with their downloads, and the import of its history."""
    return render("reports/reports")
