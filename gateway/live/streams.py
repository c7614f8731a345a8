"""What a stream of server-sent events is made of: snapshots in a ring, and those who are told of them.

A stream keeps no queue of its own but a place in its topic's ring of snapshots. One that reads slowly finds itself
far behind and goes on with the newest: each snapshot is the whole of what is shown, so nothing is missed by that. For
the same reason a stream may ask to be told less often; it then gets the newest when its time has come.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count, takewhile
from math import inf
from typing import Any

# A little before its time counts as in time: those who are told each second are told by a clock that ticks each second.
EARLY_S = 0.2
# Who comes back later gets what is shown then; a board's announcements cover two minutes.
KEPT_S = 60.0
KEPT_ENTRIES = 120
FURTHEST_BEHIND = 16
BEAT_S = 5
BEAT = b": beat\n\n"
HELLO = b"retry: 2000\n\n"

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a topic showed, ready to send.

    `turn` counts the topic's snapshots in this process; `position` is that of the last event known before its content
    was asked for, and so the id that means the same in every process.
    """

    turn: int
    position: int
    made_at: float
    wire: bytes


def to_wire(event: str, content: Content, *, position: int) -> bytes:
    """Return a topic's content as one server-sent event of this name."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return f"id: {position}\nevent: {event}\ndata: {text}\n\n".encode()


class Audience:
    """Those streams of a topic that are told of changes equally often."""

    def __init__(self, lock: threading.Lock, *, every_s: float) -> None:
        """Begin with nobody.

        Args:
            lock: the topic's.
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


class Topic:
    """What one board or desk showed lately, and those who watch it.

    `due` is the moment from which its content is to be asked for again, `keys` are what touches it.
    """

    def __init__(self, event: str, name: str, *, kept: int = KEPT_ENTRIES) -> None:
        """Start without a snapshot; its events are called `event`, and so many snapshots are kept at most."""
        self.name = name
        self.due = inf
        self.keys: frozenset[str] = frozenset()
        self.shown: Content = {}
        self._event = event
        self.lock = threading.Lock()
        self.ring: deque[Snapshot] = deque(maxlen=kept)
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

    def add(self, content: Content, *, position: int) -> None:
        """Append a snapshot and wake who watches; one that shows nothing new is left out."""
        now = time.monotonic()
        with self.lock:
            if self.ring and _same(self.shown, content):
                return
            self.shown = content
            while self.ring and self.ring[0].made_at < now - KEPT_S:
                self.ring.popleft()
            wire = to_wire(self._event, content, position=position)
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
    """One client's view of a topic, as an iterator of bytes; `close` must be called."""

    def __init__(
        self,
        topic: Topic,
        *,
        last_position: int | None,
        on_close: Callable[[], None],
        every_s: float = 0.0,
        may_go_on: Callable[[], bool] = lambda: True,
    ) -> None:
        """Begin after what the client has seen; ends when it may not go on."""
        self._topic = topic
        self._audience = topic.audience(every_s)
        self._may_go_on = may_go_on
        self._on_close = on_close
        self._closed = False
        first = topic.since(last_position)
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
        topic, audience = self._topic, self._audience
        with audience.moved:
            while not (topic.ended or self._closed) and self._may_go_on():
                if audience.told > self._turn:
                    return self._news()
                if audience.beats != self._beats:
                    self._beats = audience.beats
                    return BEAT
                audience.moved.wait()
        raise StopIteration

    def _news(self) -> bytes:
        """Return what came since; to those who are told less often the newest alone."""
        found = self._topic.after(self._turn)
        self._turn = found[-1].turn
        return b"".join(each.wire for each in (found[-1:] if self._audience.every_s else found))

    def close(self) -> None:
        """Leave the topic; a second call changes nothing."""
        if not self._closed:
            self._closed = True
            self._on_close()
