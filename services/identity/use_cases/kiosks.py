"""Kiosks: registered by an administrator, enrolled with a code that is typed in at the device once."""

from datetime import datetime
from typing import Any

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.outbox import publish_later
from services.identity import events
from services.identity.domain import attempts, codes
from services.identity.domain.accounts import kiosk_username
from services.identity.domain.tokens import Grant
from services.identity.errors import InvalidCredentials, KioskNotFound, NotAKiosk
from services.identity.store import Entry, Kiosk, Store
from services.identity.use_cases.attempts import count, require_room
from services.identity.use_cases.audit import note, require_admin
from services.identity.use_cases.signing_in import hash_key
from services.identity.use_cases.tokens import grant_token, publish_revoked

ENROLLED = "enrolled"


def register_kiosk(
    store: Store, caller: Caller, *, code: str, name: str, zone: str | None = None
) -> dict[str, Any]:
    """Register a kiosk and return its enrolment code, shown once. Registering again replaces the code.

    Raises:
        AdminOnly: the caller is no administrator.
    """
    require_admin(caller)
    at = clock.real_now()
    enrolment_code, expires_at = codes.new_typed_code(), at + codes.ENROLMENT_LIFETIME
    code_hash = _hash(store, caller.hall, enrolment_code)
    with store.transaction():
        before = store.kiosk(caller.hall, code)
        store.register_kiosk(caller.hall, code=code, name=name, zone=zone, at=at)
        store.save_enrolment_code(caller.hall, code, code_hash, expires_at=expires_at)
        _note(store, caller, "kiosk_registered", code, by=caller.username, before=before)
    return {"code": code, "enrolment_code": enrolment_code, "expires_at": expires_at}


def enrol_kiosk(store: Store, caller: Caller, *, enrolment_code: str) -> dict[str, Any]:
    """Make a device the kiosk that a code is for; what was that kiosk before is so no more.

    Raises:
        InvalidCredentials: no such code, or it was used or has expired.
        TooManyAttempts: too many wrong codes from this address.
    """
    at = clock.real_now()
    require_room(store, caller.hall, attempts.ENROLMENTS, caller.address, at=at)
    code_hash = _hash(store, caller.hall, enrolment_code)
    with store.transaction():
        code = store.use_enrolment_code(caller.hall, code_hash, at=at)
        if code is not None:
            return _enrolled(store, caller, code, at=at)
        count(store, caller.hall, attempts.ENROLMENTS, caller.address, at=at)
    raise InvalidCredentials


def _enrolled(store: Store, caller: Caller, code: str, *, at: datetime) -> dict[str, Any]:
    kiosk = store.enrol_kiosk(caller.hall, code, at=at)
    before = store.revoke_tokens(caller.hall, username=kiosk_username(code), jti=None, at=at)
    publish_revoked(store, caller, before)
    _note(store, caller, "kiosk_enrolled", code, by=None)
    return _token(store, caller, kiosk, at=at)


def renew_kiosk(store: Store, caller: Caller) -> dict[str, Any]:
    """Give a kiosk whose token still counts a new one, so that no one has to enrol it again each month.

    Raises:
        NotAKiosk: the caller is no enrolled kiosk.
    """
    kiosk = store.kiosk(caller.hall, caller.subject or "")
    if kiosk is None or kiosk.state != ENROLLED or caller.username != kiosk_username(kiosk.code):
        raise NotAKiosk
    return _token(store, caller, kiosk, at=clock.real_now())


def _token(store: Store, caller: Caller, kiosk: Kiosk, *, at: datetime) -> dict[str, Any]:
    grant = Grant(username=kiosk_username(kiosk.code), roles=frozenset({"kiosk"}), kiosk=kiosk.code)
    return grant_token(store, caller.hall, grant, at=at, refused_before=kiosk.refused_before)


def revoke_kiosk(store: Store, caller: Caller, *, code: str) -> Kiosk | None:
    """Refuse a kiosk's tokens and its open code, as when a device is stolen.

    Raises:
        AdminOnly: the caller is no administrator.
        KioskNotFound: there is no such kiosk.
    """
    require_admin(caller)
    at, before = clock.real_now(), store.kiosk(caller.hall, code)
    username = kiosk_username(code)
    refused = store.revoke_kiosk(caller.hall, code, username=username, at=at)
    if refused is None:
        raise KioskNotFound
    fact = events.account_revoked(username, before=refused[1], sequence=refused[0])
    publish_later(store, fact, caller=caller, at=clock.now())
    _note(store, caller, "kiosk_revoked", code, by=caller.username, before=before)
    return store.kiosk(caller.hall, code)


def list_kiosks(store: Store, caller: Caller) -> list[Kiosk]:
    """Return all kiosks.

    Raises:
        AdminOnly: the caller is no administrator.
    """
    require_admin(caller)
    return store.kiosks(caller.hall)


def _hash(store: Store, hall: str, enrolment_code: str) -> str:
    plain = codes.plain_typed_code(enrolment_code)
    return codes.keyed_hash(hash_key(store, hall), "enrolment", plain)


def _note(
    store: Store, caller: Caller, action: str, code: str, *, by: str | None, before: Kiosk | None = None
) -> None:
    entry = Entry(
        action=action,
        username=kiosk_username(code),
        by=by,
        address=caller.address,
        details={},
        before=_seen(before),
        after=_seen(store.kiosk(caller.hall, code)),
    )
    note(store, caller, entry)


def _seen(kiosk: Kiosk | None) -> dict[str, Any] | None:
    """Return what the trail tells of a kiosk."""
    return {"name": kiosk.name, "zone": kiosk.zone, "state": kiosk.state} if kiosk else None
