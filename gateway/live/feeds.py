"""A feed: the topics of one kind that somebody follows.

Events touch topics; those whose time has come are asked for together and handed to all who watch.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import inf
from typing import Any

from gateway.live import metrics
from gateway.live.streams import KEPT_ENTRIES, Content, Stream, Topic
from services.chassis.bus import BusError, RemoteProblem
from services.chassis.logs import get_logger

logger = get_logger()

SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 5.0
RETRY_PAUSE_S = 1.0
STALE_AFTER_S = 30.0
STALE_LOOK_S = 5.0
TURN_S = 0.005
# Ticketing answers about so many topics at once.
MOST_AT_ONCE = 100

Fetch = Callable[[Sequence[str]], Iterable[Content]]


@dataclass(frozen=True)
class Kind:
    """What is particular to the topics of a feed.

    Args:
        event: the name of their server-sent events.
        name_of: gives the name of a topic from its content.
        keys_of: gives what touches it.
        touched: gives from an event's data the keys that are asked for soon, and those that can wait.
        soon_s: seconds from the last look at a topic to the next at least.
        later_s: gives from a topic's content how many seconds those can wait.
        rest: how many times as long as the answers took the feed waits before it asks again.
        kept: how many snapshots of a topic are kept for who comes back.
        lives_s: seconds for which a topic is kept that nobody watches any more.
    """

    event: str
    name_of: Callable[[Content], str]
    keys_of: Callable[[Content], Iterable[str]]
    touched: Callable[[Mapping[str, Any]], tuple[Iterable[str], Iterable[str]]]
    soon_s: float
    later_s: Callable[[Content], float]
    rest: float = 0.0
    kept: int = KEPT_ENTRIES
    lives_s: float = 300.0


class Feed:
    """Keeps the topics of one kind that are watched."""

    def __init__(self, kind: Kind, fetch: Fetch, *, position: Callable[[], int]) -> None:
        """Prepare; nothing is asked for before somebody watches.

        Args:
            kind: what is followed.
            fetch: asks for the contents of several topics; may leave out what ticketing does not know any more.
            position: gives that of the last event known in this process.
        """
        self._kind, self._fetch, self._position = kind, fetch, position
        self._topics: dict[str, Topic] = {}
        self._touched_by: dict[str, set[Topic]] = {}
        self._lock = threading.Lock()
        self._changed = threading.Event()
        self._stopped = threading.Event()

    def open(
        self,
        name: str,
        find: Callable[[], Content],
        *,
        always_find: bool = False,
        last_position: int | None = None,
        every_s: float = 0.0,
        may_go_on: Callable[[], bool] = lambda: True,
    ) -> Stream:
        """Watch a topic.

        Args:
            name: of the topic.
            find: asks for its content on behalf of who wants to watch; whatever it raises is raised.
            always_find: also when the topic is known here, since not everybody may watch it.
            last_position: the id of the last event the client has seen, if it comes back.
            every_s: seconds between two snapshots at least; 0 for as often as topics are asked for.
            may_go_on: asked before anything is sent; the stream ends when the answer is no.
        """
        topic = None if always_find else self._known(name)
        if topic is None:
            topic = self._found(name, find)
        with topic.lock:
            topic.streams += 1
        metrics.streams_open.inc()
        return Stream(
            topic,
            last_position=last_position,
            every_s=every_s,
            may_go_on=may_go_on,
            on_close=lambda: self._leave(topic),
        )

    def _leave(self, topic: Topic) -> None:
        with topic.lock:
            topic.streams -= 1
            topic.used_at = time.monotonic()
            topic.wake()
        metrics.streams_open.dec()

    def _known(self, name: str) -> Topic | None:
        """Return a topic that is here, so that it is not forgotten before it is watched."""
        with self._lock:
            topic = self._topics.get(name)
            if topic is not None:
                topic.used_at = time.monotonic()
            return topic

    def _found(self, name: str, find: Callable[[], Content]) -> Topic:
        position, content = self._position(), find()
        with self._lock:
            topic = self._topics.setdefault(name, Topic(self._kind.event, name, kept=self._kind.kept))
            topic.used_at = time.monotonic()
        self._show(topic, content, position=position)
        # An event between the question and the entry in the table has touched nothing.
        self._mark([topic])
        return topic

    def _show(self, topic: Topic, content: Content, *, position: int) -> None:
        """Add a snapshot and note what touches the topic from now on."""
        with self._lock:
            self._touch_by(topic, frozenset(self._kind.keys_of(content)))
        topic.add(content, position=position)

    def _touch_by(self, topic: Topic, keys: frozenset[str]) -> None:
        for key in topic.keys - keys:
            self._touched_by[key].discard(topic)
            if not self._touched_by[key]:
                del self._touched_by[key]
        for key in keys - topic.keys:
            self._touched_by.setdefault(key, set()).add(topic)
        topic.keys = keys

    def hear(self, data: Mapping[str, Any]) -> None:
        """Find out what the data of an event touch, and have it asked for when its time has come."""
        soon, later = self._kind.touched(data)
        for topic in self._named(soon):
            self._wait(topic, self._kind.soon_s)
        for topic in self._named(later):
            self._wait(topic, self._kind.later_s(topic.shown))

    def _wait(self, topic: Topic, pause_s: float) -> None:
        topic.due = min(topic.due, topic.asked_at + pause_s)
        self._changed.set()

    def _named(self, keys: Iterable[str]) -> set[Topic]:
        with self._lock:
            return set(chain.from_iterable(self._touched_by.get(key, ()) for key in keys))

    def mark_all(self) -> None:
        """Have everything asked for: some event may have been missed."""
        self._mark(list(self._topics.values()))

    def _mark(self, topics: Iterable[Topic]) -> None:
        for topic in topics:
            topic.due = 0.0
            self._changed.set()

    def refresh_for_ever(self) -> None:
        """Ask for what is due, all at once, twice a second at most; what is watched at times anyway."""
        wait_s = STALE_LOOK_S
        while not self._stopped.is_set():
            self._changed.wait(wait_s)
            self._changed.clear()
            now, living = time.monotonic(), self._living()
            due = [
                topic
                for topic in living
                if topic.due <= now or (topic.streams and now - topic.asked_at > STALE_AFTER_S)
            ]
            if due:
                self._stopped.wait(self._refresh(due))
            next_due = min((topic.due for topic in living), default=inf)
            wait_s = min(STALE_LOOK_S, max(0.0, next_due - time.monotonic()))

    def _refresh(self, topics: Sequence[Topic]) -> float:
        """Take a snapshot of each and return how long to wait before the next ones, in seconds."""
        lots = (topics[first : first + MOST_AT_ONCE] for first in range(0, len(topics), MOST_AT_ONCE))
        return max([self._refresh_lot(lot) for lot in lots])

    def _refresh_lot(self, topics: Sequence[Topic]) -> float:
        position, now = self._position(), time.monotonic()
        for topic in topics:
            topic.due, topic.asked_at = inf, now
        try:
            contents = self._fetch([topic.name for topic in topics])
            found = {self._kind.name_of(content): content for content in contents}
        except (
            BusError,
            RemoteProblem,
            LookupError,
            TypeError,
        ) as exc:  # one loop serves all topics: it goes on
            logger.warning("feed.not_refreshed", topics=[topic.name for topic in topics], reason=repr(exc))
            self._mark(topics)
            metrics.topics_asked_for.labels(self._kind.event, "failed").inc(len(topics))
            return RETRY_PAUSE_S
        took_s = time.monotonic() - now
        for topic in in_turn(topics):
            if topic.name in found:
                self._show(topic, found[topic.name], position=position)
        metrics.topics_asked_for.labels(self._kind.event, "ok").inc(len(topics))
        return min(LONGEST_PAUSE_S, max(SHORTEST_PAUSE_S, self._kind.rest * took_s))

    def _living(self) -> list[Topic]:
        """Return the topics that somebody watches or watched a while ago, and forget the others."""
        with self._lock:
            for topic in list(self._topics.values()):
                if not topic.streams and time.monotonic() - topic.used_at > self._kind.lives_s:
                    del self._topics[topic.name]
                    self._touch_by(topic, frozenset())
            return list(self._topics.values())

    def catch_up(self) -> None:
        """Tell those whose time has come."""
        for topic in in_turn(self._topics.values()):
            topic.catch_up()

    def beat(self) -> None:
        """Let streams send a sign of life that have had nothing to send."""
        for topic in in_turn(self._topics.values()):
            topic.beat()

    def end(self) -> None:
        """End every stream and the refreshing; clients come back to another worker."""
        self._stopped.set()
        self._changed.set()
        for topic in list(self._topics.values()):
            topic.end()


def in_turn(topics: Iterable[Topic]) -> Iterator[Topic]:
    """Give topics one by one, with a moment between for all others: a thousand streams that are woken at once are as
    many that a clerk's answer has to wait for.
    """
    for topic in list(topics):
        yield topic
        if topic.streams > 1:
            time.sleep(TURN_S)
