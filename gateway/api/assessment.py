"""Assessment of departments, meetings of window heads."""

from collections.abc import Mapping
from typing import Any

from gateway.api.paging import page_of, without_page
from gateway.api.routing import ANALYSTS, Routes
from gateway.http.asking import ask
from gateway.schemas.assessment import (
    Action,
    Assessment,
    AssessmentQuery,
    AssessmentRule,
    AssessmentRuleList,
    Award,
    AwardList,
    AwardQuery,
    Meeting,
    MeetingList,
    Minutes,
    NewAction,
    NewAssessmentRule,
    NewAward,
    NewMeeting,
    Settlement,
)
from gateway.schemas.common import Page
from gateway.schemas.quality import CountedNoMore

Query = Mapping[str, Any]
Body = Mapping[str, Any]
MANAGER = ("manager",)

routes = Routes("assessment", __name__, description="Assessment of departments, meetings of window heads.")


@routes.command("/assessment-rules", AssessmentRule, body=NewAssessmentRule, roles=MANAGER, status=201)
def save_assessment_rule(body: Body) -> Any:
    """Make or change a rule; published rankings stay as they are."""
    return ask("quality", "save_assessment_rule", **body)


@routes.question("/assessment-rules", AssessmentRuleList, query=Page, roles=ANALYSTS)
def list_assessment_rules(query: Query) -> Any:
    """All rules that there were and are."""
    return page_of(ask("quality", "list_assessment_rules"), query)


@routes.question("/assessments", Assessment, query=AssessmentQuery, roles=ANALYSTS)
def get_assessment(query: Query) -> Any:
    """The ranking of a quarter, each point with its rule and figure."""
    return ask("quality", "get_assessment", **query)


@routes.command("/assessments/publish", Assessment, body=AssessmentQuery, roles=MANAGER)
def publish_assessment(body: Body) -> Any:
    """Fix the ranking of a quarter that is over."""
    return ask("quality", "publish_assessment", **body)


@routes.command("/awards", Award, body=NewAward, roles=ANALYSTS, status=201)
def record_award(body: Body) -> Any:
    """Award points to a department."""
    return ask("quality", "record_award", **body)


@routes.question("/awards", AwardList, query=AwardQuery, roles=ANALYSTS)
def list_awards(query: Query) -> Any:
    """The awards of these dates, withdrawn ones too, the newest first."""
    return page_of(ask("quality", "list_awards", **without_page(query)), query)


@routes.command("/awards/<uuid4:id>/withdraw", Award, body=CountedNoMore, roles=ANALYSTS)
def withdraw_award(body: Body, id: str) -> Any:
    """Count an award no more."""
    return ask("quality", "withdraw_award", id=id, **body)


@routes.command("/meetings", Meeting, body=NewMeeting, roles=ANALYSTS, status=201)
def call_meeting(body: Body) -> Any:
    """Call the meeting of a quarter; its agenda is made from the figures."""
    return ask("quality", "call_meeting", **body)


@routes.question("/meetings", MeetingList, query=Page, roles=ANALYSTS)
def list_meetings(query: Query) -> Any:
    """All meetings, the newest first."""
    return page_of(ask("quality", "list_meetings"), query)


@routes.question("/meetings/<uuid4:id>", Meeting, roles=ANALYSTS)
def get_meeting(id: str) -> Any:
    """A meeting with agenda, minutes and actions."""
    return ask("quality", "get_meeting", id=id)


@routes.command("/meetings/<uuid4:id>/minutes", Meeting, body=Minutes, roles=ANALYSTS)
def write_minutes(body: Body, id: str) -> Any:
    """Write the minutes, over what stood there."""
    return ask("quality", "write_minutes", id=id, **body)


@routes.command("/meetings/<uuid4:id>/actions", Meeting, body=NewAction, roles=ANALYSTS, status=201)
def agree_action(body: Body, id: str) -> Any:
    """Have a department do something by a date."""
    return ask("quality", "agree_action", id=id, **body)


@routes.command("/meeting-actions/<uuid4:id>/settle", Action, body=Settlement, roles=ANALYSTS)
def settle_action(body: Body, id: str) -> Any:
    """Say that an action is done, or why it is dropped."""
    return ask("quality", "settle_action", id=id, **body)
