"""What one gateway process keeps: settings, bus, verifier, limits and what is live."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import uuid4

from flask import current_app

from gateway.http.auth import Keys, Revocations, Verifier
from gateway.http.counters import SharedCounters
from gateway.http.fresh import Fresh
from gateway.http.issuer import Issuer
from gateway.http.limits import Limits, StreamLimits
from gateway.http.permissions import Roles
from gateway.http.readiness import KEEP_S, look
from gateway.live.events import Live
from gateway.settings import Settings
from services.chassis.bus import Bus, BusError, RemoteProblem
from services.chassis.logs import get_logger

logger = get_logger()

RIGHTS_EVERY_S = 60.0
RIGHTS_RETRY_S = 5.0


@dataclass
class Runtime:
    """The parts, made for one app. Nothing connects before `start` or the first call."""

    settings: Settings
    bus: Bus
    revocations: Revocations
    roles: Roles
    verifier: Verifier
    limits: Limits
    stream_limits: StreamLimits
    live: Live
    issuer: Issuer | None = None
    unknown_proxies: set[str] = field(default_factory=set)
    shared_answers: dict[str, Fresh[Any]] = field(default_factory=dict)
    readiness: Fresh[dict[str, Any]] = field(init=False)
    _stopped: threading.Event = field(default_factory=threading.Event)
    _started: bool = False

    def __post_init__(self) -> None:
        """Let all who ask within two seconds whether the hall is ready have one answer."""
        self.readiness = Fresh(lambda: look(self.bus, self.settings), keep_s=KEEP_S)

    def start(self) -> None:
        """Begin to hear events and to keep fresh what is revoked and what roles permit; again changes nothing."""
        if not self._started:
            self._started = True
            self.live.start()
            threading.Thread(target=self._refresh_rights, name="rights", daemon=True).start()

    def stop(self) -> None:
        """End streams and close connections."""
        self._stopped.set()
        self.live.stop()
        self.bus.close()

    def _refresh_rights(self) -> None:
        pause = 0.0
        while not self._stopped.wait(pause):
            try:
                self.revocations.replace(_ask_as_gateway(self.bus, self.settings, "identity", "revocations"))
                self.roles.refresh()
                pause = RIGHTS_EVERY_S
            except (BusError, RemoteProblem) as exc:
                logger.warning("rights.unknown", reason=repr(exc))
                pause = RIGHTS_RETRY_S


def make_runtime(settings: Settings, counters: SharedCounters) -> Runtime:
    """Put the parts of a process together."""
    bus = Bus(settings.process.amqp_uri)
    revocations = Revocations()

    def items(service: str, method: str, **request: Any) -> list[Mapping[str, Any]]:
        return cast(
            list[Mapping[str, Any]], _ask_as_gateway(bus, settings, service, method, **request)["items"]
        )

    roles = Roles(lambda: items("identity", "list_roles"))
    stream_limits = StreamLimits(counters, workers=settings.workers)
    return Runtime(
        settings=settings,
        bus=bus,
        revocations=revocations,
        roles=roles,
        verifier=Verifier(
            Keys(lambda: _ask_as_gateway(bus, settings, "identity", "public_keys")), revocations
        ),
        limits=Limits(settings, counters),
        stream_limits=stream_limits,
        issuer=Issuer(settings.single_sign_on) if settings.single_sign_on else None,
        live=Live(
            settings.process.amqp_uri,
            hall=settings.process.hall,
            fetch_boards=lambda zones: items("ticketing", "get_boards", zones=list(zones)),
            fetch_desks=lambda windows: items("ticketing", "get_desks", windows=list(windows)),
            on_identity_event=lambda kind, data: _heed(revocations, roles, kind, data),
            on_beat=stream_limits.renew,
        ),
    )


def runtime() -> Runtime:
    """Return the parts of the process that answers the present request."""
    return cast(Runtime, current_app.extensions["hall"])


def _ask_as_gateway(bus: Bus, settings: Settings, service: str, method: str, **request: Any) -> Any:
    caller = {"hall": settings.process.hall, "command_id": str(uuid4())}
    return bus.call(service, method, request, caller=caller, call_id=str(uuid4())).result


def _heed(revocations: Revocations, roles: Roles, kind: str, data: Mapping[str, Any]) -> None:
    if kind == "identity.token.revoked":
        revocations.revoke_token(str(data["jti"]))
    elif kind == "identity.account.revoked":
        revocations.revoke_account(str(data["username"]), data["before"])
    elif kind == "identity.role.published":
        roles.keep(data)
