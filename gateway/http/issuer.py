"""The OpenID issuer with which the staff sign in: where its pages are, what it says, and whether that holds.

Nothing here outlives a request but what the issuer publishes: its addresses and keys.
"""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

from authlib.integrations.base_client import BaseApp, OAuthError
from authlib.integrations.base_client.sync_app import OAuth2Mixin
from authlib.integrations.base_client.sync_openid import OpenIDMixin
from authlib.integrations.requests_client import OAuth2Session
from gevent import Timeout
from joserfc.errors import BadSignatureError, JoseError
from requests import RequestException

from gateway.settings import SingleSignOn
from services.chassis.clock import real_now
from services.chassis.logs import get_logger

logger = get_logger()

# Signed by a key that the issuer alone has: neither unsigned, nor by a secret that others know, too.
ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA",
)  # fmt: skip
UNLESS_SAID = ("RS256",)  # OpenID Connect Discovery 1.0, 3
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
# A wait for each byte, and for all that a step asks.
WAIT_S, STEP_S = 5.0, 12.0
SKEW_S = 60
LONGEST_SUBJECT = 255


class SignOnFailed(Exception):
    """Nobody is signed in; the code says why."""

    def __init__(self, code: str, reason: str) -> None:
        """Make one; the reason is for the log."""
        self.code = code
        super().__init__(reason)


@dataclass(frozen=True)
class Begun:
    """A sign-in that was begun: where the browser goes, and what has to come back."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Proven:
    """Who has come back, and what the issuer says of them."""

    subject: str
    claims: Mapping[str, Any]
    id_token: str


class _Client(OAuth2Mixin, OpenIDMixin, BaseApp):  # type: ignore[misc]
    client_cls = OAuth2Session


class Issuer:
    """The issuer, asked with limits in time; its keys are kept."""

    def __init__(self, told: SingleSignOn) -> None:
        """Keep who it is and who we are there; nothing is asked yet."""
        self.told = told
        self._client: _Client | None = None

    def begin(self, redirect_uri: str) -> Begun:
        """Begin a sign-in; the issuer is asked each time, so that nobody is sent to where there is no answer.

        Raises:
            SignOnFailed: the issuer cannot be asked.
        """
        with _in_words():
            made = self._known(anew=True).create_authorization_url(redirect_uri)
            return Begun(made["url"], made["state"], made["nonce"], made["code_verifier"])

    def finish(self, answer: Mapping[str, str], begun: Begun, redirect_uri: str) -> Proven:
        """Return who comes back.

        Args:
            answer: the query with which the browser came back.
            begun: what it went away with.
            redirect_uri: where it came back to.

        Raises:
            SignOnFailed: it is not the answer to what was begun, the issuer refuses, or its word does not hold.
        """
        with _in_words():
            client = self._known()
            self._require_answer(answer, begun, client)
            token = client.fetch_access_token(
                redirect_uri, code=answer.get("code", ""), state=begun.state, code_verifier=begun.verifier
            )
            id_token = token.get("id_token")
            if not isinstance(id_token, str):
                raise SignOnFailed("sign_on_unproven", "no id token came")
            claims = self._claims(client, token, begun)
            self._require_claims(claims, begun)
            return Proven(claims["sub"], {**self._more(client, token, claims["sub"]), **claims}, id_token)

    def ended(self, id_token: str, back_to: str, state: str) -> str | None:
        """Return where the browser ends the issuer's session, None where the issuer has no such place or is away."""
        try:
            with _in_words():
                client = self._known()
                if "end_session_endpoint" not in client.server_metadata:
                    return None
                told = {"id_token_hint": id_token, "state": state, "client_id": self.told.client_id}
                return str(client.create_logout_url(back_to, **told)["url"])
        except SignOnFailed:
            return None

    def _known(self, *, anew: bool = False) -> _Client:
        if anew or self._client is None:
            client, keys = self._asked(), self._client and self._client.server_metadata.get("jwks")
            if keys:
                client.server_metadata["jwks"] = keys
            self._client = client
        return self._client

    def _asked(self) -> _Client:
        told = self.told
        client = _Client(
            None,
            client_id=told.client_id,
            client_secret=told.client_secret,
            server_metadata_url=f"{told.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={
                "scope": " ".join(told.scopes),
                "code_challenge_method": "S256",
                "default_timeout": WAIT_S,
            },
        )
        published = client.load_server_metadata()
        if published.get("issuer") != told.issuer:
            raise SignOnFailed("issuer_away", f"it calls itself {published.get('issuer')!r}: OIDC_ISSUER")
        if missing := [name for name in NEEDED if not isinstance(published.get(name), str)]:
            raise SignOnFailed("issuer_away", f"it publishes no {', '.join(missing)}")
        offered = published.get("id_token_signing_alg_values_supported") or UNLESS_SAID
        published["id_token_signing_alg_values_supported"] = [each for each in offered if each in ALGORITHMS]
        ways = published.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if "client_secret_basic" not in ways and "client_secret_post" in ways:
            client.client_kwargs["token_endpoint_auth_method"] = "client_secret_post"  # noqa: S105
        return client

    def _require_answer(self, answer: Mapping[str, str], begun: Begun, client: _Client) -> None:
        """Make sure that this is the answer to what was begun, by whom it was begun with (RFC 9207)."""
        if not compare_digest(answer.get("state", "").encode(), begun.state.encode()):
            raise SignOnFailed("sign_on_expired", "the state is another")
        says_who = client.server_metadata.get("authorization_response_iss_parameter_supported") is True
        if answer.get("iss", None if says_who else self.told.issuer) != self.told.issuer:
            raise SignOnFailed("sign_on_unproven", "the answer is another issuer's")
        if "error" in answer:
            raise OAuthError(answer["error"], answer.get("error_description"))

    def _claims(self, client: _Client, token: Mapping[str, Any], begun: Begun) -> Mapping[str, Any]:
        """Return what a verified id token says; keys that changed are fetched anew once, also under their old id."""
        allowed = client.server_metadata["id_token_signing_alg_values_supported"]
        if _header(token["id_token"]).get("alg") not in allowed:
            raise SignOnFailed("sign_on_unproven", "the id token's algorithm is none that is taken")
        options = {
            "iss": {"essential": True, "values": [self.told.issuer]},
            "aud": {"essential": True, "value": self.told.client_id},
        }

        def read() -> Mapping[str, Any]:
            read_token = client.parse_id_token(token, begun.nonce, claims_options=options, leeway=SKEW_S)
            return dict(read_token)

        try:
            return read()
        except BadSignatureError:
            client.server_metadata.pop("jwks", None)
            return read()

    def _require_claims(self, claims: Mapping[str, Any], begun: Begun) -> None:
        """Check, whatever the library does: by whom, for whom, for which sign-in, until when, about whom."""
        heard = claims["aud"] if isinstance(claims.get("aud"), list) else [claims.get("aud")]
        holds = {
            "iss": claims.get("iss") == self.told.issuer,
            "aud": self.told.client_id in heard,
            "azp": claims.get("azp", None if len(heard) > 1 else self.told.client_id) == self.told.client_id,
            "nonce": claims.get("nonce") == begun.nonce,
            "exp": _is_number(claims.get("exp")) and claims["exp"] > real_now().timestamp() - SKEW_S,
            "sub": isinstance(claims.get("sub"), str) and 0 < len(claims["sub"]) <= LONGEST_SUBJECT,
        }
        if wrong := [name for name, right in holds.items() if not right]:
            raise SignOnFailed(
                "sign_on_unproven", f"the id token's {', '.join(wrong)} is not what it has to be"
            )

    def _more(self, client: _Client, token: Mapping[str, Any], subject: str) -> Mapping[str, Any]:
        """Return what the issuer says only when it is asked, of the same person."""
        if "userinfo_endpoint" not in client.server_metadata:
            return {}
        more = client.userinfo(token=token)
        if more.get("sub") != subject:
            raise SignOnFailed("sign_on_unproven", "the user info is about somebody else")
        return dict(more)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _header(id_token: str) -> Mapping[str, Any]:
    head = id_token.partition(".")[0]
    found = json.loads(urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    return found if isinstance(found, Mapping) else {}


@contextmanager
def _in_words() -> Iterator[None]:
    """Turn whatever the issuer, its tokens and the way to it refuse into one failure with a code, in bounded time."""
    limit = Timeout(STEP_S)
    try:
        with limit:
            yield
    except Timeout as over:
        if over is not limit:
            raise
        raise _failed("issuer_away", over) from over
    except SignOnFailed as failure:
        raise _failed(failure.code, failure) from failure
    except OAuthError as refusal:
        raise _failed("sign_on_refused", refusal) from refusal
    except RequestException as away:
        raise _failed("issuer_away", away) from away
    except (JoseError, ValueError, KeyError, TypeError, AttributeError) as unfit:
        raise _failed("sign_on_unproven", unfit) from unfit


def _failed(code: str, why: BaseException) -> SignOnFailed:
    logger.warning("sign_on.failed", code=code, reason=repr(why)[:300])
    return why if isinstance(why, SignOnFailed) else SignOnFailed(code, str(why))
