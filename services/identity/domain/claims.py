"""What an issuer says of people, and what a table of the hall makes of it."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from services.identity.domain.accounts import FIRST_CLERK, MADE_ROLES, ROLES

# From coming back from the issuer until the page has its token.
CODE_LIFETIME = timedelta(minutes=1)
LONGEST_USERNAME, LONGEST_NAME = 64, 100
# Names that a trial's own accounts have.
OURS = frozenset({*ROLES, *MADE_ROLES, FIRST_CLERK})
# How many names are tried for somebody whose name others have.
MOST_NAMES = 1000
_NOT_IN_NAMES = re.compile(r"[^a-z0-9._-]+")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A row of the table: who has this value in this claim has these roles, and works in this department."""

    claim: str
    value: str
    roles: frozenset[str]
    department: str | None = None


@dataclass(frozen=True, kw_only=True)
class Place:
    """What somebody is here by their claims."""

    roles: frozenset[str]
    department: str | None


def place_of(claims: Mapping[str, Any], rules: Sequence[Rule]) -> Place:
    """Return the roles of all rows that fit, and the department of the first of them that has one."""
    fitting = [rule for rule in rules if rule.value in values(claims, rule.claim)]
    return Place(
        roles=frozenset[str]().union(*(rule.roles for rule in fitting)),
        department=next((rule.department for rule in fitting if rule.department), None),
    )


def values(claims: Mapping[str, Any], claim: str) -> list[str]:
    """Return what a claim holds, as text: one value or a list; `a.b` is also `b` in the object `a`."""
    found: Any = claims.get(claim)
    if found is None:
        found = claims
        for part in claim.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    return [_text(each) for each in (found if isinstance(found, list) else [found]) if _is_plain(each)]


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | bool | int)


def _text(value: str | bool | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def usernames(wished: str, *, taken: Collection[str] = OURS) -> Iterator[str]:
    """Yield names for a new account, the wished one first; who has one of them already is another person."""
    plain = _NOT_IN_NAMES.sub("-", wished.partition("@")[0].casefold()).strip("-._")
    base = (plain if plain[:1].isalpha() else f"u-{plain}".rstrip("-"))[: LONGEST_USERNAME - 5]
    if base not in taken:
        yield base
    yield from (f"{base}-{number}" for number in range(2, MOST_NAMES))
