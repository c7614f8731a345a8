"""Looks for counts of whole days, or of some days together, that are not to be expected.

The days of a week are all compared with one regression, fitted to the days before that week less a guard of two weeks:
so a change does not become what is expected before it is found, and a date gives the same findings whenever it is
examined. Doublings of few cases a day show only after several days, so each subject is looked at over windows of 1 to
20 working days; the smallest probability counts, times the number of windows (Bonferroni). Of the tests of a date those
are believed that Benjamini and Hochberg's procedure believes, with weights: what has few cases, and in which next to
nothing could be found, gets less of the false alarms that are allowed (Genovese, C. R., Roeder, K. and Wasserman, L.
(2006), "False discovery control with p-value weighting", Biometrika 93, 509-524).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.statistics.anomalies.detection import tails
from services.statistics.anomalies.detection.baseline import Baseline, fit
from services.statistics.anomalies.detection.calendar import calendar_of, design

Numbers = NDArray[np.float64]

WINDOWS = (1, 2, 3, 5, 10, 20)
GUARD_DAYS = 10
LEAST_DAYS = 60
MOST_DAYS = 750
# Most expected share of false ones among a date's findings. While nothing is the matter, it is about the chance of a
# false alarm a day; `make evaluate-detection` measures what comes of it.
RATES = {"item": 0.1, "department": 0.02}
# From so many expected cases in three days on a test has its full weight.
FULL_WEIGHT_CASES, SHARED_DAYS, LEAST_WEIGHT = 30.0, 3, 0.1
# What was found goes on while it is this unlikely, and is over after so many working days without.
GOES_ON = 0.01
OVER_AFTER_DAYS = 10
SHOWN_DAYS = 60
SHOWN_LEVEL = 0.001
METHOD = "farrington-flexible"
YEAR_BEFORE, AROUND, LEAST_AROUND = timedelta(days=364), timedelta(days=14), 5
SMALLEST = 1e-300

Known = dict[tuple[str, str, str], int]


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What is counted: its kind, code and department, its counts by working day, and the place of its first case."""

    kind: str
    code: str
    department: str | None
    counts: Numbers
    first: int


@dataclass(frozen=True, kw_only=True)
class Looks:
    """All tests of a date: a row a window, a column a subject."""

    means: Numbers
    variances: Numbers
    fewer: Numbers
    more: Numbers

    def best(self, column: int, direction: str, longest: int) -> tuple[int, float]:
        """Return the row of the most unlikely window up to a length, and how unlikely it makes the whole."""
        side = self.more if direction == "rise" else self.fewer
        allowed = sum(each <= longest for each in WINDOWS)
        row = int(np.argmin(side[:allowed, column])) if allowed else 0
        chance = side[row, column] if allowed else 1.0
        return row, min(1.0, 2 * len(WINDOWS) * float(chance))


class Days:
    """The counts of a hall by working day, and what was found in them so far."""

    def __init__(self, message: Mapping[str, Any]) -> None:
        """Read counts and known findings in their wire form (`caller.py` describes it)."""
        told = [date.fromisoformat(each) for each in message["days"]]
        calendar = calendar_of(message)
        kept = [nth for nth, day in enumerate(told) if calendar.is_working(day)]
        self.days = [told[nth] for nth in kept]
        self.place = {day: nth for nth, day in enumerate(self.days)}
        self.subjects = [_subject(each, kept) for each in message["subjects"]]
        traits, season, years = design(self.days, calendar) if self.days else (np.empty((0, 0)),) * 3
        self.rows = np.hstack([np.ones((len(self.days), 1)), traits, season, years])
        self.known: Known = {}
        for each in message["known"]:
            seen = self.place.get(date.fromisoformat(each["seen_on"]), -1)
            self.known[each["kind"], each["subject"], each["direction"]] = seen

    def examine(self, dates: Sequence[date]) -> Iterator[Mapping[str, Any]]:
        """Give what is found on some dates, one line each: findings, what goes on, and at its end the date itself."""
        places = sorted(self.place[day] for day in dates if day in self.place)
        for _, of_week in groupby(places, key=lambda nth: self.days[nth].isocalendar()[:2]):
            week = list(of_week)
            models = self._models(self._monday(week[0]))
            for nth in week:
                yield from self._examine(nth, models)
                yield {"examined": self.days[nth].isoformat(), "subjects": len(models)}

    def _monday(self, nth: int) -> int:
        """Return the place of the first working day in the week of a day."""
        week = self.days[nth].isocalendar()[:2]
        while nth > 0 and self.days[nth - 1].isocalendar()[:2] == week:
            nth -= 1
        return nth

    def _models(self, monday: int) -> list[tuple[Subject, Baseline]]:
        until = monday - GUARD_DAYS
        models = []
        for each in self.subjects:
            since = max(each.first, until - MOST_DAYS)
            if until - since >= LEAST_DAYS:
                models.append((each, fit(self.rows[since:until], each.counts[since:until])))
        return models

    def _examine(self, nth: int, models: list[tuple[Subject, Baseline]]) -> Iterator[Mapping[str, Any]]:
        looks = self._look(nth, models)
        for kind, rate in RATES.items():
            columns = [place for place, (each, _) in enumerate(models) if each.kind == kind]
            yield from self._believe(nth, models, looks, columns, rate)

    def _look(self, nth: int, models: list[tuple[Subject, Baseline]]) -> Looks:
        shape = (len(WINDOWS), len(models))
        means, variances, seen = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        for row, window in enumerate(WINDOWS):
            span = slice(max(nth - window + 1, 0), nth + 1)
            rows = self.rows[span]
            for column, (subject, model) in enumerate(models):
                means[row, column], variances[row, column] = model.total(rows)
                seen[row, column] = subject.counts[span].sum()
        fewer, more = tails.tails(seen, means=means, variances=variances)
        return Looks(means=means, variances=variances, fewer=fewer, more=more)

    def _believe(
        self,
        nth: int,
        models: list[tuple[Subject, Baseline]],
        looks: Looks,
        columns: Sequence[int],
        rate: float,
    ) -> Iterator[Mapping[str, Any]]:
        """Tell those of one kind apart: what goes on, what is new and believed."""
        weights = _weights(looks.means[WINDOWS.index(SHARED_DAYS), columns])
        chances, candidates = [], []
        for column, weight in zip(columns, weights, strict=True):
            subject = models[column][0]
            direction, row, chance, goes_on = self._judge(nth, subject, looks, column)
            if goes_on and chance <= GOES_ON:
                self.known[subject.kind, subject.code, direction] = nth
                yield {
                    "goes_on": {**_named(subject), "direction": direction, "on": self.days[nth].isoformat()}
                }
            chances.append(1.0 if goes_on else chance / weight)
            candidates.append((column, direction, row, chance, weight))
        for place in tails.discoveries(chances, rate=rate):
            column, direction, row, chance, weight = candidates[place]
            subject, model = models[column]
            self.known[subject.kind, subject.code, direction] = nth
            level = rate * weight / len(columns) / 2 / len(WINDOWS)
            looked = looks.means[row, column], looks.variances[row, column]
            yield {
                "finding": self._finding(nth, subject, model, direction, WINDOWS[row], chance, level, looked)
            }

    def _judge(self, nth: int, subject: Subject, looks: Looks, column: int) -> tuple[str, int, float, bool]:
        """Return direction, window and probability of what is most unlikely, and whether it was found before.

        Days that a finding rested on do not count for another: windows begin after it.
        """
        judged = []
        for direction in ("rise", "drop"):
            seen = self.known.get((subject.kind, subject.code, direction))
            longest = nth - subject.first if seen is None else nth - seen
            row, chance = looks.best(column, direction, longest)
            goes_on = seen is not None and nth - seen <= OVER_AFTER_DAYS
            judged.append((direction, row, chance, goes_on))
        return min(judged, key=lambda each: each[2])

    def _finding(
        self,
        nth: int,
        subject: Subject,
        model: Baseline,
        direction: str,
        window: int,
        chance: float,
        level: float,
        looked: tuple[float, float],
    ) -> Mapping[str, Any]:
        mean, variance = looked
        lower, upper = tails.bounds(level, means=np.array([mean]), variances=np.array([variance]))
        return {
            **_named(subject),
            "direction": direction,
            "business_date": self.days[nth].isoformat(),
            "since": self.days[nth - window + 1].isoformat(),
            "window_days": window,
            "observed": float(subject.counts[nth - window + 1 : nth + 1].sum()),
            "expected": mean,
            "lower": float(lower[0]),
            "upper": float(upper[0]),
            "chance": chance,
            "score": float(-np.log10(max(chance, SMALLEST))),
            "method": METHOD,
            "last_year": self._last_year(nth, subject),
            "series": self._series(nth, subject, model),
        }

    def _last_year(self, nth: int, subject: Subject) -> float | None:
        """Return the mean of a working day in the four weeks around this date a year before."""
        middle = self.days[nth] - YEAR_BEFORE
        around = [
            place
            for place, day in enumerate(self.days)
            if place >= subject.first and abs(day - middle) <= AROUND
        ]
        return float(subject.counts[around].mean()) if len(around) >= LEAST_AROUND else None

    def _series(self, nth: int, subject: Subject, model: Baseline) -> Sequence[Mapping[str, Any]]:
        span = range(max(nth - SHOWN_DAYS + 1, subject.first), nth + 1)
        means, variances = np.array([model.total(self.rows[each : each + 1]) for each in span]).T
        lower, upper = tails.bounds(SHOWN_LEVEL, means=means, variances=variances)
        return [
            {
                "at": self.days[each].isoformat(),
                "observed": float(subject.counts[each]),
                "expected": round(float(mean), 2),
                "lower": float(low),
                "upper": float(high),
            }
            for each, mean, low, high in zip(span, means, lower, upper, strict=True)
        ]


def _subject(told: Mapping[str, Any], kept: Sequence[int]) -> Subject:
    counts = np.asarray(told["counts"], dtype=float)[kept]
    with_cases = np.nonzero(counts)[0]
    first = int(with_cases[0]) if len(with_cases) else len(counts)
    return Subject(
        kind=told["kind"], code=told["subject"], department=told["department"], counts=counts, first=first
    )


def _named(subject: Subject) -> dict[str, Any]:
    return {"kind": subject.kind, "subject": subject.code, "department": subject.department}


def _weights(expected: Numbers) -> Numbers:
    """Return weights of mean 1, by the cases expected in three days."""
    weights = np.clip(expected / FULL_WEIGHT_CASES, LEAST_WEIGHT, 1.0)
    scaled: Numbers = weights / weights.mean() if len(weights) else weights
    return scaled
