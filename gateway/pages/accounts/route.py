"""Accounts of the staff."""

from gateway.pages.blueprint import blueprint, render


@blueprint.get("/accounts")
def accounts() -> str:
    """Show who has an account, and let administrators make and change them."""
    return render("accounts/accounts")
