"""Nameko's RPC with its traps taken out: what the listener and the replies do differently.

- Replies go out on one kept channel, transient and unconfirmed; a lost broker costs the reply, not the process. The
  caller asks again, which is harmless.
- The listener stops only when nothing is in flight, so that no second copy runs a call again after SIGTERM.
- A message that cannot be read or has nowhere to answer to moves to the dead letters.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Event as Signal
from threading import Lock
from time import monotonic
from typing import Any

import kombu
from amqp import Message as RawMessage
from amqp import spec
from amqp.exceptions import AMQPError
from kombu import Connection, Message
from kombu.exceptions import KombuError
from kombu.exceptions import OperationalError as BrokerAway
from nameko import config, rpc
from nameko.amqp.consume import Consumer
from nameko.constants import AMQP_URI_CONFIG_KEY, CALL_ID_STACK_CONTEXT_KEY, HEADER_PREFIX
from nameko.exceptions import ContainerBeingKilled
from nameko.messaging import decode_from_headers

from services.chassis import wire
from services.chassis.config import settings
from services.chassis.logs import get_logger
from services.chassis.lots import Lots, in_one_write
from services.chassis.outcome import Outcome, Unexpected
from services.chassis.topology import dead_queue

TRANSIENT = 1
REPLAYED_HEADER = "hall.replayed"

BROKER_FAULTS = (AMQPError, KombuError, BrokerAway, OSError)

log = get_logger()


class DrainingConsumer(Consumer):  # type: ignore[misc]
    """Takes no new message after `stop`, and keeps its channel until each message in hand is answered."""

    def __init__(self, *args: Any, grace: float, on_unreadable: Any, **kwargs: Any) -> None:
        """Make a consumer.

        Args:
            grace: seconds to wait for the calls in flight at a stop.
            on_unreadable: called with a message that cannot be decoded.
            args, kwargs: as for Nameko's consumer.
        """
        self._grace, self._on_unreadable = grace, on_unreadable
        self._in_hand: set[Message] = set()
        self._drain_until: float | None = None
        self._consumers: list[kombu.Consumer] = []
        self.stopped = Signal()
        super().__init__(*args, **kwargs)

    def get_consumers(self, consumer_cls: Any, channel: Any) -> list[kombu.Consumer]:
        """Remember the consumers, so that they can be cancelled before the channel closes."""
        self._in_hand.clear()
        self._consumers = super().get_consumers(consumer_cls, channel)
        return self._consumers

    def on_decode_error(self, message: Message, exc: Exception) -> None:
        """Set an undecodable message aside instead of dropping it."""
        self._on_unreadable(message, repr(exc))

    def on_message(self, body: Any, message: Message) -> None:
        """Note that a message is in hand and pass it on; give it back once we are stopping."""
        if self._drain_until is not None:
            self.requeue_message(message)
            return
        self._in_hand.add(message)
        for callback in self.callbacks:
            callback(body, message)

    def ack_message(self, message: Message) -> None:
        """Settle a message in hand."""
        try:
            super().ack_message(message)
        except BROKER_FAULTS as fault:
            log.warning("rpc.ack_lost", fault=repr(fault))
        finally:
            self._in_hand.discard(message)

    def ack_messages(self, messages: Sequence[Message]) -> None:
        """Settle messages in hand with one write."""
        connection = messages[0].channel.connection
        if connection is None or any(each.channel.connection is not connection for each in messages):
            for message in messages:
                self.ack_message(message)
            return
        try:
            with in_one_write(connection):
                for message in messages:
                    self.ack_message(message)
        except BROKER_FAULTS as fault:
            log.warning("rpc.ack_lost", fault=repr(fault))

    def on_iteration(self) -> None:
        """End the loop once a stop was asked for and nothing is in hand."""
        if self._drain_until is None:
            return
        for consumer in self._consumers:
            consumer.cancel()
        self._consumers = []
        if not self._in_hand or monotonic() > self._drain_until:
            self.should_stop = True

    def run(self, *args: Any, **kwargs: Any) -> None:
        """Consume until stopped and drained."""
        try:
            super().run(*args, **kwargs)
        finally:
            self.stopped.set()
            self.ready.set()

    @contextmanager
    def establish_connection(self) -> Iterator[Connection]:
        """Connect, and look for a lost broker every two seconds; kombu would wait up to thirty."""
        with self.create_connection() as connection:
            connection.ensure_connection(
                self.on_connection_error,
                interval_start=0.5,
                interval_step=0.5,
                interval_max=2,
                reraise_as_library_errors=False,
            )
            yield connection

    def on_connection_error(self, exc: Exception, interval: float) -> None:
        """Log it; give up once we are stopping."""
        super().on_connection_error(exc, interval)
        if self._drain_until is not None:
            self.should_stop = True
            raise exc

    def stop(self) -> None:
        """Begin to drain and wait for its end."""
        if self._drain_until is None:
            self._drain_until = monotonic() + self._grace
        self.stopped.wait(self._grace + 2)
        self.should_stop = True


@dataclass(frozen=True)
class Answered:
    """A request whose reply is to go out."""

    request: Message
    reply: RawMessage


class ReplyPublisher:
    """Sends messages on one kept channel of its own connection."""

    def __init__(self, amqp_uri: str) -> None:
        """Connect when first used."""
        self._connection = Connection(amqp_uri, heartbeat=0, connect_timeout=3)
        self._channel: Any = None
        self._lock = Lock()

    def send(self, exchange: str, messages: Sequence[tuple[str, RawMessage]]) -> None:
        """Publish messages, each with its routing key; on a broken connection once more on a new one.

        Raises:
            OSError, amqp.AMQPError, kombu.exceptions.OperationalError: the broker is away.
        """
        with self._lock:
            try:
                self._publish(exchange, messages)
            except BROKER_FAULTS:
                self._drop()
                self._publish(exchange, messages)

    def _publish(self, exchange: str, messages: Sequence[tuple[str, RawMessage]]) -> None:
        if self._channel is None:
            self._connection.ensure_connection(max_retries=1, timeout=3)
            self._channel = self._connection.channel()
        with in_one_write(self._connection.connection):
            for routing_key, message in messages:
                # Not Channel.basic_publish: it looks for what the broker sent before each message.
                self._channel.send_method(
                    spec.Basic.Publish, "Bssbb", (0, exchange, routing_key, False, False), message
                )

    def _drop(self) -> None:
        self._channel = None
        self._connection.collect(socket_timeout=1)


class RpcConsumer(rpc.RpcConsumer):  # type: ignore[misc]
    """Nameko's RPC listener on our consumer and reply channel."""

    def __init__(self, **options: Any) -> None:
        """Make a listener; `options` as for Nameko's."""
        super().__init__(**options)
        self._publisher = ReplyPublisher(config.get(AMQP_URI_CONFIG_KEY))
        self._answered = Lots(self._send_replies)

    def consumer_cls(self, *args: Any, **kwargs: Any) -> DrainingConsumer:
        """Make the consumer (Nameko calls this where it would name the class)."""
        return DrainingConsumer(*args, grace=settings().grace, on_unreadable=self.set_aside, **kwargs)

    def handle_message(self, body: Any, message: Message) -> None:
        """Hand a request to its entrypoint; set aside what is no request."""
        if not message.properties.get("reply_to"):
            self.set_aside(message, "no reply_to")
        elif not isinstance(body, dict) or not isinstance(body.get("kwargs"), dict):
            self.set_aside(message, "no kwargs")
        else:
            super().handle_message(body, message)

    def set_aside(self, message: Message, reason: str) -> None:
        """Move a message to the dead letters of this service."""
        log.error("rpc.unreadable", reason=reason, routing_key=message.delivery_info.get("routing_key"))
        copy = RawMessage(
            message.body,
            content_type=message.content_type or "application/octet-stream",
            delivery_mode=2,
            application_headers={
                "x-reason": reason,
                "x-routing-key": message.delivery_info.get("routing_key"),
            },
        )
        try:
            self._publisher.send("", [(dead_queue(self.container.service_name).name, copy)])
        except BROKER_FAULTS as fault:
            log.warning("rpc.not_set_aside", fault=repr(fault))
            return
        self.consumer.ack_message(message)

    def handle_result(self, message: Message, result: Any, exc_info: Any) -> tuple[Any, Any]:
        """Send the reply and settle the request; a broker that is away costs the reply only."""
        outcome = result if isinstance(result, Outcome) else Outcome.of(result, exc_info)
        reply = RawMessage(
            as_reply(outcome),
            content_type="application/json",
            content_encoding="utf-8",
            correlation_id=message.properties.get("correlation_id"),
            delivery_mode=TRANSIENT,
            application_headers={REPLAYED_HEADER: True} if outcome.replayed else {},
        )
        self._answered.put(Answered(message, reply))
        return outcome.body, None

    def _send_replies(self, answered: Sequence[Answered]) -> None:
        """Send replies and settle their requests, with one write for each."""
        replies = [(each.request.properties["reply_to"], each.reply) for each in answered]
        try:
            self._publisher.send(rpc.get_rpc_exchange().name, replies)
        except BROKER_FAULTS as fault:
            log.warning("rpc.reply_lost", fault=repr(fault), replies=len(replies))
        self.consumer.ack_messages([each.request for each in answered])


def as_reply(outcome: Outcome) -> bytes:
    """Return the reply's body; a result without a JSON form is our fault and must not end the process."""
    try:
        return wire.dumps(outcome.to_wire()).encode()
    except (TypeError, ValueError):
        log.exception("rpc.not_json")
        return wire.dumps(Outcome(error=Unexpected()).to_wire()).encode()


class Rpc(rpc.Rpc):  # type: ignore[misc]
    """Nameko's RPC entrypoint on our listener."""

    rpc_consumer = RpcConsumer()

    def handle_message(self, body: Mapping[str, Any], message: Message) -> None:
        """Run the method in a worker, without a thread of its own while a worker is free."""
        kwargs = body["kwargs"]
        if set(kwargs) - {"request"}:
            kwargs = {"request": kwargs}
        spawn = partial(self._spawn, message, {"request": kwargs.get("request", {})})
        if self.container.worker_is_free():
            spawn()
        else:
            self.container.spawn_managed_thread(spawn, identifier="rpc.wait_for_worker")

    def _spawn(self, message: Message, kwargs: Mapping[str, Any]) -> None:
        context = decode_from_headers(message.headers, prefix=HEADER_PREFIX)
        stack = context.get(CALL_ID_STACK_CONTEXT_KEY)
        # Nameko joins the stack where an exception ends the process.
        context[CALL_ID_STACK_CONTEXT_KEY] = (
            [id_ for id_ in stack if isinstance(id_, str)] if isinstance(stack, list) else []
        )
        try:
            self.container.spawn_worker(
                self,
                (),
                kwargs,
                context_data=context,
                handle_result=partial(self.handle_result, message),
            )
        except ContainerBeingKilled:
            self.rpc_consumer.consumer.requeue_message(message)


entrypoint = Rpc.decorator
