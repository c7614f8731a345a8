"""The boards, live: events mark a zone as changed, its board is asked for once and handed to all who watch.

A stream keeps no queue of its own but a place in the zone's ring of snapshots. One that reads slowly finds itself
far behind and goes on with the newest: each snapshot is the whole board, so nothing is missed by that.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count, takewhile
from typing import Any
from uuid import uuid4

from gateway import metrics
from gateway.bus import BusError, RemoteProblem
from services.chassis.link import Link
from services.chassis.logs import get_logger

logger = get_logger()

EVENTS_EXCHANGE = "hall.events"
BINDINGS = ("ticketing.ticket.*", "ticketing.window.*", "identity.*.revoked")
# A ticket's own zone, that of the window it is called to, and the one it was transferred from.
ZONE_MEMBERS = ("zone", "window_zone", "from_zone")
SHORTEST_PAUSE_S = 0.5
RETRY_PAUSE_S = 1.0
STALE_AFTER_S = 30.0
KEPT_S = 300.0
KEPT_ENTRIES = 500
FURTHEST_BEHIND = 16
BEAT_S = 5
BEAT = b": beat\n\n"
HELLO = b"retry: 2000\n\n"

Fetch = Callable[[str], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A board as it was, ready to send.

    `turn` counts the zone's snapshots in this process; `position` is that of the last event known before the board
    was asked for, and so the id that means the same in every process.
    """

    turn: int
    position: int
    made_at: float
    content: Mapping[str, Any]
    wire: bytes


def to_wire(board: Mapping[str, Any], *, position: int) -> bytes:
    """Return a board as one server-sent event."""
    text = json.dumps(board, ensure_ascii=False, separators=(",", ":"))
    return f"id: {position}\nevent: board\ndata: {text}\n\n".encode()


class Zone:
    """The last snapshots of one zone's board and those who watch it."""

    def __init__(self, name: str) -> None:
        """Start without a snapshot."""
        self.name = name
        self.changed = threading.Event()
        self.moved = threading.Condition()
        self.ring: deque[Snapshot] = deque(maxlen=KEPT_ENTRIES)
        self.streams = 0
        self.beats = 0
        self.ended = False
        self.used_at = time.monotonic()
        self._turns = count(1)

    def add(self, board: Mapping[str, Any], *, position: int) -> None:
        """Append a snapshot and wake who watches; one that shows nothing new under the same id is left out."""
        now = time.monotonic()
        with self.moved:
            last = self.ring[-1] if self.ring else None
            if last and last.position == position and _same(last.content, board):
                return
            while self.ring and self.ring[0].made_at < now - KEPT_S:
                self.ring.popleft()
            wire = to_wire(board, position=position)
            self.ring.append(Snapshot(next(self._turns), position, now, board, wire))
            self.moved.notify_all()

    def beat(self) -> None:
        """Let every stream send a sign of life."""
        with self.moved:
            self.beats += 1
            self.moved.notify_all()

    def end(self) -> None:
        """Let every stream end."""
        with self.moved:
            self.ended = True
            self.moved.notify_all()

    def since(self, position: int | None) -> list[Snapshot]:
        """Return what a client has to be sent that has seen `position`, at least the newest snapshot."""
        ring = list(self.ring)
        if position is None or not ring or not ring[0].position <= position <= ring[-1].position:
            return ring[-1:]
        return [each for each in ring if each.position > position] or ring[-1:]

    def after(self, turn: int) -> list[Snapshot]:
        """Return the snapshots after a turn, or the newest alone for a reader who is far behind."""
        if not self.ring or self.ring[-1].turn == turn:
            return []
        if self.ring[-1].turn - turn > FURTHEST_BEHIND:
            return [self.ring[-1]]
        newer = list(takewhile(lambda each: each.turn > turn, reversed(self.ring)))
        return newer[::-1]


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return {**one, "as_of": None} == {**other, "as_of": None}


class Stream:
    """One client's view of a zone, as an iterator of bytes; `close` must be called."""

    def __init__(self, zone: Zone, *, last_position: int | None, on_close: Callable[[], None]) -> None:
        """Begin after what the client has seen."""
        self._zone = zone
        self._on_close = on_close
        self._closed = False
        first = zone.since(last_position)
        self._turn = first[-1].turn if first else 0
        self._beats = zone.beats
        self._greeting = HELLO + b"".join(each.wire for each in first)

    def __iter__(self) -> Iterator[bytes]:
        """Return itself."""
        return self

    def __next__(self) -> bytes:
        """Wait for the next snapshot or sign of life."""
        if self._greeting:
            greeting, self._greeting = self._greeting, b""
            return greeting
        zone = self._zone
        with zone.moved:
            while not (zone.ended or self._closed):
                found = zone.after(self._turn)
                if found:
                    self._turn = found[-1].turn
                    return b"".join(each.wire for each in found)
                if zone.beats != self._beats:
                    self._beats = zone.beats
                    return BEAT
                zone.moved.wait()
        raise StopIteration

    def close(self) -> None:
        """Leave the zone; a second call changes nothing."""
        if not self._closed:
            self._closed = True
            self._on_close()


class Boards:
    """Hears the events and keeps the boards of the zones that are watched."""

    def __init__(
        self,
        amqp_uri: str,
        *,
        hall: str,
        fetch: Fetch,
        on_identity_event: Callable[[str, Mapping[str, Any]], None],
        on_beat: Callable[[], None],
    ) -> None:
        """Prepare; nothing connects before `start`.

        Args:
            amqp_uri: where the broker is.
            hall: events of other halls on the same broker are not ours.
            fetch: asks ticketing for a zone's board.
            on_identity_event: given type and data of what identity revoked.
            on_beat: called every few seconds.
        """
        self.position = 0
        self.retired: Callable[[], bool] = lambda: False
        self._hall = hall
        self._fetch = fetch
        self._on_identity_event = on_identity_event
        self._on_beat = on_beat
        self._zones: dict[str, Zone] = {}
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._link = Link(amqp_uri, name="hall-gateway-live", on_up=self._listen, on_down=lambda: None)

    def start(self) -> None:
        """Connect and begin to beat."""
        self._link.start()
        threading.Thread(target=self._beat_for_ever, name="boards-beat", daemon=True).start()

    def stop(self) -> None:
        """End every stream and the connection."""
        self.end_streams()
        self._link.stop()

    def end_streams(self) -> None:
        """End every stream; their clients come back to another worker."""
        self._stopped.set()
        for zone in list(self._zones.values()):
            zone.end()

    def open(self, name: str, *, last_position: int | None) -> Stream:
        """Watch a zone.

        Args:
            name: the zone's code.
            last_position: the id of the last event the client has seen, if it comes back.

        Raises:
            RemoteProblem: ticketing knows no such zone.
            gateway.bus.BusError: the board is not known here and ticketing does not answer.
        """
        zone = self._zone(name)
        with zone.moved:
            zone.streams += 1
        metrics.streams_open.inc()
        return Stream(zone, last_position=last_position, on_close=lambda: self._leave(zone))

    def _leave(self, zone: Zone) -> None:
        with zone.moved:
            zone.streams -= 1
            zone.used_at = time.monotonic()
            zone.moved.notify_all()
        metrics.streams_open.dec()

    def _zone(self, name: str) -> Zone:
        zone = self._zones.get(name)
        if zone is not None:
            zone.used_at = time.monotonic()
            return zone
        zone = Zone(name)
        self._take_snapshot(zone)
        with self._lock:
            kept = self._zones.setdefault(name, zone)
        if kept is zone:
            # An event between the snapshot and the entry in the table marked nothing.
            zone.changed.set()
            threading.Thread(
                target=self._refresh_for_ever, args=(zone,), name=f"board-{name}", daemon=True
            ).start()
        return kept

    def _take_snapshot(self, zone: Zone) -> None:
        position = self.position
        zone.add(self._fetch(zone.name), position=position)

    def _refresh_for_ever(self, zone: Zone) -> None:
        """Ask for the board after a change, twice a second at most, until nobody has watched for a while."""
        while not self._stopped.is_set():
            changed = zone.changed.wait(STALE_AFTER_S)
            if self._forget_if_idle(zone):
                return
            if changed or zone.streams:
                zone.changed.clear()
                self._stopped.wait(self._refresh(zone))

    def _refresh(self, zone: Zone) -> float:
        """Take a snapshot and return how long to wait before the next, in seconds."""
        try:
            self._take_snapshot(zone)
        except (BusError, RemoteProblem) as exc:
            metrics.board_refreshes.labels(zone.name, "failed").inc()
            logger.warning("board.not_refreshed", zone=zone.name, reason=repr(exc))
            zone.changed.set()
            return RETRY_PAUSE_S
        metrics.board_refreshes.labels(zone.name, "ok").inc()
        return SHORTEST_PAUSE_S

    def _forget_if_idle(self, zone: Zone) -> bool:
        with self._lock, zone.moved:
            if zone.streams or time.monotonic() - zone.used_at < KEPT_S:
                return False
            self._zones.pop(zone.name, None)
            return True

    def _beat_for_ever(self) -> None:
        for second in count(1):
            if self._stopped.wait(1.0):
                return
            if self.retired():
                self.end_streams()
            elif second % BEAT_S == 0:
                self._on_beat()
                for zone in list(self._zones.values()):
                    zone.beat()

    def _listen(self, channel: Any) -> None:
        """Hear events on a queue of this connection, and take every board as changed: some may have been missed."""
        queue = f"gateway.live-{uuid4()}"
        channel.exchange_declare(EVENTS_EXCHANGE, "topic", durable=True, auto_delete=False)
        channel.queue_declare(queue, exclusive=True, auto_delete=True, durable=False)
        for routing_key in BINDINGS:
            channel.queue_bind(queue, EVENTS_EXCHANGE, routing_key)
        channel.basic_consume(queue, no_ack=True, callback=self._on_message)
        for zone in list(self._zones.values()):
            zone.changed.set()

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
        for member in ZONE_MEMBERS:
            zone = self._zones.get(event["data"].get(member) or "")
            if zone is not None:
                zone.changed.set()
