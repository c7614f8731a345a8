"""Who asks: tokens verified here, by the identity service's public keys, without a call for each request."""

import json
import threading
import time
from base64 import urlsafe_b64decode
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import OKPKey
from joserfc.jws import JWSRegistry
from joserfc.jwt import JWTClaimsRegistry

from gateway.http.problems import Problem
from services.chassis.clock import real_now

ISSUER = "hallflow"
ALGORITHMS = ("EdDSA", "Ed25519")
KEYS_EVERY_S = 10.0
CACHED_TOKENS = 4096
LONGEST_TOKEN = 4096
TOLD_KEPT_S = 120.0
SKEW_S = 5
# The role of a service that calls another: known inside the bus alone, whatever a token says.
INSIDE_ONLY = frozenset({"service"})


@dataclass(frozen=True, slots=True)
class Principal:
    """The account behind a verified token, or the machine client: `scope` are the operations that its token permits.

    `quota` is how many calls a client has a minute.
    """

    username: str
    roles: frozenset[str]
    department: str | None
    subject: str | None
    jti: str
    issued_at: float
    expires_at: float
    scope: frozenset[str] | None = None
    quota: int | None = None

    @property
    def counts_alone(self) -> bool:
        """Tell whether its calls are counted by the account, not by the address: all but visitors' are."""
        return self.quota is not None or bool(self.roles - {"visitor"})

    def has(self, *roles: str) -> bool:
        """Tell whether the account has one of these roles; an admin has each."""
        return bool(self.roles & {*roles, "admin"})


class _EdDsaOnly(JWSRegistry):
    """Allows Ed25519 signatures under both of their names (RFC 8037 and RFC 9864), and nothing else."""

    def get_alg(self, name: str) -> Any:
        if name not in ALGORITHMS:
            raise UnsupportedAlgorithmError(f"Algorithm of {name!r} is not allowed")
        return self.algorithms[name]


class Keys:
    """Identity's public keys, fetched when a token names one that is not known, at most every ten seconds."""

    def __init__(self, fetch: Callable[[], Mapping[str, Any]]) -> None:
        """Keep how to get the key set (JWKS)."""
        self._fetch = fetch
        self._keys: dict[str, OKPKey] = {}
        self._fetched_at = float("-inf")
        self._lock = threading.Lock()

    def find(self, kid: str) -> OKPKey | None:
        """Return the key of this id.

        Raises:
            services.chassis.bus.BusError: the keys had to be fetched and identity did not answer.
        """
        if kid not in self._keys:
            with self._lock:
                if kid not in self._keys and time.monotonic() - self._fetched_at >= KEYS_EVERY_S:
                    self._keys = {each["kid"]: OKPKey.import_key(each) for each in self._fetch()["keys"]}
                    self._fetched_at = time.monotonic()
        return self._keys.get(kid)


class Revocations:
    """Tokens and accounts that no longer count, though their tokens have not expired."""

    def __init__(self) -> None:
        """Start with none."""
        self._tokens: set[str] = set()
        self._before: dict[str, float] = {}
        self._told: deque[tuple[float, str, float | None]] = deque()

    def replace(self, snapshot: Mapping[str, Any]) -> None:
        """Take over identity's list, and what events told while it was under way."""
        self._tokens = set(snapshot["tokens"])
        self._before = {each["username"]: _unix(each["before"]) for each in snapshot["subjects"]}
        while self._told and self._told[0][0] < time.monotonic() - TOLD_KEPT_S:
            self._told.popleft()
        for _, name, before in list(self._told):
            self._apply(name, before)

    def revoke_token(self, jti: str) -> None:
        """Refuse one token from now on."""
        self._told.append((time.monotonic(), jti, None))
        self._apply(jti, None)

    def revoke_account(self, username: str, before: str | float) -> None:
        """Refuse an account's tokens that were issued up to a moment."""
        self._told.append((time.monotonic(), username, _unix(before)))
        self._apply(username, _unix(before))

    def _apply(self, name: str, before: float | None) -> None:
        if before is None:
            self._tokens.add(name)
        else:
            self._before[name] = max(before, self._before.get(name, 0.0))

    def refuses(self, principal: Principal) -> bool:
        """Tell whether the token has been revoked."""
        before = self._before.get(principal.username)
        return principal.jti in self._tokens or (before is not None and principal.issued_at <= before)


class Verifier:
    """Turns tokens into principals; a token that was good is remembered until it expires."""

    def __init__(self, keys: Keys, revocations: Revocations) -> None:
        """Verify by these keys and revocations."""
        self._keys = keys
        self._revocations = revocations
        self._registry = _EdDsaOnly()
        self._seen: OrderedDict[str, Principal] = OrderedDict()

    def verify(self, token: str) -> Principal:
        """Return who a token stands for.

        Raises:
            Problem: 401, the token is not valid, has expired or was revoked.
        """
        principal = self._seen.get(token)
        if principal is None:
            principal = self._check(token)
            self._remember(token, principal)
        if principal.expires_at <= real_now().timestamp():
            self._seen.pop(token, None)
            raise unauthenticated("token_expired", "The token has expired.")
        if self._revocations.refuses(principal):
            raise unauthenticated("token_revoked", "The token has been revoked.")
        return principal

    def still_takes(self, token: str) -> bool:
        """Tell whether a token that was valid is valid now."""
        try:
            self.verify(token)
        except Problem:
            return False
        return True

    def _check(self, token: str) -> Principal:
        try:
            key = self._keys.find(_key_id(token))
            if key is None:
                raise unauthenticated("token_invalid", "The token was not signed by this hall.")
            decoded = jwt.decode(token, key, registry=self._registry)
            _claims_rules().validate(decoded.claims)
            return _principal(decoded.claims)
        except (JoseError, ValueError, KeyError, TypeError) as exc:
            if getattr(exc, "error", "") == "expired_token":
                raise unauthenticated("token_expired", "The token has expired.") from exc
            raise unauthenticated("token_invalid", "The token is not valid.") from exc

    def _remember(self, token: str, principal: Principal) -> None:
        self._seen[token] = principal
        while len(self._seen) > CACHED_TOKENS:
            self._seen.popitem(last=False)


def unauthenticated(code: str = "", detail: str = "") -> Problem:
    """Return the 401 that says how to authenticate."""
    return Problem(401, code, detail, headers={"WWW-Authenticate": 'Bearer realm="hallflow"'})


def bearer_token(header: str | None) -> str | None:
    """Return the token of an Authorization header, None when there is no such header.

    Raises:
        Problem: 401, the header is of another scheme or has no token.
    """
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or len(token) > LONGEST_TOKEN:
        raise unauthenticated("token_invalid", "Authorization must be a bearer token.")
    return token


def _claims_rules() -> JWTClaimsRegistry:
    return JWTClaimsRegistry(
        now=lambda: int(real_now().timestamp()),
        leeway=SKEW_S,
        iss={"essential": True, "value": ISSUER},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        jti={"essential": True},
    )


def _key_id(token: str) -> str:
    """Read the `kid` of a token's header, before anything of it is trusted."""
    head = token.partition(".")[0]
    kid = json.loads(urlsafe_b64decode(head + "=" * (-len(head) % 4)))["kid"]
    if not isinstance(kid, str):
        raise TypeError("kid is not a string")
    return kid


def _principal(claims: Mapping[str, Any]) -> Principal:
    return Principal(
        username=str(claims["sub"]),
        roles=frozenset(claims.get("roles") or ()) - INSIDE_ONLY,
        department=claims.get("dept"),
        subject=claims.get("kiosk") or claims.get("phone_hash"),
        jti=str(claims["jti"]),
        issued_at=float(claims["iat"]),
        expires_at=float(claims["exp"]),
        scope=frozenset(claims["scope"].split()) if "scope" in claims else None,
        quota=int(claims["quota"]) if "quota" in claims else None,
    )


def _unix(moment: str | float) -> float:
    return datetime.fromisoformat(moment).timestamp() if isinstance(moment, str) else float(moment)
