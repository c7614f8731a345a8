"""What is dear to work out and asked for by many at once: worked out once, and kept for some seconds."""

from collections.abc import Callable, Hashable
from threading import Lock
from time import monotonic
from typing import Any, Generic, TypeVar

T = TypeVar("T")
MOST = 200


class Kept(Generic[T]):
    """Answers of one process by key; who asks while one is worked out waits for it."""

    def __init__(self, *, seconds: float) -> None:
        """Keep each answer so many seconds of real time."""
        self._seconds = seconds
        self._locks: dict[Hashable, Any] = {}
        self._answers: dict[Hashable, tuple[float, T]] = {}

    def get(self, key: Hashable, work_out: Callable[[], T], *, keep: Callable[[T], bool]) -> T:
        """Return the answer of a key, worked out now unless one is kept.

        Args:
            key: what is asked.
            work_out: gives the answer; what it raises is raised to this caller alone.
            keep: tells of an answer whether it is kept.
        """
        if len(self._answers) > MOST:
            self._answers.clear()
            self._locks.clear()
        with self._locks.setdefault(key, Lock()):
            at, answer = self._answers.get(key, (0.0, None))
            if answer is not None and monotonic() - at < self._seconds:
                return answer
            made = work_out()
            if keep(made):
                self._answers[key] = (monotonic(), made)
            return made
