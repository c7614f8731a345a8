"""Departments, zones, windows, queues, items and the hall itself."""

from marshmallow import fields, validate

from gateway.schemas.common import Answer, Code, Day, Input, Page, Text, Whole, list_of


class Department(Answer):
    """A department in the hall."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(allow_none=True)
    offers_three_services = fields.Boolean(required=True)


class Zone(Answer):
    """A part of the hall with its own board."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(allow_none=True)


class Queue(Answer):
    """What tickets wait in."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(allow_none=True)
    prefix = fields.String(required=True)
    department = fields.String(required=True)
    zone = fields.String(required=True)


class Item(Answer):
    """A service item."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(allow_none=True)
    department = fields.String(required=True)
    queue = fields.String(required=True)
    kind = fields.String(required=True)
    time_limit_days = fields.Integer(required=True, metadata={"description": "Working days; 0: on the spot."})
    service_seconds = fields.Integer(required=True)
    chains = fields.List(fields.String())
    state = fields.String(required=True)
    effective_from = fields.String(allow_none=True, metadata={"format": "date"})
    revision = fields.Raw(allow_none=True)


class ItemDetail(Item):
    """A service item with its guide."""

    guide = fields.Raw(allow_none=True)
    materials = fields.List(fields.Raw(), allow_none=True)


class Revision(Answer):
    """One change of the catalogue."""

    revision = fields.Raw()
    item = fields.String()
    action = fields.String()
    effective_from = fields.String(allow_none=True, metadata={"format": "date"})
    by = fields.String(allow_none=True)
    at = fields.String(metadata={"format": "date-time"})


class Clock(Answer):
    """How the hall's clock runs."""

    mode = fields.String(required=True, validate=validate.OneOf(["real", "simulated"]))
    speed = fields.Float(required=True)


class Hall(Answer):
    """The hall, its hours and its time."""

    hall = fields.String(required=True)
    name = fields.String()
    name_en = fields.String(allow_none=True)
    time_zone = fields.String()
    hours = fields.Raw()
    today = fields.Dict()
    now = fields.String(required=True, metadata={"format": "date-time"})
    clock = fields.Nested(Clock, required=True)
    demo = fields.Boolean(required=True)


DepartmentList = list_of(Department, name="DepartmentList")
ZoneList = list_of(Zone, name="ZoneList")
QueueList = list_of(Queue, name="QueueList")
ItemList = list_of(Item, name="ItemList")
RevisionList = list_of(Revision, name="RevisionList")


class ByDepartment(Input):
    """Narrow a list to one department."""

    department = Code()


class ItemQuery(Page):
    """Which items."""

    q = Text(most=60, metadata={"description": "In code, name, pinyin or its initials."})
    department = Code()
    kind = Code()
    chain = Code()
    state = fields.String(validate=validate.OneOf(["active", "withdrawn"]))


class RevisionQuery(Page):
    """Which revisions."""

    class Meta(Page.Meta):
        """Names that are keywords of Python."""

        include = {"from": Day(), "to": Day()}  # noqa: RUF012 - Marshmallow's own declaration


class Material(Input):
    """A material the applicant hands in."""

    name = Text(required=True)
    required = fields.Boolean()
    note = Text(most=1000, allow_none=True)


class ItemChange(Input):
    """What of an item changes, and from which day."""

    name = Text(most=200)
    name_en = Text(most=200, allow_none=True)
    department = Code()
    queue = Code()
    kind = Code()
    time_limit_days = Whole(most=3650)
    service_seconds = Whole(least=1, most=86_400)
    chains = fields.List(Code(), validate=validate.Length(max=20))
    guide = Text(most=20_000, least=0, allow_none=True)
    materials = fields.List(fields.Nested(Material), validate=validate.Length(max=100))
    effective_from = Day(required=True)


class NewItem(ItemChange):
    """A new item."""

    code = Code(required=True)
    name = Text(most=200, required=True)
    department = Code(required=True)
    queue = Code(required=True)
    kind = Code(required=True)
    time_limit_days = Whole(most=3650, required=True)
    service_seconds = Whole(least=1, most=86_400, required=True)


class Withdrawal(Input):
    """From which day an item is no longer offered."""

    effective_from = Day(required=True)
    reason = Text(most=500)
