"""How often something may be tried."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil


@dataclass(frozen=True, kw_only=True)
class Limit:
    """At most `most` attempts of a kind within `window`."""

    scope: str
    most: int
    window: timedelta

    def retry_after(self, oldest_that_counts: datetime, at: datetime) -> int:
        """Return in how many seconds the next attempt is allowed.

        Args:
            oldest_that_counts: the attempt that has to leave the window first.
            at: now.
        """
        return max(1, ceil((oldest_that_counts + self.window - at).total_seconds()))


@dataclass(frozen=True, kw_only=True)
class Delay:
    """A wait that doubles with each failure beyond the `free` ones, from `first` up to `longest`.

    Failures count for `window`.
    """

    scope: str
    free: int
    window: timedelta
    first: timedelta
    longest: timedelta

    def retry_after(self, failures: int, last: datetime, at: datetime) -> int:
        """Return in how many seconds the next attempt is allowed; 0 when it is allowed now.

        Args:
            failures: how many there were within the window.
            last: when the newest was.
            at: now.
        """
        if failures < self.free:
            return 0
        doublings = min(failures - self.free, 20)
        grown: timedelta = self.first * 2**doublings
        wait = min(grown, self.longest, self.window)
        return max(0, ceil((last + wait - at).total_seconds()))


QUARTER_HOUR = timedelta(minutes=15)
# Wrong passwords of an account from an address. Where the account has signed in before the wait stays short: visitors
# may share the hall's address, and are not to shut the staff out.
BY_PAIR = Delay(scope="pair", free=10, window=QUARTER_HOUR, first=timedelta(seconds=15), longest=QUARTER_HOUR)
BY_PAIR_TRUSTED = Delay(
    scope="pair", free=10, window=QUARTER_HOUR, first=timedelta(seconds=2), longest=timedelta(seconds=15)
)
# Wrong passwords from an address whatever the account, for accounts that have not signed in there.
BY_ADDRESS = Delay(
    scope="address", free=10, window=QUARTER_HOUR, first=timedelta(seconds=15), longest=timedelta(minutes=2)
)
# Wrong passwords of an account from anywhere it has not signed in: so many come from many addresses, and shut those.
BY_USERNAME = Limit(scope="username", most=100, window=QUARTER_HOUR)
ENROLMENTS = Limit(scope="enrolment", most=10, window=QUARTER_HOUR)
SETUPS = Limit(scope="setup", most=10, window=QUARTER_HOUR)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONGEST_WINDOW = DAY


def codes_of_phone(*, hour: int, day: int) -> tuple[Limit, ...]:
    """Return how many one-time codes a phone gets."""
    return _by_hour_and_day("code", hour, day)


def codes_of_address(*, hour: int, day: int) -> tuple[Limit, ...]:
    """Return how many one-time codes are asked for from an address, for whatever phones."""
    return _by_hour_and_day("code_address", hour, day)


def codes_of_hall(*, hour: int, day: int) -> tuple[Limit, ...]:
    """Return how many one-time codes the hall sends in all."""
    return _by_hour_and_day("code_hall", hour, day)


def _by_hour_and_day(scope: str, hour: int, day: int) -> tuple[Limit, ...]:
    return Limit(scope=scope, most=hour, window=HOUR), Limit(scope=scope, most=day, window=DAY)


# An address from which an account signed in within this time is not shut to it by the mistakes of others there: the
# whole hall may stand behind one address.
TRUSTED_FOR = timedelta(days=30)
