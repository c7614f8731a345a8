"""Signing in: staff by password, visitors by a code sent to their phone.

Answers hold tokens and codes, so none of these is stored with a command; each may be repeated as it is.
"""

from collections.abc import Callable
from datetime import datetime
from secrets import token_bytes
from typing import Any, NoReturn
from uuid import UUID, uuid4

from prometheus_client import Counter

from services.chassis import clock, personal
from services.chassis.caller import Caller
from services.chassis.config import settings
from services.chassis.logs import get_logger
from services.chassis.outbox import publish_later
from services.identity import events
from services.identity.domain import accounts, attempts, codes, passwords
from services.identity.domain.accounts import Account
from services.identity.domain.attempts import Limit
from services.identity.domain.tokens import Grant
from services.identity.errors import (
    AccountNotFound,
    CodeNotFound,
    InvalidCredentials,
    PasswordPlain,
    ServicesOnly,
    SignInNeeded,
    SignsInWithIssuer,
    TooManyAttempts,
    WrongPassword,
)
from services.identity.store import Entry, Store
from services.identity.use_cases.attempts import count, require_patience, require_room
from services.identity.use_cases.audit import note
from services.identity.use_cases.tokens import grant_token

log = get_logger()
_codes = Counter(
    "hallflow_one_time_codes_total", "One-time codes that were asked for, by outcome", ["outcome"]
)

HEAD = "department_head"
Verify = Callable[[str, str], bool]
# By what a code is counted: of whom or what, with its limits.
Counted = dict[str, tuple[str | None, tuple[Limit, ...]]]
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
        TooManyAttempts: too soon after a wrong password for this account here, or from this address.
    """
    at = clock.real_now()
    name = accounts.proper(username, demo=settings().demo)
    trusted = _trusted(store, caller, name, at=at)
    _require_patience(store, caller, name, trusted=trusted, at=at)
    account = _account(store, caller.hall, name, at=at)
    if account is None or not _fits(account, password, verify):
        _refuse(store, caller, name, account, trusted=trusted, at=at)
    with store.transaction():
        store.forgive(caller.hall, attempts.BY_PAIR, _pair(caller, name))
        entry = Entry(action="sign_in", username=name, by=name, address=caller.address, details={})
        note(store, caller, entry)
        grant = Grant(username=name, roles=account.roles, department=account.department)
        return grant_token(store, caller.hall, grant, at=at, refused_before=account.refused_before)


def change_password(
    store: Store,
    caller: Caller,
    *,
    password: str,
    new_password: str,
    verify: Verify = passwords.is_right,
    hash_of: Callable[[str], str] = passwords.hash_of,
) -> dict[str, Any]:
    """Give the caller's own account a new password; all its tokens count no more, but for the one that is returned.

    Args:
        store: identity's tables, each statement a transaction of its own.
        caller: whose account it is.
        password: the present one.
        new_password: the one from now on.
        verify: tells whether a password fits a hash.
        hash_of: returns the hash that is kept of a password.

    Raises:
        SignInNeeded: the caller has no account of its own, or one that exists only for trying the hall out.
        SignsInWithIssuer: the account has no password.
        WrongPassword: not the present password.
        PasswordPlain: the new one is too easy to guess.
        TooManyAttempts: too soon after a wrong password.
    """
    at = clock.real_now()
    name = caller.username or ""
    account = store.account(caller.hall, name)
    if account is None or account.demo or account.closed:
        raise SignInNeeded
    if account.issuer is not None:
        raise SignsInWithIssuer
    require_patience(store, caller.hall, attempts.BY_PAIR_TRUSTED, _pair(caller, name), at=at)
    if not _fits(account, password, verify):
        count(store, caller.hall, attempts.BY_PAIR_TRUSTED, _pair(caller, name), at=at)
        raise WrongPassword(errors={"password": [WrongPassword.__doc__ or ""]})
    require_safe(new_password, username=name)
    password_hash = hash_of(new_password)
    with store.transaction():
        refused_before = refuse_tokens(store, caller, name, close=False, at=at)
        store.set_password(caller.hall, name, password_hash)
        entry = Entry(action="password_changed", username=name, by=name, address=caller.address, details={})
        note(store, caller, entry)
        grant = Grant(username=name, roles=account.roles, department=account.department)
        return grant_token(store, caller.hall, grant, at=at, refused_before=refused_before)


def require_safe(password: str, *, username: str) -> None:
    """Let no password be taken that somebody guesses who knows the account.

    Raises:
        PasswordPlain: it is one.
    """
    if passwords.is_plain(password, username=username):
        raise PasswordPlain(errors={"password": [PasswordPlain.__doc__ or ""]})


def refuse_tokens(store: Store, caller: Caller, username: str, *, close: bool, at: datetime) -> datetime:
    """Refuse the tokens of an account that were issued up to a moment, and say so; returns up to when.

    Raises:
        AccountNotFound: there is no such account.
    """
    refused = store.revoke_account(caller.hall, username, at=at, close=close)
    if refused is None:
        raise AccountNotFound
    times, before = refused
    publish_later(
        store, events.account_revoked(username, before=before, sequence=times), caller=caller, at=clock.now()
    )
    return before


def _require_patience(store: Store, caller: Caller, name: str, *, trusted: bool, at: datetime) -> None:
    """Have whoever failed here wait; what strangers do elsewhere counts nowhere the account has signed in."""
    delay = attempts.BY_PAIR_TRUSTED if trusted else attempts.BY_PAIR
    require_patience(store, caller.hall, delay, _pair(caller, name), at=at)
    if not trusted:
        require_patience(store, caller.hall, attempts.BY_ADDRESS, caller.network, at=at)
        require_room(store, caller.hall, attempts.BY_USERNAME, name, at=at)


def _pair(caller: Caller, name: str) -> str:
    return f"{name}\n{caller.network or ''}"


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
    """Make the demo accounts, one a role, where this is a demo; the head's department is that of the first clerk."""
    if settings().demo:
        first = store.account(hall, accounts.FIRST_CLERK)
        places = {HEAD: first.department if first else None}
        made = [
            Account(
                username=role,
                name=f"demo {role}",
                roles=frozenset({role}),
                department=places.get(role),
                demo=True,
            )
            for role in accounts.DEMO_ROLES
            if role not in places or places[role]
        ]
        store.add_accounts(hall, made, at=at)


def _fits(account: Account, password: str, verify: Verify) -> bool:
    demo = settings().demo
    if account.may_sign_in(demo=demo):
        if account.password_hash is not None:
            return verify(account.password_hash, password)
        if demo and account.issuer is None:
            return passwords.same(password, settings().demo_password)
    verify(passwords.nobodys_hash(), password)
    return False


def _refuse(
    store: Store, caller: Caller, name: str, account: Account | None, *, trusted: bool, at: datetime
) -> NoReturn:
    """Count and record a wrong password, and refuse it.

    What was typed as the name of an account that does not exist is not recorded: it may be a password.
    """
    known = account.username if account else None
    with store.transaction():
        count(store, caller.hall, attempts.BY_PAIR, _pair(caller, name), at=at)
        count(store, caller.hall, attempts.BY_ADDRESS, caller.network, at=at)
        if not trusted:
            count(store, caller.hall, attempts.BY_USERNAME, name, at=at)
        entry = Entry(action="sign_in", username=known, by=None, ok=False, address=caller.address, details={})
        note(store, caller, entry)
    raise InvalidCredentials


def send_otp(store: Store, caller: Caller, *, phone: str) -> dict[str, Any]:
    """Have a one-time code sent to a phone; in a demo it is answered too, as `demo_code`.

    The answer's `challenge`, sent back with the code, keeps the asker's tries apart from those of others.

    Raises:
        PhoneInvalid: no such phone number can exist.
        TooManyAttempts: too many codes were asked for this phone, from this address or of the hall.
    """
    at = clock.real_now()
    e164 = personal.phone_number(phone)
    key = hash_key(store, caller.hall)
    phone_hash = personal.phone_hash(e164)
    counted = _count_codes_for(caller, phone_hash)
    _require_code(store, caller, counted, at=at)
    code, request, expires_at = codes.new_code(), str(uuid4()), at + codes.CODE_LIFETIME
    challenge = codes.new_challenge()
    with store.transaction():
        for subject, limits in counted.values():
            count(store, caller.hall, limits[0], subject, at=at)
        store.save_one_time_code(
            caller.hall,
            phone_hash,
            request=request,
            code_hash=codes.keyed_hash(key, "code", phone_hash, code),
            asker=codes.keyed_hash(key, "asker", phone_hash, challenge),
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
    _codes.labels("sent").inc()
    return {"challenge": challenge} | ({"demo_code": code} if settings().demo else {})


def _count_codes_for(caller: Caller, phone_hash: str) -> Counted:
    """Return by whom a code is counted, and how many each may have: the phone first, the hall last.

    A demo sends no messages, which is what the address' and the hall's share would cost.
    """
    caps = settings().codes
    of_phone: Counted = {
        "phone": (phone_hash, attempts.codes_of_phone(hour=caps.phone_hour, day=caps.phone_day))
    }
    if settings().demo:
        return of_phone
    return of_phone | {
        "address": (
            caller.network,
            attempts.codes_of_address(hour=caps.address_hour, day=caps.address_day),
        ),
        "hall": ("hall", attempts.codes_of_hall(hour=caps.hall_hour, day=caps.hall_day)),
    }


def _require_code(store: Store, caller: Caller, counted: Counted, *, at: datetime) -> None:
    for by, (subject, limits) in counted.items():
        try:
            for limit in limits:
                require_room(store, caller.hall, limit, subject, at=at)
        except TooManyAttempts:
            _codes.labels(f"refused_by_{by}").inc()
            if by == "hall":
                log.warning("one_time_codes_used_up", hour=limits[0].most, day=limits[1].most)
            raise


def issue_visitor_token(
    store: Store, caller: Caller, *, phone: str, otp: str, challenge: str | None = None
) -> dict[str, Any]:
    """Sign in as the visitor whose phone got a one-time code.

    Args:
        store: identity's tables, each statement a transaction of its own.
        caller: where the request comes from.
        phone: the phone.
        otp: the code it got.
        challenge: what `send_otp` answered whoever asked for it; strangers cannot use up the tries of who has it.

    Raises:
        PhoneInvalid: no such phone number can exist.
        InvalidCredentials: not the code, or it was used, has expired or was tried too often.
    """
    at = clock.real_now()
    key = hash_key(store, caller.hall)
    phone_hash = personal.phone_hash(personal.phone_number(phone))
    found = None
    if challenge is not None:
        asker = codes.keyed_hash(key, "asker", phone_hash, challenge)
        found = store.try_own_code(caller.hall, phone_hash, asker=asker, at=at)
    found = found or store.try_code(caller.hall, phone_hash, network=caller.network or "", at=at)
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
