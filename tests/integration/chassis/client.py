"""A caller on the bus that sends what it is told, in order and out of order."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from uuid import uuid4

from amqp import Message as RawMessage
from kombu import Connection, Exchange, Message, Queue

RPC = Exchange("nameko-rpc", type="topic", durable=True)
EVENTS = Exchange("hall.events", type="topic", durable=True)


def until(condition: Callable[[], Any], *, within_s: float = 30.0, what: str = "") -> Any:
    """Wait until a condition holds and return what it gave."""
    deadline = time.monotonic() + within_s
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not within {within_s:.0f} s: {what or condition}"
        time.sleep(0.05)
    return found


@dataclass(frozen=True)
class Answer:
    """A reply as it was on the wire."""

    text: str
    headers: Mapping[str, Any]
    delivery_mode: int

    @property
    def result(self) -> Any:
        return json.loads(self.text)["result"]

    @property
    def error(self) -> Any:
        return json.loads(self.text)["error"]

    @property
    def replayed(self) -> bool:
        return bool(self.headers.get("hall.replayed"))


class Client:
    """Calls one service in Nameko's wire format over a connection of its own."""

    def __init__(self, amqp_uri: str, service: str = "echo") -> None:
        """Connect and make a queue for the replies."""
        self._service = service
        self._connection = Connection(amqp_uri, connect_timeout=5)
        self._channel = self._connection.channel()
        self._reply_to = str(uuid4())
        RPC(self._channel).declare()
        queue = Queue(f"reply-{self._reply_to}", RPC, self._reply_to, exclusive=True, auto_delete=True)
        consumer = self._connection.Consumer(
            queue, channel=self._channel, on_message=self._take, no_ack=True, accept=["json"]
        )
        consumer.consume()
        self.answers: dict[str, Answer] = {}

    def __enter__(self) -> "Client":
        """Use it in a block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Disconnect."""
        self._connection.collect(socket_timeout=1)

    def _take(self, message: Message) -> None:
        body = message.body
        self.answers[message.properties["correlation_id"]] = Answer(
            body if isinstance(body, str) else bytes(body).decode(),
            dict(message.headers),
            message.properties["delivery_mode"],
        )

    def send(
        self,
        method: str,
        /,
        *,
        caller: Any = None,
        command_id: str = "",
        call_id: Any = "a-call",
        expires_s: float | None = None,
        **request: Any,
    ) -> str:
        """Send a request; returns what its reply will be known by."""
        id_ = str(uuid4())
        body = json.dumps({"args": [], "kwargs": {"request": request}})
        self.send_raw(
            body,
            method=method,
            correlation_id=id_,
            reply_to=self._reply_to,
            application_headers={
                "nameko.call_id_stack": [call_id] if isinstance(call_id, str) else call_id,
                "nameko.caller": {"username": "tester", "roles": ["admin"], "command_id": command_id}
                if caller is None
                else caller,
            },
            **({} if expires_s is None else {"expiration": str(int(expires_s * 1000))}),
        )
        return id_

    def send_raw(self, body: str | bytes, *, method: str, **properties: Any) -> None:
        """Send a message whatever it is."""
        properties = {"content_type": "application/json", "content_encoding": "utf-8", **properties}
        self._channel.basic_publish(
            RawMessage(body, **properties), exchange=RPC.name, routing_key=f"{self._service}.{method}"
        )

    def wait(self, *ids: str, within_s: float = 30.0) -> list[Answer]:
        """Return the answers to requests in their order."""
        deadline = time.monotonic() + within_s
        while missing := [id_ for id_ in ids if id_ not in self.answers]:
            left = deadline - time.monotonic()
            assert left > 0, f"{len(missing)} of {len(ids)} calls are not answered within {within_s:.0f} s"
            self.look(left)
        return [self.answers[id_] for id_ in ids]

    def look(self, seconds: float) -> None:
        """Take a reply if one comes in this time."""
        try:
            self._connection.drain_events(timeout=seconds)
        except TimeoutError:
            return

    def call(self, method: str, /, *, within_s: float = 30.0, **options: Any) -> Answer:
        """Send a request and wait for its reply."""
        return self.wait(self.send(method, **options), within_s=within_s)[0]
