"""What people were given to do: each service that gives work answers for its own, in this one form, to who has it."""

from marshmallow import fields

from services.chassis.schemas import Reply


class Task(Reply):
    """Something that an account, or a department, is to do by a day; `title` says what, `text` what it is about."""

    id = fields.String()
    department = fields.String()
    due_on = fields.Date(allow_none=True)
    title = fields.String()
    title_en = fields.String(allow_none=True)
    text = fields.String(allow_none=True)


class Tasks(Reply):
    """What the caller is to do, what is due first."""

    items = fields.List(fields.Nested(Task))
