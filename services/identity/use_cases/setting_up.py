"""The first start of a hall: its first administrator, by a code that is shown to whoever has started it.

Answers hold codes and tokens, so none of these is stored with a command. The code is kept as a hash alone, and a new
one takes the place of one that was lost.
"""

from collections.abc import Callable
from typing import Any

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.config import settings
from services.chassis.outbox import publish_later
from services.identity import events
from services.identity.domain import attempts, codes, passwords
from services.identity.domain.accounts import Account
from services.identity.domain.tokens import Grant
from services.identity.errors import AlreadySetUp, InvalidCredentials, UsernameTaken
from services.identity.store import Entry, Store
from services.identity.use_cases.accounts import publish
from services.identity.use_cases.attempts import count, require_room
from services.identity.use_cases.audit import note, require_admin
from services.identity.use_cases.signing_in import hash_key, require_safe
from services.identity.use_cases.tokens import grant_token

ADMIN = frozenset({"admin"})


def is_needed(store: Store, caller: Caller) -> dict[str, bool]:
    """Return whether nobody can administer the hall yet; a demo has an account for it."""
    return {"needed": not settings().demo and not store.administrators(caller.hall)}


def make_setup_code(store: Store, caller: Caller) -> dict[str, str | None]:
    """Make the code that sets a hall up, in place of any before; None when it has an administrator or is a demo.

    Raises:
        AdminOnly: the caller is not who has started the hall, at its bus.
    """
    require_admin(caller)
    if not is_needed(store, caller)["needed"]:
        return {"code": None}
    code = codes.new_typed_code()
    expires_at = clock.real_now() + codes.SETUP_LIFETIME
    store.save_setup_code(caller.hall, _hash(store, caller.hall, code), expires_at=expires_at)
    return {"code": code}


def set_up(
    store: Store,
    caller: Caller,
    *,
    code: str,
    username: str,
    name: str,
    password: str,
    hall: dict[str, str],
    hash_of: Callable[[str], str] = passwords.hash_of,
) -> dict[str, Any]:
    """Make the first administrator of a hall and sign them in; the code counts no more.

    Args:
        store: identity's tables, each statement a transaction of its own.
        caller: where the request comes from.
        code: as it was shown, in whatever case and with whatever spaces and dashes.
        username: of the administrator.
        name: of the administrator, as others read it.
        password: of the administrator.
        hall: the hall's `name` and `name_en`.
        hash_of: returns the hash that is kept of a password.

    Raises:
        AlreadySetUp: the hall has an administrator.
        InvalidCredentials: no such code, or it was used, replaced or has expired.
        PasswordPlain: the password is too easy to guess.
        TooManyAttempts: too many wrong codes from this address.
        UsernameTaken: there is such an account, of a clerk who was loaded before.
    """
    at = clock.real_now()
    if not is_needed(store, caller)["needed"]:
        raise AlreadySetUp
    require_room(store, caller.hall, attempts.SETUPS, caller.address, at=at)
    require_safe(password, username=username)
    code_hash, password_hash = _hash(store, caller.hall, code), hash_of(password)
    with store.transaction():
        if store.use_setup_code(caller.hall, code_hash, at=at):
            account = Account(username=username, name=name, roles=ADMIN)
            if not store.add_account(caller.hall, account, at=at):
                raise UsernameTaken(errors={"username": [UsernameTaken.__doc__ or ""]})
            store.set_password(caller.hall, username, password_hash)
            entry = Entry(
                action="hall_set_up",
                username=username,
                by=username,
                address=caller.address,
                details=hall,
                after={"roles": sorted(ADMIN)},
            )
            note(store, caller, entry)
            publish(store, caller, [username])
            publish_later(store, events.hall_set_up(caller.hall, **hall), caller=caller, at=clock.now())
            return grant_token(store, caller.hall, Grant(username=username, roles=ADMIN), at=at)
        count(store, caller.hall, attempts.SETUPS, caller.address, at=at)
    raise InvalidCredentials


def _hash(store: Store, hall: str, code: str) -> str:
    return codes.keyed_hash(hash_key(store, hall), "setup", codes.plain_typed_code(code))
