"""Issuing and revoking tokens, and the keys that sign them."""

from datetime import datetime
from math import floor
from typing import Any
from uuid import uuid4

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.config import settings
from services.chassis.outbox import publish_later
from services.identity import events
from services.identity.domain import accounts
from services.identity.domain import tokens as rules
from services.identity.domain.tokens import Grant, SigningKey
from services.identity.errors import SignInNeeded, TokenNotFound
from services.identity.store import Entry, RevokedToken, Store
from services.identity.use_cases.audit import note, require_admin


def grant_token(
    store: Store,
    hall: str,
    grant: Grant,
    *,
    at: datetime,
    refused_before: datetime | None = None,
    jti: str | None = None,
) -> dict[str, Any]:
    """Issue a token; `refused_before` as in `domain.tokens.issue`, `jti` where its id is known already."""
    lifetime = accounts.lifetime(grant.roles)
    token = rules.issue(
        grant,
        _signing_key(store, hall, at=at),
        jti=jti or uuid4().hex,
        at=at,
        lifetime=lifetime,
        refused_before=refused_before,
    )
    store.add_token(hall, token)
    return {
        "access_token": token.text,
        "token_type": "Bearer",
        "expires_in": token.expires_at - floor(at.timestamp()),
        "roles": sorted(grant.roles),
        **({"scope": grant.scope} if grant.scope else {}),
    }


def _signing_key(store: Store, hall: str, *, at: datetime) -> SigningKey:
    """Return the key that signs now, made when first needed.

    A demo signs with a key of its own, which is not published when the hall is no demo: its tokens end with it.
    """
    demo = settings().demo
    key = store.signing_key(hall, demo=demo)
    if key is None:
        store.add_signing_key(hall, rules.generate_key(uuid4().hex[:16], demo=demo), at=at)
        key = store.signing_key(hall, demo=demo)
    if key is None:
        raise LookupError("the signing key was retired while it was made")
    return key


def public_keys(store: Store, caller: Caller) -> dict[str, Any]:
    """Return the key set (JWKS) by which tokens are verified."""
    at = clock.real_now()
    _signing_key(store, caller.hall, at=at)
    return {"keys": store.public_keys(caller.hall, demo=settings().demo, at=at)}


def rotate_keys(store: Store, caller: Caller) -> dict[str, Any]:
    """Sign with a new key from now on; the old public key stays until its last token has expired.

    Raises:
        AdminOnly: the caller is no administrator.
    """
    require_admin(caller)
    at = clock.real_now()
    store.retire_signing_key(caller.hall, demo=settings().demo, public_until=at + accounts.LONGEST_LIFETIME)
    key = _signing_key(store, caller.hall, at=at)
    note(
        store,
        caller,
        Entry(action="keys_rotated", username=None, by=caller.username, details={"kid": key.kid}),
    )
    return {"kid": key.kid}


def revoke_token(store: Store, caller: Caller, *, jti: str | None = None) -> dict[str, Any]:
    """Sign out: refuse one of the caller's tokens, or all when none is named. An administrator may name anyone's.

    Raises:
        SignInNeeded: the caller has no token.
        TokenNotFound: there is no such token, or it is another's.
    """
    if caller.username is None:
        raise SignInNeeded
    at = clock.real_now()
    owner = store.owner_of(caller.hall, jti, at=at) if jti else caller.username
    if owner is None or (owner != caller.username and not caller.has("admin")):
        raise TokenNotFound
    revoked = store.revoke_tokens(caller.hall, username=owner, jti=jti, at=at)
    publish_revoked(store, caller, revoked)
    if "visitor" not in caller.roles:
        details = {"tokens": len(revoked)}
        note(store, caller, Entry(action="sign_out", username=owner, by=caller.username, details=details))
    return {"tokens": len(revoked)}


def publish_revoked(store: Store, caller: Caller, revoked: list[RevokedToken]) -> None:
    """Tell everybody of tokens that count no more."""
    facts = [events.token_revoked(token.jti, exp=token.exp) for token in revoked]
    if facts:
        publish_later(store, *facts, caller=caller, at=clock.now())


def revocations(store: Store, caller: Caller) -> dict[str, Any]:
    """Return every token, account, kiosk and client that is refused though a token may not have expired."""
    at = clock.real_now()
    subjects = store.refused_subjects(caller.hall, since=at - accounts.LONGEST_LIFETIME)
    return {
        "tokens": store.revoked_tokens(caller.hall, at=at),
        "subjects": [{"username": name, "before": before.timestamp()} for name, before in subjects],
    }
