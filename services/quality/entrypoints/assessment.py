"""Calls about the assessment of departments and the meetings of window heads."""

from typing import Any

from services.chassis.calls import Calls
from services.chassis.service import NoFields, Service, command, question
from services.chassis.tasks import Tasks
from services.quality.domain.quarters import Quarter
from services.quality.schemas import assessment as schemas
from services.quality.store import Store
from services.quality.use_cases import assessment, meetings
from services.quality.use_cases.common import require_analyst, require_manager

Request = dict[str, Any]

_ranking, _meeting, _award = schemas.AssessmentReply(), schemas.MeetingReply(), schemas.AwardReply()


class Assessment(Service):
    """Rules, awards, rankings and meetings."""

    calls = Calls()

    def _quarter(self, quarter: Quarter) -> dict[str, Any]:
        """Ask statistics what a quarter was like, while nothing is locked here."""
        wanted = {"period": quarter.name}
        return {"told": self.calls("statistics", "get_quarter", wanted, caller=self.caller)}

    def _quarter_unless_published(self, request: Request) -> dict[str, Any]:
        with self.data.autocommit() as store:
            published = assessment.find_published(store, self.caller, **request)
        return self._quarter(request["period"]) if published is None else {"told": {}}

    def _quarter_to_publish(self, request: Request) -> dict[str, Any]:
        require_manager(self.caller)
        return self._quarter(request["period"])

    def _quarter_to_meet(self, request: Request) -> dict[str, Any]:
        require_analyst(self.caller)
        return self._quarter(request["quarter"])

    @command(schemas.LoadRules())
    def load_assessment_rules(self, store: Store, request: Request) -> Any:
        """Bring the rules to what the hall's table says."""
        return assessment.load_rules(store, self.caller, **request)

    @command(schemas.SaveRule(), schemas.RuleReply())
    def save_assessment_rule(self, store: Store, request: Request) -> Any:
        """Make or change a rule."""
        return assessment.save_rule(store, self.caller, **request)

    @question(NoFields(), schemas.RuleReply(many=True))
    def list_assessment_rules(self, store: Store, request: Request) -> Any:
        """Return the rules."""
        return assessment.list_rules(store, self.caller)

    @question(schemas.Period(), _ranking, first=_quarter_unless_published)
    def get_assessment(self, store: Store, request: Request) -> Any:
        """Return the ranking of a quarter."""
        return assessment.get_assessment(store, self.caller, **request)

    @command(schemas.Period(), _ranking, first=_quarter_to_publish)
    def publish_assessment(self, store: Store, request: Request) -> Any:
        """Fix the ranking of a quarter."""
        return assessment.publish_assessment(store, self.caller, **request)

    @command(schemas.RecordAward(), _award)
    def record_award(self, store: Store, request: Request) -> Any:
        """Award points to a department."""
        return assessment.record_award(store, self.caller, **request)

    @command(schemas.WithdrawAward(), _award)
    def withdraw_award(self, store: Store, request: Request) -> Any:
        """Count an award no more."""
        return assessment.withdraw_award(store, self.caller, **request)

    @question(schemas.ListAwards(), schemas.AwardReply(many=True))
    def list_awards(self, store: Store, request: Request) -> Any:
        """Return awards."""
        return assessment.list_awards(store, self.caller, **request)

    @command(schemas.CallMeeting(), _meeting, first=_quarter_to_meet)
    def call_meeting(self, store: Store, request: Request) -> Any:
        """Call the meeting of a quarter."""
        return meetings.call_meeting(store, self.caller, **request)

    @question(schemas.OneOfThem(), _meeting)
    def get_meeting(self, store: Store, request: Request) -> Any:
        """Return a meeting."""
        return meetings.get_meeting(store, self.caller, **request)

    @question(NoFields(), schemas.MeetingInfo(many=True))
    def list_meetings(self, store: Store, request: Request) -> Any:
        """Return all meetings."""
        return meetings.list_meetings(store, self.caller)

    @question(NoFields(), Tasks())
    def list_tasks(self, store: Store, request: Request) -> Any:
        """Return what the caller's department has agreed to."""
        return meetings.list_tasks(store, self.caller)

    @command(schemas.WriteMinutes(), _meeting)
    def write_minutes(self, store: Store, request: Request) -> Any:
        """Write the minutes of a meeting."""
        return meetings.write_minutes(store, self.caller, **request)

    @command(schemas.AgreeAction(), _meeting)
    def agree_action(self, store: Store, request: Request) -> Any:
        """Have a department do something."""
        return meetings.agree_action(store, self.caller, **request)

    @command(schemas.SettleAction(), schemas.ActionReply())
    def settle_action(self, store: Store, request: Request) -> Any:
        """Say what came of an action."""
        return meetings.settle_action(store, self.caller, **request)
