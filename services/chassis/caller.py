"""Who asks: the account behind a call and the ids that follow it to the last consumer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv6Address
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Caller:
    """The account that the gateway verified, and the ids of its request.

    `command_id` stands for the client's idempotency key; `call_id` is in every log line of the call. `token` is what
    came along to prove that the caller holds a ticket, appointment or order; no log and no event has it. `capacity` is
    the role in which the caller does this one thing, where a role that is made of operations permits it.
    """

    hall: str
    call_id: str = ""
    command_id: str = ""
    username: str | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    capacity: str | None = None
    department: str | None = None
    subject: str | None = None
    address: str | None = None
    token: str | None = field(default=None, repr=False)

    @property
    def network(self) -> str | None:
        """Return what attempts are counted by: the address, or the /64 that one IPv6 client commands."""
        return network_of(self.address) if self.address else None

    @property
    def is_staff(self) -> bool:
        """Tell whether the caller works here, or is a service of the hall; staff are told each other's names.

        A machine client, which has no roles, is where it acts in the capacity of one of the staff.
        """
        return bool((self.roles | {self.capacity}) - {"visitor", "kiosk", None})

    def has(self, *roles: str) -> bool:
        """Tell whether the caller has one of these roles, or acts in its capacity; an admin has each."""
        return bool((self.roles | {self.capacity}) & {*roles, "admin"})

    def serves(self, department: str, *roles: str) -> bool:
        """Tell whether the caller has one of these roles for a department.

        Who belongs to no department is there for the whole hall; an admin has each role everywhere.
        """
        return self.has(*roles) and (self.has() or self.department in (None, department))

    @property
    def limited_to(self) -> str | None:
        """Return the department beyond which a role made of operations reaches nothing; None for the whole hall.

        Where a shipped role is limited to a department its own rules say so.
        """
        return None if self.capacity is None or self.has() else self.department

    def to_wire(self) -> dict[str, Any]:
        """Return the form that goes into a message header."""
        return {
            "hall": self.hall,
            "command_id": self.command_id,
            "username": self.username,
            "roles": sorted(self.roles),
            "capacity": self.capacity,
            "department": self.department,
            "subject": self.subject,
            "address": self.address,
            "token": self.token,
        }


def network_of(address: str) -> str:
    """Return what a limit counts by: the address, or the /64 that one IPv6 client commands."""
    if ":" not in address:
        return address
    try:
        parsed = IPv6Address(address)
    except ValueError:
        return address
    return str(parsed.ipv4_mapped or parsed.exploded[:19])


def caller_from_wire(wire: Mapping[str, Any], *, call_id: str, hall: str) -> Caller:
    """Read a caller from a message header.

    Args:
        wire: what `to_wire` gave; members that are missing or of another type count as not given, because a fault
            here would end the process.
        call_id: the first id of the call's stack.
        hall: the hall of this process, for callers that name none.
    """
    roles = wire.get("roles")
    return Caller(
        hall=_text(wire, "hall") or hall,
        call_id=call_id,
        command_id=_text(wire, "command_id") or "",
        username=_text(wire, "username"),
        roles=frozenset(role for role in roles if isinstance(role, str))
        if isinstance(roles, list)
        else frozenset(),
        capacity=_text(wire, "capacity"),
        department=_text(wire, "department"),
        subject=_text(wire, "subject"),
        address=_text(wire, "address"),
        token=_text(wire, "token"),
    )


def _text(wire: Mapping[str, Any], member: str) -> str | None:
    found = wire.get(member)
    return found if isinstance(found, str) else None
