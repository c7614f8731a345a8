"""Plans of a day of on-site service."""

from marshmallow import fields, validate

from gateway.schemas.common import Answer, Code, Day, Input, Page, Whole, list_of

PLAN_STATES = ("queued", "solving", "draft", "published", "failed")
REDRAFT_REASONS = ("absence", "crew", "hours", "urgent_order", "failed_visit", "order_gone")
_TIME = {"format": "date-time"}
_DATE = {"format": "date"}


class PlanStop(Answer):
    """A visit in a route."""

    order = fields.String(required=True)
    arrives_at = fields.String(required=True, metadata=_TIME)
    starts_at = fields.String(required=True, metadata=_TIME)
    leaves_at = fields.String(required=True, metadata=_TIME)
    travel_s = fields.Integer(allow_none=True, metadata={"description": "Seconds of the way there."})


class PlanRoute(Answer):
    """A crew's visits in order."""

    crew = fields.String(required=True)
    stops = fields.List(fields.Nested(PlanStop), required=True)
    distance_m = fields.Integer(required=True)
    duration_s = fields.Integer(required=True)


class UnservedOrder(Answer):
    """An order that nobody can serve, with the reason that binds."""

    order = fields.String(required=True)
    reason = fields.String(
        required=True, metadata={"description": "skill, window, shift, break, capacity or time"}
    )


class PlannedVisit(Answer):
    """Who comes, and when the visit begins."""

    crew = fields.String(required=True)
    arrives_at = fields.String(required=True, metadata=_TIME)


class MovedOrder(Answer):
    """What is new for an order that was assigned already; `to` is null when nobody can come now."""

    class Meta(Answer.Meta):
        """Names that are keywords of Python."""

        include = {  # noqa: RUF012
            "from": fields.Nested(PlannedVisit, allow_none=True),
            "to": fields.Nested(PlannedVisit, allow_none=True),
        }

    order = fields.String(required=True)


class PlanProgress(Answer):
    """How far the solving is."""

    elapsed_s = fields.Float(required=True)
    served = fields.Integer(required=True)
    unserved = fields.Integer(required=True)
    distance_m = fields.Integer(required=True)


class PlanChange(Answer):
    """What has changed since a draft was made, so that it cannot be published."""

    order = fields.String()
    reference = fields.String()
    state = fields.String()
    crew = fields.String()
    plan = fields.String(allow_none=True)
    change = fields.String(
        required=True, metadata={"description": "cancelled, changed, gone, hours, published or time_passed"}
    )


class PlanInfo(Answer):
    """A plan of a day, without its routes."""

    id = fields.String(required=True)
    date = fields.String(required=True, metadata=_DATE)
    state = fields.String(required=True, validate=validate.OneOf(PLAN_STATES))
    current = fields.Boolean(required=True, metadata={"description": "The published plan that holds."})
    seed = fields.Integer(required=True)
    seconds = fields.Float(required=True, metadata={"description": "How long it may take."})
    requested_at = fields.String(required=True, metadata=_TIME)
    requested_by = fields.String(allow_none=True)
    reasons = fields.List(
        fields.String(validate=validate.OneOf(REDRAFT_REASONS)),
        required=True,
        metadata={
            "description": "Why the day is planned anew without a dispatcher's asking; none when one asked."
        },
    )
    solved_at = fields.String(allow_none=True, metadata=_TIME)
    published_at = fields.String(allow_none=True, metadata=_TIME)
    published_by = fields.String(allow_none=True)
    fault = fields.String(allow_none=True, metadata={"description": "Why it failed."})


class Plan(PlanInfo):
    """A plan of a day; the best so far while it is being solved."""

    routes = fields.List(fields.Nested(PlanRoute), required=True)
    unserved = fields.List(fields.Nested(UnservedOrder), required=True)
    moved = fields.List(fields.Nested(MovedOrder), required=True)
    progress = fields.Nested(PlanProgress, allow_none=True)
    changed = fields.List(fields.Nested(PlanChange))


class WhyNot(Answer):
    """What stands against a visit."""

    order = fields.String(required=True)
    reason = fields.String(required=True)


class Reassigned(Answer):
    """A draft as it is now, or would be."""

    feasible = fields.Boolean(required=True)
    reasons = fields.List(fields.Nested(WhyNot), required=True)
    plan = fields.Nested(Plan, required=True)


PlanList = list_of(PlanInfo, name="DispatchPlanList")


class NewPlan(Input):
    """A day to plan; the same orders, crews and seed give the same plan."""

    date = Day(required=True)
    seed = Whole()
    seconds = Whole(least=1, most=120)


class DispatchPlanQuery(Page):
    """Which day's plans."""

    date = Day()


class NewPlace(Input):
    """Which order goes to which crew, after how many of its visits; last when left out."""

    order = Code(required=True)
    crew = Code(required=True)
    position = Whole(most=1000, allow_none=True)
    dry_run = fields.Boolean(truthy={True}, falsy={False})
