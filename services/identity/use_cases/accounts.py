"""Accounts of the staff: loaded, made, changed, given passwords, revoked; and what the caller is told of its own."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.inbox import Received
from services.chassis.outbox import publish_later
from services.identity import events
from services.identity.domain import attempts, passwords
from services.identity.domain.accounts import Account
from services.identity.errors import (
    AccountNotFound,
    DepartmentNeeded,
    DepartmentUnknown,
    LastAdministrator,
    ManagersOnly,
    NobodysToKnow,
    SignInNeeded,
    SignsInWithIssuer,
    UsernameTaken,
)
from services.identity.store import Entry, Store
from services.identity.use_cases.audit import note, require_admin
from services.identity.use_cases.roles import require_roles
from services.identity.use_cases.signing_in import add_demo_accounts, refuse_tokens, require_safe

CLERK = frozenset({"clerk"})
# What the list of clerks says.
LISTED = frozenset({"clerk", "crew"})
# Whose work is that of one department.
AT_DEPARTMENTS = frozenset({"clerk", "crew", "department_head"})
# A list of a whole hall tells the trail of so many accounts what they were.
MOST_TOLD = 50


def me(store: Store, caller: Caller) -> dict[str, Any]:
    """Return who the caller is, with the windows it may sign in at: those of its department.

    Raises:
        SignInNeeded: the caller has no account.
    """
    if caller.username is None:
        raise SignInNeeded
    return {
        "username": caller.username,
        "roles": sorted(caller.roles),
        "department": caller.department,
        "windows": store.windows_of(caller.hall, caller.department) if caller.department else [],
    }


def staff_roles(store: Store, caller: Caller, *, username: str) -> dict[str, Any]:
    """Return the roles of an account of the staff, none where there is no such account or it is closed.

    Raises:
        ManagersOnly: the caller is no manager.
    """
    if not caller.has("manager"):
        raise ManagersOnly
    account = store.account(caller.hall, username)
    return {"roles": sorted(account.roles) if account and not account.closed else []}


def list_people(store: Store, caller: Caller, *, department: str | None) -> list[dict[str, Any]]:
    """Return who works in the hall or in a department, for whoever gives work to people.

    Whose account is of a department sees that department alone.

    Raises:
        NobodysToKnow: the caller gives nobody work.
    """
    if not caller.has("manager", "dispatcher", "analyst"):
        raise NobodysToKnow
    if caller.department not in (None, department or caller.department):
        return []
    return store.people(caller.hall, department or caller.department)


def no_accounts(store: Store, caller: Caller, *, usernames: Sequence[str]) -> dict[str, Any]:
    """Return which of these names no open account of the staff has, for whoever gives work to people.

    Raises:
        NobodysToKnow: the caller gives nobody work.
    """
    if not caller.has("manager", "dispatcher"):
        raise NobodysToKnow
    return {"usernames": store.no_accounts(caller.hall, usernames)}


def load_accounts(store: Store, caller: Caller, *, clerks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Bring the accounts of the clerks to what a list says; those not in it are kept and named.

    Roles that an administrator has given beside those of clerks and crews stay. A clerk who changes the department, or
    leaves or joins a crew, has to sign in again.

    Raises:
        AdminOnly: the caller is no administrator.
    """
    require_admin(caller)
    at = clock.real_now()
    stored = store.clerks(caller.hall)
    wanted = {row["username"]: _clerk(row) for row in clerks}
    new = [account for name, account in wanted.items() if name not in stored]
    changed = [
        after
        for name, account in wanted.items()
        if (before := stored.get(name)) and (after := _as_listed(before, account)) != before
    ]
    store.add_accounts(caller.hall, new, at=at)
    store.save_accounts(caller.hall, changed)
    for account in changed:
        before = stored[account.username]
        if (account.department, account.roles) != (before.department, before.roles):
            refuse_tokens(store, caller, account.username, close=False, at=at)
    publish(store, caller, [account.username for account in (*new, *changed)])
    add_demo_accounts(store, caller.hall, at=at)
    missing = sorted(stored.keys() - wanted.keys())
    counts = {
        "added": len(new),
        "changed": len(changed),
        "unchanged": len(wanted) - len(new) - len(changed),
    }
    if new or changed:
        told = changed[:MOST_TOLD]
        entry = Entry(
            action="accounts_loaded",
            username=None,
            by=caller.username,
            details=counts,
            before={each.username: _seen(stored[each.username]) for each in told},
            after={each.username: _seen(each) for each in told},
        )
        note(store, caller, entry)
    return {**counts, "missing": missing}


def list_clerks(store: Store, caller: Caller) -> list[dict[str, Any]]:
    """Return the clerks as a list of a whole hall has them.

    Raises:
        AdminOnly: the caller is no administrator.
    """
    require_admin(caller)
    return store.seats(caller.hall)


def publish_accounts(store: Store, caller: Caller) -> dict[str, int]:
    """Publish every account once more, for a service that was not there when it changed; returns how many facts.

    Raises:
        AdminOnly: the caller is no administrator.
    """
    require_admin(caller)
    return {"facts": publish(store, caller, None)}


def publish(store: Store, caller: Caller, usernames: Sequence[str] | None) -> int:
    """Tell the other services who counts as staff, of all accounts when none are named; returns how many facts."""
    facts = [
        events.account_published(
            row["username"],
            roles=row["roles"],
            department=row["department"],
            active=row["active"],
            sequence=row["version"],
        )
        for row in store.states_of_accounts(caller.hall, usernames)
    ]
    publish_later(store, *facts, caller=caller, at=clock.now())
    return len(facts)


def _as_listed(before: Account, listed: Account) -> Account:
    roles = before.roles - LISTED | listed.roles
    return replace(before, name=listed.name, department=listed.department, window=listed.window, roles=roles)


def _clerk(row: Mapping[str, Any]) -> Account:
    roles = CLERK | {"crew"} if row.get("crew") else CLERK
    return Account(
        username=row["username"],
        name=row["name"],
        roles=roles,
        department=row["department"],
        window=row.get("window"),
    )


def set_password(
    store: Store,
    caller: Caller,
    *,
    username: str,
    password: str,
    hash_of: Callable[[str], str] = passwords.hash_of,
) -> dict[str, Any]:
    """Give an account a new password; its tokens count no more, and a closed account is open again.

    Raises:
        AdminOnly: the caller is no administrator.
        AccountNotFound: there is no such account.
        SignsInWithIssuer: the account has no password.
        PasswordPlain: the password is too easy to guess.
    """
    require_admin(caller)
    account = store.account(caller.hall, username)
    if account is None:
        raise AccountNotFound
    if account.issuer is not None:
        raise SignsInWithIssuer
    require_safe(password, username=username)
    password_hash = hash_of(password)
    with store.transaction():
        refuse_tokens(store, caller, username, close=False, at=clock.real_now())
        store.set_password(caller.hall, username, password_hash)
        if account.closed:
            publish(store, caller, [username])
        note(store, caller, _entry(caller, "password_set", account))
    return {"username": username}


def revoke_account(store: Store, caller: Caller, *, username: str, close: bool = False) -> dict[str, Any]:
    """Refuse all tokens of an account issued up to now, and close it where asked, until it gets a new password.

    Raises:
        AdminOnly: the caller is no administrator.
        AccountNotFound: there is no such account.
        LastAdministrator: nobody else could administer the hall.
    """
    require_admin(caller)
    administrators = store.hold_administrators(caller.hall)
    account = store.lock_account(caller.hall, username)
    if account is None:
        raise AccountNotFound
    if close and administrators == [username]:
        raise LastAdministrator
    before = refuse_tokens(store, caller, username, close=close, at=clock.real_now())
    if close:
        publish(store, caller, [username])
    note(store, caller, _entry(caller, "account_revoked", account, closed=close))
    return {"username": username, "before": before, "closed": close}


def list_accounts(store: Store, caller: Caller, **wanted: Any) -> list[dict[str, Any]]:
    """Return accounts of the staff, closed ones last; `wanted` as for `Store.accounts`.

    Raises:
        AdminOnly: the caller is no administrator.
    """
    require_admin(caller)
    return store.accounts(caller.hall, **wanted)


def create_account(
    store: Store,
    caller: Caller,
    *,
    username: str,
    name: str,
    roles: Collection[str],
    department: str | None,
    departments: Collection[str],
) -> dict[str, Any]:
    """Make an account of the staff; it can sign in once it has a password.

    Args:
        store: identity's tables, in a transaction.
        caller: an administrator.
        username: by which its owner signs in.
        name: of its owner, as others read it.
        roles: what its owner may do.
        department: where, None for the whole hall.
        departments: codes of those that there are.

    Raises:
        AdminOnly: the caller is no administrator.
        RoleUnknown: there is no such role.
        DepartmentNeeded, DepartmentUnknown: a clerk of no department, or of none that there is.
        UsernameTaken: there is an account of this name, perhaps a closed one.
    """
    require_admin(caller)
    account = Account(username=username, name=name, roles=frozenset(roles), department=department)
    require_roles(store, caller, account.roles)
    _require_place(account, departments)
    if not store.add_account(caller.hall, account, at=clock.real_now()):
        raise UsernameTaken(errors={"username": [UsernameTaken.__doc__ or ""]})
    publish(store, caller, [username])
    note(
        store, caller, replace(_entry(caller, "account_created", account), before=None, after=_seen(account))
    )
    return _shown(store, caller, username)


def change_account(
    store: Store,
    caller: Caller,
    *,
    username: str,
    departments: Collection[str],
    **changes: Any,
) -> dict[str, Any]:
    """Change an account's name, roles or department; whose roles or department change has to sign in again.

    Raises:
        AdminOnly: the caller is no administrator.
        AccountNotFound: there is no such account.
        RoleUnknown, DepartmentNeeded, DepartmentUnknown: as for `create_account`.
        LastAdministrator: nobody could administer the hall any more.
    """
    require_admin(caller)
    administrators = store.hold_administrators(caller.hall)
    before = store.lock_account(caller.hall, username)
    if before is None or before.demo:
        raise AccountNotFound
    if "roles" in changes:
        changes["roles"] = frozenset(changes["roles"])
    after = replace(before, **changes)
    if after.department != before.department:
        after = replace(after, window=None)
    require_roles(store, caller, after.roles)
    _require_place(after, departments)
    if after == before:
        return _shown(store, caller, username)
    if "admin" not in after.roles and administrators == [username]:
        raise LastAdministrator
    store.save_accounts(caller.hall, [after])
    if (after.roles, after.department) != (before.roles, before.department):
        refuse_tokens(store, caller, username, close=False, at=clock.real_now())
    publish(store, caller, [username])
    entry = _entry(caller, "account_changed", before)
    note(store, caller, replace(entry, before=_seen(before, named=True), after=_seen(after, named=True)))
    return _shown(store, caller, username)


def _shown(store: Store, caller: Caller, username: str) -> dict[str, Any]:
    (shown,) = store.accounts(caller.hall, username=username)
    return shown


def _require_place(account: Account, departments: Collection[str]) -> None:
    if account.department is None and account.roles & AT_DEPARTMENTS:
        raise DepartmentNeeded(errors={"department": [DepartmentNeeded.__doc__ or ""]})
    if account.department is not None and account.department not in departments:
        raise DepartmentUnknown(errors={"department": [DepartmentUnknown.__doc__ or ""]})


def _entry(caller: Caller, action: str, account: Account, **details: Any) -> Entry:
    return Entry(
        action=action,
        username=account.username,
        by=caller.username,
        address=caller.address,
        details=details,
        before=_seen(account),
    )


def _seen(account: Account, *, named: bool = False) -> dict[str, Any]:
    """Return what the trail tells of an account: whom it lets do what, and where it is changed whose it is."""
    seen = {"roles": sorted(account.roles), "department": account.department, "closed": account.closed}
    return {"name": account.name, **seen} if named else seen


def keep_windows(store: Store, published: Sequence[Received]) -> None:
    """Copy the windows that the catalogue publishes."""
    store.keep_windows(
        [
            {
                "hall": event.hall,
                "code": event.data["code"],
                "department": event.data["department"],
                "sequence": event.sequence,
            }
            for event in published
        ]
    )


def forget_expired(store: Store) -> None:
    """Drop what has expired: tokens, codes with their phones, retired keys, attempts."""
    at = clock.real_now()
    store.forget(at=at, attempts_before=at - attempts.LONGEST_WINDOW)
