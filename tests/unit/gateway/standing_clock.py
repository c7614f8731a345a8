"""Time as the gateway's streams take it, in the hands of a test."""


class StandingClock:
    """Stands in for the module `time`: it stands until it is moved."""

    now = 1000.0

    def monotonic(self) -> float:
        """Return the seconds."""
        return self.now

    def time(self) -> float:
        """Return the seconds as unix time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds
