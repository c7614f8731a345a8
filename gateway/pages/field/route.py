"""The crew's page for the phone."""

from flask import Response

from gateway.pages.blueprint import asset, blueprint, render


@blueprint.get("/field")
def field() -> str:
    """Show a crew its route of today, on the phone."""
    return render("field/field")


@blueprint.get("/field-worker.js")
def field_worker() -> Response:
    """Give the script that keeps this page in the phone; it may only keep what lies below its own address."""
    return asset("field/worker.js")
