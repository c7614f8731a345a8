"""What gives rights: the hall's own roles, and the table of an issuer's claims."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.chassis import db
from services.identity.domain.claims import Rule
from services.identity.domain.roles import Role


class Rights(db.Store):
    """Roles of the hall's own, and what claims give. Each method is given the hall."""

    def roles(self, hall: str) -> list[dict[str, Any]]:
        """Return the hall's own roles with how many accounts have each, those that have ended last."""
        return self.rows("roles", hall=hall)

    def role(self, hall: str, code: str) -> Role | None:
        """Return one of them, held until the transaction ends."""
        row = self.row("role", hall=hall, code=code)
        return Role(**{**row, "permissions": frozenset(row["permissions"])}) if row else None

    def hold_roles(self, hall: str, codes: Sequence[str]) -> list[str]:
        """Return which of these roles can be given; none of them ends until the transaction does."""
        return [row["code"] for row in self.rows("hold_roles", hall=hall, codes=list(codes))]

    def add_role(self, hall: str, role: Role, *, at: datetime) -> bool:
        """Make a role; False when there is one of this code."""
        given = {name: getattr(role, name) for name in ("code", "name", "name_en")}
        made = self.row("add_role", hall=hall, permissions=sorted(role.permissions), at=at, **given)
        return made is not None

    def save_role(self, hall: str, role: Role) -> None:
        """Change a role."""
        given = {name: getattr(role, name) for name in ("code", "name", "name_en", "ended", "version")}
        self.run("save_role", hall=hall, permissions=sorted(role.permissions), **given)

    def holders_of_role(self, hall: str, code: str) -> int:
        """Return how many accounts have a role."""
        return int(self.value("holders_of_role", hall=hall, code=code))

    def claim_rules(self, hall: str) -> list[Rule]:
        """Return what claims make of people, in its order."""
        return [
            Rule(**{**row, "roles": frozenset(row["roles"])}) for row in self.rows("claim_rules", hall=hall)
        ]

    def hold_claim_rules(self, hall: str) -> None:
        """Let nobody else write that table until the transaction ends."""
        self.row("hold_claim_rules", hall=hall)

    def save_claim_rules(self, hall: str, rules: Sequence[Rule]) -> None:
        """Write that table anew."""
        self.run("clear_claim_rules", hall=hall)
        rows = [{**vars(rule), "roles": sorted(rule.roles)} for rule in rules]
        self.run_many(
            "add_claim_rule", [{"hall": hall, "position": at, **row} for at, row in enumerate(rows)]
        )
