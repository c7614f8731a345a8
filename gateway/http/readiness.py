"""Whether every service, the bus and the databases answer."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

from gateway.settings import Settings
from services.chassis.bus import Bus, BusError, RemoteProblem

HEALTH_TIMEOUT_S = 2.0
KEEP_S = 2.0


def look(bus: Bus, settings: Settings) -> dict[str, Any]:
    """Ask every service how it is and return all of it, with the names of what is `missing`."""
    names = settings.services
    with ThreadPoolExecutor(max_workers=max(1, len(names))) as pool:
        answers = pool.map(lambda name: _health(bus, settings, name), names)
        healths = dict(zip(names, answers, strict=True))
    missing = [name for name, health in healths.items() if "error" in health]
    if not bus.connected:
        missing.insert(0, "bus")
    return {
        "status": "missing" if missing else "ok",
        "bus": "ok" if bus.connected else "away",
        "services": healths,
        "missing": missing,
    }


def outline(found: dict[str, Any]) -> dict[str, Any]:
    """Return of it what strangers may know: who answers."""
    services = {
        name: {"database": "ok"} if "error" not in health else {"error": health["error"]}
        for name, health in found["services"].items()
    }
    return found | {"services": services}


def _health(bus: Bus, settings: Settings, service: str) -> dict[str, Any]:
    """Return what a service says of itself and its database, or what went wrong."""
    caller = {"hall": settings.process.hall, "command_id": str(uuid4())}
    started = time.perf_counter()
    try:
        reply = bus.call(service, "health", {}, caller=caller, call_id=str(uuid4()), timeout=HEALTH_TIMEOUT_S)
    except (BusError, RemoteProblem) as exc:
        return {"error": type(exc).__name__}
    health = dict(reply.result)
    health["ms"] = round((time.perf_counter() - started) * 1000, 1)
    return health if health.get("database", "ok") == "ok" else health | {"error": "database"}
