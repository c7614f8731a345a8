"""The services of quality and statistics in the process of the test, with what they tell each other."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from services.chassis import wire
from services.chassis.caller import Caller
from services.chassis.db import Database
from services.chassis.inbox import read_event
from services.quality.domain.quarters import Quarter
from services.quality.service import Quality
from services.quality.store import Store
from services.quality.use_cases import assessment, meetings
from services.statistics.figures.use_cases import quarters
from tests.integration.statistics.in_process import HEARINGS as HEARD_BY_STATISTICS
from tests.integration.statistics.in_process import Figures

ANALYST = Caller(hall="main", username="analyst", roles=frozenset({"analyst"}))
MANAGER = Caller(hall="main", username="manager", roles=frozenset({"manager"}))
CLERK = Caller(hall="main", username="clerk001", roles=frozenset({"clerk"}))
HEARINGS = {hearing.type: hearing for hearing in Quality.inbox.hearings}


class Hall:
    """Both services on databases of their own."""

    def __init__(self, database: Database[Store], figures: Figures) -> None:
        """Use databases."""
        self.database, self.figures = database, figures

    def do(self, use_case: Callable[..., Any], caller: Caller = MANAGER, **request: Any) -> Any:
        """Run a use case of quality in a transaction of its own, with what statistics is asked for before."""
        if use_case in (assessment.get_assessment, assessment.publish_assessment):
            request["told"] = self.told(request["period"])
        if use_case is meetings.call_meeting:
            request["told"] = self.told(request["quarter"])
        with self.database.transaction() as store:
            return use_case(store, caller, **request)

    def told(self, quarter: Quarter) -> Any:
        """Return what statistics says of a quarter, as it comes over the bus."""
        return json.loads(wire.dumps(self.figures.do(quarters.get_quarter, ANALYST, period=quarter.name)))

    def hear(self, events: Sequence[dict[str, Any]]) -> None:
        """Have each service take those of the events that it hears."""
        self.figures.take([each for each in events if each["type"] in HEARD_BY_STATISTICS])
        heard = [read_event(each, HEARINGS) for each in events if each["type"] in HEARINGS]
        with self.database.transaction() as store:
            for handler in dict.fromkeys(HEARINGS[each.type].handler for each in heard):
                handler(store, [each for each in heard if HEARINGS[each.type].handler is handler])

    def pass_on(self) -> list[dict[str, Any]]:
        """Publish what waits in both outboxes, as the relays would, and return it."""
        events = [
            json.loads(row["body"]) | {"position": 0}
            for database in (self.database, self.figures.database)
            for row in rows(database, "DELETE FROM outbox RETURNING id, body::text AS body")
        ]
        ours = [each for each in events if not each["type"].startswith("trail.")]
        self.hear(ours)
        return ours


def rows(database: Database[Any], statement: str, **params: Any) -> list[dict[str, Any]]:
    """Ask a database past its store."""
    with database.connect() as connection:
        return list(connection.execute(statement.encode(), params).fetchall())
