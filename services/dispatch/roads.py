"""Ways as a routing engine knows them: the HTTP table service of OSRM, or anything that answers like it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import requests

from services.chassis.config import settings
from services.chassis.logs import get_logger
from services.dispatch.domain.planning import Place
from services.dispatch.domain.travel import (
    NO_WAY,
    GreatCircle,
    Roads,
    Span,
    TravelSource,
    TravelTable,
    usual_speeds,
)

# OSRM refuses tables of more than 100 by 100 places, and addresses of more than 8 KB, unless told otherwise.
BLOCK = 50
CONNECT_S, ANSWER_S = 2.0, 5.0

log = get_logger()


class RoadsAway(Exception):
    """The routing engine gave no table."""


@dataclass(frozen=True)
class OsrmTable:
    """Asks `/table/v1/driving` (https://project-osrm.org/docs/v5.24.0/api/#table-service).

    Its times do not depend on the hour, so `during` is of no use to it.
    """

    url: str
    timeout: tuple[float, float] = (CONNECT_S, ANSWER_S)

    def table(self, places: Sequence[Place], *, during: Sequence[Span]) -> TravelTable:
        """Return the ways between places; one that does not exist is longer than any day.

        Raises:
            RoadsAway: the engine cannot be reached, is too slow, or does not answer with a table.
        """
        metres = [[0] * len(places) for _ in places]
        seconds = [[0] * len(places) for _ in places]
        blocks = [range(at, min(at + BLOCK, len(places))) for at in range(0, len(places), BLOCK)]
        with requests.Session() as session:
            for rows, columns in product(blocks, blocks):
                told = self._ask(session, [places[n] for n in rows], [places[n] for n in columns])
                _enter(metres, told["distances"], rows, columns)
                _enter(seconds, told["durations"], rows, columns)
        return TravelTable(places, metres, seconds)

    def _ask(
        self, session: requests.Session, sources: Sequence[Place], destinations: Sequence[Place]
    ) -> Mapping[str, Any]:
        points = ";".join(f"{place.lon:.6f},{place.lat:.6f}" for place in (*sources, *destinations))
        first = len(sources)
        parameters = {
            "annotations": "duration,distance",
            "sources": ";".join(str(n) for n in range(first)),
            "destinations": ";".join(str(first + n) for n in range(len(destinations))),
        }
        try:
            answer = session.get(
                f"{self.url.rstrip('/')}/table/v1/driving/{points}", params=parameters, timeout=self.timeout
            )
            told = answer.json()
        except requests.RequestException as fault:
            raise RoadsAway(f"{self.url} gave no table: {type(fault).__name__}") from fault
        if not _is_table(told, len(sources), len(destinations)):
            raise RoadsAway(f"{self.url} gave no table: status {answer.status_code}, {_said(told)}")
        return told  # type: ignore[no-any-return]


@dataclass(frozen=True)
class WithFallback:
    """Takes another source when the first one gives no table, and says so in the log: a day can always be planned."""

    first: TravelSource
    otherwise: TravelSource

    def table(self, places: Sequence[Place], *, during: Sequence[Span]) -> TravelTable:
        """Return the ways between places."""
        try:
            return self.first.table(places, during=during)
        except RoadsAway as fault:
            log.error("roads.estimated", fault=str(fault), places=len(places))
            return self.otherwise.table(places, during=during)


def travel_source() -> TravelSource:
    """Return the source that this process's settings name."""
    chosen = settings()
    roads = Roads(
        factor=chosen.road_factor,
        speeds_kmh=tuple(chosen.road_speeds) or usual_speeds(),
        zone=ZoneInfo(chosen.time_zone),
    )
    estimate = GreatCircle(roads)
    return WithFallback(OsrmTable(chosen.osrm_url), estimate) if chosen.osrm_url else estimate


def _enter(
    table: list[list[int]], block: Sequence[Sequence[float | None]], rows: range, columns: range
) -> None:
    for n, row in zip(rows, block, strict=True):
        table[n][columns.start : columns.stop] = [NO_WAY if way is None else round(way) for way in row]


def _is_table(told: Any, rows: int, columns: int) -> bool:
    if not isinstance(told, dict) or told.get("code") != "Ok":
        return False
    return all(
        isinstance(block, list)
        and len(block) == rows
        and all(isinstance(row, list) and len(row) == columns for row in block)
        for block in (told.get("durations"), told.get("distances"))
    )


def _said(told: Any) -> str:
    said = told if isinstance(told, dict) else {}
    return f"code {said.get('code')!r}, message {said.get('message')!r}"
