"""The wall boards of the zones."""

from gateway.pages.blueprint import blueprint, render


@blueprint.get("/board")
def boards() -> str:
    """Show the zones, to choose a board."""
    return render("board/boards")


@blueprint.get("/board/<zone>")
def board(zone: str) -> str:
    """Show the wall board of a zone."""
    return render("board/board", zone=zone)
