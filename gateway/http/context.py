"""What happens around every request: call id, token, limits, body and one log line."""

import json
import re
import time
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any, TypeGuard
from uuid import uuid4

from flask import Flask, Response, g, request

from gateway.http import metrics
from gateway.http.auth import Principal, bearer_token, unauthenticated
from gateway.http.deadlines import BODY_S, in_time
from gateway.http.limits import Budget, Limits, client_calls
from gateway.http.problems import Problem
from gateway.http.runtime import Runtime, runtime
from services.chassis.caller import network_of
from services.chassis.logs import get_logger

logger = get_logger()

LARGEST_BODY = 64 * 1024
MOST_PROXIES_NAMED = 20
# Endpoints that take a file, by name, with its most bytes; `Routes.command` puts them here.
UPLOADS: dict[str, int] = {}
# What a form puts around its file.
ENVELOPE = 16 * 1024
CALL_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{7,99}\Z")
CHANGES = frozenset({"POST", "PATCH", "PUT", "DELETE"})
# Routes whose use is counted by budgets of their own: sign-in, one-time codes, streams.
COUNTED_APART = frozenset(
    {
        "auth.get_token",
        "auth.send_code",
        "auth.enrol_kiosk",
        "oidc.begin_sign_on",
        "oidc.finish_sign_on",
        "oidc.get_signed_on",
        "boards.stream_board",
        "ticketing.stream_desk",
    }
)

# Beside the API: what a health check asks is cheap, the rest has a budget by what it costs.
UNCOUNTED = frozenset({"operations.get_health", "operations.get_readiness"})
ASSETS = frozenset({"static", "pages.static", "pages.field_worker"})
DRAWN = frozenset({"pages.ticket_qr", "pages.appointment_qr", "pages.onsite_qr"})


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _read_chunks() -> bytes:
    """Read a body without a length; Werkzeug would cut a longer one off at its limit and say nothing."""
    if not request.environ.get("wsgi.input_terminated"):
        return b""
    body: bytes = request.environ["wsgi.input"].read(LARGEST_BODY + 1)
    if len(body) > LARGEST_BODY:
        raise Problem(413)
    return body


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object, unless a name stands in it twice: which of the two was meant nobody knows (RFC 8259, 4)."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


_decode = json.JSONDecoder(parse_constant=_refuse_constant, object_pairs_hook=_object).decode


def _begin() -> None:
    g.started = time.perf_counter()
    given = request.headers.get("X-Call-Id", "")
    g.call_id = given if CALL_ID.match(given) else str(uuid4())
    g.principal = None
    g.capacity = None
    g.replayed = False
    if "Host" not in request.headers and request.environ.get("SERVER_PROTOCOL") == "HTTP/1.1":
        raise Problem(400, detail="A request of HTTP/1.1 has a Host (RFC 9112, 3.2).")
    parts = runtime()
    if request.path.startswith("/api/"):
        parts.start()
        g.address = client_address(parts)
        _authenticate(parts)
        _take_body()
    elif request.endpoint not in UNCOUNTED:
        _spend_on_page(parts)


def _authenticate(parts: Runtime) -> None:
    """Find out who asks and count the request; a request with a bad token is counted by address."""
    try:
        token = bearer_token(request.headers.get("Authorization"))
        principal: Principal | None = parts.verifier.verify(token) if token else None
    except Problem:
        _spend(parts, None)
        raise
    g.principal = principal
    _spend(parts, principal)


def _spend(parts: Runtime, principal: Principal | None) -> None:
    apart = request.endpoint in COUNTED_APART and (principal is None or principal.quota is None)
    if apart or request.method == "OPTIONS":
        return
    limits = parts.limits
    if _has_budget(principal):
        _spend_own(limits, principal)
    else:
        limits.spend(limits.changes if request.method in CHANGES else limits.reads, network_of(g.address))


def _spend_on_page(parts: Runtime) -> None:
    """Count a page, or a part of one, by address; a code that is drawn for a staff or kiosk account by the account."""
    limits = parts.limits
    principal = _known(parts) if request.endpoint in DRAWN else None
    if _has_budget(principal):
        _spend_own(limits, principal)
    else:
        limits.spend(_page_budget(limits), network_of(client_address(parts)))


def _known(parts: Runtime) -> Principal | None:
    """Return whose token came with a request that needs none; a bad one is none."""
    try:
        token = bearer_token(request.headers.get("Authorization"))
        if token:
            parts.start()
        return parts.verifier.verify(token) if token else None
    except Problem:
        return None


def _has_budget(principal: Principal | None) -> TypeGuard[Principal]:
    return principal is not None and principal.counts_alone


def _spend_own(limits: Limits, principal: Principal) -> None:
    quota = principal.quota
    limits.spend(limits.token_calls if quota is None else client_calls(quota), principal.username)


def _page_budget(limits: Limits) -> Budget:
    if request.endpoint in ASSETS:
        return limits.assets
    return limits.codes_drawn if request.endpoint in DRAWN else limits.pages


def _take_body() -> None:
    """Read the body of a change: at most 64 KiB, JSON only; a file is left to the view, which knows who may send it.

    Raises:
        Problem: 400, 408, 413, 415 or 422.
    """
    g.json = None
    if request.endpoint in UPLOADS:
        _expect_file(UPLOADS[request.endpoint] + ENVELOPE)
        return
    if (request.content_length or 0) > LARGEST_BODY:
        raise Problem(413)
    if request.method not in CHANGES:
        return
    with in_time(BODY_S):
        body = request.get_data(cache=True) if request.content_length is not None else _read_chunks()
    if not body:
        return
    if not request.is_json:
        raise Problem(415)
    try:
        g.json = _decode(body.decode())
    except (ValueError, RecursionError) as exc:
        raise Problem(400, detail="The body is not valid JSON.") from exc
    if g.json is None:
        raise Problem(422, errors={"_schema": ["Must be an object."]})


def _expect_file(most: int) -> None:
    if g.principal is None:
        raise unauthenticated()
    request.max_content_length = most
    if (request.content_length or 0) > most:
        raise Problem(413)
    if request.mimetype != "multipart/form-data":
        raise Problem(415, detail="Send the file as multipart/form-data.")


def client_address(parts: Runtime) -> str:
    """Return the client's address: the last hop that no trusted proxy of ours reported.

    Source: https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Forwarded-For
    """
    address = request.remote_addr or "0.0.0.0"  # noqa: S104 - stands for a client without one, binds nothing
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    if hops and not _is_trusted(parts, address):
        _name_unknown_proxy(parts, address)
    while hops and _is_trusted(parts, address):
        address = hops.pop()
    return address[:64]


def _name_unknown_proxy(parts: Runtime, address: str) -> None:
    """Say once that an address reports others' addresses; anybody may do so, thus few are named."""
    named = parts.unknown_proxies
    if address not in named and len(named) < MOST_PROXIES_NAMED:
        named.add(address)
        logger.warning(
            "proxy.untrusted",
            address=address,
            mend="All its visitors share one address' limits. If it is your proxy, name it in HALL_TRUSTED_PROXIES.",
        )


def _is_trusted(parts: Runtime, address: str) -> bool:
    if not parts.settings.trusted_proxies:
        return False
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in parts.settings.trusted_proxies)


def _finish(answer: Response) -> Response:
    answer.headers["X-Call-Id"] = g.call_id
    if g.replayed:
        answer.headers["Idempotent-Replayed"] = "true"
    if request.path.startswith("/api/"):
        answer.headers.setdefault("Cache-Control", "no-store")
    seconds = time.perf_counter() - g.started
    metrics.observe_request(answer.status_code, seconds)
    _log(answer, seconds)
    return answer


def _log(answer: Response, seconds: float) -> None:
    """Write the request's one line: the route and not the query, which may name a person."""
    principal: Principal | None = g.principal
    logger.info(
        "request",
        call_id=g.call_id,
        method=request.method,
        route=request.url_rule.rule if request.url_rule else None,
        path=request.path,
        status=answer.status_code,
        ms=round(seconds * 1000, 1),
        by=principal.username if principal else None,
        replayed=g.replayed or None,
    )


def _allow_origins(answer: Response) -> Response:
    origin = request.headers.get("Origin")
    allowed = runtime().settings.cors_origins
    if origin and allowed and origin in allowed and request.path.startswith("/api/"):
        headers: Mapping[str, Any] = {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, Last-Event-ID, X-Call-Id, "
            "X-Holder-Token",
            "Access-Control-Allow-Methods": "GET, POST, PATCH",
            "Access-Control-Expose-Headers": "Idempotent-Replayed, Retry-After, X-Call-Id",
            "Access-Control-Max-Age": "600",
        }
        answer.headers.update(headers)
        answer.headers.add("Vary", "Origin")
    return answer


def register(app: Flask) -> None:
    """Put all of it around the app's requests."""
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.before_request(_begin)
    app.after_request(_finish)
    app.after_request(_allow_origins)
