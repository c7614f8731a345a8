"""Signing in with an OpenID issuer: its claims, which the gateway has verified, say who somebody is and may do.

Answers hold codes, tokens and the issuer's id token, so none of these but the table is stored with a command. People
are known by issuer and subject alone: a name says nothing about whose an account is.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from secrets import token_urlsafe
from typing import Any
from uuid import uuid4

from services.chassis import clock, personal
from services.chassis.caller import Caller
from services.chassis.schemas import Name
from services.identity.domain import accounts as rules
from services.identity.domain import claims as domain
from services.identity.domain import codes
from services.identity.domain.accounts import STAFF_ROLES, Account
from services.identity.domain.claims import Place, Rule
from services.identity.domain.roles import own
from services.identity.domain.tokens import Grant
from services.identity.errors import (
    AccountClosed,
    AccountNotFound,
    DepartmentUnknown,
    InvalidCredentials,
    NoDepartmentByClaims,
    NoRoleByClaims,
    RuleTwice,
    ServicesOnly,
)
from services.identity.store import Entry, Store
from services.identity.use_cases.accounts import AT_DEPARTMENTS, publish
from services.identity.use_cases.audit import note, require_admin
from services.identity.use_cases.roles import require_roles
from services.identity.use_cases.signing_in import hash_key, refuse_tokens
from services.identity.use_cases.tokens import grant_token, revoke_token

ID_TOKEN = "identity.id_token"  # noqa: S105 - what it is sealed for
_names = Name(most=domain.LONGEST_NAME)


def claim_rules(store: Store, caller: Caller) -> dict[str, Any]:
    """Return what claims make of people, in the table's order.

    Raises:
        AdminOnly: the caller is no administrator.
    """
    require_admin(caller)
    return {"items": [_row(rule) for rule in store.claim_rules(caller.hall)]}


def save_claim_rules(
    store: Store, caller: Caller, *, items: Sequence[Mapping[str, Any]], departments: Collection[str]
) -> dict[str, Any]:
    """Write the table anew; it counts for each at their next sign-in.

    Args:
        store: identity's tables, in a transaction.
        caller: an administrator.
        items: its rows.
        departments: codes of those that there are.

    Raises:
        AdminOnly: the caller is no administrator.
        RuleTwice: two rows are about the same value of a claim.
        RoleUnknown, DepartmentUnknown: a row gives what is not there.
    """
    require_admin(caller)
    store.hold_claim_rules(caller.hall)
    wanted = [Rule(**{**item, "roles": frozenset(item["roles"])}) for item in items]
    if len({(rule.claim, rule.value) for rule in wanted}) < len(wanted):
        raise RuleTwice(errors={"items": [RuleTwice.__doc__ or ""]})
    require_roles(store, caller, {role for rule in wanted for role in rule.roles})
    if {rule.department for rule in wanted} - {None, *departments}:
        raise DepartmentUnknown(errors={"items": [DepartmentUnknown.__doc__ or ""]})
    before = store.claim_rules(caller.hall)
    store.save_claim_rules(caller.hall, wanted)
    entry = Entry(
        action="claims_changed",
        username=None,
        by=caller.username,
        address=caller.address,
        details={},
        before={"items": [_row(rule) for rule in before]},
        after={"items": [_row(rule) for rule in wanted]},
    )
    note(store, caller, entry)
    return {"items": [_row(rule) for rule in wanted]}


def sign_in_by_claims(
    store: Store, caller: Caller, *, issuer: str, subject: str, claims: Mapping[str, Any], id_token: str
) -> dict[str, Any]:
    """Find or make the account of somebody who has come back from the issuer; returns a code that gives its token once.

    Args:
        store: identity's tables, each statement a transaction of its own.
        caller: the gateway, which has verified what the issuer says.
        issuer: whose person it is.
        subject: who that is there.
        claims: what the issuer says of them.
        id_token: as it came, to end the issuer's session with.

    Raises:
        ServicesOnly: the caller is not the gateway.
        AccountClosed: an administrator has closed the account.
        NoRoleByClaims, NoDepartmentByClaims: the table makes nothing of the claims, or a clerk of no department.
    """
    if "service" not in caller.roles:
        raise ServicesOnly
    at = clock.real_now()
    code = token_urlsafe(24)
    code_hash = _hash(store, caller.hall, code)
    with store.transaction():
        table = store.claim_rules(caller.hall)
        place = _usable(store, caller.hall, domain.place_of(claims, table))
        account = store.account_of_subject(caller.hall, issuer, subject)
        refusal = _refusal(account, place)
        if refusal is None:
            account = _brought_up(store, caller, account, place, issuer, subject, claims, at=at)
            store.add_issuer_sign_in(
                caller.hall,
                code_hash,
                username=account.username,
                id_token=personal.vault().seal(id_token, purpose=ID_TOKEN),
                expires_at=at + domain.CODE_LIFETIME,
            )
            return {"code": code}
        if account is not None and not account.closed:
            refuse_tokens(store, caller, account.username, close=False, at=at)
        found = {rule.claim: domain.values(claims, rule.claim) for rule in table}
        details = {"issuer": issuer, "refused": refusal.code, "claims": found}
        _note_sign_in(store, caller, account.username if account else None, details, ok=False)
    raise refusal


def token_by_code(store: Store, caller: Caller, *, code: str) -> dict[str, Any]:
    """Give the token of whoever has come back from the issuer, once.

    Raises:
        InvalidCredentials: no such code, it was used or has expired, or the account was closed meanwhile.
    """
    at = clock.real_now()
    code_hash, jti = _hash(store, caller.hall, code), uuid4().hex
    with store.transaction():
        username = store.use_issuer_sign_in(
            caller.hall, code_hash, jti=jti, at=at, expires_at=at + rules.STAFF_LIFETIME
        )
        account = store.account(caller.hall, username) if username else None
        if account is None or account.closed:
            raise InvalidCredentials
        _note_sign_in(store, caller, account.username, {"issuer": account.issuer}, by=account.username)
        grant = Grant(username=account.username, roles=account.roles, department=account.department)
        refused_before = account.refused_before
        token = grant_token(store, caller.hall, grant, at=at, refused_before=refused_before, jti=jti)
        return {**token, "single_sign_on": True}


def end_issuer_session(store: Store, caller: Caller, *, jti: str) -> dict[str, Any]:
    """Sign out; returns the id token that ends the issuer's session too, None when the token came from no issuer.

    Raises:
        SignInNeeded, TokenNotFound: as for `revoke_token`.
    """
    with store.transaction():
        revoke_token(store, caller, jti=jti)
        sealed = store.take_issuer_session(caller.hall, jti)
    return {"id_token": personal.vault().open(sealed, purpose=ID_TOKEN) if sealed else None}


def open_account(store: Store, caller: Caller, *, username: str) -> dict[str, Any]:
    """Let an account of an issuer that was closed count again; others open with a new password.

    Raises:
        AdminOnly: the caller is no administrator.
        AccountNotFound: there is no such account that is closed.
    """
    require_admin(caller)
    if not store.open_account(caller.hall, username):
        raise AccountNotFound
    publish(store, caller, [username])
    note(
        store,
        caller,
        Entry(
            action="account_opened",
            username=username,
            by=caller.username,
            address=caller.address,
            details={},
            before={"closed": True},
            after={"closed": False},
        ),
    )
    return {"username": username}


def _usable(store: Store, hall: str, place: Place) -> Place:
    """Return a place without the hall's own roles that have ended since the table was written."""
    kept = (place.roles & frozenset(STAFF_ROLES)) | frozenset(store.hold_roles(hall, own(place.roles)))
    return replace(place, roles=kept)


def _refusal(
    account: Account | None, place: Place
) -> AccountClosed | NoRoleByClaims | NoDepartmentByClaims | None:
    if account is not None and account.closed:
        return AccountClosed()
    if not place.roles:
        return NoRoleByClaims()
    if place.department is None and place.roles & AT_DEPARTMENTS:
        return NoDepartmentByClaims()
    return None


def _brought_up(
    store: Store,
    caller: Caller,
    account: Account | None,
    place: Place,
    issuer: str,
    subject: str,
    claims: Mapping[str, Any],
    *,
    at: datetime,
) -> Account:
    """Return the account as the claims make it: new, changed or as it was; who may do other things now starts anew."""
    if account is None:
        made = _made(store, caller.hall, place, issuer, subject, claims, at=at)
        _note_change(store, caller, "account_created", before=None, after=made)
        return made
    name = _name(claims, account.username)
    after = replace(account, name=name, roles=place.roles, department=place.department)
    if after.department != account.department:
        after = replace(after, window=None)
    if after == account:
        return account
    store.save_accounts(caller.hall, [after])
    if (after.roles, after.department) != (account.roles, account.department):
        refuse_tokens(store, caller, after.username, close=False, at=at)
        _note_change(store, caller, "account_changed", before=account, after=after)
    return after


def _made(
    store: Store,
    hall: str,
    place: Place,
    issuer: str,
    subject: str,
    claims: Mapping[str, Any],
    *,
    at: datetime,
) -> Account:
    for username in domain.usernames(_wished(claims)):
        account = Account(
            username=username,
            name=_name(claims, username),
            roles=place.roles,
            department=place.department,
            issuer=issuer,
        )
        if store.add_account_of_subject(hall, account, subject, at=at):
            return account
        known = store.account_of_subject(hall, issuer, subject)
        if known is not None:  # made meanwhile, by the same person's other browser
            return known
    raise LookupError("every name that the new account could have is taken")


def _wished(claims: Mapping[str, Any]) -> str:
    given = (claims.get(name) for name in ("preferred_username", "email"))
    return next((each for each in given if isinstance(each, str) and each), "staff")


def _name(claims: Mapping[str, Any], otherwise: str) -> str:
    """Return how others read whose account it is, where the issuer says it in a way that can be shown."""
    given = claims.get("name")
    try:
        return str(_names.deserialize(given if isinstance(given, str) else ""))
    except ValueError:
        return otherwise


def _note_sign_in(
    store: Store,
    caller: Caller,
    username: str | None,
    details: Mapping[str, Any],
    *,
    by: str | None = None,
    ok: bool = True,
) -> None:
    entry = Entry(action="sign_in", username=username, by=by, ok=ok, address=caller.address, details=details)
    note(store, caller, entry)


def _note_change(
    store: Store, caller: Caller, action: str, *, before: Account | None, after: Account
) -> None:
    publish(store, caller, [after.username])
    entry = Entry(
        action=action,
        username=after.username,
        by=after.username,
        address=caller.address,
        details={"issuer": after.issuer},
        before=_seen(before) if before else None,
        after=_seen(after),
    )
    note(store, caller, entry)


def _seen(account: Account) -> dict[str, Any]:
    return {"roles": sorted(account.roles), "department": account.department}


def _row(rule: Rule) -> dict[str, Any]:
    return {**vars(rule), "roles": sorted(rule.roles)}


def _hash(store: Store, hall: str, code: str) -> str:
    return codes.keyed_hash(hash_key(store, hall), "issuer", code)
