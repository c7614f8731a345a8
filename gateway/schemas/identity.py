"""Tokens, kiosks and the audit trail."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from gateway.schemas.common import Answer, Code, Input, MomentOrDay, Page, PhoneNumber, Text, Whole, list_of
from gateway.schemas.roles import RoleCode

USERNAME = "^[a-z][a-z0-9._-]{0,63}$"
SCOPE = "^[a-z0-9_]{1,80}(?: [a-z0-9_]{1,80}){0,49}$"
PAIRS = ({"username", "password"}, {"phone", "otp"}, {"client_id", "client_secret"})


class Username(fields.String):
    """The name by which somebody signs in."""

    def __init__(self, **kwargs: Any) -> None:
        """Make a field of lower case letters, digits, dots, dashes and underscores."""
        rule = validate.Regexp(
            USERNAME.replace("$", r"\Z"), error="Not a username: lower case letters, digits, '.', '-' or '_'."
        )
        super().__init__(validate=rule, metadata={"pattern": USERNAME}, **kwargs)


class Roles(fields.List[str]):
    """What an account may do."""

    def __init__(self, **kwargs: Any) -> None:
        """Make a list of one role or more of the staff."""
        super().__init__(RoleCode(), validate=validate.Length(1, 40), **kwargs)


class Credentials(Input):
    """`{username, password}` for staff, `{phone, otp}` for visitors, with the `challenge` that came with the code.

    `{client_id, client_secret}` for machine clients, with the `scope` of the token (RFC 6749, 4.4).
    """

    username = Text(most=64)
    password = Text(most=200, load_only=True, metadata={"format": "password"})
    phone = PhoneNumber()
    otp = fields.String(
        validate=validate.Regexp(r"^[0-9]{6}\Z", error="Six digits."), metadata={"pattern": "^[0-9]{6}$"}
    )
    challenge = fields.String(
        validate=validate.Regexp(r"^[A-Za-z0-9_-]{1,40}\Z", error="Not from an answer to /auth/otp."),
        metadata={
            "pattern": "^[A-Za-z0-9_-]{1,40}$",
            "description": "From the answer to /auth/otp: others cannot use up your tries.",
        },
    )

    client_id = Code(metadata={"description": "The code of a machine client."})
    client_secret = fields.String(
        validate=validate.Regexp(r"^[!-~]{1,200}\Z", error="Visible ASCII characters."),
        load_only=True,
        metadata={"pattern": "^[!-~]{1,200}$", "format": "password"},
    )
    scope = fields.String(
        validate=validate.Regexp(
            SCOPE.replace("$", r"\Z"), error="Codes of operations, a space between them."
        ),
        metadata={"pattern": SCOPE, "description": "Of what the client was given; all of it when left out."},
    )

    @validates_schema
    def one_kind(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse anything but one complete pair."""
        besides = {"phone": {"challenge"}, "client_id": {"scope"}}
        beside = next((also for name, also in besides.items() if name in data), set())
        if data.keys() - beside not in PAIRS:
            raise ValidationError(
                "Send username and password, or phone and otp, or client_id and client_secret."
            )


class Phone(Input):
    """Where to send a one-time code."""

    phone = PhoneNumber(required=True)


class Enrolment(Input):
    """A kiosk's first message."""

    enrolment_code = Text(most=40, required=True)


class NewKiosk(Input):
    """A kiosk that may be enrolled."""

    code = Code(required=True)
    name = Text(most=100, required=True)
    zone = Code(allow_none=True)


class AuditQuery(Page):
    """Which actions."""

    class Meta(Page.Meta):
        """Names that are keywords of Python."""

        include = {  # noqa: RUF012 - Marshmallow's own declaration
            "from": MomentOrDay(
                metadata={"description": "The earliest moment, or the first day; real time."}
            ),
            "to": MomentOrDay(metadata={"description": "The moment before which it was, or the last day."}),
        }

    username = Text(most=80, metadata={"description": "The account it is about."})
    who = Text(most=80, metadata={"description": "The account that acted."})
    what = Text(most=80, metadata={"description": "The action."})
    service = Code()
    subject = Text(most=200, metadata={"description": "On what: an id, number or code."})


class VerifyQuery(Input):
    """From where on the chain is followed."""

    after = Whole(most=2**53, strict=False, metadata={"description": "`next` of the stretch before."})


class SetupState(Answer):
    """Whether the hall waits for its first administrator."""

    needed = fields.Boolean(required=True)


class HallNames(Input):
    """What the hall is called."""

    name = Text(most=100, required=True)
    name_en = Text(most=100, required=True)


class SetUp(Input):
    """The code that was shown when the hall was started, its first administrator, and what it is called."""

    code = Text(most=40, required=True, load_only=True)
    username = Username(required=True)
    name = Text(most=100, required=True)
    password = Text(most=128, least=12, required=True, load_only=True, metadata={"format": "password"})
    hall = fields.Nested(HallNames, required=True)


class AccountsQuery(Page):
    """Which accounts."""

    q = Text(most=100, metadata={"description": "In the username or the name."})
    role = RoleCode()
    department = Code()
    state = fields.String(validate=validate.OneOf(["open", "closed"]))


class NewAccount(Input):
    """An account of the staff; it can sign in once it has a password."""

    username = Username(required=True)
    name = Text(most=100, required=True)
    roles = Roles(required=True)
    department = Code(
        allow_none=True, metadata={"description": "Clerks and crews have one; none is the whole hall."}
    )


class AccountChange(Input):
    """What of an account changes; whose roles or department change has to sign in again."""

    name = Text(most=100)
    roles = Roles()
    department = Code(allow_none=True)


class StaffAccount(Answer):
    """An account of the staff."""

    username = fields.String(required=True)
    name = fields.String(required=True)
    roles = fields.List(fields.String(), required=True)
    department = fields.String(required=True, allow_none=True)
    closed = fields.Boolean(required=True)
    has_password = fields.Boolean(required=True)
    issuer = fields.String(
        allow_none=True, metadata={"description": "With whom it signs in; null with a password of its own."}
    )
    created_at = fields.String(metadata={"format": "date-time"})
    signed_in_at = fields.String(
        allow_none=True, metadata={"format": "date-time", "description": "Of the tokens that still count."}
    )


class OwnPassword(Input):
    """One's present password and the next one."""

    password = Text(most=128, required=True, load_only=True, metadata={"format": "password"})
    new_password = Text(most=128, least=12, required=True, load_only=True, metadata={"format": "password"})


class NewPassword(Input):
    """An account's new password."""

    password = Text(most=200, least=8, required=True, load_only=True, metadata={"format": "password"})


class CodeSent(Answer):
    """A one-time code is on its way."""

    challenge = fields.String(
        metadata={"description": "To send back with the code: the tries of others then do not count for you."}
    )

    demo_code = fields.String(
        metadata={
            "description": "The code itself: only while demo accounts are on, where no message is sent."
        }
    )


class Token(Answer):
    """A token and how long it lasts."""

    access_token = fields.String(required=True)
    token_type = fields.String(required=True)
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds."})
    roles = fields.List(fields.String(), required=True)
    single_sign_on = fields.Boolean(
        metadata={"description": "It came from an issuer, whose session ends with it."}
    )
    scope = fields.String(
        metadata={"description": "Of a machine client's: the operations, a space between them."}
    )


class Me(Answer):
    """The account behind the token."""

    username = fields.String(required=True)
    roles = fields.List(fields.String(), required=True)
    department = fields.String(allow_none=True)
    windows = fields.List(fields.Raw())
    permissions = fields.List(
        fields.String(), metadata={"description": "The operations that its roles permit, of /permissions."}
    )


class PeopleQuery(Page):
    """Of one department, or all."""

    department = Code()


class Colleague(Answer):
    """Who works in the hall."""

    username = fields.String(required=True)
    name = fields.String(required=True)
    department = fields.String(required=True, allow_none=True)
    roles = fields.List(fields.String(), required=True)


PeopleList = list_of(Colleague, name="PeopleList")


class Kiosk(Answer):
    """A kiosk."""

    code = fields.String(required=True)
    name = fields.String()
    zone = fields.String(allow_none=True)
    state = fields.String()
    registered_at = fields.String(metadata={"format": "date-time"})
    enrolled_at = fields.String(allow_none=True, metadata={"format": "date-time"})


class RegisteredKiosk(Answer):
    """A kiosk with the code that enrols it once."""

    code = fields.String(required=True)
    enrolment_code = fields.String(required=True)
    expires_at = fields.String(required=True, metadata={"format": "date-time"})


class AuditEntry(Answer):
    """Something an account did."""

    at = fields.String(metadata={"format": "date-time"})
    username = fields.String(allow_none=True)
    action = fields.String()
    by = fields.String(allow_none=True)
    ok = fields.Boolean()
    address = fields.String(allow_none=True)
    details = fields.Dict(metadata={"description": "What was asked for."})
    service = fields.String()
    roles = fields.List(fields.String())
    department = fields.String(allow_none=True)
    subject = fields.String(allow_none=True, metadata={"description": "On what it was done."})
    reason = fields.String(allow_none=True)
    before = fields.Dict(allow_none=True)
    after = fields.Dict(allow_none=True)


class ChainFault(Answer):
    """Where the chain is broken."""

    number = fields.Integer(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(["missing", "changed"]))


class Verified(Answer):
    """How far the trail's chain was followed, and whether it is whole up to there."""

    whole = fields.Boolean(required=True)
    number = fields.Integer(required=True, metadata={"description": "The last entry that was followed."})
    link = fields.String(required=True, metadata={"description": "Its link, to be written down elsewhere."})
    fault = fields.Nested(ChainFault, allow_none=True)
    entries = fields.Integer(required=True, metadata={"description": "How many the chain has."})
    next = fields.Integer(
        allow_none=True, metadata={"description": "Go on behind this one; null at the end."}
    )


class Done(Answer):
    """Nothing to tell but that it was done."""


KioskList = list_of(Kiosk, name="KioskList")
AccountList = list_of(StaffAccount, name="AccountList")
AuditList = list_of(AuditEntry, name="AuditList")
