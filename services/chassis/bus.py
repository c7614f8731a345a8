"""The RPC client of the gateway and of services: Nameko's wire format over one kept connection.

Requests and replies are transient, nothing is declared for a call, each call has a timeout and its message expires
with it. Safe in gevent workers, in eventlet's greenthreads and in plain threads. Nameko's own
clients declare for each call or wait for ever.
"""

import json
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from amqp import spec
from amqp.basic_message import Message
from amqp.exceptions import AMQPError

from services.chassis.link import Link
from services.chassis.lots import Lots, in_one_write

RPC_EXCHANGE = "nameko-rpc"
CONNECT_WAIT_S = 1.0
FAILED_WAIT_S = 0.5

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class BusError(Exception):
    """A call over the bus got no answer."""


class ServiceAway(BusError):
    """No copy of the service has ever been there: its queue does not exist."""


class BusAway(BusError):
    """The broker cannot be reached, or went away during the call."""


class BusUnreachable(BusAway):
    """The broker was away before anything was sent, so repeating at once helps nobody."""


class CallTimedOut(BusError):
    """The service did not answer in time."""


class RemoteProblem(Exception):
    """The service answered with an error.

    `kind` is one of not_found, conflict, invalid, forbidden, unexpected, away; `extra` holds further members.
    """

    def __init__(self, error: Mapping[str, Any]) -> None:
        """Read the wire form, an object with members kind, code, detail, errors and extra."""
        self.kind: str = error.get("kind") or "unexpected"
        self.code: str = error.get("code") or "unexpected"
        self.detail: str = error.get("detail") or ""
        self.errors: dict[str, Any] = error.get("errors") or {}
        self.extra: dict[str, Any] = error.get("extra") or {}
        self.cause: str = str(error.get("value") or error.get("exc_type") or "")
        super().__init__(f"{self.kind} {self.code}: {self.detail or self.cause}")


@dataclass(frozen=True, slots=True)
class Reply:
    """A service's answer; `replayed` when the command had been carried out before."""

    result: Any
    replayed: bool


class _Pending:
    """One caller waiting. The lock is taken from the start and let go when the outcome is there."""

    __slots__ = ("done", "outcome")

    def __init__(self) -> None:
        self.done = threading.Lock()
        self.done.acquire()
        self.outcome: Message | BusError | None = None

    def settle(self, outcome: Message | BusError) -> None:
        self.outcome = outcome
        self.done.release()


@dataclass(frozen=True, slots=True)
class _Request:
    """A call that is to go out; `timeout` in seconds."""

    target: str
    body: bytes
    headers: dict[str, Any]
    correlation_id: str
    timeout: float

    def message(self, reply_to: str) -> Message:
        return Message(
            self.body,
            content_type="application/json",
            content_encoding="utf-8",
            application_headers=self.headers,
            delivery_mode=1,
            reply_to=reply_to,
            correlation_id=self.correlation_id,
            expiration=str(max(1, int(self.timeout * 1000))),
        )


class Bus:
    """Calls services by name. One per process."""

    def __init__(self, amqp_uri: str, *, name: str = "hall-gateway") -> None:
        """Make a client; it connects at the first call.

        Args:
            amqp_uri: where the broker is.
            name: what the log lines and the broker's list of connections call it.
        """
        self._name = name
        self._pending: dict[str, _Pending] = {}
        self._reply_to = ""
        self._outgoing = Lots(self._publish)
        self._link = Link(amqp_uri, name=f"{name}-rpc", on_up=self._listen, on_down=self._fail_pending)

    @property
    def pending(self) -> int:
        """How many calls wait for their answer."""
        return len(self._pending)

    @property
    def connected(self) -> bool:
        """Whether the broker can be written to now."""
        return self._link.up.is_set() and not self._link.blocked

    def call(
        self,
        service: str,
        method: str,
        request: Mapping[str, Any],
        *,
        caller: Mapping[str, Any],
        call_id: str,
        timeout: float = 5.0,
    ) -> Reply:
        """Ask a service and wait for its answer.

        A call that the broker's going away cut off is repeated once in what is left of the timeout: commands are
        idempotent by their command id, questions change nothing.

        Args:
            service: the Nameko service's name.
            method: its method.
            request: the one argument, JSON types only.
            caller: who asks, as `nameko.caller`.
            call_id: the first id of the call's stack.
            timeout: seconds, the message's expiry as well.

        Raises:
            RemoteProblem: the service answered with an error.
            ServiceAway: there is no such service on the bus.
            BusAway: the broker is away.
            CallTimedOut: no answer in time.
        """
        deadline = time.monotonic() + timeout
        target = f"{service}.{method}"
        body = _encode({"args": [], "kwargs": {"request": request}}).encode()
        headers = {"nameko.call_id_stack": [call_id], "nameko.caller": dict(caller)}
        try:
            message = self._attempt(target, body, headers, timeout=timeout)
        except BusUnreachable:
            raise
        except BusAway:
            left = deadline - time.monotonic()
            if left <= 0:
                raise
            message = self._attempt(target, body, headers, timeout=left)
        return _read_reply(message)

    def close(self) -> None:
        """Fail what waits and close the connection."""
        self._link.stop()

    def _attempt(self, target: str, body: bytes, headers: dict[str, Any], *, timeout: float) -> Message:
        self._await_link(timeout)
        correlation_id = str(uuid4())
        pending = self._pending[correlation_id] = _Pending()
        try:
            self._outgoing.put(_Request(target, body, headers, correlation_id, timeout))
            arrived = pending.done.acquire(timeout=timeout)
        finally:
            self._pending.pop(correlation_id, None)
        outcome = pending.outcome
        if not arrived or outcome is None:
            raise CallTimedOut(target)
        if isinstance(outcome, BusError):
            raise outcome
        return outcome

    def _await_link(self, timeout: float) -> None:
        """Wait a moment for a connection that is being made, a shorter one when the last attempt failed."""
        link = self._link
        if not link.up.is_set():
            link.start()
            patience = FAILED_WAIT_S if link.failed.is_set() else CONNECT_WAIT_S
            if not link.up.wait(min(timeout, patience)):
                raise BusUnreachable("the broker cannot be reached")
        if link.blocked:
            raise BusUnreachable("the broker accepts no messages at the moment")

    def _publish(self, lot: Sequence[_Request]) -> None:
        link = self._link
        try:
            with link.write_lock, in_one_write(link.connection):
                for request in lot:
                    # Not Channel.basic_publish: it reads from the socket before each message, which the reader does.
                    link.channel.send_method(
                        spec.Basic.Publish,
                        "Bssbb",
                        (0, RPC_EXCHANGE, request.target, True, False),
                        request.message(self._reply_to),
                    )
        except (OSError, AMQPError, AttributeError):
            link.drop()
            for request in lot:
                self._settle(request.correlation_id, BusAway("the broker went away"))

    def _listen(self, channel: Any) -> None:
        """Make this connection's reply queue; it goes with the connection."""
        self._reply_to = str(uuid4())
        channel.events["basic_return"].add(self._on_return)
        channel.exchange_declare(RPC_EXCHANGE, "topic", durable=True, auto_delete=False)
        queue = f"rpc.reply-{self._name}-{self._reply_to}"
        channel.queue_declare(queue, exclusive=True, auto_delete=True, durable=False)
        channel.queue_bind(queue, RPC_EXCHANGE, self._reply_to)
        channel.basic_consume(queue, no_ack=True, callback=self._on_reply)

    def _on_reply(self, message: Message) -> None:
        self._settle(message.properties.get("correlation_id", ""), message)

    def _on_return(self, _exc: Exception, _exchange: str, routing_key: str, message: Message) -> None:
        correlation_id = message.properties.get("correlation_id", "")
        self._settle(correlation_id, ServiceAway(routing_key.partition(".")[0]))

    def _fail_pending(self) -> None:
        for correlation_id in list(self._pending):
            self._settle(correlation_id, BusAway("the broker went away during the call"))

    def _settle(self, correlation_id: str, outcome: Message | BusError) -> None:
        pending = self._pending.pop(correlation_id, None)
        if pending is not None:
            pending.settle(outcome)


def _read_reply(message: Message) -> Reply:
    try:
        content = json.loads(message.body)
        error, result = content["error"], content["result"]
    except (ValueError, KeyError, TypeError) as exc:
        raise RemoteProblem({"kind": "unexpected", "value": "the reply cannot be read"}) from exc
    if error is not None:
        raise RemoteProblem(error)
    headers = message.properties.get("application_headers") or {}
    return Reply(result, bool(headers.get("hall.replayed")))
