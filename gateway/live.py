"""The boards, live: events mark zones as changed, their boards are asked for together and handed to all who watch.

A stream keeps no queue of its own but a place in the zone's ring of snapshots. One that reads slowly finds itself
far behind and goes on with the newest: each snapshot is the whole board, so nothing is missed by that. For the same
reason a stream may ask to be told less often; it then gets the newest when its time has come.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
STALE_LOOK_S = 5.0
# A little before its time counts as in time: those who are told each second are told by a clock that ticks each second.
EARLY_S = 0.2
# Who comes back later gets the present board, whose announcements cover two minutes.
KEPT_S = 60.0
KEPT_ENTRIES = 120
FURTHEST_BEHIND = 16
WATCHED_LATELY_S = 300.0
BEAT_S = 5
TURN_S = 0.005
BEAT = b": beat\n\n"
HELLO = b"retry: 2000\n\n"

Board = Mapping[str, Any]
Find = Callable[[str], Board]
Fetch = Callable[[Sequence[str]], Iterable[Board]]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A board as it was, ready to send.

    `turn` counts the zone's snapshots in this process; `position` is that of the last event known before the board
    was asked for, and so the id that means the same in every process.
    """

    turn: int
    position: int
    made_at: float
    wire: bytes


def to_wire(board: Mapping[str, Any], *, position: int) -> bytes:
    """Return a board as one server-sent event."""
    text = json.dumps(board, ensure_ascii=False, separators=(",", ":"))
    return f"id: {position}\nevent: board\ndata: {text}\n\n".encode()


class Audience:
    """Those streams of a zone that are told of changes equally often."""

    def __init__(self, lock: threading.Lock, *, every_s: float) -> None:
        """Begin with nobody.

        Args:
            lock: the zone's.
            every_s: seconds between two snapshots at least.
        """
        self.every_s = every_s
        self.moved = threading.Condition(lock)
        self.told = self.beats = 0
        self._told_at = float("-inf")

    def tell(self, turn: int, now: float) -> None:
        """Let the streams send a snapshot once its time has come; the lock is held."""
        if turn > self.told and now - self._told_at >= self.every_s - EARLY_S:
            self.told, self._told_at = turn, now
            self.moved.notify_all()

    def beat(self, now: float) -> None:
        """Let the streams send a sign of life, unless they have just sent news; the lock is held."""
        if now - self._told_at >= BEAT_S:
            self.beats += 1
            self.moved.notify_all()


class Zone:
    """The last snapshots of one zone's board and those who watch it."""

    def __init__(self, name: str) -> None:
        """Start without a snapshot."""
        self.name = name
        self.changed = False
        self.lock = threading.Lock()
        self.ring: deque[Snapshot] = deque(maxlen=KEPT_ENTRIES)
        self._shown: Board = {}
        self.streams = 0
        self.ended = False
        self.used_at = self.asked_at = time.monotonic()
        self._audiences: dict[float, Audience] = {}
        self._turns = count(1)

    def audience(self, every_s: float) -> Audience:
        """Return those who are told so often."""
        with self.lock:
            if every_s not in self._audiences:
                self._audiences[every_s] = Audience(self.lock, every_s=every_s)
            return self._audiences[every_s]

    def add(self, board: Board, *, position: int) -> None:
        """Append a snapshot and wake who watches; one that shows nothing new under the same id is left out."""
        now = time.monotonic()
        with self.lock:
            last = self.ring[-1] if self.ring else None
            if last and last.position == position and _same(self._shown, board):
                return
            self._shown = board
            while self.ring and self.ring[0].made_at < now - KEPT_S:
                self.ring.popleft()
            wire = to_wire(board, position=position)
            self.ring.append(Snapshot(next(self._turns), position, now, wire))
            self._tell(now)

    def catch_up(self) -> None:
        """Tell those whose time has come since the last snapshot."""
        with self.lock:
            self._tell(time.monotonic())

    def _tell(self, now: float) -> None:
        if self.ring:
            for audience in self._audiences.values():
                audience.tell(self.ring[-1].turn, now)

    def beat(self) -> None:
        """Let every stream send a sign of life that has had nothing to send."""
        now = time.monotonic()
        with self.lock:
            for audience in self._audiences.values():
                audience.beat(now)

    def end(self) -> None:
        """Let every stream end."""
        with self.lock:
            self.ended = True
            self.wake()

    def wake(self) -> None:
        """Let every stream look around; the lock is held."""
        for audience in self._audiences.values():
            audience.moved.notify_all()

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

    def __init__(
        self, zone: Zone, *, last_position: int | None, every_s: float, on_close: Callable[[], None]
    ) -> None:
        """Begin after what the client has seen."""
        self._zone = zone
        self._audience = zone.audience(every_s)
        self._on_close = on_close
        self._closed = False
        first = zone.since(last_position)
        self._turn = first[-1].turn if first else 0
        self._beats = self._audience.beats
        self._greeting = HELLO + b"".join(each.wire for each in first)

    def __iter__(self) -> Iterator[bytes]:
        """Return itself."""
        return self

    def __next__(self) -> bytes:
        """Wait for the next snapshot or sign of life."""
        if self._greeting:
            greeting, self._greeting = self._greeting, b""
            return greeting
        zone, audience = self._zone, self._audience
        with audience.moved:
            while not (zone.ended or self._closed):
                if audience.told > self._turn:
                    return self._news()
                if audience.beats != self._beats:
                    self._beats = audience.beats
                    return BEAT
                audience.moved.wait()
        raise StopIteration

    def _news(self) -> bytes:
        """Return what came since; to those who are told less often the newest alone."""
        found = self._zone.after(self._turn)
        self._turn = found[-1].turn
        return b"".join(each.wire for each in (found[-1:] if self._audience.every_s else found))

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
        find: Find,
        fetch: Fetch,
        on_identity_event: Callable[[str, Mapping[str, Any]], None],
        on_beat: Callable[[], None],
    ) -> None:
        """Prepare; nothing connects before `start`.

        Args:
            amqp_uri: where the broker is.
            hall: events of other halls on the same broker are not ours.
            find: asks ticketing for a zone's board.
            fetch: asks for those of several zones; may leave out what ticketing does not know any more.
            on_identity_event: given type and data of what identity revoked.
            on_beat: called every few seconds.
        """
        self.position = 0
        self.retired: Callable[[], bool] = lambda: False
        self._hall = hall
        self._find, self._fetch = find, fetch
        self._on_identity_event = on_identity_event
        self._on_beat = on_beat
        self._zones: dict[str, Zone] = {}
        self._lock = threading.Lock()
        self._changed = threading.Event()
        self._stopped = threading.Event()
        self._link = Link(amqp_uri, name="hall-gateway-live", on_up=self._listen, on_down=lambda: None)

    def start(self) -> None:
        """Connect and begin to refresh and to beat."""
        self._link.start()
        for work in (self._refresh_for_ever, self._beat_for_ever):
            threading.Thread(target=work, name=f"boards-{work.__name__}", daemon=True).start()

    def stop(self) -> None:
        """End every stream and the connection."""
        self.end_streams()
        self._link.stop()

    def end_streams(self) -> None:
        """End every stream; their clients come back to another worker."""
        self._stopped.set()
        self._changed.set()
        for zone in list(self._zones.values()):
            zone.end()

    def open(self, name: str, *, last_position: int | None, every_s: float = 0.0) -> Stream:
        """Watch a zone.

        Args:
            name: the zone's code.
            last_position: the id of the last event the client has seen, if it comes back.
            every_s: seconds between two snapshots at least; 0 for as often as boards are asked for.

        Raises:
            RemoteProblem: ticketing knows no such zone.
            gateway.bus.BusError: the board is not known here and ticketing does not answer.
        """
        zone = self._zone(name)
        with zone.lock:
            zone.streams += 1
        metrics.streams_open.inc()
        return Stream(zone, last_position=last_position, every_s=every_s, on_close=lambda: self._leave(zone))

    def _leave(self, zone: Zone) -> None:
        with zone.lock:
            zone.streams -= 1
            zone.used_at = time.monotonic()
            zone.wake()
        metrics.streams_open.dec()

    def _zone(self, name: str) -> Zone:
        zone = self._zones.get(name)
        if zone is not None:
            zone.used_at = time.monotonic()
            return zone
        zone, position = Zone(name), self.position
        zone.add(self._find(name), position=position)
        with self._lock:
            kept = self._zones.setdefault(name, zone)
        # An event between the snapshot and the entry in the table marked nothing.
        self._mark([kept])
        return kept

    def _mark(self, zones: Iterable[Zone]) -> None:
        for zone in zones:
            zone.changed = True
        self._changed.set()

    def _refresh_for_ever(self) -> None:
        """Ask for the boards that have changed, all at once, twice a second at most; a watched one at times anyway."""
        while not self._stopped.is_set():
            self._changed.wait(STALE_LOOK_S)
            self._changed.clear()
            now = time.monotonic()
            due = [
                zone
                for zone in self._living()
                if zone.changed or (zone.streams and now - zone.asked_at > STALE_AFTER_S)
            ]
            if due:
                self._stopped.wait(self._refresh(due))

    def _refresh(self, zones: Sequence[Zone]) -> float:
        """Take a snapshot of each and return how long to wait before the next ones, in seconds."""
        position, now = self.position, time.monotonic()
        for zone in zones:
            zone.changed, zone.asked_at = False, now
        try:
            found = {board["zone"]: board for board in self._fetch([zone.name for zone in zones])}
        except (
            BusError,
            RemoteProblem,
            LookupError,
            TypeError,
        ) as exc:  # one loop serves all zones: it goes on
            logger.warning("board.not_refreshed", zones=[zone.name for zone in zones], reason=repr(exc))
            self._mark(zones)
            _count(zones, "failed")
            return RETRY_PAUSE_S
        for zone in _in_turn(zones):
            if zone.name in found:
                zone.add(found[zone.name], position=position)
        _count(zones, "ok")
        return SHORTEST_PAUSE_S

    def _living(self) -> list[Zone]:
        """Return the zones that somebody watches or watched a while ago, and forget the others."""
        with self._lock:
            for zone in list(self._zones.values()):
                if not zone.streams and time.monotonic() - zone.used_at > WATCHED_LATELY_S:
                    del self._zones[zone.name]
            return list(self._zones.values())

    def _beat_for_ever(self) -> None:
        for second in count(1):
            if self._stopped.wait(1.0):
                return
            if self.retired():
                self.end_streams()
                continue
            for zone in _in_turn(self._zones.values()):
                zone.catch_up()
            if second % BEAT_S == 0:
                self._on_beat()
                for zone in _in_turn(self._zones.values()):
                    zone.beat()

    def _listen(self, channel: Any) -> None:
        """Hear events on a queue of this connection, and take every board as changed: some may have been missed."""
        queue = f"gateway.live-{uuid4()}"
        channel.exchange_declare(EVENTS_EXCHANGE, "topic", durable=True, auto_delete=False)
        channel.queue_declare(queue, exclusive=True, auto_delete=True, durable=False)
        for routing_key in BINDINGS:
            channel.queue_bind(queue, EVENTS_EXCHANGE, routing_key)
        channel.basic_consume(queue, no_ack=True, callback=self._on_message)
        self._mark(list(self._zones.values()))

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
        named = (self._zones.get(event["data"].get(member) or "") for member in ZONE_MEMBERS)
        if concerned := [zone for zone in named if zone is not None]:
            self._mark(concerned)


def _in_turn(zones: Iterable[Zone]) -> Iterator[Zone]:
    """Give zones one by one, with a moment between for all others: a thousand streams that are woken at once are as
    many that a clerk's answer has to wait for.
    """
    for zone in list(zones):
        yield zone
        time.sleep(TURN_S)


def _count(zones: Iterable[Zone], outcome: str) -> None:
    for zone in zones:
        metrics.board_refreshes.labels(zone.name, outcome).inc()
