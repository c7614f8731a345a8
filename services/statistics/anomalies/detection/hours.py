"""Follows the hours of the running day and tells when they leave the usual course.

Two charts of each department's hours: cumulative sums, which see a shift that stays (Page, E. S. (1954), "Continuous
inspection schemes", Biometrika 41, 100-115), and the exponentially weighted mean, which sees one that comes slowly
(Roberts, S. W. (1959), "Control chart tests based on geometric moving averages", Technometrics 1, 239-250).

Hours of one day are alike: a busy department is busy all day. So scores are divided by how much more the sum of a past
day's scores varies than that of unrelated hours would.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from services.statistics.anomalies.detection import tails
from services.statistics.anomalies.detection.calendar import calendar_of

Numbers = NDArray[np.float64]

LEAST_DAYS = 20
# What is below this an hour is too little for a chart.
LEAST_EXPECTED = 1.0
# Half of a shift of two standard deviations, and the limit beside it: about one false alarm a month in 34
# departments (of nine hours, by simulation).
CUSUM_SLACK, CUSUM_LIMIT = 1.0, 4.0
EWMA_WEIGHT, EWMA_LIMIT = 0.4, 3.8
CLIPPED = 1e-12
SHOWN_LEVEL = 0.001


def examine(message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Give what is unusual in the hours of a day that are over, for each department at most once.

    Args:
        message: in its wire form (`caller.py` describes it).
    """
    days = [date.fromisoformat(each) for each in message["days"]]
    today = date.fromisoformat(message["today"])
    calendar = calendar_of(message)
    kept = [nth for nth, day in enumerate(days) if calendar.is_working(day)]
    weekdays = np.array([days[nth].weekday() for nth in kept])
    known = {(each["department"], each["direction"]) for each in message["known"]}
    if len(kept) < LEAST_DAYS or not message["hours"] or not calendar.is_working(today):
        return
    for told in message["departments"]:
        past = np.asarray(told["past"], dtype=float)[kept]
        chart = Chart(past, weekdays, today.weekday())
        for found in chart.leave(np.asarray(told["counts"], dtype=float), message["hours"]):
            if (told["department"], found["direction"]) not in known:
                yield {"finding": _finding(told["department"], today, found)}


class Chart:
    """What a department's hours usually are on such a weekday, and how a day leaves that."""

    def __init__(self, past: Numbers, weekdays: NDArray[np.int64], weekday: int) -> None:
        """Learn from past days.

        Args:
            past: counts, a row a day, a column an hour.
            weekdays: of these days.
            weekday: of the day to be examined.
        """
        profile = past.mean(axis=0)
        factors = _factors(past.sum(axis=1), weekdays)
        expected = np.outer(factors[weekdays], profile)
        freedom = max(expected.size - past.shape[1] - 5, 1)
        pearson = ((past - expected) ** 2 / np.maximum(expected, 1e-9)).sum() / freedom
        self.dispersion = max(1.0, float(pearson))
        self.means = factors[weekday] * profile
        scores = _scores(past, expected, self.dispersion)
        self.scale = max(1.0, float((scores.sum(axis=1) / np.sqrt(past.shape[1])).std()))

    def leave(self, counts: Numbers, hours: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Give the first hour in which a day's counts leave the usual upwards, and that in which they do downwards."""
        used = np.nonzero(self.means >= LEAST_EXPECTED)[0]
        used = used[used < len(counts)]
        scores = _scores(counts[used], self.means[used], self.dispersion) / self.scale
        for direction, sign in (("rise", 1), ("drop", -1)):
            found = signal(sign * scores)
            if found is not None:
                since, until, method, score = found
                yield self._found(counts, hours, used[since : until + 1], direction, method, score)

    def _found(
        self,
        counts: Numbers,
        hours: Sequence[str],
        span: NDArray[np.intp],
        direction: str,
        method: str,
        score: float,
    ) -> dict[str, Any]:
        mean, variance = self.means[span].sum(), self.scale**2 * self.dispersion * self.means[span].sum()
        lower, upper = tails.bounds(SHOWN_LEVEL, means=np.array([mean]), variances=np.array([variance]))
        return {
            "direction": direction,
            "subject": hours[int(span[-1])],
            "since_hour": hours[int(span[0])],
            "observed": float(counts[span].sum()),
            "expected": float(mean),
            "lower": float(lower[0]),
            "upper": float(upper[0]),
            "score": score,
            "method": method,
            "series": self._series(counts, hours[: int(span[-1]) + 1]),
        }

    def _series(self, counts: Numbers, hours: Sequence[str]) -> Sequence[Mapping[str, Any]]:
        means = self.means[: len(hours)]
        variances = self.scale**2 * self.dispersion * means
        lower, upper = tails.bounds(SHOWN_LEVEL, means=means, variances=variances)
        return [
            {
                "at": hour,
                "observed": float(count),
                "expected": round(float(mean), 2),
                "lower": float(low),
                "upper": float(high),
            }
            for hour, count, mean, low, high in zip(
                hours, counts[: len(hours)], means, lower, upper, strict=True
            )
        ]


def signal(scores: Numbers) -> tuple[int, int, str, float] | None:
    """Return where standardised hours leave the usual upwards, None when they do not.

    Returns:
        Where the change began, which is where the cumulative sum was nought last; where it is seen; by which chart, and
        its value.
    """
    total, began, mean = 0.0, 0, 0.0
    for nth, score in enumerate(scores):
        if total <= 0:
            began = nth
        total = max(0.0, total + score - CUSUM_SLACK)
        mean = EWMA_WEIGHT * score + (1 - EWMA_WEIGHT) * mean
        spread = np.sqrt(EWMA_WEIGHT / (2 - EWMA_WEIGHT) * (1 - (1 - EWMA_WEIGHT) ** (2 * (nth + 1))))
        if total > CUSUM_LIMIT:
            return began, nth, "cusum", float(total)
        if mean > EWMA_LIMIT * spread:
            return began, nth, "ewma", float(mean / spread)
    return None


def _factors(totals: Numbers, weekdays: NDArray[np.int64]) -> Numbers:
    """Return what each weekday has of the mean day; 1 where none was seen."""
    mean = max(float(totals.mean()), 1e-9)
    return np.array(
        [totals[weekdays == nth].mean() / mean if (weekdays == nth).any() else 1.0 for nth in range(7)]
    )


def _scores(counts: Numbers, means: Numbers, dispersion: float) -> Numbers:
    """Return counts as normal scores, half of a count's own probability on either side (mid-p)."""
    fewer, more = tails.tails(counts, means=means, variances=dispersion * means)
    middle = np.clip((fewer + 1 - more) / 2, CLIPPED, 1 - CLIPPED)
    scores: Numbers = stats.norm.ppf(middle)
    return scores


def _finding(department: str, today: date, found: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        **found,
        "kind": "hour",
        "department": department,
        "business_date": today.isoformat(),
        "since": today.isoformat(),
        "window_days": 1,
        "chance": None,
        "last_year": None,
    }
