"""Questions from one service to another, where an answer is needed now.

Never in a circle: each side holds a worker while it waits. A test keeps the graph of these calls free of cycles.
"""

from collections.abc import Callable, Mapping
from threading import BoundedSemaphore
from typing import Any

from nameko.extensions import DependencyProvider

from services.chassis.bus import Bus, BusError, RemoteProblem
from services.chassis.caller import Caller
from services.chassis.config import settings
from services.chassis.errors import Conflict, Forbidden, Invalid, NotFound, ServiceAway, ServiceError

Call = Callable[..., Any]

# Of four workers one never waits for another service, so that one that is slow does not stop all that need it not.
WAITING_SHARE = 0.75
QUEUE_S = 0.5

_KINDS: Mapping[str, type[ServiceError]] = {
    kind.kind: kind for kind in (Conflict, Forbidden, Invalid, NotFound)
}


class AnswerNotReadable(ServiceAway):
    """A service that is needed for the answer failed."""


def as_error(problem: RemoteProblem) -> ServiceError:
    """Return another service's error as one of ours, code and all."""
    kind = _KINDS.get(problem.kind, AnswerNotReadable)
    error = kind(problem.detail, errors=problem.errors, **problem.extra)
    if kind is not AnswerNotReadable:
        error.code = problem.code
    return error


class Calls(DependencyProvider):  # type: ignore[misc]
    """Gives `calls(service, method, request, caller=caller)`, which returns the result."""

    def __init__(self) -> None:
        """Connect at the first call."""
        self._bus: Bus | None = None
        self._places: BoundedSemaphore

    def setup(self) -> None:
        """Say how many workers may wait at once."""
        self._places = BoundedSemaphore(max(1, int(settings().workers * WAITING_SHARE)))

    def get_dependency(self, worker_ctx: Any) -> Call:
        """Give the function that asks."""
        return self.ask

    def ask(self, service: str, method: str, request: Mapping[str, Any], *, caller: Caller) -> Any:
        """Ask a service on behalf of a caller and wait for its answer.

        Raises:
            NotFound, Conflict, Invalid, Forbidden: what the service answered.
            ServiceAway: it did not answer in time, or failed; too many wait for it as it is.
        """
        if not self._places.acquire(timeout=QUEUE_S):
            raise ServiceAway(f"{service} is slow to answer.")
        try:
            return self._ask(service, method, request, caller=caller)
        finally:
            self._places.release()

    def _ask(self, service: str, method: str, request: Mapping[str, Any], *, caller: Caller) -> Any:
        if self._bus is None:
            self._bus = Bus(settings().amqp_uri, name=f"hall-{self.container.service_name}")
        timeout = settings().call_timeout / 2
        try:
            reply = self._bus.call(
                service, method, request, caller=caller.to_wire(), call_id=caller.call_id, timeout=timeout
            )
        except RemoteProblem as problem:
            raise as_error(problem) from None
        except BusError as fault:
            raise ServiceAway(f"{service} does not answer.") from fault
        return reply.result

    def stop(self) -> None:
        """Close the connection."""
        if self._bus is not None:
            self._bus.close()
