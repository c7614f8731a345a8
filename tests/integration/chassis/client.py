"""A caller on the bus that sends what it is told, in order and out of order."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any
from uuid import uuid4

from amqp import Message as RawMessage
from kombu import Connection, Exchange, Message, Queue

from tests.waiting import DEADLINE_S, until

RPC = Exchange("nameko-rpc", type="topic", durable=True)
EVENTS = Exchange("hall.events", type="topic", durable=True)


def said(word: str, *, id_: str = "", **more: Any) -> dict[str, Any]:
    """Return an event from elsewhere."""
    fail = more.pop("fail", False)
    return {
        "specversion": "1.0",
        "id": id_ or str(uuid4()),
        "source": "/hallflow/other",
        "type": "other.word.said",
        "subject": word,
        "time": datetime(2026, 3, 2, 1, tzinfo=UTC).isoformat(),
        "hall": "main",
        "sequence": 1,
        "position": 1,
        "callid": f"call-{word}",
        "data": {"word": word, "fail": fail},
        **more,
    }


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
        self._service, self._amqp_uri = service, amqp_uri
        self._connection = Connection(amqp_uri, connect_timeout=DEADLINE_S)
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
        """Disconnect, without a word to a broker that may be gone."""
        self._connection.collect(socket_timeout=DEADLINE_S)

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

    def wait(self, *ids: str) -> list[Answer]:
        """Return the answers to requests in their order."""
        until(
            lambda: all(id_ in self.answers for id_ in ids),
            what=f"answers to {len(ids)} calls",
            seen=lambda: f"{sum(id_ in self.answers for id_ in ids)} answers",
            pause=self.look,
        )
        return [self.answers[id_] for id_ in ids]

    def send_in_vain(self, method: str, /, *, expires_s: float, **request: Any) -> None:
        """Send a request that nobody takes in time, and wait until it has gone from the service's queue again."""
        with Connection(self._amqp_uri, transport_options={"confirm_publish": True}) as connection:
            # Confirmed once it is in the queue: the broker counts a queue's messages before it puts the next one in.
            connection.Producer(exchange=RPC).publish(
                {"args": [], "kwargs": {"request": request}},
                routing_key=f"{self._service}.{method}",
                reply_to=self._reply_to,
                correlation_id=str(uuid4()),
                expiration=expires_s,
                headers={"nameko.call_id_stack": ["a-call"], "nameko.caller": {"username": "tester"}},
            )
            queue = Queue(f"rpc-{self._service}")(connection.default_channel)
            until(lambda: queue.queue_declare(passive=True).message_count == 0, what="the request expires")

    def look(self, seconds: float) -> None:
        """Take a reply if one comes in this time."""
        try:
            self._connection.drain_events(timeout=seconds)
        except TimeoutError:
            return

    def call(self, method: str, /, **options: Any) -> Answer:
        """Send a request and wait for its reply."""
        return self.wait(self.send(method, **options))[0]
