"""What a quarter was like, for those who assess departments and hold meetings."""

from collections import Counter
from typing import Any

from services.chassis import clock
from services.chassis.caller import Caller
from services.statistics.figures.domain.evaluations import evaluation_row
from services.statistics.figures.domain.figures import share
from services.statistics.figures.domain.periods import Period, like_stretch, period_before, read_quarter
from services.statistics.figures.store import Store
from services.statistics.readers import require_analyst

# So many unusual movements, and departments with negative evaluations, are told by name.
NAMED = 10


def get_quarter(store: Store, caller: Caller, *, period: str) -> dict[str, Any]:
    """Return volumes, unusual movements and evaluations of a quarter, and what its departments are assessed by.

    Raises:
        LeadersOnly: the caller is neither analyst nor manager.
        PeriodInvalid: it is no quarter.
    """
    require_analyst(caller)
    hall, quarter = caller.hall, read_quarter(period)
    return {
        "volumes": _volumes(store, hall, quarter),
        "anomalies": _anomalies(store, hall, quarter),
        "evaluations": _evaluations(store, hall, quarter),
        "departments": store.quarter_departments(hall, quarter),
    }


def _volumes(store: Store, hall: str, quarter: Period) -> dict[str, Any]:
    calendar, now = store.calendar(hall), store.quarter_volumes(hall, quarter)
    # While the quarter runs, of the one before as much as has passed of it.
    counted_to = max(quarter.first, min(quarter.last, clock.business_date(clock.now())))
    before = store.quarter_volumes(hall, like_stretch(period_before(quarter), quarter, counted_to, calendar))
    return {
        **now,
        "on_time_rate": share(now["on_time"], now["decided"]),
        "cases_before": before["cases"],
        "cases_change": share(now["cases"] - before["cases"], before["cases"]),
    }


def _anomalies(store: Store, hall: str, quarter: Period) -> dict[str, Any]:
    found = store.quarter_anomalies(hall, quarter)
    return {"states": dict(Counter(each["state"] for each in found)), "items": found[:NAMED]}


def _evaluations(store: Store, hall: str, quarter: Period) -> dict[str, Any]:
    since, until = quarter.first, quarter.last
    sums = store.evaluations(hall, since=since, until=until, group="department")
    rows = [evaluation_row(row) for row in sums]
    worst = sorted((row for row in rows if row["negative"]), key=lambda row: (-row["negative"], row["group"]))
    shown = ("evaluations", "negative", "followed_up", "satisfaction_rate", "follow_up_rate")
    told = {"department": "group", "name": "name", "name_en": "name_en", **{each: each for each in shown}}
    whole = store.evaluation_counts(hall, since=since, until=until)
    return {
        **{each: whole[each] for each in shown},
        "departments": [{name: row[source] for name, source in told.items()} for row in worst[:NAMED]],
    }
