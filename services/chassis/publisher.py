"""Confirmed publishing of many messages at once, for the relay and the replay of dead letters."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any

from amqp import Message, spec
from kombu import Connection

from services.chassis.lots import in_one_write

PERSISTENT = 2
SLICE = 1.0


class NotConfirmed(Exception):
    """The broker did not confirm all messages of a batch in time."""


@dataclass(frozen=True)
class Outgoing:
    """A message to publish."""

    exchange: str
    routing_key: str
    body: str


class ConfirmingPublisher:
    """One connection and channel in confirm mode, kept between batches."""

    def __init__(self, amqp_uri: str, *, timeout: float = 10.0) -> None:
        """Connect when first used.

        Args:
            amqp_uri: the broker.
            timeout: seconds until an unconfirmed batch counts as failed. A broker under a memory alarm takes no
                message and answers nothing, so this is what keeps the publisher from hanging.
        """
        self._connection = Connection(amqp_uri, heartbeat=10, connect_timeout=5)
        self._timeout = timeout
        self._channel: Any = None
        self._open: set[int] = set()
        self._refused = False
        self._tag = 0

    def publish(self, messages: Sequence[Outgoing]) -> None:
        """Publish messages in order and return when the broker has confirmed each.

        Raises:
            NotConfirmed: not all were confirmed in time; some may have been taken.
            OSError, amqp.AMQPError: the connection failed.
        """
        try:
            self._publish(messages)
        except BaseException:
            self.close()
            raise

    def _publish(self, messages: Sequence[Outgoing]) -> None:
        channel = self._channel or self._open_channel()
        connection = self._connection.connection
        with connection.transport.having_timeout(self._timeout), in_one_write(connection):
            for message in messages:
                self._tag += 1
                self._open.add(self._tag)
                channel.send_method(
                    spec.Basic.Publish,
                    "Bssbb",
                    (0, message.exchange, message.routing_key, False, False),
                    Message(message.body, content_type="application/json", delivery_mode=PERSISTENT),
                )
        deadline = monotonic() + self._timeout
        while self._open and not self._refused:
            left = deadline - monotonic()
            if left <= 0:
                break
            # In slices, because py-amqp begins its timeout anew with each heartbeat that comes in.
            with suppress(TimeoutError):
                self._connection.drain_events(timeout=min(left, SLICE))
        if self._open or self._refused:
            raise NotConfirmed(f"{len(self._open)} of {len(messages)} messages are not confirmed")

    def heartbeat(self) -> None:
        """Keep an idle connection alive.

        Raises:
            OSError, amqp.AMQPError: the connection is dead.
        """
        if self._channel is None:
            return
        try:
            self._connection.drain_events(timeout=0.001)
        except TimeoutError:
            pass
        except BaseException:
            self.close()
            raise
        self._connection.heartbeat_check()

    def _open_channel(self) -> Any:
        self._open.clear()
        self._refused, self._tag = False, 0
        self._connection.ensure_connection(max_retries=1)
        self._channel = channel = self._connection.channel()
        channel.confirm_select()
        channel.events["basic_ack"].add(self._confirmed)
        channel.events["basic_nack"].add(self._nacked)
        return channel

    def _confirmed(self, tag: int, multiple: bool) -> None:
        if multiple:
            self._open = {open_tag for open_tag in self._open if open_tag > tag}
        else:
            self._open.discard(tag)

    def _nacked(self, *_: object) -> None:
        self._refused = True

    def close(self) -> None:
        """Drop the connection; the next batch makes a new one."""
        self._channel = None
        self._connection.collect(socket_timeout=1)
