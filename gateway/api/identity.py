"""The first start, tokens, accounts, kiosks, revocations and the audit trail."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Response, g

from gateway.api.paging import page_of, without_page
from gateway.api.routing import SIGNED_IN, Routes
from gateway.http.asking import ask
from gateway.http.auth import unauthenticated
from gateway.http.limits import plain_number
from gateway.http.runtime import runtime
from gateway.schemas.common import Page
from gateway.schemas.identity import (
    AccountChange,
    AccountList,
    AccountsQuery,
    AuditList,
    AuditQuery,
    CodeSent,
    Credentials,
    Done,
    Enrolment,
    KioskList,
    Me,
    NewAccount,
    NewKiosk,
    NewPassword,
    OwnPassword,
    PeopleList,
    PeopleQuery,
    Phone,
    RegisteredKiosk,
    SetUp,
    SetupState,
    StaffAccount,
    Token,
    Verified,
    VerifyQuery,
)
from services.chassis import clock
from services.chassis.bus import RemoteProblem
from services.chassis.caller import network_of

Body = Mapping[str, Any]
ADMIN = ("admin",)

routes = Routes("auth", __name__, description="Who you are and what you may do.")


@routes.command("/auth/token", Token, body=Credentials, problems=(), repeatable=False)
def get_token(body: Body) -> Any:
    """Sign in: staff by password, visitors by one-time code, machine clients by their secret."""
    limits = runtime().limits
    if "phone" in body:
        asker = body.get("challenge", "")
        limits.spend(limits.codes, f"try/{plain_number(body['phone'])}/{network_of(g.address)}/{asker}")
        limits.spend(limits.changes, network_of(g.address))
        return _credential_check("issue_visitor_token", body)
    limits.spend(limits.sign_ins_per_address, network_of(g.address))
    if "client_id" in body:
        return _credential_check("issue_client_token", body)
    # An account has no budget here: identity has who fails wait, and knows where the account has signed in before.
    return _credential_check("issue_token", body)


@routes.command("/auth/otp", CodeSent, body=Phone, status=202, problems=(409,), repeatable=False)
def send_code(body: Body) -> Any:
    """Send a one-time code to a phone."""
    limits = runtime().limits
    limits.spend(limits.codes, f"phone/{plain_number(body['phone'])}")
    limits.spend(limits.codes, f"address/{network_of(g.address)}")
    return ask("identity", "send_otp", **body) or {}


@routes.command("/auth/kiosk", Token, body=Enrolment, problems=(), repeatable=False)
def enrol_kiosk(body: Body) -> Any:
    """Turn a kiosk's enrolment code into its token, once."""
    limits = runtime().limits
    limits.spend(limits.codes, f"kiosk/{network_of(g.address)}")
    return _credential_check("enrol_kiosk", body)


@routes.command("/auth/kiosk/renew", Token, roles=("kiosk",), problems=(), repeatable=False)
def renew_kiosk() -> Any:
    """Give an enrolled kiosk its next token before the present one expires."""
    return ask("identity", "renew_kiosk")


@routes.command("/auth/revoke", None, roles=SIGNED_IN, status=204, problems=(), repeatable=False)
def revoke_token() -> Response:
    """Sign out: the token no longer counts."""
    ask("identity", "revoke_token", jti=g.principal.jti)
    runtime().revocations.revoke_token(g.principal.jti)
    return Response(status=204)


@routes.command("/auth/password", Token, body=OwnPassword, roles=SIGNED_IN, problems=(), repeatable=False)
def change_password(body: Body) -> Any:
    """Change one's own password: all sessions end, and the answer begins a new one."""
    return ask("identity", "change_password", **body)


@routes.question("/auth/me", Me, roles=SIGNED_IN)
def get_me() -> Any:
    """The account behind the token."""
    return {**ask("identity", "me"), "permissions": runtime().roles.permissions(g.principal)}


@routes.question("/people", PeopleList, query=PeopleQuery, roles=("manager", "dispatcher", "analyst"))
def list_people(query: Body) -> Any:
    """Who works in the hall or in a department, for whoever gives people work; who has a department sees its people."""
    return page_of(ask("identity", "list_people", **without_page(query)), query)


@routes.question("/kiosks", KioskList, query=Page, roles=ADMIN)
def list_kiosks(query: Body) -> Any:
    """All kiosks."""
    return page_of(ask("identity", "list_kiosks"), query)


@routes.command("/kiosks", RegisteredKiosk, body=NewKiosk, roles=ADMIN, status=201)
def register_kiosk(body: Body) -> Any:
    """Prepare a kiosk; its enrolment code is shown this once."""
    return ask("identity", "register_kiosk", **body)


@routes.command("/kiosks/<code:code>/revoke", Done, roles=ADMIN)
def revoke_kiosk(code: str) -> Any:
    """Lock a kiosk out."""
    return ask("identity", "revoke_kiosk", code=code) or {}


@routes.question("/setup", SetupState)
def get_setup() -> Any:
    """Does the hall wait for its first administrator?"""
    return ask("identity", "setup_needed")


@routes.command("/setup", Token, body=SetUp, problems=(409,), repeatable=False)
def set_up(body: Body) -> Any:
    """Make the first administrator, with the code that was shown when the hall was started; it counts once."""
    limits = runtime().limits
    limits.spend(limits.codes, f"setup/{network_of(g.address)}")
    return _credential_check("set_up", body)


@routes.question("/accounts", AccountList, query=AccountsQuery, roles=ADMIN)
def list_accounts(query: Body) -> Any:
    """The accounts of the staff, closed ones last."""
    wanted = without_page(query)
    if "state" in wanted:
        wanted["closed"] = wanted.pop("state") == "closed"
    return page_of(ask("identity", "list_accounts", **wanted), query)


@routes.command("/accounts", StaffAccount, body=NewAccount, roles=ADMIN, status=201)
def create_account(body: Body) -> Any:
    """Make an account of the staff."""
    return ask("identity", "create_account", **body)


@routes.command("/accounts/<code:username>", StaffAccount, body=AccountChange, roles=ADMIN, method="PATCH")
def change_account(body: Body, username: str) -> Any:
    """Change whose an account is, what it may do, or where."""
    return ask("identity", "change_account", username=username, **body)


@routes.command("/accounts/<code:username>/close", Done, roles=ADMIN)
def close_account(username: str) -> Any:
    """Close an account: its sessions end, and nobody signs in with it until it gets a new password."""
    return ask("identity", "revoke_account", username=username, close=True) or {}


@routes.command("/accounts/<code:username>/open", Done, roles=ADMIN)
def open_account(username: str) -> Any:
    """Let an account that signs in with the issuer, and was closed, count again."""
    return ask("identity", "open_account", username=username) or {}


@routes.command("/accounts/<code:username>/revoke", Done, roles=ADMIN)
def revoke_account(username: str) -> Any:
    """End all sessions of an account."""
    return ask("identity", "revoke_account", username=username) or {}


@routes.command("/accounts/<code:username>/password", Done, body=NewPassword, roles=ADMIN)
def set_password(body: Body, username: str) -> Any:
    """Give an account a new password."""
    return ask("identity", "set_password", username=username, **body) or {}


@routes.question("/audit", AuditList, query=AuditQuery, roles=ADMIN)
def list_audit(query: Body) -> Any:
    """What staff did in all services, newest first."""
    return ask("identity", "list_audit", **{name: _moment(name, value) for name, value in query.items()})


def _moment(name: str, value: Any) -> Any:
    """Return a limit in time as a moment: `from` a day is its beginning, `to` a day its end."""
    if name not in ("from", "to") or len(value) != len("2026-03-02"):
        return value
    day = date.fromisoformat(value) + timedelta(days=name == "to")
    return datetime.combine(day, time(), clock.hall_zone()).isoformat()


@routes.question("/audit/verify", Verified, query=VerifyQuery, roles=ADMIN)
def verify_audit(query: Body) -> Any:
    """Follow a stretch of the trail's chain, through all places that were told elsewhere; go on with `next`."""
    heads = ask("notifications", "list_trail_heads", **query)["items"]
    return ask("identity", "verify_audit", **query, heads=heads)


def _credential_check(method: str, body: Body) -> Any:
    """Ask identity for a token; what it forbids is a failed sign-in."""
    try:
        return ask("identity", method, **body)
    except RemoteProblem as refusal:
        if refusal.kind != "forbidden" or "retry_after" in refusal.extra:
            raise
        raise unauthenticated(refusal.code, refusal.detail) from refusal
