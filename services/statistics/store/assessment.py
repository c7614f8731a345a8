"""The assessment of departments, and the meetings that look at it."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from services.chassis import db, wire
from services.statistics.domain import assessment as rules
from services.statistics.domain.assessment import Award, Rule
from services.statistics.domain.meetings import Action, Meeting
from services.statistics.domain.periods import Period
from services.statistics.errors import NoSuchAction, NoSuchAward, NoSuchMeeting

Row = Mapping[str, Any]


class Assessment(db.Store):
    """Rules, awards and rankings."""

    def save_rule(self, hall: str, rule: Rule) -> None:
        """Keep a rule; the same code from the same day on is changed."""
        self.run("save_rule", hall=hall, **asdict(rule))

    def assessment_rules(self, hall: str) -> list[Rule]:
        """Return all rules that there were and are."""
        return [Rule(**row) for row in self.rows("assessment_rules", hall=hall)]

    def ranking(self, hall: str, quarter: Period) -> list[dict[str, Any]]:
        """Return the ranking of a quarter: as it was published, else as it is now."""
        fixed = self.published_assessment(hall, quarter)
        standings: list[dict[str, Any]] = fixed["ranking"] if fixed else self.ranking_now(hall, quarter)
        return standings

    def ranking_now(self, hall: str, quarter: Period) -> list[dict[str, Any]]:
        """Work the ranking of a quarter out."""
        dates = {"since": quarter.first, "until": quarter.last}
        counts = self.rows("award_counts", hall=hall, **dates)
        return rules.ranking(
            rules.rules_for(self.assessment_rules(hall), quarter),
            self.rows("assessment_figures", hall=hall, **dates),
            {(row["department"], row["rule"]): row["awards"] for row in counts},
        )

    def lock_assessment(self, hall: str, quarter: Period) -> None:
        """Keep others from awarding in a quarter, or publishing it, until the transaction ends."""
        self.run("lock_assessment", hall=hall, period=quarter.name)

    def published_assessment(self, hall: str, quarter: Period) -> dict[str, Any] | None:
        """Return a ranking that is fixed with who fixed it and when, None when it is not."""
        row = self.row("published_assessment", hall=hall, period=quarter.name)
        return None if row is None else {**row, "ranking": row["content"]}

    def publish_assessment(
        self, hall: str, quarter: Period, ranking: list[dict[str, Any]], *, by: str, at: datetime
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


class Meetings(db.Store):
    """Meetings of window heads."""

    def quarter_volumes(self, hall: str, quarter: Period) -> dict[str, int]:
        """Return cases, tickets, served, decided and on time of a quarter."""
        return self.rows("quarter_volumes", hall=hall, since=quarter.first, until=quarter.last)[0]

    def quarter_anomalies(self, hall: str, quarter: Period) -> list[dict[str, Any]]:
        """Return the unusual movements of a quarter, the most unusual first."""
        return self.rows("quarter_anomalies", hall=hall, since=quarter.first, until=quarter.last)

    def add_meeting(self, meeting: Meeting) -> bool:
        """Call a meeting; False when there is one of the quarter."""
        row = {**meeting.__dict__, "agenda": wire.dumps(meeting.agenda)}
        return self.row("add_meeting", **row) is not None

    def meeting(self, hall: str, id_: str, *, hold: bool = False) -> Meeting:
        """Return a meeting; with `hold` nobody else changes it until the transaction ends.

        Raises:
            NoSuchMeeting: there is none.
        """
        if hold:
            self.run("lock_meeting", hall=hall, id=id_)
        row = self.row("find_meeting", hall=hall, id=id_)
        if row is None:
            raise NoSuchMeeting
        return Meeting(**row)

    def save_minutes(self, meeting: Meeting) -> None:
        """Write minutes."""
        row = {"minutes": meeting.minutes, "version": meeting.version}
        self.run("save_minutes", hall=meeting.hall, id=meeting.id, **row)

    def meetings(self, hall: str) -> list[dict[str, Any]]:
        """Return all meetings, the newest first, with how many of their actions are open."""
        return self.rows("list_meetings", hall=hall)

    def add_action(self, action: Action) -> None:
        """Keep an action, behind those of the meeting, which is held."""
        self.run("add_action", **action.__dict__)

    def lock_action(self, hall: str, id_: str) -> Action:
        """Return an action, held until the transaction ends.

        Raises:
            NoSuchAction: there is none.
        """
        row = self.row("lock_action", hall=hall, id=id_)
        if row is None:
            raise NoSuchAction
        return Action(**row)

    def save_action(self, action: Action) -> None:
        """Settle an action."""
        self.run("save_action", **action.__dict__)

    def actions(self, hall: str, meeting: str) -> list[Action]:
        """Return the actions of a meeting in their order."""
        return [Action(**row) for row in self.rows("meeting_actions", hall=hall, meeting=meeting)]

    def open_actions(self, hall: str) -> list[dict[str, Any]]:
        """Return what is open of all meetings, what is due first."""
        return self.rows("open_actions", hall=hall)
