"""How much one client may ask for: rates by the package `limits`, open streams by count.

Counted in memory that the workers of a machine share, so the figure holds whatever worker answers.
"""

import math
import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from gateway.http.counters import SharedCounters
from gateway.http.problems import Problem
from gateway.settings import Settings
from services.chassis import personal
from services.chassis.clock import real_now

STREAM_LAPSE_S = 20.0
RETRY_AFTER_S = 5
# Who has all places taken waits so long for one; so many more may wait in a worker for each place.
TURN_S, TRY_EVERY_S, WAITING = 3.0, 0.05, 4
MOST_WORKERS = 64
SLOT_VARIABLE = "GATEWAY_SLOT"


class SharedStorage(Storage):
    """The package's view of the shared counters."""

    STORAGE_SCHEME = ["hall-shared"]  # noqa: RUF012 - the package's own declaration

    def __init__(self, counters: SharedCounters) -> None:
        """Wrap the counters."""
        super().__init__()
        self._counters = counters

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        """Return what may go wrong: reading or locking the file."""
        return OSError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count and return the count."""
        return self._counters.add(key, amount, lapse_s=expiry)[0]

    def get(self, key: str) -> int:
        """Return the count."""
        return self._counters.get(key)[0]

    def get_expiry(self, key: str) -> float:
        """Return when the window ends, in unix seconds."""
        return self._counters.get(key)[1]

    def check(self) -> bool:
        """Tell whether the storage works; memory does."""
        return True

    def reset(self) -> int | None:
        """Forget everything."""
        self._counters.clear()
        return None

    def clear(self, key: str) -> None:
        """Forget one key."""
        self._counters.remove(key)


@dataclass(frozen=True)
class Budget:
    """A rate with a name that keeps its counts apart from others."""

    name: str
    rate: RateLimitItem


def client_calls(quota: int) -> Budget:
    """Return the budget of a machine client, which has so many calls a minute."""
    return Budget("client", RateLimitItemPerMinute(quota))


def too_many(detail: str, *, retry_after: int) -> Problem:
    """Return the 429 that tells when to come again, in seconds."""
    return Problem(429, "too_many_requests", detail, headers={"Retry-After": str(max(1, retry_after))})


class Limits:
    """The gateway's budgets."""

    def __init__(self, settings: Settings, counters: SharedCounters) -> None:
        """Read the budgets from the settings."""
        self._storage = SharedStorage(counters)
        self._limiter = FixedWindowRateLimiter(self._storage)
        self.changes = Budget("changes", RateLimitItemPerMinute(settings.changes))
        self.reads = Budget("reads", RateLimitItemPerMinute(settings.reads))
        self.pages = Budget("pages", RateLimitItemPerMinute(settings.pages))
        self.assets = Budget("assets", RateLimitItemPerMinute(settings.assets))
        self.codes_drawn = Budget("qr", RateLimitItemPerMinute(settings.codes_drawn))
        self.codes = Budget("codes", RateLimitItemPerMinute(settings.one_time_codes))
        self.kiosk_searches = Budget("kiosk-searches", RateLimitItemPerMinute(settings.kiosk_searches))
        self.wrong_lookups = Budget("wrong-lookups", RateLimitItemPerMinute(settings.wrong_lookups))
        self.sign_ins_per_address = Budget(
            "sign-ins-address", RateLimitItemPerMinute(settings.sign_ins_per_address)
        )
        self.token_calls = Budget("token", RateLimitItemPerSecond(settings.token_calls_per_second))

    def spend(self, budget: Budget, subject: str) -> None:
        """Count one use by a subject: an address, a phone number, an account.

        Raises:
            Problem: 429 with Retry-After; the use is not granted.
        """
        if self._limiter.hit(budget.rate, budget.name, subject):
            return
        ends = self._limiter.get_window_stats(budget.rate, budget.name, subject).reset_time
        wait = math.ceil(ends - real_now().timestamp())
        raise too_many(f"The limit is {budget.rate}.", retry_after=wait)

    def give_back(self, budget: Budget, subject: str) -> None:
        """Take a use back that is not to count, as a guess that was right."""
        key = budget.rate.key_for(budget.name, subject)
        if self._storage.get(key) > 0:
            self._storage.incr(key, budget.rate.get_expiry(), -1)


class StreamLimits:
    """Counts what is open at once by subject, as streams and questions for figures, over all workers of the machine.

    Each worker keeps its own count under its slot and renews it; the counts of one that died lapse.
    """

    def __init__(self, counters: SharedCounters, *, workers: int) -> None:
        """Count in `counters`, for twice as many slots as workers: a reload runs old and new side by side."""
        self._counters = counters
        self._slots = range(min(MOST_WORKERS, workers * 2))
        self._slot = int(os.environ.get(SLOT_VARIABLE, "0"))
        self._own: dict[str, int] = {}
        self._waiting: Counter[str] = Counter()
        self._lock = Lock()

    def open(self, subject: str, *, most: int) -> None:
        """Count a stream that opens.

        Raises:
            Problem: 429, the subject has `most` streams open.
        """
        with self._lock:
            elsewhere = sum(
                self._counters.get(_stream_key(subject, slot))[0]
                for slot in self._slots
                if slot != self._slot
            )
            if elsewhere + self._own.get(subject, 0) >= most:
                raise too_many(f"The limit is {most} at once.", retry_after=RETRY_AFTER_S)
            self._own[subject] = self._own.get(subject, 0) + 1
            self._tell(subject)

    def close(self, subject: str) -> None:
        """Count a stream that ended."""
        with self._lock:
            left = self._own.get(subject, 0) - 1
            if left > 0:
                self._own[subject] = left
                self._tell(subject)
            else:
                self._own.pop(subject, None)
                self._counters.remove(_stream_key(subject, self._slot))

    @contextmanager
    def turn(self, subject: str, *, most: int) -> Iterator[None]:
        """Hold one of a subject's places, waiting a moment for it.

        Raises:
            Problem: 429, no place became free, or too many wait for one.
        """
        self._wait_open(subject, most=most)
        try:
            yield
        finally:
            self.close(subject)

    def _wait_open(self, subject: str, *, most: int) -> None:
        deadline = time.monotonic() + TURN_S
        waiting = self._waiting[subject] = self._waiting[subject] + 1
        try:
            while True:
                try:
                    return self.open(subject, most=most)
                except Problem:
                    if waiting > WAITING * most or time.monotonic() > deadline:
                        raise
                time.sleep(TRY_EVERY_S)
        finally:
            self._waiting[subject] -= 1
            if not self._waiting[subject]:
                del self._waiting[subject]

    def renew(self) -> None:
        """Keep this worker's counts from lapsing; call it more often than every 20 s."""
        with self._lock:
            for subject in self._own:
                self._tell(subject)

    def _tell(self, subject: str) -> None:
        self._counters.put(_stream_key(subject, self._slot), self._own[subject], lapse_s=STREAM_LAPSE_S)


def plain_number(phone: str) -> str:
    """Return a phone number as limits count it: another spelling is not another phone."""
    return personal.phone_number(phone)


def _stream_key(subject: str, slot: int) -> str:
    return f"streams/{slot}/{subject}"
