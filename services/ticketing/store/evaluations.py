"""Evaluations and what was done about them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from services.chassis import db
from services.ticketing.domain.evaluation import Evaluation
from services.ticketing.errors import NoSuchEvaluation


class Evaluations(db.Store):
    """How visits were found."""

    def add_evaluation(self, evaluation: Evaluation) -> bool:
        """Keep an evaluation; False when the visit was evaluated before."""
        return self.row("add_evaluation", **evaluation.__dict__) is not None

    def lock_evaluation(self, hall: str, ticket: str) -> Evaluation:
        """Return an evaluation, held until the transaction ends.

        Raises:
            NoSuchEvaluation: the visit was not evaluated.
        """
        if self.row("lock_evaluation", hall=hall, ticket=ticket) is None:
            raise NoSuchEvaluation
        # Read after the lock is held, not with it: the step that was waited for is seen only by a new statement.
        return Evaluation(**self.rows("find_evaluation", hall=hall, ticket=ticket)[0])

    def add_step(self, evaluation: Evaluation, *, by: str, at: datetime) -> None:
        """Keep a step of a follow-up; the one before ends with it."""
        row = {**evaluation.__dict__, "by": by, "at": at}
        self.run("leave_step", **row)
        self.run("add_step", **row)

    def own_follow_ups(self, hall: str, owner: str, *, limit: int) -> list[Evaluation]:
        """Return what an account was given to follow up and has not, what is due first."""
        return [Evaluation(**row) for row in self.rows("own_follow_ups", hall=hall, owner=owner, limit=limit)]

    def evaluations(
        self, hall: str, *, since: date | None, until: date | None, wanted: Mapping[str, Any], limit: int
    ) -> list[Evaluation]:
        """Return evaluations, the newest first.

        Args:
            hall: the hall's code.
            since: first business date of the visits; any when left out.
            until: last business date.
            wanted: `department`, `follow_up` and `cursor`, each may be None.
            limit: how many at most.
        """
        rows = self.rows("list_evaluations", hall=hall, since=since, until=until, limit=limit, **wanted)
        return [Evaluation(**row) for row in rows]
