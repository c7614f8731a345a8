"""The zones' boards: as they are, and live."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from gateway.api.routing import Routes
from gateway.api.streaming import stream, stream_doc
from gateway.http.asking import ask
from gateway.http.runtime import runtime
from gateway.schemas.ticketing import Board, NumberQuery, StreamQuery, WhyNumber

routes = Routes("boards", __name__, description="What is called where, and how long the wait is.")


@routes.question("/boards/<code:zone>", Board)
def get_board(zone: str) -> Any:
    """A zone's board as it is now."""
    return ask("ticketing", "get_board", zone=zone)


@routes.question("/boards/<code:zone>/why", WhyNumber, query=NumberQuery, problems=(409,))
def why_number(query: Mapping[str, Any], zone: str) -> Any:
    """Why a number that the zone's board shows was called when it was: anybody who sees it there may ask."""
    return ask("ticketing", "why_number", zone=zone, **query)


@routes.question(
    "/boards/<code:zone>/events", None, query=StreamQuery, extra_doc=stream_doc("board", "a board")
)
def stream_board(query: Mapping[str, Any], zone: str) -> Response:
    """A zone's board as it changes, twice a second at most, or less often for who asks for that."""
    boards = runtime().live.boards
    return stream(
        lambda last: boards.open(
            zone, lambda: ask("ticketing", "get_board", zone=zone), last_position=last, every_s=query["every"]
        )
    )
