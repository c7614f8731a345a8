"""The hall's tables as one workbook."""

from gateway.pages.blueprint import blueprint, render


@blueprint.get("/workbook")
def workbook() -> str:
    """Give administrators the hall as a workbook, and take one back."""
    return render("workbook/workbook")
