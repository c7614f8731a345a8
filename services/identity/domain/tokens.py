"""Tokens: JSON Web Tokens signed with Ed25519 (RFC 8037, algorithm name of RFC 9864)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor
from typing import Any

from joserfc import jwt
from joserfc.jwk import OKPKey

ISSUER = "hallflow"
ALGORITHM = "Ed25519"
OPTIONAL_CLAIMS = ("kiosk", "phone_hash", "scope", "quota")


@dataclass(frozen=True, kw_only=True)
class SigningKey:
    """A key pair as JSON Web Keys; `demo` marks the one that signs while this is a demo."""

    kid: str
    private: Mapping[str, Any]
    public: Mapping[str, Any]
    demo: bool


@dataclass(frozen=True, kw_only=True)
class Grant:
    """Whom a token is for and what it lets them do; `kiosk` or `phone_hash` says who is behind a device or phone.

    A machine client's has no roles: `scope` are the operations that it permits, a space between them (RFC 6749, 3.3),
    and `quota` is how many calls the client has a minute.
    """

    username: str
    roles: frozenset[str]
    department: str | None = None
    kiosk: str | None = None
    phone_hash: str | None = None
    scope: str | None = None
    quota: int | None = None


@dataclass(frozen=True, kw_only=True)
class Token:
    """An issued token, with the moments (whole seconds) between which it counts."""

    jti: str
    username: str
    issued_at: int
    expires_at: int
    text: str


def generate_key(kid: str, *, demo: bool) -> SigningKey:
    """Make a new key pair."""
    key = OKPKey.generate_key("Ed25519", {"kid": kid, "use": "sig"})
    return SigningKey(
        kid=kid, private=key.as_dict(private=True), public=key.as_dict(private=False), demo=demo
    )


def issue(
    grant: Grant,
    key: SigningKey,
    *,
    jti: str,
    at: datetime,
    lifetime: timedelta,
    refused_before: datetime | None = None,
) -> Token:
    """Sign a token.

    Args:
        grant: whom it is for.
        key: signs it.
        jti: its id.
        at: now.
        lifetime: how long it counts.
        refused_before: tokens issued up to then are refused; `iat` counts whole seconds, so that of a token issued in
            the same second is the next one.
    """
    earliest = floor(refused_before.timestamp()) + 1 if refused_before else 0
    issued_at = max(floor(at.timestamp()), earliest)
    expires_at = floor(at.timestamp()) + int(lifetime.total_seconds())
    claims = {
        "iss": ISSUER,
        "sub": grant.username,
        "jti": jti,
        "iat": issued_at,
        "exp": expires_at,
        "roles": sorted(grant.roles),
        "dept": grant.department,
        **{name: value for name in OPTIONAL_CLAIMS if (value := getattr(grant, name))},
    }
    text = jwt.encode(
        {"alg": ALGORITHM, "kid": key.kid},
        claims,
        OKPKey.import_key(dict(key.private)),
        algorithms=[ALGORITHM],
    )
    return Token(jti=jti, username=grant.username, issued_at=issued_at, expires_at=expires_at, text=text)
