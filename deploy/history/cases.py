"""The rows of a day: which item, at what time, due and decided when. All is drawn from the seed of its day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deploy.hall.hours import Timetable
from deploy.history import figures
from deploy.history.plan import Day, Weights, working_days

COLUMNS = ("number", "item", "accepted_at", "due_on", "decided_at", "origin")
ORIGINS = ("walk_in", "phone", "extended", "on_site")

Record = Mapping[str, Any]
Whole = NDArray[np.int64]

_MINUTE, _HOUR = 60, 3600
_TAIL = 1.1  # exponent of the long tail of items within a department
_BUSY = (
    (9, 0.8),
    (9.5, 1.2),
    (10, 1.4),
    (11, 1.1),
    (11.5, 0.6),
    (14, 0.9),
    (14.5, 1.2),
    (15, 1.3),
    (16.5, 0.9),
)
_OPEN = ((9.0, 12.0), (14.0, 17.75))
_EXTENDED = ((12.0, 14.0), (17.75, 19.5))
_SATURDAY_MORNING = ((9.0, 12.0),)
_TIMES = [
    f"{second // _HOUR:02d}:{second // _MINUTE % 60:02d}:{second % 60:02d}" for second in range(24 * _HOUR)
]


@dataclass(frozen=True)
class Offer:
    """The items of a date, how often each is asked for, and for whom the three services are."""

    codes: list[str]
    limits: Whole
    weights: Weights
    served: Weights


class Items:
    """The hall's items with made-up popularity: departments by assumption, a long tail within each."""

    def __init__(self, items: Sequence[Record], departments: Sequence[Record], *, seed: int) -> None:
        """Read the rows of items.csv and departments.csv as dicts."""
        self._items = sorted(items, key=lambda item: str(item["code"]))
        self._offering = {row["code"] for row in departments if row["offers_three_services"]}
        self._weights = self._popularity(np.random.default_rng([seed, 607]))
        self._offers: dict[int, Offer] = {}

    def _popularity(self, chance: np.random.Generator) -> Weights:
        groups: dict[str, list[int]] = {}
        for n, item in enumerate(self._items):
            groups.setdefault(item["department"], []).append(n)
        rest = (1 - sum(figures.DEPARTMENTS.values())) / max(1, len(groups) - len(figures.DEPARTMENTS))
        weights = np.zeros(len(self._items))
        for department, members in sorted(groups.items()):
            ranks = chance.permutation(len(members)) + 1
            tail = ranks.astype(np.float64) ** -_TAIL
            weights[members] = figures.DEPARTMENTS.get(department, rest) * tail / tail.sum()
        return weights

    def on(self, day: date) -> Offer:
        """Return what is offered on a date."""
        chosen = [
            n for n, item in enumerate(self._items) if date.fromisoformat(item["effective_from"]) <= day
        ]
        if len(chosen) not in self._offers:
            weights = self._weights[chosen]
            offering = [self._items[n]["department"] in self._offering for n in chosen]
            self._offers[len(chosen)] = Offer(
                codes=[self._items[n]["code"] for n in chosen],
                limits=np.array([int(self._items[n]["time_limit_days"]) for n in chosen]),
                weights=_cumulative(weights),
                served=_cumulative(weights * offering),
            )
        return self._offers[len(chosen)]


class Rows:
    """Makes the lines of cases.csv."""

    def __init__(self, timetable: Timetable, items: Items, *, seed: int) -> None:
        """Use a calendar and items; the same seed gives the same rows."""
        self._items, self._seed = items, seed
        last = figures.ENDS + timedelta(days=120)
        self._days = working_days(timetable, figures.OPENED, last)
        self._index = {day: n for n, day in enumerate(self._days)}
        self._texts = [day.isoformat() for day in self._days]
        self._known = sum(day <= figures.ENDS for day in self._days)
        noon = datetime(2011, 6, 1, 12, tzinfo=timetable.zone)
        self._offset = noon.isoformat()[-6:]

    def of(self, day: Day, *, first: int) -> Iterator[str]:
        """Yield a day's lines in the order of acceptance.

        Args:
            day: what the plan says.
            first: the serial of its first case within the year.
        """
        chance = np.random.default_rng([self._seed, day.date.toordinal()])
        offer = self._items.on(day.date)
        counts = (day.walk_in, day.phone, day.extended, day.on_site)
        origins = np.repeat(np.arange(len(ORIGINS)), counts)
        seconds = np.concatenate(
            [_seconds(chance, count, hours) for count, hours in zip(counts, self._hours(day), strict=True)]
        )
        order = np.argsort(seconds, kind="stable")
        origins, seconds = origins[order], seconds[order]
        items = np.where(
            origins == 0,
            np.searchsorted(offer.weights, chance.random(len(order))),
            np.searchsorted(offer.served, chance.random(len(order))),
        )
        due, decided, decided_s = self._decided(chance, day.date, seconds, offer.limits[items])
        return self._lines(day.date, first, offer, (items, seconds, due, decided, decided_s, origins))

    def _hours(self, day: Day) -> tuple[tuple[tuple[float, float], ...], ...]:
        extended = _EXTENDED if day.date in self._index else _SATURDAY_MORNING
        return (_OPEN, _OPEN, extended, _OPEN)

    def _decided(
        self, chance: np.random.Generator, day: date, seconds: Whole, limits: Whole
    ) -> tuple[Whole, Whole, Whole]:
        """Return due day, day of decision (-1: not yet) and its time, as places in the list of working days.

        The day of acceptance is -2 where it is no working day; a limit counts from it all the same.
        """
        own = self._index.get(day)
        before = own if own is not None else sum(each < day for each in self._days) - 1
        lasted = np.floor(limits * chance.beta(2.2, 1.8, len(limits))).astype(np.int64)
        same_day = lasted == 0
        today = np.int64(-2 if own is None else own)
        due = np.where(limits == 0, today, before + limits)
        decided = np.where(same_day, today, before + lasted)
        at = np.where(
            same_day, seconds + chance.integers(300, 1500, len(limits)), _seconds(chance, len(limits), _OPEN)
        )
        return due, np.where(decided >= self._known, -1, decided), at

    def _lines(
        self, day: date, first: int, offer: Offer, columns: tuple[Whole, Whole, Whole, Whole, Whole, Whole]
    ) -> Iterator[str]:
        today, offset, codes, times = day.isoformat(), self._offset, offer.codes, _TIMES
        # Places -1 and -2 of the list stand for "not yet" and for a day of acceptance that is no working day.
        days = [*self._texts, today, ""]
        number = f"{day.year}-"
        rows = zip(*(column.tolist() for column in columns), strict=True)
        for serial, (item, second, due, decided, decided_s, origin) in enumerate(rows, first):
            told = f"{days[decided]}T{times[decided_s]}{offset}" if decided != -1 else ""
            yield (
                f"{number}{serial:07d},{codes[item]},{today}T{times[second]}{offset},{days[due]},{told},"
                f"{ORIGINS[origin]}\n"
            )


def _cumulative(weights: Weights) -> Weights:
    sums = np.cumsum(weights)
    return np.asarray(sums / sums[-1], dtype=np.float64)


def _seconds(chance: np.random.Generator, count: int, hours: Sequence[tuple[float, float]]) -> Whole:
    """Draw seconds of the day within some hours, more of them when the hall is busy."""
    minutes = np.concatenate(
        [np.arange(round(opens * _MINUTE), round(closes * _MINUTE)) for opens, closes in hours]
    )
    busy = np.interp(minutes / _MINUTE, [at for at, _ in _BUSY], [level for _, level in _BUSY])
    chosen = minutes[np.searchsorted(_cumulative(busy), chance.random(count))]
    return np.asarray(chosen * _MINUTE + chance.integers(0, _MINUTE, count), dtype=np.int64)
