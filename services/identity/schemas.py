"""Requests and answers of identity, and the events it hears."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.chassis.schemas import Code, EventData, Name, Phone, Reply, Request, Text, Wording
from services.identity.domain import clients, passwords

USERNAME = validate.Regexp(
    r"[a-z][a-z0-9._-]{0,63}\Z", error="Not a username: lower case letters, digits, '.', '-' or '_'."
)


# Which there are the store knows.
ROLE = validate.Regexp(r"[a-z][a-z0-9_]{0,39}\Z", error="Not a role: lower case letters, digits or '_'.")
OPERATION = validate.Regexp(r"[a-z][a-z0-9_]{0,79}\Z", error="Not an operation.")
STAFF_ROLE = fields.String(validate=ROLE)
QUOTA = validate.Range(1, clients.MOST_CALLS)


class Permissions(fields.List[str]):
    """The operations of which a role is made."""

    def __init__(self, **kwargs: Any) -> None:
        """Make a list of one code or more."""
        super().__init__(fields.String(validate=OPERATION), validate=validate.Length(1, 1000), **kwargs)


class Scopes(fields.List[str]):
    """The operations that a machine client may do."""

    def __init__(self, **kwargs: Any) -> None:
        """Make a list of a few codes."""
        rule = validate.Length(1, clients.MOST_SCOPES)
        super().__init__(fields.String(validate=OPERATION), validate=rule, **kwargs)


class Nothing(Request):
    """A request without fields."""


class HallNames(Request):
    """What a hall is called."""

    name = Wording(required=True)
    name_en = Wording(required=True)


class IssueToken(Request):
    """Name and password."""

    username = fields.String(required=True, validate=validate.Length(1, 64))
    password = fields.String(required=True, validate=validate.Length(1, passwords.MOST), load_only=True)


class SendOtp(Request):
    """The phone that gets a code."""

    phone = Phone(required=True)


class IssueVisitorToken(SendOtp):
    """The phone and the code it got."""

    otp = fields.String(required=True, validate=validate.Regexp(r"[0-9]{6}\Z", error="Six digits."))
    challenge = fields.String(validate=validate.Regexp(r"[A-Za-z0-9_-]{1,40}\Z", error="None of ours."))


class TakeOtp(Request):
    """A one-time code by the id its event told."""

    request = fields.UUID(required=True)


class RevokeToken(Request):
    """One of the caller's tokens; all when none is named."""

    jti = fields.String(validate=validate.Length(1, 64))


class ByUsername(Request):
    """An account; one that there cannot be is none."""

    username = fields.String(required=True)


class ByUsernames(Request):
    """Accounts; one that there cannot be is none."""

    usernames = fields.List(fields.String(), required=True)


class RevokeAccount(Request):
    """An account, and whether it is closed as well."""

    username = fields.String(required=True, validate=USERNAME)
    close = fields.Boolean()


class SetPassword(Request):
    """An account and its new password."""

    username = fields.String(required=True, validate=USERNAME)
    password = fields.String(
        required=True, validate=validate.Length(passwords.LEAST, passwords.MOST), load_only=True
    )


class ChangePassword(Request):
    """One's present password and the next one."""

    password = fields.String(required=True, validate=validate.Length(1, passwords.MOST), load_only=True)
    new_password = fields.String(
        required=True, validate=validate.Length(passwords.LEAST, passwords.MOST), load_only=True
    )


class SetUp(Request):
    """The code that was shown at the first start, the first administrator, and what the hall is called."""

    code = fields.String(required=True, validate=validate.Length(1, 40), load_only=True)
    username = fields.String(required=True, validate=USERNAME)
    name = Name(required=True)
    password = fields.String(
        required=True, validate=validate.Length(passwords.LEAST, passwords.MOST), load_only=True
    )
    hall = fields.Nested(HallNames, required=True)


class CreateAccount(Request):
    """An account of the staff."""

    username = fields.String(required=True, validate=USERNAME)
    name = Name(required=True)
    roles = fields.List(STAFF_ROLE, required=True, validate=validate.Length(1))
    department = Code(load_default=None, allow_none=True)


class ChangeAccount(Request):
    """What of an account changes."""

    username = fields.String(required=True, validate=USERNAME)
    name = Name()
    roles = fields.List(STAFF_ROLE, validate=validate.Length(1))
    department = Code(allow_none=True)


class RoleByCode(Request):
    """One role."""

    code = fields.String(required=True, validate=ROLE)


class CreateRole(RoleByCode):
    """A role and the operations of which it is made."""

    name = Wording(required=True)
    name_en = Wording(required=True)
    permissions = Permissions(required=True)


class ChangeRole(RoleByCode):
    """What of a role changes."""

    name = Wording()
    name_en = Wording()
    permissions = Permissions()


class ClientByCode(Request):
    """One machine client."""

    code = Code(required=True)


class CreateClient(ClientByCode):
    """A machine client: what it may do and how often, and who answers for it."""

    name = Wording(required=True)
    owner = fields.String(required=True, validate=USERNAME)
    scopes = Scopes(required=True)
    quota = fields.Integer(required=True, validate=QUOTA)


class ChangeClient(ClientByCode):
    """What of a client changes."""

    name = Wording()
    owner = fields.String(validate=USERNAME)
    scopes = Scopes()
    quota = fields.Integer(validate=QUOTA)


class IssueClientToken(Request):
    """A client's code and secret, and what its token is for."""

    client_id = Code(required=True)
    client_secret = fields.String(
        required=True, validate=validate.Regexp(r"[!-~]{1,200}\Z", error="Not a secret."), load_only=True
    )
    scope = fields.String(
        validate=validate.Regexp(r"[a-z0-9_]{1,80}(?: [a-z0-9_]{1,80}){0,49}\Z", error="Not a scope.")
    )


class SignInByClaims(Request):
    """Who has come back from an issuer, and what it says of them."""

    issuer = fields.String(required=True, validate=validate.Regexp(r"https?://[!-~]{1,250}\Z"))
    subject = fields.String(required=True, validate=validate.Regexp(r"[^\x00-\x1f\x7f]{1,255}\Z"))
    claims = fields.Dict(required=True)
    id_token = fields.String(
        required=True, validate=validate.Regexp(r"[A-Za-z0-9_.-]{1,20000}\Z"), load_only=True
    )


class TokenByCode(Request):
    """The code of who has come back from an issuer."""

    code = fields.String(required=True, validate=validate.Length(1, 40), load_only=True)


class EndIssuerSession(Request):
    """One of the caller's tokens."""

    jti = fields.String(required=True, validate=validate.Length(1, 64))


class ClaimRule(Request):
    """What somebody is who has this value in this claim."""

    claim = fields.String(required=True, validate=validate.Regexp(r"[^\s\x00-\x1f\x7f]{1,100}\Z"))
    value = Wording(required=True)
    roles = fields.List(STAFF_ROLE, load_default=())
    department = Code(load_default=None, allow_none=True)

    @validates_schema
    def gives_something(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse a row that makes nothing of anybody."""
        if not data["roles"] and not data["department"]:
            raise ValidationError({"roles": ["A role, a department, or both."]})


class ClaimRules(Request):
    """The whole table, in its order."""

    items = fields.List(fields.Nested(ClaimRule), required=True, validate=validate.Length(max=500))


class RegisterKiosk(Request):
    """A kiosk and where it stands."""

    code = Code(required=True)
    name = Wording(required=True)
    zone = Code(allow_none=True)


class EnrolKiosk(Request):
    """The code that was given for a kiosk."""

    enrolment_code = fields.String(required=True, validate=validate.Length(1, 40))


class ByCode(Request):
    """One kiosk."""

    code = Code(required=True)


class AuditQuery(Request):
    """Which part of the audit trail."""

    username = fields.String(validate=validate.Length(1, 80))
    who = fields.String(validate=validate.Length(1, 80))
    what = fields.String(validate=validate.Length(1, 80))
    service = Code()
    subject = fields.String(validate=validate.Length(1, 200))
    from_ = fields.AwareDateTime(data_key="from")
    to = fields.AwareDateTime()
    limit = fields.Integer(validate=validate.Range(1, 500))
    cursor = fields.String(validate=validate.Length(1, 40))


class TrailHead(Request):
    """Where the chain ended once."""

    number = fields.Integer(required=True)
    link = fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{64}\Z"))


class VerifyAudit(Request):
    """From which entry of the chain on, and through which it has to go."""

    after = fields.Integer(load_default=0, validate=validate.Range(0))
    heads = fields.List(fields.Nested(TrailHead), load_default=())


class ClerkRow(Request):
    """A clerk's account; one in a crew carries out on-site orders too."""

    username = fields.String(required=True, validate=USERNAME)
    name = Name(required=True)
    department = Code(required=True)
    window = Code(load_default=None, allow_none=True)
    crew = fields.Boolean(load_default=False)


class LoadAccounts(Request):
    """All clerks of a hall."""

    clerks = fields.List(fields.Nested(ClerkRow), required=True, validate=validate.Length(max=10_000))


class ListAccounts(Request):
    """Which accounts; all when nothing is said."""

    q = Text(most=100)
    role = STAFF_ROLE
    department = Code()
    closed = fields.Boolean()


class ListPeople(Request):
    """Of one department, or all."""

    department = Code(load_default=None, allow_none=True)


class Person(Reply):
    """Who works in the hall."""

    username = fields.String()
    name = fields.String()
    department = fields.String(allow_none=True)
    roles = fields.List(fields.String())


class People(Reply):
    """Who works in the hall."""

    items = fields.List(fields.Nested(Person))


class StaffAccount(Reply):
    """An account of the staff."""

    username = fields.String()
    name = fields.String()
    roles = fields.List(fields.String())
    department = fields.String(allow_none=True)
    closed = fields.Boolean()
    has_password = fields.Boolean()
    issuer = fields.String(allow_none=True)
    created_at = fields.AwareDateTime()
    signed_in_at = fields.AwareDateTime(allow_none=True)


class Accounts(Reply):
    """The accounts of the staff."""

    items = fields.List(fields.Nested(StaffAccount))


class Role(Reply):
    """A role of the hall's own, and how many accounts have it."""

    code = fields.String()
    name = fields.String()
    name_en = fields.String()
    permissions = fields.List(fields.String())
    ended = fields.Boolean()
    version = fields.Integer()
    accounts = fields.Integer()


class Roles(Reply):
    """The hall's own roles."""

    items = fields.List(fields.Nested(Role))


class Client(Reply):
    """A machine client."""

    code = fields.String()
    name = fields.String()
    owner = fields.String()
    owner_open = fields.Boolean()
    scopes = fields.List(fields.String())
    quota = fields.Integer()
    closed = fields.Boolean()
    created_at = fields.AwareDateTime()
    signed_in_at = fields.AwareDateTime(allow_none=True)


class Clients(Reply):
    """All machine clients."""

    items = fields.List(fields.Nested(Client))


class ClientWithSecret(Client):
    """A machine client with its secret, which is shown this once."""

    client_secret = fields.String()


class Revoked(Reply):
    """An account that was revoked."""

    username = fields.String()
    before = fields.AwareDateTime()
    closed = fields.Boolean()


class Registered(Reply):
    """A registered kiosk with its enrolment code, which is shown this once."""

    code = fields.String()
    enrolment_code = fields.String()
    expires_at = fields.AwareDateTime()


class Kiosk(Reply):
    """A kiosk."""

    code = fields.String()
    name = fields.String()
    zone = fields.String(allow_none=True)
    state = fields.String()
    registered_at = fields.AwareDateTime()
    enrolled_at = fields.AwareDateTime(allow_none=True)


class Kiosks(Reply):
    """All kiosks."""

    items = fields.List(fields.Nested(Kiosk))
    next = fields.String(allow_none=True, dump_default=None)


class AuditEntry(Reply):
    """An entry of the audit trail."""

    at = fields.AwareDateTime()
    action = fields.String()
    username = fields.String(allow_none=True)
    by = fields.String(allow_none=True)
    ok = fields.Boolean()
    address = fields.String(allow_none=True)
    details = fields.Dict()
    service = fields.String()
    roles = fields.List(fields.String())
    department = fields.String(allow_none=True)
    subject = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    before = fields.Raw(allow_none=True)
    after = fields.Raw(allow_none=True)


class Audit(Reply):
    """Entries of the audit trail, and where the list goes on."""

    items = fields.List(fields.Nested(AuditEntry))
    next = fields.String(allow_none=True)


class ChainFault(Reply):
    """Where the chain is broken: an entry is missing, or was changed."""

    number = fields.Integer()
    kind = fields.String()


class Verified(Reply):
    """How far the chain has been followed, and whether it is whole; `link` is that of entry `number`."""

    whole = fields.Boolean()
    number = fields.Integer()
    link = fields.String()
    fault = fields.Nested(ChainFault, allow_none=True)
    entries = fields.Integer()
    next = fields.Integer(allow_none=True)


class StaffActed(EventData):
    """What a member of the staff did in a service."""

    service = fields.String(required=True)
    action = fields.String(required=True)
    by = fields.String(required=True, allow_none=True)
    roles = fields.List(fields.String(), required=True)
    department = fields.String(allow_none=True, load_default=None)
    address = fields.String(allow_none=True, load_default=None)
    at = fields.AwareDateTime(required=True)
    subject = fields.String(allow_none=True, load_default=None)
    reason = fields.String(allow_none=True, load_default=None)
    request = fields.Dict(load_default=dict)
    before = fields.Raw(allow_none=True, load_default=None)
    after = fields.Raw(allow_none=True, load_default=None)


class WindowPublished(EventData):
    """What identity keeps of a window."""

    code = fields.String(required=True)
    department = fields.String(required=True)
