"""Quality of service: commendations, evaluations, waits."""

from typing import Any

from marshmallow import fields, validate

from gateway.schemas.common import Answer, Code, Day, Input, Page, Text, Whole, list_of

COMMENDATIONS = ("letter", "banner", "plaque")
_DATE: dict[str, Any] = {"format": "date"}
_TIME: dict[str, Any] = {"format": "date-time"}
_SHARE = "A share from 0 to 1; null where there is nothing to share."


def share_of(what: str) -> fields.Float:
    """Return the field of a share."""
    return fields.Float(allow_none=True, metadata={"description": f"{what} {_SHARE}"})


class EvaluationFigures(Answer):
    """How the visits of a group were found."""

    group = fields.String(required=True)
    name = fields.String(allow_none=True)
    name_en = fields.String(allow_none=True)
    evaluations = fields.Integer(required=True)
    levels = fields.Dict(
        keys=fields.String(), values=fields.Integer(), metadata={"description": "How many of each level."}
    )
    negative = fields.Integer(required=True, metadata={"description": "Levels 1 and 2."})
    followed_up = fields.Integer(required=True, metadata={"description": "Of the negative ones."})
    satisfaction_rate = share_of("Those that are not negative.")
    follow_up_rate = share_of("Negative ones that were followed up.")


class NewCommendation(Input):
    """A thank-you letter, banner or plaque that a department received."""

    department = Code(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(COMMENDATIONS))
    received_on = Day(required=True)
    note = Text(most=500, least=0, metadata={"description": "Says nothing about persons."})


class CommendationChanges(Input):
    """What is to be set right, and why."""

    reason = Text(most=200, required=True)
    department = Code()
    kind = fields.String(validate=validate.OneOf(COMMENDATIONS))
    received_on = Day()
    note = Text(most=500, least=0)


class CountedNoMore(Input):
    """Why something does not count."""

    reason = Text(most=200, required=True)


class Commendation(Answer):
    """A commendation."""

    id = fields.String(required=True)
    department = fields.String(required=True)
    kind = fields.String(required=True)
    received_on = fields.String(required=True, metadata=_DATE)
    note = fields.String(required=True)
    recorded_by = fields.String(required=True)
    recorded_at = fields.String(required=True, metadata=_TIME)
    version = fields.Integer(required=True)
    withdrawn_at = fields.String(allow_none=True, metadata=_TIME)


class CommendationChange(Answer):
    """What a commendation was before a change, with why and by whom it was changed."""

    version = fields.Integer(required=True)
    department = fields.String(required=True)
    kind = fields.String(required=True)
    received_on = fields.String(required=True, metadata=_DATE)
    note = fields.String(required=True)
    reason = fields.String(required=True)
    changed_by = fields.String(required=True)
    changed_at = fields.String(required=True, metadata=_TIME)


class CommendationHistory(Commendation):
    """A commendation with its changes."""

    history = fields.List(fields.Nested(CommendationChange), required=True)


CommendationList = list_of(Commendation, name="CommendationList")
EvaluationFiguresList = list_of(EvaluationFigures, name="EvaluationFiguresList")


class Dates(Page):
    """These dates, both included."""

    class Meta(Page.Meta):
        """Names that are keywords of Python."""

        include = {"from": Day(required=True), "to": Day(required=True)}  # noqa: RUF012


class CommendationQuery(Dates):
    """Commendations received on these dates."""

    department = Code()
    kind = fields.String(validate=validate.OneOf(COMMENDATIONS))


class EvaluationFigureQuery(Dates):
    """Evaluations of visits on these dates."""

    group = fields.String(required=True, validate=validate.OneOf(["department", "item"]))


class WaitFigures(Answer):
    """How long the people of a group waited and were served."""

    group = fields.String(required=True)
    name = fields.String(allow_none=True)
    name_en = fields.String(allow_none=True)
    called = fields.Integer(
        required=True,
        metadata={"description": "Stays in a queue that were called; who was sent on counts in each queue."},
    )
    median_wait_s = fields.Integer(allow_none=True)
    p90_wait_s = fields.Integer(allow_none=True)
    under_15_min_rate = share_of("Waits under 15 minutes.")
    estimated = fields.Integer(
        required=True, metadata={"description": "Those that were told a range at issue."}
    )
    covered_rate = share_of("Waits within the `p90_s` told at issue; 0.85 to 0.95 is aimed at.")
    mean_abs_error_s = fields.Integer(
        allow_none=True, metadata={"description": "Mean distance from `p50_s`."}
    )
    served = fields.Integer(
        required=True, metadata={"description": "Services that came to an end where they were given."}
    )
    mean_service_s = fields.Integer(allow_none=True)
    p90_service_s = fields.Integer(allow_none=True)
    worked_s = fields.Integer(
        required=True,
        metadata={
            "description": "Seconds spent serving, also those of services that a manager or the day's end closed."
        },
    )
    open_s = fields.Integer(
        allow_none=True, metadata={"description": "Of a window: seconds for which somebody sat there."}
    )
    occupancy = share_of("Of a window: the part of `open_s` that was spent serving.")


class Bin(Answer):
    """Durations from `from_min` on and shorter than `to_min` minutes."""

    from_min = fields.Integer(required=True)
    to_min = fields.Integer(
        allow_none=True, metadata={"description": "Null in the last bin, of an hour and more."}
    )
    count = fields.Integer(required=True)
    cumulative = fields.Float(
        required=True, metadata={"description": "Share of all that are shorter than `to_min`."}
    )


class Distribution(Answer):
    """A histogram in bins of a minute."""

    kind = fields.String(required=True)
    queue = fields.String(allow_none=True)
    count = fields.Integer(required=True)
    bins = fields.List(fields.Nested(Bin), required=True)


class Outlook(Answer):
    """What so many windows make of an hour."""

    windows = fields.Integer(required=True)
    within_rate = fields.Float(
        required=True, metadata={"description": "Share that waits less than `within_s`."}
    )
    p90_wait_s = fields.Integer(required=True)
    utilisation = fields.Float(required=True, metadata={"description": "Of the windows' time, at most 1."})


class StaffingRow(Answer):
    """The advice for an hour of a queue."""

    queue = fields.String(required=True)
    weekday = fields.Integer(
        allow_none=True, metadata={"description": "1 is Monday; null for all days together."}
    )
    hour = fields.Integer(required=True)
    days = fields.Integer(required=True, metadata={"description": "Measured days."})
    arrivals = fields.Float(required=True, metadata={"description": "Mean number of tickets in the hour."})
    service_s = fields.Integer(required=True)
    served = fields.Integer(
        required=True,
        metadata={"description": "Measured services; of the hall, where the queue has too few."},
    )
    windows_now = fields.Integer(
        allow_none=True,
        metadata={"description": "Usually open for the queue; null when no sign-in was heard of."},
    )
    windows_needed = fields.Integer(
        allow_none=True, metadata={"description": "Null where no reasonable number does it."}
    )
    windows_erlang = fields.Integer(
        required=True, metadata={"description": "By Erlang's formula, to compare."}
    )
    less = fields.Nested(Outlook, allow_none=True, metadata={"description": "With one window less."})
    as_is = fields.Nested(
        Outlook,
        allow_none=True,
        metadata={"description": "With `windows_now`, else with those that are needed."},
    )
    more = fields.Nested(Outlook, required=True, metadata={"description": "With one window more."})


class AdviceInfo(Answer):
    """How far a piece of advice is."""

    class Meta(Answer.Meta):
        """Names that are keywords of Python."""

        include = {  # noqa: RUF012
            "from": fields.String(required=True, metadata=_DATE),
            "to": fields.String(required=True, metadata=_DATE),
        }

    id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["queued", "running", "done", "failed"]))
    queue = fields.String(allow_none=True)
    by_weekday = fields.Boolean(required=True)
    target = fields.Float(required=True)
    within_s = fields.Integer(required=True)
    seed = fields.Integer(required=True)
    requested_at = fields.String(required=True, metadata=_TIME)
    finished_at = fields.String(allow_none=True, metadata=_TIME)
    done = fields.Integer(required=True, metadata={"description": "Hours of queues that are worked out."})
    cells = fields.Integer(allow_none=True, metadata={"description": "Of so many."})
    fault = fields.String(allow_none=True)


class Advice(AdviceInfo):
    """Advice on staffing."""

    rows = fields.List(fields.Nested(StaffingRow), allow_none=True)


WaitFiguresList = list_of(WaitFigures, name="WaitFiguresList")
AdviceList = list_of(AdviceInfo, name="AdviceList")


class WaitQuery(Dates):
    """Tickets of these business dates, at most 366."""

    group = fields.String(
        required=True, validate=validate.OneOf(["queue", "department", "hour", "item", "window"])
    )


class DistributionQuery(Input):
    """Tickets of these business dates, at most 366."""

    class Meta(Input.Meta):
        """Names that are keywords of Python."""

        include = {"from": Day(required=True), "to": Day(required=True)}  # noqa: RUF012

    kind = fields.String(required=True, validate=validate.OneOf(["wait", "service"]))
    queue = Code()


class NewAdvice(Input):
    """From which business dates, at most 184, advice is worked out, and what it is to reach."""

    class Meta(Input.Meta):
        """Names that are keywords of Python."""

        include = {"from": Day(required=True), "to": Day(required=True)}  # noqa: RUF012

    queue = Code(metadata={"description": "This queue alone."})
    by_weekday = fields.Boolean(metadata={"description": "An advice for each weekday."})
    target = fields.Float(
        validate=validate.Range(0.5, 0.99),
        metadata={"description": "Share that is to wait less than `within_s`."},
    )
    within_s = Whole(least=60, most=7200, metadata={"description": "900 when left out."})
    seed = Whole(least=0, metadata={"description": "The same gives the same advice from the same days."})
