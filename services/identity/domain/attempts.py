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


QUARTER_HOUR = timedelta(minutes=15)
BY_USERNAME = Limit(scope="username", most=10, window=QUARTER_HOUR)
BY_ADDRESS = Limit(scope="address", most=10, window=QUARTER_HOUR)
ENROLMENTS = Limit(scope="enrolment", most=10, window=QUARTER_HOUR)
CODES_BY_PHONE = Limit(scope="code", most=5, window=timedelta(hours=1))
LONGEST_WINDOW = timedelta(hours=1)

# An address from which an account signed in within this time is not shut to it by the mistakes of others there: the
# whole hall may stand behind one address.
TRUSTED_FOR = timedelta(days=30)
