"""How long people waited and were served, and how good the estimates were."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.statistics.figures.domain.figures import share, whole_seconds

WAIT_GROUPS = ("queue", "department", "hour", "item", "window")
KINDS = ("wait", "service")
# The hall's promise: nine of ten wait less than this.
PROMISED_S = 900
LAST_MINUTE = 60
LONGEST_DAYS = 366


@dataclass(frozen=True, kw_only=True)
class Bin:
    """Durations from `from_min` on and shorter than `to_min` minutes, None for all that are longer.

    `cumulative` is the share of all durations that are shorter than `to_min`.
    """

    from_min: int
    to_min: int | None
    count: int
    cumulative: float


def wait_row(sums: Mapping[str, Any]) -> dict[str, Any]:
    """Make a row of waits from its sums.

    Percentiles are PostgreSQL's `percentile_cont`; `covered_rate` is the share of waits within the `p90_s` told
    at issue, `mean_abs_error_s` the mean distance from the `p50_s`. `worked_s` is the time spent serving, also of
    who was ended by a manager or at the day's end, whose service is in no mean; `occupancy` of a window is its
    part of `open_s`.

    Args:
        sums: a row of the query `waits`.
    """
    seconds = ("median_wait_s", "p90_wait_s", "mean_abs_error_s", "mean_service_s", "p90_service_s")
    return {
        **sums,
        **{name: whole_seconds(sums[name]) for name in seconds},
        "covered_rate": share(sums["covered"], sums["estimated"]),
        "under_15_min_rate": share(sums["prompt"], sums["called"]),
        "occupancy": share(sums["worked_s"], sums["open_s"] or 0),
    }


def histogram(counts: Mapping[int, int]) -> list[Bin]:
    """Make a histogram of one-minute bins, without gaps up to the last that holds something.

    Args:
        counts: durations by whole minutes; those of an hour and more under `LAST_MINUTE`.
    """
    total, below, bins = sum(counts.values()), 0, []
    for minute in range(max(counts, default=-1) + 1):
        below += counts.get(minute, 0)
        bins.append(
            Bin(
                from_min=minute,
                to_min=minute + 1 if minute < LAST_MINUTE else None,
                count=counts.get(minute, 0),
                cumulative=below / total,
            )
        )
    return bins
