"""Machine clients: made by an administrator with scopes, a quota and an owner, signed in by their secret.

Answers that hold a secret are given once and kept nowhere. Whatever makes a client mean something else than its tokens
say (scopes, quota, secret, being closed) ends them.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import Any, NoReturn

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.config import settings
from services.chassis.outbox import publish_later
from services.identity import events
from services.identity.domain import attempts, passwords
from services.identity.domain import clients as domain
from services.identity.domain.clients import Client, client_username
from services.identity.domain.tokens import Grant
from services.identity.errors import (
    ClientNotFound,
    ClientTaken,
    InvalidCredentials,
    OwnerUnknown,
    ScopeRefused,
)
from services.identity.store import Entry, Store
from services.identity.use_cases.attempts import count, require_patience
from services.identity.use_cases.audit import note, require_admin
from services.identity.use_cases.tokens import grant_token

HashOf = Callable[[str], str]


def list_clients(store: Store, caller: Caller) -> list[dict[str, Any]]:
    """Return all clients, closed ones last.

    Raises:
        AdminOnly: the caller is no administrator.
    """
    require_admin(caller)
    return store.clients(caller.hall)


def create_client(
    store: Store,
    caller: Caller,
    *,
    code: str,
    name: str,
    owner: str,
    scopes: Collection[str],
    quota: int,
    hash_of: HashOf = passwords.hash_of,
) -> dict[str, Any]:
    """Make a client and return it with its secret, shown this once.

    Args:
        store: identity's tables, each statement a transaction of its own.
        caller: an administrator.
        code: by which it signs in, and in whose name it acts.
        name: what it is, as people read it.
        owner: the account that answers for it.
        scopes: codes of operations; the gateway knows which there are.
        quota: how many calls it has a minute.
        hash_of: returns the hash that is kept of the secret.

    Raises:
        AdminOnly: the caller is no administrator.
        OwnerUnknown: there is no such open account.
        ClientTaken: there is a client of this code, perhaps a closed one.
    """
    require_admin(caller)
    secret = domain.new_secret()
    client = Client(
        code=code,
        name=name,
        owner=owner,
        scopes=frozenset(scopes),
        quota=quota,
        secret_hash=hash_of(secret),
    )
    with store.transaction():
        _require_owner(store, caller, owner)
        if not store.add_client(caller.hall, client, at=clock.real_now()):
            raise ClientTaken(errors={"code": [ClientTaken.__doc__ or ""]})
        _note(store, caller, "client_created", before=None, after=client)
        return {**_shown(store, caller, code), "client_secret": secret}


def change_client(store: Store, caller: Caller, *, code: str, **changes: Any) -> dict[str, Any]:
    """Change what a client is called, may do and how often, or who answers for it.

    Raises:
        AdminOnly: the caller is no administrator.
        ClientNotFound: there is no such client, or it is closed.
        OwnerUnknown: there is no such open account.
    """
    require_admin(caller)
    before = _found(store, caller, code)
    if "scopes" in changes:
        changes["scopes"] = frozenset(changes["scopes"])
    after = replace(before, **changes)
    if after.owner != before.owner:
        _require_owner(store, caller, after.owner)
    if after != before:
        store.save_client(caller.hall, after)
        if (after.scopes, after.quota) != (before.scopes, before.quota):
            _refuse_tokens(store, caller, code, at=clock.real_now())
        _note(store, caller, "client_changed", before=before, after=after)
    return _shown(store, caller, code)


def renew_client_secret(
    store: Store, caller: Caller, *, code: str, hash_of: HashOf = passwords.hash_of
) -> dict[str, Any]:
    """Give a client a new secret, shown this once; the old one, and what it has signed in, count no more.

    Raises:
        AdminOnly: the caller is no administrator.
        ClientNotFound: there is no such client, or it is closed.
    """
    require_admin(caller)
    secret = domain.new_secret()
    secret_hash = hash_of(secret)
    with store.transaction():
        client = _found(store, caller, code)
        store.save_client(caller.hall, replace(client, secret_hash=secret_hash))
        _refuse_tokens(store, caller, code, at=clock.real_now())
        _note(store, caller, "client_secret_renewed", before=client, after=client)
        return {**_shown(store, caller, code), "client_secret": secret}


def close_client(store: Store, caller: Caller, *, code: str) -> dict[str, Any]:
    """Close a client for good: its tokens count no more, and it gets none.

    Raises:
        AdminOnly: the caller is no administrator.
        ClientNotFound: there is no such client, or it is closed.
    """
    require_admin(caller)
    before = _found(store, caller, code)
    after = replace(before, closed=True)
    store.save_client(caller.hall, after)
    _refuse_tokens(store, caller, code, at=clock.real_now())
    _note(store, caller, "client_closed", before=before, after=after)
    return _shown(store, caller, code)


def issue_client_token(
    store: Store,
    caller: Caller,
    *,
    client_id: str,
    client_secret: str,
    scope: str | None = None,
    verify: Callable[[str, str], bool] = passwords.is_right,
) -> dict[str, Any]:
    """Sign a client in. The secret is checked outside any transaction.

    Args:
        store: identity's tables, each statement a transaction of its own.
        caller: where the request comes from.
        client_id: its code.
        client_secret: its secret.
        scope: operations that the token is for, a space between them; all that the client has when left out.
        verify: tells whether a secret fits a hash.

    Raises:
        InvalidCredentials: no such client that counts, or not its secret.
        ScopeRefused: the client was not given all of this.
        TooManyAttempts: too soon after wrong secrets for this client from here.
    """
    at = clock.real_now()
    pair = f"{client_username(client_id)}\n{caller.network or ''}"
    require_patience(store, caller.hall, attempts.BY_PAIR_TRUSTED, pair, at=at)
    client = store.client(caller.hall, client_id)
    known = client if client and not client.closed else None
    if not verify(known.secret_hash if known else passwords.nobodys_hash(), client_secret) or known is None:
        _refuse(store, caller, client, pair, at=at)
    wanted = frozenset(scope.split(" ")) if scope else known.scopes
    if not wanted <= known.scopes:
        raise ScopeRefused(errors={"scope": [ScopeRefused.__doc__ or ""]})
    with store.transaction():
        held = store.lock_client(caller.hall, client_id)
        if held != known:  # It was closed, or changed, while its secret was checked.
            raise InvalidCredentials
        store.forgive(caller.hall, attempts.BY_PAIR_TRUSTED, pair)
        _note_sign_in(store, caller, client_id, ok=True)
        grant = Grant(
            username=client_username(client_id),
            roles=frozenset(),
            scope=" ".join(sorted(wanted)),
            quota=known.quota,
        )
        return grant_token(store, caller.hall, grant, at=at, refused_before=known.refused_before)


def _refuse(store: Store, caller: Caller, client: Client | None, pair: str, *, at: datetime) -> NoReturn:
    with store.transaction():
        count(store, caller.hall, attempts.BY_PAIR_TRUSTED, pair, at=at)
        _note_sign_in(store, caller, client.code if client else None, ok=False)
    raise InvalidCredentials


def _require_owner(store: Store, caller: Caller, owner: str) -> None:
    account = store.lock_account(caller.hall, owner)
    if account is None or not account.may_sign_in(demo=settings().demo):
        raise OwnerUnknown(errors={"owner": [OwnerUnknown.__doc__ or ""]})


def _found(store: Store, caller: Caller, code: str) -> Client:
    client = store.lock_client(caller.hall, code)
    if client is None or client.closed:
        raise ClientNotFound
    return client


def _refuse_tokens(store: Store, caller: Caller, code: str, *, at: datetime) -> None:
    username = client_username(code)
    times, before = store.revoke_client(caller.hall, code, username=username, at=at)
    fact = events.account_revoked(username, before=before, sequence=times)
    publish_later(store, fact, caller=caller, at=clock.now())


def _note(store: Store, caller: Caller, action: str, *, before: Client | None, after: Client) -> None:
    entry = Entry(
        action=action,
        username=client_username(after.code),
        by=caller.username,
        address=caller.address,
        details={},
        before=_seen(before) if before else None,
        after=_seen(after),
    )
    note(store, caller, entry)


def _note_sign_in(store: Store, caller: Caller, code: str | None, *, ok: bool) -> None:
    """Write down a sign-in; what was typed as the code of a client that does not exist may be a secret."""
    name = client_username(code) if code else None
    by = name if ok else None
    entry = Entry(action="sign_in", username=name, by=by, ok=ok, address=caller.address, details={})
    note(store, caller, entry)


def _seen(client: Client) -> dict[str, Any]:
    """Return what the trail tells of a client."""
    return {
        "name": client.name,
        "owner": client.owner,
        "scopes": sorted(client.scopes),
        "quota": client.quota,
        "closed": client.closed,
    }


def _shown(store: Store, caller: Caller, code: str) -> dict[str, Any]:
    return next(client for client in store.clients(caller.hall) if client["code"] == code)
