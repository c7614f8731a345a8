"""Derive the read models from the archive again, while the service goes on.

The archive is heard again by the same handlers into shadows of the read models, tables of one session that nobody else
sees. Then, month by month, what differs from the shadow is put right, each time in a short transaction in which nobody
else writes and the shadow has heard all there is.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

import psycopg
from marshmallow import ValidationError
from psycopg.rows import DictRow

from services.chassis.db import Database
from services.chassis.inbox import Hearing, Received
from services.chassis.logs import get_logger
from services.statistics.errors import RebuildUnderWay
from services.statistics.facts.store import Store
from services.statistics.facts.store.rebuild import Rebuild, Shadow

# Tables with their columns for the thing a row is about, of which the dates are kept besides.
DATED = {"ticket_facts": ("ticket_numbers", "ticket"), "case_facts": ("case_numbers", "number")}
# Whatever a handler writes stands here or above, and nothing else writes it.
WHOLE = (
    "appointment_facts",
    "overtime_facts",
    "onsite_facts",
    "joint_facts",
    "evaluation_facts",
    "commendation_facts",
    "window_facts",
    "names",
    "items",
    "item_terms",
    "calendar_years",
    "departments",
    "staff",
    "events_seen",
)
MODELS = (*DATED, *(numbers for numbers, _ in DATED.values()), *WHOLE)
BATCH = 5000
# So many events may be left when the others have to wait for them.
FEW = 500

Tell = Callable[[str, int, int], None]

log = get_logger()


def rebuild(database: Database[Store], hearings: Sequence[Hearing], tell: Tell) -> int:
    """Derive all read models from the archive again; returns how many rows, and sums of months, were wrong.

    Imported cases of which no event was heard stay as they are.

    Args:
        database: the database of statistics.
        hearings: what is heard, with handlers that do not archive.
        tell: is told of the progress: what is done, how far, of how much.

    Raises:
        RebuildUnderWay: another one is.
    """
    with database.connect() as connection:
        work = _Work(connection, database.queries, hearings)
        if not work.store.begin_rebuild():
            raise RebuildUnderWay
        work.store.make_shadows(MODELS)
        work.hear_archive(tell)
        return work.mend(tell)


class _Work:
    """One rebuild: how far it has heard the archive."""

    def __init__(
        self,
        connection: psycopg.Connection[DictRow],
        queries: Mapping[str, str],
        hearings: Sequence[Hearing],
    ) -> None:
        self.connection = connection
        self.store, self.shadow = Rebuild(connection, queries), Shadow(connection, queries)
        self.hearings = {hearing.type: hearing for hearing in hearings}
        self.heard_to = 0

    def hear_archive(self, tell: Tell) -> None:
        """Hear all but the last few events, which come while this goes on."""
        heard, known = 0, self.store.count_archived()
        tell("events", 0, known)
        while self.store.newest_ordinal() - self.heard_to > FEW:
            with self.connection.transaction():
                heard += self._hear_some()
            tell("events", heard, max(heard, known))
        self.store.gather_statistics()

    def mend(self, tell: Tell) -> int:
        """Put right what differs; returns how many rows, and sums of months, did."""
        self._number_anew()
        wrong, months = 0, self.store.months_of_figures()
        for done, month in enumerate(months):
            tell("months", done, len(months))
            wrong += self._mend_month(month)
        tell("months", len(months), len(months))
        for model in WHOLE:
            with self._turn():
                wrong += self.store.mend(model)
        self._number_anew()
        return wrong

    def _mend_month(self, month: date) -> int:
        with self._turn():
            wrong = sum(self.store.mend(model, month=month) for model in DATED)
        # What is heard meanwhile changes facts and sums alike.
        if not self.store.volumes_are_right(month):
            wrong += 1
            with self._turn():
                self.store.recount_volumes(month)
        return wrong

    def _number_anew(self) -> None:
        for facts, (numbers, subject) in DATED.items():
            with self.connection.transaction():
                if self.store.find_misnumbered(facts, numbers, subject):
                    self.store.number_anew(facts, numbers, subject)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Be the only writer, with all heard that was archived."""
        with self.connection.transaction():
            self.store.wait_for_turn()
            while self._hear_some():
                pass
            yield

    def _hear_some(self) -> int:
        rows = self.store.archived_events(after=self.heard_to, limit=BATCH)
        events = [event for row in rows if (event := self._read(row))]
        for handler in dict.fromkeys(hearing.handler for hearing in self.hearings.values()):
            if group := [event for event in events if self.hearings[event.type].handler is handler]:
                handler(self.shadow, group)
        if rows:
            self.heard_to = rows[-1]["ordinal"]
        return len(rows)

    def _read(self, row: DictRow) -> Received | None:
        if (hearing := self.hearings.get(row["type"])) is None:
            return None
        try:
            data = hearing.schema.load(row["data"])
        except ValidationError as fault:
            log.warning("rebuild.unreadable", id=row["id"], type=row["type"], fault=repr(fault))
            return None
        return Received(
            id=row["id"],
            type=row["type"],
            subject=row["subject"],
            time=row["at"],
            sequence=row["sequence"],
            position=row["position"],
            hall=row["hall"],
            call_id="",
            data=data,
        )
