"""What a row of each table must look like, in itself."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from marshmallow import Schema, ValidationError, fields, validates, validates_schema
from marshmallow.validate import Length, OneOf, Range, Regexp

from services.catalogue.tables.faults import Fault

MEASURES = (
    "cases", "on_time_rate", "letters", "banners", "plaques", "satisfaction_rate", "negative_evaluations",
    "unanswered_evaluations", "awards",
)  # fmt: skip
KINDS = ("administrative_licence", "non_licence_approval", "public_service")


class Text(fields.String):
    """A text, which must not be empty unless it may be left out."""

    def __init__(self, *, longest: int = 200, optional: bool = False) -> None:
        self.optional, self.longest = optional, longest
        super().__init__(
            required=True,
            validate=[
                Length(min=0 if optional else 1, error=Fault("empty")),
                Length(max=longest, error=Fault("too_long", most=longest)),
            ],
        )


class Code(fields.String):
    """A code of one form; `form` is the fault that says it in words for whoever corrects the table."""

    def __init__(self, pattern: str, form: str, *, optional: bool = False) -> None:
        self.optional, self.form = optional, Fault(form)
        super().__init__(
            required=True, allow_none=optional, validate=Regexp(f"^(?:{pattern})$", error=self.form)
        )

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        """Read an empty cell as None where it may be left out."""
        return super().deserialize(None if self.optional and value == "" else value, attr, data, **kwargs)


class Whole(fields.Integer):
    """A whole number in a range."""

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high
        bounds = Range(min=low, max=high, error=Fault("not_between", low=low, high=high))
        super().__init__(required=True, validate=bounds, error_messages={"invalid": Fault("not_whole")})


class Rate(fields.Float):
    """How fast a class gains priority."""

    def __init__(self) -> None:
        super().__init__(
            required=True,
            validate=Range(min=0, max=100, min_inclusive=False, error=Fault("rate_range")),
            error_messages={"invalid": Fault("not_number"), "special": Fault("not_number")},
        )


class Choice(fields.String):
    """One of some words."""

    def __init__(self, known: Sequence[str]) -> None:
        self.known = known
        wrong = Fault("not_one_of", known=", ".join(known))
        super().__init__(required=True, validate=OneOf(known, error=wrong))


class Flag(fields.Boolean):
    """Yes or no."""

    def __init__(self) -> None:
        super().__init__(
            required=True,
            truthy={"true", "TRUE", "True", "1", "是"},
            falsy={"false", "FALSE", "False", "0", "否"},
            error_messages={"invalid": Fault("flag_form")},
        )


class Parts(fields.Field[list[str]]):
    """Several values in one cell, each once."""

    def __init__(self, separator: str, *, least: int = 0) -> None:
        self.separator, self.least = separator, least
        super().__init__(required=True)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> list[str]:
        parts = [part.strip() for part in value.split(self.separator)] if value else []
        if "" in parts:
            raise ValidationError(Fault("part_empty", separator=self.separator))
        if twice := next((part for part in parts if parts.count(part) > 1), None):
            raise ValidationError(Fault("part_twice", value=twice))
        if len(parts) < self.least:
            raise ValidationError(Fault("empty"))
        return parts


class Weekdays(Parts):
    """Days of the week, 1 Monday to 7 Sunday, kept as numbers."""

    def __init__(self) -> None:
        super().__init__(";", least=1)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        parts = super()._deserialize(value, attr, data, **kwargs)
        if wrong := next((part for part in parts if part not in set("1234567")), None):
            raise ValidationError(Fault("no_weekday", value=wrong))
        return [int(part) for part in parts]


class Day(fields.Field[str]):
    """A date, kept in the form that goes over the wire."""

    def __init__(self, *, optional: bool = False) -> None:
        self.optional = optional
        super().__init__(required=True, allow_none=optional)

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        """Read an empty cell as None where it may be left out."""
        return super().deserialize(None if self.optional and value == "" else value, attr, data, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        try:
            day = date.fromisoformat(value)
        except ValueError as exc:
            raise ValidationError(Fault("no_date", value=value)) from exc
        return day.isoformat()


class TimeOfDay(fields.Field[str]):
    """A time of day to the minute, kept in the form that goes over the wire."""

    def __init__(self, *, optional: bool = False) -> None:
        self.optional = optional
        super().__init__(required=True, allow_none=optional)

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        """Read an empty cell as None where it may be left out."""
        return super().deserialize(None if self.optional and value == "" else value, attr, data, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        try:
            moment = time.fromisoformat(value)
        except ValueError as exc:
            raise ValidationError(Fault("no_time", value=value)) from exc
        if moment.tzinfo or moment.second or moment.microsecond:
            raise ValidationError(Fault("not_minutes", value=value))
        return moment.strftime("%H:%M")


def slug(*, optional: bool = False) -> Code:
    """Return a field for the codes of departments, queues, items and chains."""
    return Code("[a-z0-9][a-z0-9-]{0,39}", "slug_form", optional=optional)


def zone_code() -> Code:
    """Return a field for the codes of zones."""
    return Code("[A-Z][A-Z0-9]{0,3}", "zone_form")


def window_code(*, optional: bool = False) -> Code:
    """Return a field for the codes of windows."""
    return Code("[0-9]{2,4}", "window_form", optional=optional)


class HallRow(Schema):
    """hall.csv: the one hall these tables describe."""

    code = slug()
    name = Text()
    name_en = Text()
    time_zone = Text()

    @validates("time_zone")
    def known_zone(self, value: str, data_key: str) -> None:
        """Refuse a name that the time zone database does not have."""
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
            raise ValidationError(Fault("no_time_zone", value=value)) from exc


class DepartmentRow(Schema):
    """departments.csv: the departments in the hall."""

    code = slug()
    name = Text()
    name_en = Text()
    offers_three_services = Flag()


class ZoneRow(Schema):
    """zones.csv: the parts of the hall, each with its board."""

    code = zone_code()
    name = Text()
    name_en = Text()


class QueueRow(Schema):
    """queues.csv: what tickets wait in. `max_wait_s` is in seconds, rates are per class of ticket."""

    code = slug()
    prefix = Code("[A-HJ-NP-Z]{1,2}", "prefix_form")
    name = Text()
    name_en = Text()
    department = slug()
    zone = zone_code()
    max_wait_s = Whole(60, 86_400)
    priority_rate = Rate()
    appointment_rate = Rate()
    walk_in_rate = Rate()


class WindowRow(Schema):
    """windows.csv: the counters, each with the queues it may call from, in order."""

    code = window_code()
    name = Text()
    name_en = Text()
    department = slug()
    zone = zone_code()
    queues = Parts(";", least=1)


class ClerkRow(Schema):
    """clerks.csv: one account a member of the window staff, and the window at which one usually is."""

    username = Code("[a-z][a-z0-9._-]{0,39}", "username_form")
    name = Text()
    department = slug()
    window = window_code(optional=True)


class ItemRow(Schema):
    """items.csv: the service items. `time_limit_days` is in working days, 0 is on the spot."""

    code = slug()
    name = Text()
    name_en = Text(optional=True)
    department = slug()
    queue = slug()
    kind = Choice(KINDS)
    time_limit_days = Whole(0, 365)
    service_seconds = Whole(30, 14_400)
    chains = Parts(";")
    materials = Parts("|")
    guide = Text(longest=4000, optional=True)
    guide_en = Text(longest=4000, optional=True)
    effective_from = Day()


class ChainRow(Schema):
    """chains.csv: the business chains."""

    code = slug()
    name = Text()
    name_en = Text()


class HoursRow(Schema):
    """hours.csv: opening hours by weekday (1 Monday to 7 Sunday); no department stands for the whole hall."""

    department = slug(optional=True)
    weekday = Whole(1, 7)
    opens = TimeOfDay()
    closes = TimeOfDay()
    break_starts = TimeOfDay(optional=True)
    break_ends = TimeOfDay(optional=True)

    @validates_schema(skip_on_field_errors=True)
    def in_order(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse hours that do not follow one another."""
        starts, ends = data["break_starts"], data["break_ends"]
        if (starts is None) != (ends is None):
            raise ValidationError(Fault("half_break"), "break_starts" if ends else "break_ends")
        if data["closes"] <= data["opens"]:
            raise ValidationError(Fault("not_after", other="opens"), "closes")
        if starts is not None and not data["opens"] < starts < ends < data["closes"]:
            raise ValidationError(Fault("break_outside"), "break_starts")


class CalendarRow(Schema):
    """calendar.csv: days that differ from the plain rule that Monday to Friday are working days."""

    day = Day()
    working = Flag()
    name = Text()


class SlotPlanRow(Schema):
    """slot_plans.csv: weekly plans of the times people can book; no items stands for all of the department.

    `capacity` is for each slot; of it so many places are kept for `web`, `phone` and `window`, and the rest is for
    whoever comes first.
    """

    code = slug()
    department = slug()
    items = Parts(";")
    weekdays = Weekdays()
    starts = TimeOfDay()
    ends = TimeOfDay()
    slot_minutes = Whole(5, 480)
    capacity = Whole(1, 1000)
    web = Whole(0, 1000)
    phone = Whole(0, 1000)
    window = Whole(0, 1000)
    valid_from = Day()
    valid_to = Day(optional=True)

    @validates_schema(skip_on_field_errors=True)
    def whole_slots(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a time that does not hold a whole number of slots."""
        starts, ends = time.fromisoformat(data["starts"]), time.fromisoformat(data["ends"])
        minutes = 60 * (ends.hour - starts.hour) + ends.minute - starts.minute
        if minutes <= 0:
            raise ValidationError(Fault("not_after", other="starts"), "ends")
        if minutes % data["slot_minutes"]:
            raise ValidationError(Fault("no_whole_slots", minutes=minutes), "slot_minutes")

    @validates_schema(skip_on_field_errors=True)
    def within_bounds(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse more kept places than there are, and an end before the beginning."""
        kept = data["web"] + data["phone"] + data["window"]
        if kept > data["capacity"]:
            raise ValidationError(Fault("less_than_kept", kept=kept), "capacity")
        if data["valid_to"] is not None and data["valid_to"] < data["valid_from"]:
            raise ValidationError(Fault("before_first_day"), "valid_to")


class Degrees(fields.Float):
    """Degrees of latitude or longitude (WGS 84)."""

    def __init__(self, most: int) -> None:
        super().__init__(
            required=True,
            validate=Range(min=-most, max=most, error=Fault("not_between", low=-most, high=most)),
            error_messages={"invalid": Fault("not_number"), "special": Fault("not_number")},
        )


class CrewRow(Schema):
    """crews.csv: who goes to applicants. It does all items of `departments`, and of others those in `items`.

    `members` are clerks (or `crew`, the demo account); with fewer than `least_members` of them it does not work.
    `capacity` is the most visits a day; it starts from and returns to `lat`, `lon`.
    """

    code = slug()
    name = Text()
    name_en = Text()
    department = slug()
    members = Parts(";", least=1)
    least_members = Whole(1, 20)
    departments = Parts(";")
    items = Parts(";")
    weekdays = Weekdays()
    starts = TimeOfDay()
    ends = TimeOfDay()
    lat = Degrees(90)
    lon = Degrees(180)
    capacity = Whole(1, 100)

    @validates_schema(skip_on_field_errors=True)
    def makes_sense(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a crew that can do nothing, needs more members than it has, or ends before it begins."""
        if not data["departments"] and not data["items"]:
            raise ValidationError(Fault("crew_idle"), "departments")
        if data["least_members"] > len(data["members"]):
            raise ValidationError(Fault("more_than_members", members=len(data["members"])), "least_members")
        if data["ends"] <= data["starts"]:
            raise ValidationError(Fault("not_after", other="starts"), "ends")


class Amount(fields.Float):
    """A number of at most four decimals; an empty cell is None where it may be left out."""

    def __init__(self, low: float, high: float, *, optional: bool = False) -> None:
        self.optional = optional
        super().__init__(
            required=True,
            allow_none=optional,
            validate=Range(min=low, max=high, error=Fault("not_between", low=f"{low:g}", high=f"{high:g}")),
            error_messages={"invalid": Fault("not_number"), "special": Fault("not_number")},
        )

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        """Read an empty cell as None where it may be left out."""
        return super().deserialize(None if self.optional and value == "" else value, attr, data, **kwargs)


class AssessmentRow(Schema):
    """assessment.csv: what the quarterly assessment of departments gives points for.

    `points` for each unit of the measure past `above`, at most `cap` either way; rates are in percent.
    """

    code = slug()
    name = Text()
    name_en = Text()
    measure = Choice(MEASURES)
    points = Amount(-10_000, 10_000)
    above = Amount(0, 10_000)
    cap = Amount(0.0001, 10_000, optional=True)
    valid_from = Day()
    valid_to = Day(optional=True)

    @validates_schema(skip_on_field_errors=True)
    def makes_sense(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a rule that gives nothing or ends before it begins."""
        if not data["points"]:
            raise ValidationError(Fault("zero"), "points")
        if data["valid_to"] is not None and data["valid_to"] < data["valid_from"]:
            raise ValidationError(Fault("before_first_day"), "valid_to")


class ProcedureRow(Schema):
    """procedures.csv: how a kind of project is approved by several departments, under the lead of one.

    In a pre-conditioned procedure a co-handler's written commitment counts as its step's closing.
    """

    code = slug()
    name = Text(longest=100)
    name_en = Text(optional=True)
    lead = slug()
    preconditioned = Flag()


class ProcedureStepRow(Schema):
    """procedure_steps.csv: the item a department does in a procedure, `after` other steps of it."""

    procedure = slug()
    step = slug()
    item = slug()
    after = Parts(";")


class ProcedureMaterialRow(Schema):
    """procedure_materials.csv: what is handed in once, and the steps of the procedure that need it."""

    procedure = slug()
    material = slug()
    name = Text(longest=100)
    name_en = Text(optional=True)
    needed_by = Parts(";", least=1)


FILES: dict[str, type[Schema]] = {
    "hall": HallRow,
    "departments": DepartmentRow,
    "zones": ZoneRow,
    "chains": ChainRow,
    "queues": QueueRow,
    "windows": WindowRow,
    "clerks": ClerkRow,
    "items": ItemRow,
    "hours": HoursRow,
    "calendar": CalendarRow,
    "slot_plans": SlotPlanRow,
    "crews": CrewRow,
    "assessment": AssessmentRow,
    "procedures": ProcedureRow,
    "procedure_steps": ProcedureStepRow,
    "procedure_materials": ProcedureMaterialRow,
}
# A hall without appointments, on-site service, an assessment of its departments or joint approval leaves these out.
OPTIONAL = frozenset(
    {"slot_plans", "crews", "assessment", "procedures", "procedure_steps", "procedure_materials"}
)
# In a workbook, which has all sheets, these may be empty.
MAY_BE_EMPTY = OPTIONAL | {"chains", "calendar", "clerks"}
