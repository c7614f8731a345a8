"""Whether the gateway lives and whether all of the hall is ready."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

from marshmallow import fields

from gateway.api.routing import Routes, json_answer
from gateway.bus import BusError, RemoteProblem
from gateway.runtime import Runtime, runtime
from gateway.schemas.common import Answer

HEALTH_TIMEOUT_S = 2.0


class Alive(Answer):
    """The process answers."""

    status = fields.String(required=True)


class Ready(Answer):
    """Each part of the hall and how it is."""

    status = fields.String(required=True)
    bus = fields.String(required=True)
    services = fields.Dict(keys=fields.String(), values=fields.Raw(), required=True)
    missing = fields.List(fields.String(), required=True, metadata={"description": "What does not answer."})


routes = Routes("operations", __name__, description="Health.")


@routes.question("/healthz", Alive)
def get_health() -> Any:
    """The process lives."""
    return {"status": "ok"}


@routes.question("/readyz", Ready, extra_doc={"responses": {"503": {"description": "Something is missing."}}})
def get_readiness() -> Any:
    """Every service, the bus and the databases answer; 503 names what does not."""
    parts = runtime()
    parts.start()
    names = parts.settings.services
    with ThreadPoolExecutor(max_workers=max(1, len(names))) as pool:
        healths = dict(zip(names, pool.map(lambda name: _health(parts, name), names), strict=True))
    missing = [name for name, health in healths.items() if "error" in health]
    if not parts.bus.connected:
        missing.insert(0, "bus")
    content = {
        "status": "missing" if missing else "ok",
        "bus": "ok" if parts.bus.connected else "away",
        "services": healths,
        "missing": missing,
    }
    answer = json_answer(content, 503 if missing else 200)
    if missing:
        answer.headers["Retry-After"] = "2"
    return answer


def _health(parts: Runtime, service: str) -> dict[str, Any]:
    """Return what a service says of itself and its database, or what went wrong."""
    caller = {"hall": parts.settings.process.hall, "command_id": str(uuid4())}
    started = time.perf_counter()
    try:
        reply = parts.bus.call(
            service, "health", {}, caller=caller, call_id=str(uuid4()), timeout=HEALTH_TIMEOUT_S
        )
    except (BusError, RemoteProblem) as exc:
        return {"error": type(exc).__name__}
    health = dict(reply.result)
    health["ms"] = round((time.perf_counter() - started) * 1000, 1)
    return health if health.get("database", "ok") == "ok" else health | {"error": "database"}
