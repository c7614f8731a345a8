"""Quarters of a year, as `2026-Q3`."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

FORM = re.compile(r"(20\d{2})-Q([1-4])\Z")
MONTHS = 3


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a year."""

    year: int
    number: int

    @classmethod
    def of(cls, text: str) -> "Quarter":
        """Read a quarter.

        Raises:
            ValueError: it is none.
        """
        found = FORM.match(text)
        if found is None:
            raise ValueError(text)
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        """Return the quarter as it is written."""
        return f"{self.year}-Q{self.number}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, MONTHS * (self.number - 1) + 1, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        following = date(self.year + self.number // 4, MONTHS * (self.number % 4) + 1, 1)
        return following - timedelta(days=1)

    @property
    def before(self) -> "Quarter":
        """The quarter before."""
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)


def quarter_of(day: date) -> Quarter:
    """Return the quarter of a date."""
    return Quarter(day.year, (day.month - 1) // MONTHS + 1)
