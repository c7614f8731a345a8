"""Roles, and the operations of which they are made."""

from typing import Any

from marshmallow import fields, validate

from gateway.schemas.common import Answer, Input, Text, list_of

ROLE = "^[a-z][a-z0-9_]{0,39}$"


class RoleCode(fields.String):
    """The code of a role."""

    def __init__(self, **kwargs: Any) -> None:
        """Make a field of lower case letters, digits and underscores."""
        rule = validate.Regexp(
            ROLE.replace("$", r"\Z"), error="Not a role: lower case letters, digits or '_'."
        )
        super().__init__(validate=rule, metadata={"pattern": ROLE}, **kwargs)


class Permissions(fields.List[str]):
    """The codes of operations."""

    def __init__(self, **kwargs: Any) -> None:
        """Make a list of one code or more of `GET /permissions`."""
        super().__init__(Text(most=80), validate=validate.Length(1, 1000), **kwargs)


class NewRole(Input):
    """A role and what it permits."""

    code = RoleCode(required=True)
    name = Text(most=100, required=True)
    name_en = Text(most=100, required=True)
    permissions = Permissions(required=True)


class RoleChange(Input):
    """What of a role changes; who has it may do so at once."""

    name = Text(most=100)
    name_en = Text(most=100)
    permissions = Permissions()


class Role(Answer):
    """A role: one that comes with HallFlow, or one of the hall's own."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(required=True)
    permissions = fields.List(fields.String(), required=True)
    shipped = fields.Boolean(
        required=True, metadata={"description": "It comes with HallFlow and stays as it is."}
    )
    ended = fields.Boolean(required=True)
    accounts = fields.Integer(
        allow_none=True, metadata={"description": "How many have it; null for shipped ones."}
    )


class Permission(Answer):
    """An operation of the API of which roles are made."""

    code = fields.String(required=True)
    group = fields.String(required=True, metadata={"description": "The part of the API that it belongs to."})
    roles = fields.List(
        fields.String(), required=True, metadata={"description": "Shipped roles that have it."}
    )


RoleList = list_of(Role, name="RoleList")
PermissionList = list_of(Permission, name="PermissionList")
