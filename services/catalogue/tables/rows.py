"""What a row of each table must look like, in itself."""

from datetime import time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from marshmallow import Schema, ValidationError, validates, validates_schema

from services.catalogue.tables.cells import (
    Amount,
    Choice,
    Code,
    Day,
    Degrees,
    Flag,
    Parts,
    Rate,
    Text,
    TimeOfDay,
    Weekdays,
    Whole,
    slug,
    window_code,
    zone_code,
)
from services.catalogue.tables.faults import Fault

MEASURES = (
    "cases", "on_time_rate", "letters", "banners", "plaques", "satisfaction_rate", "negative_evaluations",
    "unanswered_evaluations", "awards",
)  # fmt: skip
KINDS = ("administrative_licence", "non_licence_approval", "public_service")


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
