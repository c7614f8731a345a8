"""Accounts, their roles, and how long their tokens count."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

ROLES = ("visitor", "kiosk", "clerk", "operator", "dispatcher", "crew", "analyst", "manager", "admin")
# Roles that come with HallFlow too, made of operations of the API as the hall's own are.
MADE_ROLES = ("department_head", "front_desk", "auditor")
# What people of the hall may be; visitors and kiosks have no account that somebody makes.
STAFF_ROLES = (*ROLES[2:], *MADE_ROLES)

STAFF_LIFETIME = timedelta(hours=12)
KIOSK_LIFETIME = timedelta(days=30)
# A client's secret gives it the next one at any time.
CLIENT_LIFETIME = timedelta(hours=1)
VISITOR_LIFETIME = timedelta(hours=2)
LONGEST_LIFETIME = KIOSK_LIFETIME

# One demo account a role; the clerk's is that of the first clerk.
DEMO_CLERK, FIRST_CLERK = "clerk", "clerk001"
DEMO_ROLES = (*(role for role in ROLES if role != DEMO_CLERK), *MADE_ROLES)


@dataclass(frozen=True, kw_only=True)
class Account:
    """A member of staff, or a demo account.

    `demo` marks the accounts that exist only for trying the hall out. An account without a password hash has the demo
    password while this is a demo, and none otherwise. `window` is where a clerk usually is. `refused_before` refuses
    the tokens issued up to then. `issuer` is who says that its owner is there; such an account has no password at all.
    """

    username: str
    name: str
    roles: frozenset[str]
    department: str | None = None
    window: str | None = None
    demo: bool = False
    closed: bool = False
    password_hash: str | None = None
    refused_before: datetime | None = None
    issuer: str | None = None

    def may_sign_in(self, *, demo: bool) -> bool:
        """Tell whether the account counts at all here.

        Args:
            demo: whether this hall is a demo.
        """
        return not self.closed and (demo or not self.demo)


def proper(username: str, *, demo: bool) -> str:
    """Return the username of the account that a typed name stands for."""
    name = username.strip().lower()
    return FIRST_CLERK if demo and name == DEMO_CLERK else name


def lifetime(roles: Collection[str]) -> timedelta:
    """Return how long a token of these roles counts; a machine client has none."""
    if not roles:
        return CLIENT_LIFETIME
    if "kiosk" in roles:
        return KIOSK_LIFETIME
    return VISITOR_LIFETIME if set(roles) == {"visitor"} else STAFF_LIFETIME


def kiosk_username(code: str) -> str:
    """Return the name under which a kiosk acts."""
    return f"kiosk:{code}"


def visitor_username(phone_hash: str) -> str:
    """Return the name under which a visitor acts; it tells nothing about the phone."""
    return f"visitor:{phone_hash[:16]}"
