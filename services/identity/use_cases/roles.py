"""The hall's own roles: made of operations, changed, ended; the gateway hears of each change at once."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.outbox import publish_later
from services.identity import events
from services.identity.domain import roles as domain
from services.identity.domain.roles import Role
from services.identity.errors import RoleInUse, RoleNotFound, RoleTaken, RoleUnknown
from services.identity.store import Entry, Store
from services.identity.use_cases.audit import note, require_admin


def list_roles(store: Store, caller: Caller) -> list[dict[str, Any]]:
    """Return the hall's own roles with how many accounts have each, those that have ended last."""
    return store.roles(caller.hall)


def create_role(
    store: Store, caller: Caller, *, code: str, name: str, name_en: str, permissions: Collection[str]
) -> dict[str, Any]:
    """Make a role of operations.

    Args:
        store: identity's tables, in a transaction.
        caller: an administrator.
        code: by which accounts and tokens name it.
        name: in Chinese.
        name_en: in English.
        permissions: codes of operations; the gateway knows which there are.

    Raises:
        AdminOnly: the caller is no administrator.
        RoleTaken: there is such a role, perhaps one that has ended.
    """
    require_admin(caller)
    role = Role(code=code, name=name, name_en=name_en, permissions=frozenset(permissions))
    if domain.is_taken(code) or not store.add_role(caller.hall, role, at=clock.real_now()):
        raise RoleTaken(errors={"code": [RoleTaken.__doc__ or ""]})
    return _told(store, caller, "role_created", before=None, after=role)


def change_role(store: Store, caller: Caller, *, code: str, **changes: Any) -> dict[str, Any]:
    """Change what a role is called or permits; who has it may do so from now on, without signing in again.

    Raises:
        AdminOnly: the caller is no administrator.
        RoleNotFound: there is no such role of the hall's own, or it has ended.
    """
    require_admin(caller)
    before = _found(store, caller, code)
    if "permissions" in changes:
        changes["permissions"] = frozenset(changes["permissions"])
    changed = replace(before, **changes)
    if changed == before:
        return _shown(store, caller, code)
    after = replace(changed, version=before.version + 1)
    store.save_role(caller.hall, after)
    return _told(store, caller, "role_changed", before=before, after=after)


def end_role(store: Store, caller: Caller, *, code: str) -> dict[str, Any]:
    """End a role that nobody has.

    Raises:
        AdminOnly: the caller is no administrator.
        RoleNotFound: there is no such role of the hall's own, or it has ended.
        RoleInUse: accounts have it.
    """
    require_admin(caller)
    before = _found(store, caller, code)
    holders = store.holders_of_role(caller.hall, code)
    if holders:
        raise RoleInUse(accounts=holders)
    after = replace(before, ended=True, version=before.version + 1)
    store.save_role(caller.hall, after)
    return _told(store, caller, "role_ended", before=before, after=after)


def require_roles(store: Store, caller: Caller, roles: Collection[str]) -> None:
    """Make sure that an account can be given these roles; none of them ends until the transaction does.

    Raises:
        RoleUnknown: there is no such role, or it has ended.
    """
    own = domain.own(roles)
    if own and store.hold_roles(caller.hall, own) != own:
        raise RoleUnknown(errors={"roles": [RoleUnknown.__doc__ or ""]})


def _found(store: Store, caller: Caller, code: str) -> Role:
    role = store.role(caller.hall, code)
    if role is None or role.ended:
        raise RoleNotFound
    return role


def _told(store: Store, caller: Caller, action: str, *, before: Role | None, after: Role) -> dict[str, Any]:
    """Publish a role as it is now, write it into the trail, and return it."""
    fact = events.role_published(
        after.code, permissions=after.permissions, ended=after.ended, version=after.version
    )
    publish_later(store, fact, caller=caller, at=clock.now())
    entry = Entry(
        action=action,
        username=None,
        by=caller.username,
        address=caller.address,
        subject=after.code,
        details={},
        before=_seen(before) if before else None,
        after=_seen(after),
    )
    note(store, caller, entry)
    return _shown(store, caller, after.code)


def _seen(role: Role) -> dict[str, Any]:
    names = {"name": role.name, "name_en": role.name_en}
    return {**names, "permissions": sorted(role.permissions), "ended": role.ended}


def _shown(store: Store, caller: Caller, code: str) -> dict[str, Any]:
    return next(role for role in store.roles(caller.hall) if role["code"] == code)
