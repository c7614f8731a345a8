"""Boards and desks, live: events touch them, and what they show is handed to all who watch."""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any
from uuid import uuid4

from gateway.live.boards import BOARDS
from gateway.live.desks import DESKS
from gateway.live.feeds import Feed, Fetch
from gateway.live.streams import BEAT_S
from services.chassis.link import Link
from services.chassis.logs import get_logger

logger = get_logger()

EVENTS_EXCHANGE = "hall.events"
BINDINGS = ("ticketing.ticket.*", "ticketing.window.*", "identity.*.revoked", "identity.role.published")


class Live:
    """Hears the events and keeps the feeds."""

    def __init__(
        self,
        amqp_uri: str,
        *,
        hall: str,
        fetch_boards: Fetch,
        fetch_desks: Fetch,
        on_identity_event: Callable[[str, Mapping[str, Any]], None],
        on_beat: Callable[[], None],
    ) -> None:
        """Prepare; nothing connects before `start`.

        Args:
            amqp_uri: where the broker is.
            hall: events of other halls on the same broker are not ours.
            fetch_boards: asks for the boards of several zones.
            fetch_desks: asks for the desks of several windows.
            on_identity_event: given type and data of what identity revoked, or of a role that is new or has changed.
            on_beat: called every few seconds.
        """
        self.position = 0
        self.retired: Callable[[], bool] = lambda: False
        self.boards = Feed(BOARDS, fetch_boards, position=lambda: self.position)
        self.desks = Feed(DESKS, fetch_desks, position=lambda: self.position)
        self._feeds: Sequence[Feed] = (self.boards, self.desks)
        self._hall = hall
        self._on_identity_event = on_identity_event
        self._on_beat = on_beat
        self._stopped = threading.Event()
        self._link = Link(amqp_uri, name="hall-gateway-live", on_up=self._listen, on_down=lambda: None)

    def start(self) -> None:
        """Connect and begin to refresh and to beat."""
        self._link.start()
        for work in (*(feed.refresh_for_ever for feed in self._feeds), self._beat_for_ever):
            threading.Thread(target=work, name=f"live-{work.__name__}", daemon=True).start()

    def stop(self) -> None:
        """End every stream and the connection."""
        self.end_streams()
        self._link.stop()

    def end_streams(self) -> None:
        """End every stream; their clients come back to another worker."""
        self._stopped.set()
        for feed in self._feeds:
            feed.end()

    def _beat_for_ever(self) -> None:
        for second in count(1):
            if self._stopped.wait(1.0):
                return
            if self.retired():
                self.end_streams()
                continue
            for feed in self._feeds:
                feed.catch_up()
            if second % BEAT_S == 0:
                self._on_beat()
                for feed in self._feeds:
                    feed.beat()

    def _listen(self, channel: Any) -> None:
        """Hear events on a queue of this connection, and have everything asked for: some may have been missed."""
        queue = f"gateway.live-{uuid4()}"
        channel.exchange_declare(EVENTS_EXCHANGE, "topic", durable=True, auto_delete=False)
        channel.queue_declare(queue, exclusive=True, auto_delete=True, durable=False)
        for routing_key in BINDINGS:
            channel.queue_bind(queue, EVENTS_EXCHANGE, routing_key)
        channel.basic_consume(queue, no_ack=True, callback=self._on_message)
        for feed in self._feeds:
            feed.mark_all()

    def _on_message(self, message: Any) -> None:
        try:
            event = json.loads(message.body)
            self._hear(event["type"], event)
        except (ValueError, KeyError, TypeError, AttributeError) as exc:
            logger.warning("event.unreadable", reason=repr(exc))

    def _hear(self, kind: str, event: Mapping[str, Any]) -> None:
        if event.get("hall") not in (None, self._hall):
            return
        if kind.startswith("identity."):
            self._on_identity_event(kind, event["data"])
            return
        self.position = max(self.position, int(event.get("position") or 0))
        for feed in self._feeds:
            feed.hear(event["data"])
