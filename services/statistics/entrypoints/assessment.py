"""Calls about the assessment of departments and the meetings of window heads."""

from typing import Any

from services.chassis.service import NoFields, Service, command, question
from services.statistics.schemas import assessment as schemas
from services.statistics.store import Store
from services.statistics.use_cases import assessment, meetings

Request = dict[str, Any]

_ranking, _meeting, _award = schemas.AssessmentReply(), schemas.MeetingReply(), schemas.AwardReply()


class Assessment(Service):
    """Rules, awards, rankings and meetings."""

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

    @question(schemas.Period(), _ranking)
    def get_assessment(self, store: Store, request: Request) -> Any:
        """Return the ranking of a quarter."""
        return assessment.get_assessment(store, self.caller, **request)

    @command(schemas.Period(), _ranking)
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

    @command(schemas.CallMeeting(), _meeting)
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
