"""What is dear to work out and the same for everybody: worked out once for all who ask within some seconds."""

import time
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Fresh(Generic[T]):
    """An answer that is kept for a while; who asks while it is worked out waits for it and asks nobody."""

    def __init__(self, ask: Callable[[], T], *, keep_s: float) -> None:
        """Keep the answers of `ask` for `keep_s` seconds each."""
        self._ask, self._keep_s = ask, keep_s
        self._lock = Lock()
        self._kept: tuple[float, T] | None = None

    def get(self) -> T:
        """Return the answer."""
        with self._lock:
            if self._kept is None or time.monotonic() - self._kept[0] >= self._keep_s:
                answer = self._ask()
                self._kept = (time.monotonic(), answer)
            return self._kept[1]
