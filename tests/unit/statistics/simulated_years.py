"""Years of daily counts of a hall's items, made up, with changes whose place is known.

An item has a mean from a long tail, a trend, a season that is no sum of harmonics, weekdays, busy days after a holiday
and quiet ones before, and days that are more unequal than chance makes them; on top come days on which all of the hall
is busier or quieter. A change is put on what the item would have had.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from services.statistics.anomalies.detection.calendar import traits
from services.statistics.facts.domain.workdays import PUBLISHED

Counts = NDArray[np.int64]

KINDS = ("doubling", "half_more", "spike", "halving", "stop", "ramp")
CASES_A_DAY = 4500
TAIL = 1.5
RAMP_DAYS = 20
SPIKE = 4.0
FACTORS = {"doubling": 2.0, "half_more": 1.5, "halving": 0.5, "stop": 0.0}


@dataclass(frozen=True)
class Change:
    """A change of an item: its kind, and the place of its first day among the days."""

    item: int
    kind: str
    first: int

    def factors(self, days: int) -> NDArray[np.float64]:
        """Return by what the change multiplies the means of all days."""
        since = np.arange(days) - self.first
        if self.kind == "spike":
            return np.where(since == 0, SPIKE, 1.0)
        if self.kind == "ramp":
            return 1 + np.clip((since + 1) / RAMP_DAYS, 0, 1)
        return np.where(since >= 0, FACTORS[self.kind], 1.0)


@dataclass(frozen=True, kw_only=True)
class Years:
    """The counts: a row an item, a column a working day; with the mean of each item and its dispersion."""

    days: Sequence[date]
    counts: Counts
    means: NDArray[np.float64]
    dispersions: NDArray[np.float64]
    changes: Sequence[Change] = field(default=())


def working_days(last: date, number: int) -> list[date]:
    """Return so many working days up to one."""
    found: list[date] = []
    day = last
    while len(found) < number:
        if PUBLISHED.is_working(day):
            found.append(day)
        day -= timedelta(days=1)
    return found[::-1]


def simulate(
    days: Sequence[date],
    *,
    seed: int,
    items: int = 607,
    a_day: float = CASES_A_DAY,
    changes: Sequence[Change] = (),
) -> Years:
    """Make the counts of some items on some days.

    Args:
        days: working days.
        seed: the same seed gives the same hall; a change alters nothing but its item.
        items: how many.
        a_day: cases a day of all items.
        changes: known changes.
    """
    hall = np.random.default_rng(seed)
    means = hall.lognormal(0, TAIL, items)
    means *= a_day / means.sum()
    busy = hall.normal(1, 0.04, len(days)).clip(0.8, 1.2)
    by_item = {each.item: each for each in changes}
    course = _Course.of(days)
    rows, dispersions = [], []
    for nth, mean in enumerate(means):
        own = np.random.default_rng((seed, nth))
        expected = mean * course.shape(own) * busy
        dispersion = 1 + own.uniform(0, 0.6) + 0.008 * mean
        if nth in by_item:
            expected = expected * by_item[nth].factors(len(days))
        rows.append(_drawn(own, expected, dispersion))
        dispersions.append(dispersion)
    return Years(
        days=days,
        counts=np.array(rows),
        means=means,
        dispersions=np.array(dispersions),
        changes=tuple(changes),
    )


@dataclass(frozen=True)
class _Course:
    """What the days have in common for all items."""

    weekday: Counts
    month: NDArray[np.float64]
    year: NDArray[np.float64]
    beside_holiday: NDArray[np.bool_]

    @classmethod
    def of(cls, days: Sequence[date]) -> "_Course":
        """Look at each day once."""
        return cls(
            np.array([day.weekday() for day in days]),
            np.array([(day.timetuple().tm_yday - 1) / 366 * 12 for day in days]),
            np.array([(day - days[-1]).days / 365.25 for day in days]),
            np.array([traits(day)[-2:] for day in days], dtype=bool).T,
        )

    def shape(self, own: np.random.Generator) -> NDArray[np.float64]:
        """Return by how much each day of an item differs from its mean day."""
        weekdays = np.append(1 + own.uniform(-0.2, 0.2, 5), [0.5, 0.5])
        months = np.exp(own.normal(0, 0.15) * np.cos(2 * np.pi * (np.arange(13) - own.uniform(0, 12)) / 12))
        months[int(own.integers(0, 12))] *= own.uniform(1, 1.3)
        months[12] = months[0]
        grown = np.exp(own.normal(0.03, 0.1) * self.year)
        after, before = own.uniform(1.1, 1.4), own.uniform(0.7, 0.95)
        beside = np.where(self.beside_holiday[0], after, 1) * np.where(self.beside_holiday[1], before, 1)
        shape: NDArray[np.float64] = (
            weekdays[self.weekday] * np.interp(self.month, np.arange(13), months) * grown * beside
        )
        return shape / shape.mean()


def _drawn(own: np.random.Generator, expected: NDArray[np.float64], dispersion: float) -> Counts:
    """Draw counts whose variance is so many times their mean."""
    size = np.maximum(expected, 1e-9) / (dispersion - 1)
    drawn: Counts = own.negative_binomial(size, 1 / dispersion)
    return drawn
