"""What is dear to work out and the same for everybody: worked out once for all who ask within some seconds."""

import time
from collections.abc import Callable
from functools import partial
from threading import Lock
from typing import Generic, NoReturn, TypeVar

T = TypeVar("T")


class Fresh(Generic[T]):
    """An answer, or a fault, that is kept for a while; who asks while it is worked out waits for it and asks nobody."""

    def __init__(self, ask: Callable[[], T], *, keep_s: float) -> None:
        """Keep the answers of `ask` for `keep_s` seconds each."""
        self._ask, self._keep_s = ask, keep_s
        self._lock = Lock()
        self._until = float("-inf")
        self._kept: Callable[[], T] = ask

    def get(self) -> T:
        """Return the answer; raises what asking for it raised."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._kept = _outcome(self._ask)
                self._until = time.monotonic() + self._keep_s
            return self._kept()


def _outcome(ask: Callable[[], T]) -> Callable[[], T]:
    try:
        answer = ask()
    except Exception as fault:  # whatever it is, all who waited for the answer get it
        return partial(_raise, fault)
    return lambda: answer


def _raise(fault: Exception) -> NoReturn:
    raise fault
