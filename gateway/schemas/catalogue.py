"""Departments, zones, windows, queues, items and the hall itself."""

from marshmallow import fields, validate

from gateway.schemas.common import Answer, Code, Day, Input, Page, Text, Whole, list_of

KINDS = ("administrative_licence", "non_licence_approval", "public_service")


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


class Chain(Answer):
    """A business chain: items that go together."""

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
    revision = fields.Integer(allow_none=True)


class ItemDetail(Item):
    """A service item with its guide."""

    guide = fields.String(allow_none=True)
    guide_en = fields.String(allow_none=True)
    materials = fields.List(fields.String(), allow_none=True)


class Revision(Answer):
    """One change of the catalogue."""

    revision = fields.Integer()
    item = fields.String()
    action = fields.String()
    effective_from = fields.String(allow_none=True, metadata={"format": "date"})
    name = fields.String()
    name_en = fields.String(allow_none=True)
    department = fields.String()
    recorded_by = fields.String(allow_none=True)
    recorded_at = fields.String(metadata={"format": "date-time"})
    reason = fields.String(allow_none=True)
    changes = fields.List(fields.Raw())


class Clock(Answer):
    """How the hall's clock runs."""

    mode = fields.String(required=True, validate=validate.OneOf(["real", "simulated"]))
    speed = fields.Float(required=True)


class HallPlace(Answer):
    """Where the hall is and how to get there, in words; empty where nobody has said."""

    address = fields.String(required=True)
    address_en = fields.String(required=True)
    directions = fields.String(required=True)
    directions_en = fields.String(required=True)


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
    place = fields.Nested(HallPlace, required=True)


DepartmentList = list_of(Department, name="DepartmentList")
ChainList = list_of(Chain, name="ChainList")
ZoneList = list_of(Zone, name="ZoneList")
QueueList = list_of(Queue, name="QueueList")
ItemList = list_of(Item, name="ItemList")
RevisionList = list_of(Revision, name="RevisionList")


class ByDepartment(Page):
    """Narrow a list to one department."""

    department = Code()


class ItemQuery(Page):
    """Which items."""

    q = Text(most=100, least=0, metadata={"description": "In code, name, pinyin or its initials."})
    limit = Whole(least=1, most=700, strict=False, metadata={"description": "At most so many items."})
    department = Code()
    kind = fields.String(validate=validate.OneOf(KINDS))
    chain = Code()
    state = fields.String(validate=validate.OneOf(["active", "withdrawn", "all"]))


class RevisionQuery(Page):
    """Which revisions."""

    item = Code()

    class Meta(Page.Meta):
        """Names that are keywords of Python."""

        include = {"from": Day(), "to": Day()}  # noqa: RUF012 - Marshmallow's own declaration


class ItemChange(Input):
    """What of an item changes, and from which day: today when left out."""

    name = Text(most=200)
    name_en = Text(most=200, least=0)
    department = Code()
    queue = Code()
    kind = fields.String(validate=validate.OneOf(KINDS))
    time_limit_days = Whole(most=365)
    service_seconds = Whole(least=30, most=14_400)
    chains = fields.List(Code(), validate=validate.Length(max=20))
    guide = Text(most=4000, least=0)
    guide_en = Text(most=4000, least=0)
    materials = fields.List(Text(most=300), validate=validate.Length(max=50))
    effective_from = Day()
    reason = Text(most=500)


class NewItem(ItemChange):
    """A new item."""

    code = Code(required=True)
    name = Text(most=200, required=True)
    department = Code(required=True)
    queue = Code(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    time_limit_days = Whole(most=365, required=True)
    service_seconds = Whole(least=30, most=14_400, required=True)


class Withdrawal(Input):
    """From which day an item is no longer offered: today when left out."""

    effective_from = Day()
    reason = Text(most=500)
