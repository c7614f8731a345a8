"""Doing in lots what many ask for at the same time: each write to a socket wakes somebody, which costs more than
what is written.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from time import sleep
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Lots(Generic[T]):
    """Takes things one by one and hands them on in lots, in the order they came.

    Nobody waits for a thread of its own: the one who puts something in while nobody is handing on does it, after
    those who are ready too had their turn.
    """

    def __init__(self, hand_on: Callable[[list[T]], None]) -> None:
        """Hand on to `hand_on`, which sees to its own faults."""
        self._hand_on = hand_on
        self._waiting: deque[T] = deque()
        self._turn = Lock()

    def put(self, each: T) -> None:
        """Take something; it has been handed on when this returns, or another thread is about to."""
        self._waiting.append(each)
        # Asked again after each turn: who found the turn taken relied on it.
        while self._waiting and self._turn.acquire(blocking=False):
            try:
                sleep(0)
                self._hand_on([self._waiting.popleft() for _ in range(len(self._waiting))])
            finally:
                self._turn.release()


@contextmanager
def in_one_write(connection: Any) -> Iterator[None]:
    """Write what the block puts on an AMQP connection in one go at its end.

    The block may not wait for anything, and the caller sees to it that nobody else writes to the connection.

    Raises:
        OSError: the connection is broken.
    """
    transport = connection.transport
    write, frames = transport._write, []
    transport._write = lambda frame: frames.append(bytes(frame))
    try:
        yield
    finally:
        transport._write = write
    if frames:
        transport.write(b"".join(frames))
