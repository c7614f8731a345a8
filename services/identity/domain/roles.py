"""Roles that a hall makes itself: sets of operations of the API, beside the roles that come with HallFlow."""

from collections.abc import Collection
from dataclasses import dataclass

from services.identity.domain.accounts import ROLES, STAFF_ROLES

# Known inside the bus alone.
NOBODYS = frozenset({"service"})


@dataclass(frozen=True, kw_only=True)
class Role:
    """A role of the hall's own.

    `permissions` are the codes of operations, which the gateway knows; `version` counts its changes. A role that has
    ended permits nothing and is given to nobody.
    """

    code: str
    name: str
    name_en: str
    permissions: frozenset[str]
    ended: bool = False
    version: int = 1


def is_taken(code: str) -> bool:
    """Tell whether a code is that of a role that comes with HallFlow."""
    return code in NOBODYS or code in ROLES or code in STAFF_ROLES


def own(roles: Collection[str]) -> list[str]:
    """Return those of an account's roles that do not come with HallFlow."""
    return sorted(set(roles) - set(STAFF_ROLES))
