"""The service of statistics in the process of the test."""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from services.chassis.caller import Caller
from services.chassis.db import Database
from services.chassis.inbox import Received, read_event
from services.statistics.figures.schemas import figures as schemas
from services.statistics.figures.use_cases import figures as use_cases
from services.statistics.service import Statistics
from services.statistics.store import Store

ANALYST = Caller(hall="main", username="analyst", roles=frozenset({"analyst"}))
HEARINGS = {hearing.type: hearing for hearing in Statistics.inbox.hearings}


class Figures:
    """Takes events as the inbox would, without its memory of ids, and answers questions."""

    def __init__(self, database: Database[Store]) -> None:
        """Use a database."""
        self.database = database

    def take(self, events: Sequence[dict[str, Any]], *, batch: int = 300) -> None:
        """Hand events over in batches, one transaction each."""
        stream = iter([read_event(event, HEARINGS) for event in events])
        while part := list(islice(stream, batch)):
            self.take_batch(part)

    def take_batch(self, part: Sequence[Received]) -> None:
        """Hand one batch over, all events of a handler at once."""
        with self.database.transaction() as store:
            for handler in dict.fromkeys(HEARINGS[event.type].handler for event in part):
                handler(store, [event for event in part if HEARINGS[event.type].handler is handler])

    def do(self, use_case: Callable[..., Any], caller: Caller = ANALYST, **request: Any) -> Any:
        """Run a use case in a transaction of its own."""
        with self.database.transaction() as store:
            return use_case(store, caller, **request)

    def overview(self, day: Any) -> dict[str, Any]:
        """Ask for an overview."""
        with self.database.autocommit() as store:
            found = use_cases.get_overview(store, ANALYST, day=day)
        return dict(schemas.Overview().dump(found))

    def volumes(self, **request: Any) -> dict[str, Any]:
        """Ask for a page of volumes."""
        loaded = schemas.GetVolumes().load(request)
        with self.database.autocommit() as store:
            found = use_cases.get_volumes(store, ANALYST, **loaded)
        return dict(schemas.Volumes().dump(found))

    def heatmap(self, **request: Any) -> list[dict[str, Any]]:
        """Ask for a heat map."""
        loaded = schemas.GetHeatmap().load(request)
        with self.database.autocommit() as store:
            found = use_cases.get_heatmap(store, ANALYST, **loaded)
        return [dict(row) for row in schemas.HeatmapHour(many=True).dump(found)]
