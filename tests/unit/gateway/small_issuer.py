"""An issuer on the loopback that says whatever a test wants said."""

import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import new as hmac_of
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug import Request, Response
from werkzeug.serving import make_server

CLIENT, SECRET = "hall", "a-secret-of-the-hall"


@dataclass
class SmallIssuer:
    """What it says: by default all that is right."""

    url: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    metadata: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=lambda: {"sub": "s-1", "groups": ["desk"]})
    algorithm: str = "RS256"
    signer: RSAKey | None = None
    secret: bytes | None = None
    broken: Callable[[], Response] | None = None
    asked: list[str] = field(default_factory=list)
    challenge: str = ""
    nonce: str = ""

    @Request.application
    def __call__(self, request: Request) -> Response:
        """Answer what a client of an issuer asks."""
        self.asked.append(request.path)
        return getattr(self, "_" + request.path.rpartition("/")[2].replace("-", "_"))(request)

    def _openid_configuration(self, _: Request) -> Response:
        return _json(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "end_session_endpoint": f"{self.url}/end",
                "authorization_response_iss_parameter_supported": True,
                "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            }
            | self.metadata
        )

    def _keys(self, _: Request) -> Response:
        return _json({"keys": [self.key.as_dict(private=False)]})

    def _userinfo(self, _: Request) -> Response:
        return _json(self.userinfo)

    def _token(self, request: Request) -> Response:
        if self.broken:
            return self.broken()
        proof = _base64(sha256(request.form.get("code_verifier", "").encode()).digest())
        if proof != self.challenge:
            return _json({"error": "invalid_code"}, 403)
        return _json({"access_token": "at", "token_type": "Bearer", "id_token": self._id_token()})

    def _id_token(self) -> str:
        now = int(time.time())
        said = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": "s-1",
            "nonce": self.nonce,
            "iat": now,
            "exp": now + 300,
        }
        claims = {name: value for name, value in (said | self.claims).items() if value is not None}
        if self.secret is not None:
            return _by_secret({"alg": self.algorithm, "kid": self.key.kid}, claims, self.secret)
        header = {"alg": self.algorithm, "kid": self.key.kid}
        return jwt.encode(header, claims, self.signer or self.key, algorithms=[self.algorithm])

    def answer_to(self, address: str, **other: str | None) -> str:
        """Return the query with which a browser comes back that was sent to `address`."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert (asked["client_id"], asked["code_challenge_method"]) == (CLIENT, "S256")
        self.challenge, self.nonce = asked["code_challenge"], asked["nonce"]
        said: Mapping[str, str | None] = {"code": "c0de", "state": asked["state"], "iss": self.url, **other}
        return urlencode({name: value for name, value in said.items() if value is not None})

    def sign_as_others_can(self, algorithm: str, secret: bytes) -> None:
        """Sign by what others know, too, or not at all: by hand, since no library of keys does it."""
        self.algorithm, self.secret = algorithm, secret


def _by_secret(header: Mapping[str, Any], claims: Mapping[str, Any], secret: bytes) -> str:
    signed = ".".join(_base64(json.dumps(each).encode()) for each in (header, claims))
    mark = hmac_of(secret, signed.encode(), sha256).digest() if header["alg"] == "HS256" else b""
    return f"{signed}.{_base64(mark)}"


def _base64(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _json(content: Any, status: int = 200) -> Response:
    return Response(json.dumps(content), status=status, content_type="application/json")


@contextmanager
def small_issuer() -> Iterator[SmallIssuer]:
    """Serve one until the end of the block."""
    issuer = SmallIssuer()
    server = make_server("127.0.0.1", 0, issuer, threaded=True)
    issuer.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
