"""What each operation of the API needs, and which roles have it: shipped ones, and those made of operations.

Services know nine roles alone. Whoever may do an operation by a role made of operations does it in the capacity of one
of these that may: of the widest where the account is for the whole hall. An account of a department has by such a role
only what keeps to a department, in the capacity of the narrowest. The services' own rules hold for both.

A machine client has no roles: the scope of its token names what it may do, in the capacity for the whole hall.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.http.auth import Principal

STAFF = ("clerk", "operator", "dispatcher", "crew", "analyst", "manager")
ANALYSTS = ("analyst", "manager")
# Everybody with an account, whatever its roles.
SIGNED_IN = ("visitor", "kiosk", *STAFF)
# What services know.
KNOWN_BELOW = frozenset({*SIGNED_IN, "admin"})
# From those who see and do the least to those who see and do the most.
NARROWEST = ("clerk", "crew", "operator", "dispatcher", "analyst", "manager", "admin")
# Whoever may do one of these gives accounts, devices or programs what they may do: for administrators alone.
GIVING_RIGHTS = frozenset(
    {
        "create_account",
        "change_account",
        "set_password",
        "open_account",
        "save_claims",
        "register_kiosk",
        "create_role",
        "change_role",
        "end_role",
        "send_workbook",
        "apply_workbook",
        "create_client",
        "change_client",
        "renew_client_secret",
    }
)
# What services keep to the department of who does it, though neither clerks nor crews may; meetings tell all who were
# there what all have agreed to.
WITHIN_A_DEPARTMENT = frozenset(
    {
        "list_evaluations",
        "assign_evaluation",
        "follow_up_evaluation",
        "list_day",
        "list_owners",
        "list_people",
        "list_meetings",
        "get_meeting",
        "settle_action",
    }
)
UNKNOWN_EVERY_S = 10.0


@dataclass(frozen=True)
class Operation:
    """An operation of the API.

    Attributes:
        code: its operationId.
        group: the part of the API that it belongs to.
        roles: the shipped roles that may do it; everybody when empty.
        staff: the shipped roles that may do for others what everybody may do for themselves.
    """

    code: str
    group: str
    roles: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()

    @property
    def capacities(self) -> list[str]:
        """Return the roles of the staff that may do it, the narrowest first; none where it cannot be granted."""
        if self.code in GIVING_RIGHTS or self.roles == SIGNED_IN:
            return []
        return [role for role in NARROWEST if role in (*self.roles, *self.staff)]

    @property
    def keeps_to_department(self) -> bool:
        """Tell whether somebody of a department reaches nothing beyond it: as clerks do, or by the service's rule."""
        return self.code in WITHIN_A_DEPARTMENT or self.capacities[:1] in (["clerk"], ["crew"])


class Operations(dict[str, Operation]):
    """All operations, by code; the API's routes put themselves here."""

    def grantable(self) -> dict[str, Operation]:
        """Return those of which roles are made."""
        return {code: operation for code, operation in self.items() if operation.capacities}


OPERATIONS = Operations()

# Roles that come with HallFlow and are made of operations.
_OWN_DESK = ("get_floor", "get_desk", "list_sessions", "get_session")
_FIGURES = (
    "get_overview", "get_volumes", "get_heatmap", "get_appointment_figures", "get_onsite_figures",
    "get_waits", "get_distribution", "get_evaluation_figures",
)  # fmt: skip
SHIPPED: Mapping[str, frozenset[str]] = {
    "department_head": frozenset({
        *_OWN_DESK, *_FIGURES, "list_people",
        "list_evaluations", "assign_evaluation", "follow_up_evaluation",
        "list_anomalies", "get_anomaly", "explain_anomaly", "list_owners",
        "list_meetings", "get_meeting", "settle_action",
        "list_day", "list_appointments", "get_appointment",
        "list_cases", "get_case", "list_joint_procedures", "list_joint_cases", "get_joint_case",
    }),
    "front_desk": frozenset({
        "issue_ticket", "renew_ticket_token", "get_floor", "find_todays_appointments", "get_appointment", "check_in",
        "renew_appointment_token", "list_appointments", "book_appointment",
    }),
    "auditor": frozenset({"list_audit", "verify_audit"}),
}  # fmt: skip


class Roles:
    """The roles that are made of operations: those that come with HallFlow, and the hall's own, as identity says."""

    def __init__(self, fetch: Callable[[], Iterable[Mapping[str, Any]]]) -> None:
        """Know those that come with HallFlow, and how to get the hall's own."""
        self._fetch = fetch
        self._own: dict[str, tuple[int, frozenset[str]]] = {}
        self._fetched_at = float("-inf")
        self._lock = threading.Lock()

    def refresh(self) -> None:
        """Take over identity's list, but for what an event has told of meanwhile.

        Raises:
            services.chassis.bus.BusError: identity did not answer.
        """
        for role in self._fetch():
            self.keep(role)
        self._fetched_at = time.monotonic()

    def keep(self, role: Mapping[str, Any]) -> None:
        """Take over what a role is from now on, unless something newer is known; one that has ended permits nothing."""
        known, _ = self._own.get(role["code"], (0, frozenset()))
        if role["version"] >= known:
            permissions = frozenset() if role["ended"] else frozenset(role["permissions"])
            self._own[role["code"]] = (role["version"], permissions)

    def operations_of(self, role: str) -> frozenset[str]:
        """Return what a role is made of, nothing when it is none of these.

        Raises:
            services.chassis.bus.BusError: the role is not known yet, and identity did not answer.
        """
        if role in SHIPPED:
            return SHIPPED[role]
        if role not in self._own and role not in KNOWN_BELOW:
            with self._lock:
                if role not in self._own and time.monotonic() - self._fetched_at >= UNKNOWN_EVERY_S:
                    self.refresh()
        return self._own.get(role, (0, frozenset()))[1]

    def capacity(self, principal: Principal | None, operation: Operation) -> str | None:
        """Return in which capacity somebody does an operation beyond their own shipped roles; None in no other."""
        if principal is None or principal.has(*operation.roles, *operation.staff):
            return None
        granted = operation.code in (principal.scope or ()) or any(
            operation.code in self.operations_of(role) for role in principal.roles
        )
        if not granted or not operation.capacities:
            return None
        if principal.department and not operation.keeps_to_department:
            return None
        return operation.capacities[0 if principal.department else -1]

    def permits(self, principal: Principal, operation: Operation) -> bool:
        """Tell whether somebody may do an operation; what everybody with an account may do is no machine client's."""
        for_accounts = operation.roles == SIGNED_IN and principal.scope is None
        if not operation.roles or for_accounts or principal.has(*operation.roles):
            return True
        return self.capacity(principal, operation) is not None

    def permissions(self, principal: Principal) -> list[str]:
        """Return the codes of the operations that somebody may do by their roles, those for everybody left out."""
        return sorted(
            code
            for code, operation in OPERATIONS.grantable().items()
            if principal.has(*operation.roles, *operation.staff) or self.capacity(principal, operation)
        )
