"""Requests and answers of the catalogue."""

import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from marshmallow import ValidationError, fields, validate, validates_schema

from services.catalogue.domain.closures import DEPARTMENT, SCOPES, STATES, WINDOW
from services.catalogue.domain.items import ACTIVE, KINDS, WITHDRAWN
from services.chassis.schemas import Code, EventData, Reply, Request, Text, Wording

KIND = validate.OneOf(KINDS)
DAYS = validate.Range(0, 365)
SECONDS = validate.Range(30, 14_400)
RATE = validate.Range(0, 100, min_inclusive=False)
GUIDE = 4000
# Of a workbook; a part stays below what the bus carries well.
MOST_PARTS, LARGEST_PART = 32, 1024 * 1024


class Nothing(Request):
    """A request without fields."""


class ByCode(Request):
    """One of them."""

    code = Code(required=True)


class ByDepartment(Request):
    """All, or those of a department."""

    department = Code()


class ClosureQuery(Request):
    """Which closures."""

    state = fields.String(validate=validate.OneOf(STATES))
    department = Code()
    window = Code()


class AnnounceClosure(Request):
    """What is closed from when to when, and why; the scope is named, so that nobody closes a hall by leaving it out."""

    scope = fields.String(required=True, validate=validate.OneOf(SCOPES))
    department = Code(load_default=None, allow_none=True)
    window = Code(load_default=None, allow_none=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    reason = Wording(required=True)
    reason_en = Wording(least=0, load_default="")

    @validates_schema(skip_on_field_errors=True)
    def one_place(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse a place that is not what the scope says, or none where it wants one."""
        for place in (DEPARTMENT, WINDOW):
            if (data[place] is not None) != (data["scope"] == place):
                raise ValidationError("Named where it is what is closed, and there alone.", place)


class ClosureId(Request):
    """Which closure."""

    id = fields.UUID(required=True)


class ItemQuery(Request):
    """Which items are looked for."""

    q = Text(most=100, least=0)
    department = Code()
    kind = fields.String(validate=KIND)
    chain = Code()
    state = fields.String(validate=validate.OneOf((ACTIVE, WITHDRAWN, "all")))
    limit = fields.Integer(validate=validate.Range(1, 700))
    cursor = fields.String(validate=validate.Length(1, 300))


class _ItemFields(Request):
    name_en = Text(least=0)
    guide = Text(most=GUIDE, least=0)
    guide_en = Text(most=GUIDE, least=0)
    chains = fields.List(Code(), validate=validate.Length(max=20))
    materials = fields.List(Text(most=300), validate=validate.Length(max=50))


class AddItem(_ItemFields):
    """A new item and the day from which it is offered."""

    code = Code(required=True)
    name = Text(required=True)
    name_en = Text(least=0, load_default="")
    department = Code(required=True)
    queue = Code(required=True)
    kind = fields.String(required=True, validate=KIND)
    time_limit_days = fields.Integer(required=True, validate=DAYS)
    service_seconds = fields.Integer(required=True, validate=SECONDS)
    effective_from = fields.Date()
    reason = Wording(most=500)


class AdjustItem(_ItemFields):
    """What changes of an item, and from which day on."""

    code = Code(required=True)
    name = Text()
    department = Code()
    queue = Code()
    kind = fields.String(validate=KIND)
    time_limit_days = fields.Integer(validate=DAYS)
    service_seconds = fields.Integer(validate=SECONDS)
    effective_from = fields.Date()
    reason = Wording(most=500)


class WithdrawItem(Request):
    """The day from which an item is offered no more."""

    code = Code(required=True)
    effective_from = fields.Date()
    reason = Wording(most=500)


class RevisionQuery(Request):
    """Of which item, or of all, and the period in which revisions take effect."""

    item = Code()
    from_ = fields.Date(data_key="from")
    to = fields.Date()
    limit = fields.Integer(validate=validate.Range(1, 200))
    cursor = fields.String(validate=validate.Length(1, 300))


class _Named(Request):
    code = Code(required=True)
    name = Text(required=True)
    name_en = Text(required=True)


class HallRow(_Named):
    """The hall that the tables describe."""

    time_zone = fields.String(required=True, validate=validate.OneOf(available_timezones()))


class HallSetUp(EventData):
    """What a hall is called by who has set it up."""

    name = fields.String(required=True)
    name_en = fields.String(required=True)


class DepartmentRow(_Named):
    """A row of the departments."""

    offers_three_services = fields.Boolean(required=True)


class ZoneRow(_Named):
    """A row of the zones."""


class ChainRow(_Named):
    """A row of the business chains."""


class QueueRow(_Named):
    """A row of the queues."""

    prefix = fields.String(required=True, validate=validate.Regexp(r"[A-Z]{1,3}\Z"))
    department = Code(required=True)
    zone = Code(required=True)
    max_wait_s = fields.Integer(required=True, validate=validate.Range(60, 86_400))
    priority_rate = fields.Float(required=True, validate=RATE)
    appointment_rate = fields.Float(required=True, validate=RATE)
    walk_in_rate = fields.Float(required=True, validate=RATE)


class WindowRow(_Named):
    """A row of the windows."""

    department = Code(required=True)
    zone = Code(required=True)
    queues = fields.List(Code(), required=True, validate=validate.Length(1, 50))


class ItemRow(_Named):
    """A row of the items."""

    name_en = Text(required=True, least=0)
    department = Code(required=True)
    queue = Code(required=True)
    kind = fields.String(required=True, validate=KIND)
    time_limit_days = fields.Integer(required=True, validate=DAYS)
    service_seconds = fields.Integer(required=True, validate=SECONDS)
    chains = fields.List(Code(), required=True)
    materials = fields.List(Text(most=300), required=True)
    guide = Text(most=GUIDE, least=0, required=True)
    guide_en = Text(most=GUIDE, least=0, required=True)
    effective_from = fields.Date(required=True)


class HoursRow(Request):
    """A row of the opening hours; no department stands for the whole hall."""

    department = Code(required=True, allow_none=True)
    weekday = fields.Integer(required=True, validate=validate.Range(1, 7))
    opens = fields.Time(format="%H:%M", required=True)
    closes = fields.Time(format="%H:%M", required=True)
    break_starts = fields.Time(format="%H:%M", load_default=None, allow_none=True)
    break_ends = fields.Time(format="%H:%M", load_default=None, allow_none=True)


class CalendarRow(Request):
    """A row of the calendar: a day that differs from the plain rule of working days."""

    day = fields.Date(required=True)
    working = fields.Boolean(required=True)
    name = Text(required=True)


class SaveHours(Request):
    """Other opening hours of some weekdays; without times a department has the hall's, and the hall none."""

    department = Code(load_default=None, allow_none=True)
    weekdays = fields.List(
        fields.Integer(validate=validate.Range(1, 7)), required=True, validate=validate.Length(1, 7)
    )
    opens = fields.Time(format="%H:%M", load_default=None, allow_none=True)
    closes = fields.Time(format="%H:%M", load_default=None, allow_none=True)
    break_starts = fields.Time(format="%H:%M", load_default=None, allow_none=True)
    break_ends = fields.Time(format="%H:%M", load_default=None, allow_none=True)


class SaveDays(Request):
    """Days that are worked, or not, against the plain rule; null where it holds again."""

    days = fields.List(fields.Date(), required=True, validate=validate.Length(1, 366))
    working = fields.Boolean(required=True, allow_none=True)
    name = Wording(load_default="", least=0)


class OfYear(Request):
    """A year."""

    year = fields.Integer(required=True, validate=validate.Range(2000, 2099))


class LoadHall(Request):
    """All tables of a hall."""

    hall = fields.Nested(HallRow, required=True)
    departments = fields.List(fields.Nested(DepartmentRow), required=True)
    zones = fields.List(fields.Nested(ZoneRow), required=True)
    chains = fields.List(fields.Nested(ChainRow), required=True)
    queues = fields.List(fields.Nested(QueueRow), required=True)
    windows = fields.List(fields.Nested(WindowRow), required=True)
    items = fields.List(fields.Nested(ItemRow), required=True)
    hours = fields.List(fields.Nested(HoursRow), required=True)
    calendar = fields.List(fields.Nested(CalendarRow), required=True)


class _NamedReply(Reply):
    code = fields.String()
    name = fields.String()
    name_en = fields.String()


class Department(_NamedReply):
    """A department."""

    offers_three_services = fields.Boolean()


class Zone(_NamedReply):
    """A zone, or a business chain."""


class Queue(_NamedReply):
    """A queue; `rates` say how fast a class gains priority."""

    prefix = fields.String()
    department = fields.String()
    zone = fields.String()
    max_wait_s = fields.Integer()
    rates = fields.Dict()


class Window(_NamedReply):
    """A window and the queues it may call from, in order."""

    department = fields.String()
    zone = fields.String()
    queues = fields.List(fields.String())


class Windows(Reply):
    """The windows."""

    items = fields.List(fields.Nested(Window))


class HoursReply(Reply):
    """Opening hours."""

    items = fields.List(fields.Dict())


class Day(Reply):
    """A day that differs from the plain rule."""

    day = fields.Date()
    working = fields.Boolean()
    name = fields.String()


class Days(Reply):
    """Days that differ from the plain rule."""

    items = fields.List(fields.Nested(Day))


class ItemSummary(_NamedReply):
    """An item in a list."""

    department = fields.String()
    queue = fields.String()
    kind = fields.String()
    time_limit_days = fields.Integer()
    service_seconds = fields.Integer()
    chains = fields.List(fields.String())
    state = fields.String()
    effective_from = fields.Date()
    revision = fields.Integer()


class Item(ItemSummary):
    """An item with its guide and the materials that an applicant brings."""

    guide = fields.String()
    guide_en = fields.String()
    materials = fields.List(fields.String())


class Change(Reply):
    """A field that a revision changed."""

    field = fields.String()
    before = fields.Raw(allow_none=True)
    after = fields.Raw(allow_none=True)


class Revision(Reply):
    """A revision: what changed, from when on, by whom."""

    item = fields.String()
    name = fields.String()
    name_en = fields.String()
    department = fields.String()
    revision = fields.Integer()
    action = fields.String()
    effective_from = fields.Date()
    recorded_at = fields.AwareDateTime()
    recorded_by = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    changes = fields.List(fields.Nested(Change))


class _Page(Reply):
    next = fields.String(allow_none=True, dump_default=None)


class Departments(_Page):
    """All departments."""

    items = fields.List(fields.Nested(Department))


class Zones(_Page):
    """All zones, or all chains."""

    items = fields.List(fields.Nested(Zone))


class Queues(_Page):
    """Queues."""

    items = fields.List(fields.Nested(Queue))


class Items(_Page):
    """Items, and where the list goes on."""

    items = fields.List(fields.Nested(ItemSummary))


class Revisions(_Page):
    """Revisions, and where the list goes on."""

    items = fields.List(fields.Nested(Revision))


class BeginWorkbook(Request):
    """A workbook that is about to be sent."""

    file_name = Wording(required=True)
    digest = fields.String(required=True, validate=validate.Regexp(re.compile(r"[0-9a-f]{64}\Z")))
    size = fields.Integer(required=True, validate=validate.Range(min=1))
    dry_run = fields.Boolean(load_default=False)


class AddWorkbookPart(Request):
    """A part of a workbook, in base64."""

    id = fields.UUID(required=True)
    part = fields.Integer(required=True, validate=validate.Range(0, MOST_PARTS - 1))
    content = fields.String(
        required=True,
        validate=[validate.Length(4, LARGEST_PART), validate.Regexp(re.compile(r"[A-Za-z0-9+/]+={0,2}\Z"))],
    )


class QueueWorkbook(Request):
    """All parts of a workbook are here."""

    id = fields.UUID(required=True)
    parts = fields.Integer(required=True, validate=validate.Range(1, MOST_PARTS))


class WorkbookId(Request):
    """Which workbook."""

    id = fields.UUID(required=True)


class WriteWorkbook(Request):
    """What the services say of the hall as it is, by their names; nothing for a template."""

    told = fields.Dict(load_default=None, allow_none=True)


class Workbook(Reply):
    """A workbook that was sent."""

    id = fields.String()
    file_name = fields.String()
    size = fields.Integer()
    dry_run = fields.Boolean()
    state = fields.String()
    steps = fields.Raw()
    failure = fields.String()
    requested_by = fields.String()
    requested_at = fields.DateTime()
    applied_by = fields.String()
    finished_at = fields.DateTime()


class WholeWorkbook(Workbook):
    """A workbook with its faults, or what it changes and whom that touches."""

    faults = fields.Raw()
    changes = fields.Raw()
    effects = fields.Raw()


class Closure(Reply):
    """A closure; `until` is when it ends or has ended."""

    id = fields.String()
    scope = fields.String()
    department = fields.String(allow_none=True)
    window = fields.String(allow_none=True)
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()
    until = fields.AwareDateTime()
    state = fields.String()
    reason = fields.String()
    reason_en = fields.String()
    recorded_at = fields.AwareDateTime()
    recorded_by = fields.String(allow_none=True)
    ended_at = fields.AwareDateTime(allow_none=True)
    ended_by = fields.String(allow_none=True)


class ClosuresReply(_Page):
    """Closures."""

    items = fields.List(fields.Nested(Closure))
