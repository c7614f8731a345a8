"""Signing in: staff by password, visitors by a code sent to their phone.

Answers hold tokens and codes, so none of these is stored with a command; each may be repeated as it is.
"""

from collections.abc import Callable
from datetime import datetime
from secrets import token_bytes
from typing import Any, NoReturn
from uuid import UUID, uuid4

from services.chassis import clock, personal
from services.chassis.caller import Caller
from services.chassis.config import settings
from services.chassis.outbox import publish_later
from services.identity import events
from services.identity.domain import accounts, attempts, codes, passwords
from services.identity.domain.accounts import Account
from services.identity.domain.tokens import Grant
from services.identity.errors import CodeNotFound, InvalidCredentials, ServicesOnly
from services.identity.store import Entry, Store
from services.identity.use_cases.attempts import count, require_room
from services.identity.use_cases.audit import note
from services.identity.use_cases.tokens import grant_token

Verify = Callable[[str, str], bool]
OTP_PHONE, OTP_CODE = "identity.otp.phone", "identity.otp.code"


def issue_token(
    store: Store, caller: Caller, *, username: str, password: str, verify: Verify = passwords.is_right
) -> dict[str, Any]:
    """Sign in by password. The password is checked outside any transaction.

    Args:
        store: identity's tables, each statement a transaction of its own.
        caller: where the request comes from.
        username: the account; `clerk` stands for the first clerk in a demo.
        password: its password.
        verify: tells whether a password fits a hash.

    Raises:
        InvalidCredentials: no such account that counts, or not its password.
        TooManyAttempts: too many wrong passwords for this account or from this address.
    """
    at = clock.real_now()
    name = accounts.proper(username, demo=settings().demo)
    require_room(store, caller.hall, attempts.BY_USERNAME, name, at=at)
    if not _trusted(store, caller, name, at=at):
        require_room(store, caller.hall, attempts.BY_ADDRESS, caller.address, at=at)
    account = _account(store, caller.hall, name, at=at)
    if account is None or not _fits(account, password, verify):
        _refuse(store, caller, name, account, at=at)
    with store.transaction():
        entry = Entry(action="sign_in", username=name, by=name, address=caller.address, details={})
        note(store, caller, entry)
        grant = Grant(username=name, roles=account.roles, department=account.department)
        return grant_token(store, caller.hall, grant, at=at, refused_before=account.refused_before)


def _trusted(store: Store, caller: Caller, name: str, *, at: datetime) -> bool:
    if caller.address is None:
        return True
    return store.signed_in_from(caller.hall, name, caller.address, since=at - attempts.TRUSTED_FOR)


def _account(store: Store, hall: str, name: str, *, at: datetime) -> Account | None:
    """Return the account that may sign in under a name; a demo makes its own when they are first used."""
    account = store.account(hall, name)
    if account is None and name in accounts.DEMO_ROLES:
        add_demo_accounts(store, hall, at=at)
        account = store.account(hall, name)
    return account


def add_demo_accounts(store: Store, hall: str, *, at: datetime) -> None:
    """Make the demo accounts, one a role, where this is a demo; nothing otherwise."""
    if settings().demo:
        made = [
            Account(username=role, name=f"demo {role}", roles=frozenset({role}), demo=True)
            for role in accounts.DEMO_ROLES
        ]
        store.add_accounts(hall, made, at=at)


def _fits(account: Account, password: str, verify: Verify) -> bool:
    demo = settings().demo
    if account.may_sign_in(demo=demo):
        if account.password_hash is not None:
            return verify(account.password_hash, password)
        if demo:
            return passwords.same(password, settings().demo_password)
    verify(passwords.nobodys_hash(), password)
    return False


def _refuse(store: Store, caller: Caller, name: str, account: Account | None, *, at: datetime) -> NoReturn:
    """Count and record a wrong password, and refuse it.

    What was typed as the name of an account that does not exist is not recorded: it may be a password.
    """
    known = account.username if account else None
    with store.transaction():
        count(store, caller.hall, attempts.BY_USERNAME, name, at=at)
        count(store, caller.hall, attempts.BY_ADDRESS, caller.address, at=at)
        entry = Entry(action="sign_in", username=known, by=None, ok=False, address=caller.address, details={})
        note(store, caller, entry)
    raise InvalidCredentials


def send_otp(store: Store, caller: Caller, *, phone: str) -> dict[str, Any]:
    """Have a one-time code sent to a phone; in a demo it is answered too, as `demo_code`.

    Raises:
        PhoneInvalid: no such phone number can exist.
        TooManyAttempts: too many codes were asked for this phone.
    """
    at = clock.real_now()
    e164 = personal.phone_number(phone)
    key = hash_key(store, caller.hall)
    phone_hash = personal.phone_hash(e164)
    require_room(store, caller.hall, attempts.CODES_BY_PHONE, phone_hash, at=at)
    code, request, expires_at = codes.new_code(), str(uuid4()), at + codes.CODE_LIFETIME
    with store.transaction():
        count(store, caller.hall, attempts.CODES_BY_PHONE, phone_hash, at=at)
        store.save_one_time_code(
            caller.hall,
            phone_hash,
            request=request,
            code_hash=codes.keyed_hash(key, "code", phone_hash, code),
            expires_at=expires_at,
        )
        store.add_otp(
            caller.hall,
            request=request,
            phone=personal.vault().seal(e164, purpose=OTP_PHONE),
            code=personal.vault().seal(code, purpose=OTP_CODE),
            expires_at=expires_at,
        )
        asked = events.otp_requested(request, phone_masked=personal.mask_phone(e164), expires_at=expires_at)
        publish_later(store, asked, caller=caller, at=clock.now())
    return {"demo_code": code} if settings().demo else {}


def issue_visitor_token(store: Store, caller: Caller, *, phone: str, otp: str) -> dict[str, Any]:
    """Sign in as the visitor whose phone got a one-time code.

    Raises:
        PhoneInvalid: no such phone number can exist.
        InvalidCredentials: not the code, or it was used, has expired or was tried too often.
    """
    at = clock.real_now()
    key = hash_key(store, caller.hall)
    phone_hash = personal.phone_hash(personal.phone_number(phone))
    found = store.try_code(caller.hall, phone_hash, most=codes.CODE_TRIES, at=at)
    if found is None or not passwords.same(found[1], codes.keyed_hash(key, "code", phone_hash, otp)):
        raise InvalidCredentials
    with store.transaction():
        if not store.use_code(caller.hall, phone_hash, found[0]):
            raise InvalidCredentials
        grant = Grant(
            username=accounts.visitor_username(phone_hash),
            roles=frozenset({"visitor"}),
            phone_hash=phone_hash,
        )
        return grant_token(store, caller.hall, grant, at=at)


def take_otp(store: Store, caller: Caller, *, request: UUID) -> dict[str, Any]:
    """Hand a code over to the service that sends it, this once; the code goes on counting.

    Raises:
        ServicesOnly: the caller is not a service of the hall.
        CodeNotFound: it was handed over or used, has expired, or never was.
    """
    if "service" not in caller.roles:
        raise ServicesOnly
    taken = store.take_otp(caller.hall, str(request), at=clock.real_now())
    if taken is None:
        raise CodeNotFound
    return {
        "phone": personal.vault().open(taken["phone"], purpose=OTP_PHONE),
        "code": personal.vault().open(taken["code"], purpose=OTP_CODE),
        "expires_at": taken["expires_at"].isoformat(),
    }


def hash_key(store: Store, hall: str) -> bytes:
    """Return the key of the keyed hashes, made when first needed."""
    key = store.secret(hall)
    if key is None:
        store.add_secret(hall, token_bytes(32))
        key = store.secret(hall)
    if key is None:
        raise LookupError("the key of the keyed hashes is gone")
    return key
