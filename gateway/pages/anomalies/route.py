"""The anomaly desk."""

from gateway.pages.blueprint import blueprint, render


@blueprint.get("/anomalies")
def anomalies() -> str:
    """Show unusual movements and their follow-up."""
    return render("anomalies/anomalies")
