"""The assessment of departments."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from services.chassis import db, wire
from services.quality.domain.assessment import Award, Rule
from services.quality.domain.quarters import Quarter
from services.quality.errors import NoSuchAward


class Assessment(db.Store):
    """Rules, awards and rankings."""

    def save_rule(self, hall: str, rule: Rule) -> None:
        """Keep a rule; the same code from the same day on is changed."""
        self.run("save_rule", hall=hall, **asdict(rule))

    def assessment_rules(self, hall: str) -> list[Rule]:
        """Return all rules that there were and are."""
        return [Rule(**row) for row in self.rows("assessment_rules", hall=hall)]

    def award_counts(self, hall: str, quarter: Quarter) -> dict[tuple[str, str], int]:
        """Return how many awards of a quarter count, by department and rule."""
        rows = self.rows("award_counts", hall=hall, since=quarter.first, until=quarter.last)
        return {(row["department"], row["rule"]): row["awards"] for row in rows}

    def lock_assessment(self, hall: str, quarter: Quarter) -> None:
        """Keep others from awarding in a quarter, or publishing it, until the transaction ends."""
        self.run("lock_assessment", hall=hall, period=quarter.name)

    def published_assessment(self, hall: str, quarter: Quarter) -> dict[str, Any] | None:
        """Return a ranking that is fixed with who fixed it and when, None when it is not."""
        row = self.row("published_assessment", hall=hall, period=quarter.name)
        return None if row is None else {**row, "ranking": row["content"]}

    def publish_assessment(
        self, hall: str, quarter: Quarter, ranking: list[dict[str, Any]], *, by: str, at: datetime
    ) -> None:
        """Fix a ranking."""
        self.run(
            "publish_assessment", hall=hall, period=quarter.name, content=wire.dumps(ranking), by=by, at=at
        )

    def add_award(self, award: Award) -> None:
        """Record an award."""
        self.run("add_award", **asdict(award))

    def lock_award(self, hall: str, id_: str) -> dict[str, Any]:
        """Return an award, held until the transaction ends.

        Raises:
            NoSuchAward: there is none.
        """
        row = self.row("lock_award", hall=hall, id=id_)
        if row is None:
            raise NoSuchAward
        return row

    def withdraw_award(self, hall: str, id_: str, *, reason: str, by: str, at: datetime) -> dict[str, Any]:
        """Count an award no more, and return it."""
        return self.rows("withdraw_award", hall=hall, id=id_, reason=reason, by=by, at=at)[0]

    def awards(self, hall: str, *, since: date, until: date, department: str | None) -> list[dict[str, Any]]:
        """Return the awards of these dates, withdrawn ones too, the newest first."""
        return self.rows("list_awards", hall=hall, since=since, until=until, department=department)
