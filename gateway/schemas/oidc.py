"""Single sign-on: ways there and back, and what claims make of people."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from gateway.schemas.common import Answer, Code, Input, Text
from gateway.schemas.roles import RoleCode

# A page of the hall, perhaps with the view it shows: no other site.
RETURN_TO = r"^/(?:[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*)?(?:#[A-Za-z0-9_-]*)?$"


class SignOnQuery(Input):
    """Where to begin."""

    return_to = fields.String(
        load_default="/window",
        validate=validate.Regexp(RETURN_TO.replace("$", r"\Z"), error="Not a page of the hall."),
        metadata={"pattern": RETURN_TO, "description": "The page that is opened in the end."},
    )


class SignedOut(Answer):
    """Where the issuer's session is ended."""

    url = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "To be opened; null when there is no session of an issuer to end."},
    )


class ClaimRule(Input):
    """Who has this value in this claim has these roles, and works in this department."""

    claim = fields.String(
        required=True,
        validate=validate.Regexp(r"^[!-~]{1,100}\Z"),
        metadata={"pattern": "^[!-~]{1,100}$", "description": "`a.b` is `b` in the object `a`, too."},
    )
    value = Text(most=200, required=True, metadata={"description": "Of a list, one of its members."})
    roles = fields.List(RoleCode(), load_default=list)
    department = Code(allow_none=True, load_default=None)

    @validates_schema
    def gives_something(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse a row that makes nothing of anybody."""
        if not data["roles"] and not data["department"]:
            raise ValidationError("A role, a department, or both.")


class NewClaimRules(Input):
    """The whole table; the first department that fits counts, and all roles that do."""

    items = fields.List(fields.Nested(ClaimRule), required=True, validate=validate.Length(max=500))


class ClaimRow(Answer):
    """A row of the table."""

    claim = fields.String(required=True)
    value = fields.String(required=True)
    roles = fields.List(fields.String(), required=True)
    department = fields.String(required=True, allow_none=True)


class ClaimRules(Answer):
    """The table, and what the issuer has to know of the hall."""

    items = fields.List(fields.Nested(ClaimRow), required=True)
    issuer = fields.String(
        required=True, allow_none=True, metadata={"description": "Null where none is set."}
    )
    redirect_uri = fields.String(required=True)
    logged_out_uri = fields.String(required=True)
