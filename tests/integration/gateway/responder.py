"""A stand-in for the services: answers RPC calls on a real RabbitMQ in Nameko's wire format."""

import json
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from amqp.exceptions import AMQPError
from kombu import Connection, Consumer, Exchange, Queue

from tests.waiting import DEADLINE_S

RPC = Exchange("nameko-rpc", type="topic", durable=True)
EVENTS = Exchange("hall.events", type="topic", durable=True)


class Refused(Exception):
    """Answered as an error of the services' wire form."""

    def __init__(self, kind: str, code: str, **members: Any) -> None:
        """Make an error; members are detail, errors, extra."""
        super().__init__(code)
        self.wire = {"kind": kind, "code": code, "detail": "", "errors": {}, "extra": {}} | members


@dataclass(frozen=True)
class Call:
    """What a handler is given."""

    request: dict[str, Any]
    caller: Mapping[str, Any]
    call_id: str


@dataclass
class Responder:
    """Answers `<service>.<method>` by the handlers it was given; connects again when the broker was away."""

    amqp_uri: str
    handlers: dict[str, Callable[[Call], Any]]
    seen: list[tuple[str, Call]] = field(default_factory=list)
    replayed: bool = False

    def __post_init__(self) -> None:
        """Prepare, without connecting."""
        self._stop = threading.Event()
        self.ready = threading.Event()
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(max_workers=32)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Responder":
        """Start and wait until calls are taken."""
        self._thread.start()
        assert self.ready.wait(DEADLINE_S), "the responder did not reach the broker"
        return self

    def __exit__(self, *_exc: object) -> None:
        """Stop; queues stay, as a service's do."""
        self._stop.set()
        self._thread.join(DEADLINE_S)
        self._pool.shutdown()

    def emit(self, kind: str, data: dict[str, Any], *, position: int, **members: Any) -> None:
        """Publish an event as a service's relay would."""
        envelope = {
            "id": str(position),
            "type": kind,
            "position": position,
            "data": data,
            "specversion": "1.0",
            **members,
        }
        with Connection(self.amqp_uri) as connection, connection.Producer(serializer="json") as producer:
            producer.publish(envelope, exchange=EVENTS, routing_key=kind, declare=[EVENTS])

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._serve()
            except (OSError, AMQPError):
                self.ready.clear()
                self._stop.wait(0.1)  # Timed: a pause between two attempts, of which there may be any number.

    def _serve(self) -> None:
        services = sorted({name.partition(".")[0] for name in self.handlers})
        with Connection(self.amqp_uri, connect_timeout=DEADLINE_S) as connection:
            queues = [Queue(f"rpc-{name}", RPC, routing_key=f"{name}.*", durable=True) for name in services]
            EVENTS(connection.default_channel).declare()
            with Consumer(connection, queues=queues, on_message=self._take, no_ack=True):
                self.ready.set()
                while not self._stop.is_set():
                    try:
                        # Timed: how often it looks whether it is to stop.
                        connection.drain_events(timeout=0.1)
                    except TimeoutError:
                        continue

    def _take(self, message: Any) -> None:
        self._pool.submit(self._answer, message)

    def _answer(self, message: Any) -> None:
        target = message.delivery_info["routing_key"]
        headers = message.headers
        request = json.loads(message.body)["kwargs"]["request"]
        call = Call(request, headers["nameko.caller"], headers["nameko.call_id_stack"][0])
        self.seen.append((target, call))
        body = self._outcome(target, call)
        with self._lock, Connection(self.amqp_uri) as connection:
            connection.Producer().publish(
                json.dumps(body, ensure_ascii=False),
                exchange=RPC,
                routing_key=message.properties["reply_to"],
                correlation_id=message.properties["correlation_id"],
                content_type="application/json",
                content_encoding="utf-8",
                headers={"hall.replayed": True} if self.replayed else {},
                delivery_mode=1,
            )

    def _outcome(self, target: str, call: Call) -> dict[str, Any]:
        handler = self.handlers.get(target)
        if handler is None:
            return {"result": None, "error": {"exc_type": "MethodNotFound", "value": target}}
        try:
            return {"result": handler(call), "error": None}
        except Refused as refused:
            return {"result": None, "error": refused.wire | {"exc_type": "Refused", "value": str(refused)}}
