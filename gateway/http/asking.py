"""A view's way to the services: the caller's identity and command id go along, the time it takes is measured."""

import json
import re
import time
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import uuid4

from flask import g, request

from gateway.http import metrics
from gateway.http.auth import Principal
from gateway.http.fresh import Fresh
from gateway.http.problems import Problem
from gateway.http.runtime import Runtime, runtime
from services.chassis.bus import BusError, RemoteProblem, Reply
from services.chassis.caller import network_of

SHARED_S, MOST_SHARED = 1.0, 200
PATIENCE_S = 60.0
# Services whose answers may take seconds of a core: an account asks a few at once, so that others come in between.
DEAR = frozenset({"statistics"})
KEY_PATTERN = "^[!-~]{1,200}$"
HOLDER_HEADER = "X-Holder-Token"
LONGEST_HOLDER_TOKEN = 100
_KEY = re.compile(r"[!-~]{1,200}\Z")


def ask(service: str, method: str, /, **members: Any) -> Any:
    """Ask a service on behalf of the present request and return its answer.

    Raises:
        RemoteProblem: the service refused.
        services.chassis.bus.BusError: it did not answer.
        Problem: 422, the idempotency key is not one.
    """
    reply = _call(service, method, members, caller())
    g.replayed = reply.replayed
    return reply.result


def ask_for_all(service: str, method: str, /, **members: Any) -> Any:
    """Ask what every stranger is told alike: one answer serves all of them who ask within a second; raises as `ask`.

    Who is signed in is answered by itself.
    """
    if g.principal is not None:
        return ask(service, method, **members)
    answers = runtime().shared_answers
    if len(answers) >= MOST_SHARED:
        answers.clear()
    key = json.dumps([service, method, members], sort_keys=True)
    if key not in answers:
        # Asked in nobody's name: what one of them holds is none of the others' business.
        answers[key] = Fresh(
            lambda: _call(service, method, members, {**caller(), "token": None}).result, keep_s=SHARED_S
        )
    return answers[key].get()


def ask_within(service: str, method: str, /, **members: Any) -> Any:
    """Ask for a step of a command that is harmless to repeat; no answer to it is kept.

    Raises:
        RemoteProblem, services.chassis.bus.BusError: as for `ask`.
    """
    return _call(service, method, members, {**caller(), "command_id": ""}).result


def ask_patiently(service: str, method: str, /, **members: Any) -> Any:
    """Ask for what takes a process of its own some seconds, on a busy machine a minute; raises as `ask`."""
    return _call(service, method, members, caller(), timeout=PATIENCE_S).result


def ask_as_gateway(service: str, method: str, /, **members: Any) -> Any:
    """Tell a service what the gateway itself has made sure of; raises as `ask`."""
    by = {**caller(), "username": None, "roles": ["service"], "department": None, "subject": None}
    return _call(service, method, members, by).result


def _call(
    service: str,
    method: str,
    members: Mapping[str, Any],
    by: Mapping[str, Any],
    *,
    timeout: float | None = None,
) -> Reply:
    parts = runtime()
    if service in DEAR:
        subject = f"{service}/{by['username'] or network_of(g.address)}"
        with parts.stream_limits.turn(subject, most=parts.settings.figures_at_once):
            return _measured_call(parts, service, method, members, by, timeout)
    return _measured_call(parts, service, method, members, by, timeout)


def _measured_call(
    parts: Runtime,
    service: str,
    method: str,
    members: Mapping[str, Any],
    by: Mapping[str, Any],
    timeout: float | None,
) -> Reply:
    started = time.perf_counter()
    outcome = "ok"
    try:
        return parts.bus.call(
            service,
            method,
            members,
            caller=by,
            call_id=g.call_id,
            timeout=timeout or parts.settings.process.call_timeout,
        )
    except RemoteProblem as exc:
        outcome = exc.kind
        raise
    except BusError as exc:
        outcome = type(exc).__name__
        raise
    finally:
        metrics.calls_seconds.labels(service, method, outcome).observe(time.perf_counter() - started)


def caller() -> Mapping[str, Any]:
    """Return who asks, in the form that goes over the bus."""
    principal: Principal | None = g.principal
    return {
        "username": principal.username if principal else None,
        "roles": sorted(principal.roles) if principal else [],
        "capacity": g.capacity,
        "department": principal.department if principal else None,
        "subject": principal.subject if principal else None,
        "hall": runtime().settings.process.hall,
        "command_id": command_id(principal),
        "address": g.address,
        "token": holder_token(),
    }


def holder_token() -> str | None:
    """Return what came along to prove who holds a ticket, appointment or order; services judge it.

    It comes in a header, or in the text of a code that a reader read (`g.read_token`).
    """
    given: str = request.headers.get(HOLDER_HEADER) or g.get("read_token") or ""
    return given[:LONGEST_HOLDER_TOKEN] or None


def command_id(principal: Principal | None) -> str:
    """Return the command's id: the client's idempotency key within its own scope, or a fresh one.

    Who is not signed in shares an address with strangers; a holder's token makes the scope their own.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None or request.method == "GET":
        return str(uuid4())
    if not _KEY.match(key):
        raise Problem(422, errors={"Idempotency-Key": ["Must be 1 to 200 visible ASCII characters."]})
    if principal:
        return f"{principal.username}:{key}"
    token = holder_token()
    own = f"#{sha256(token.encode()).hexdigest()[:16]}" if token else ""
    return f"{g.address}{own}:{key}"
