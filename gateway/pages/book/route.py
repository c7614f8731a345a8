"""Booking an appointment."""

from gateway.pages.blueprint import blueprint, render


@blueprint.get("/book")
def book() -> str:
    """Show the way to an appointment in four steps."""
    return render("book/book")
