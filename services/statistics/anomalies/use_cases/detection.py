"""What the analyst does at night and each hour: has counts examined that were not, and stores what is found.

A lock held through it lets one analyst of a hall look at a time; one that dies gives it back with its session. Each
date's findings are stored with the note that it was looked at, so nothing is lost and nothing is told twice.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from uuid import uuid4

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.db import AWAY, Database
from services.chassis.logs import get_logger
from services.statistics.anomalies.domain.anomalies import Anomaly
from services.statistics.anomalies.store import Store
from services.statistics.anomalies.use_cases.anomalies import tell
from services.statistics.facts.domain.workdays import Calendar

# Events of a day's last minutes get so long to arrive; what comes later is in the sums, but not looked at again.
SETTLING = timedelta(minutes=30)
HOUR_SETTLING = timedelta(minutes=3)
# A hall that was off for longer, or has just imported its history, is examined by hand: `hall detect anomalies`.
CAUGHT_UP = timedelta(days=14)
# Calendar days that hold the 750 working days of a regression, its guard, and the year before.
HISTORY = timedelta(days=3 * 366 + 60)
HOURS_HISTORY = timedelta(days=90)
# With fewer dates there is nothing to compare with, and no process is started for it.
LEAST_HISTORY = 20
WHOLE_DAY = "day"

log = get_logger()


class Detector(Protocol):
    """Examines counts."""

    def findings(self, message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Give findings, what goes on, and dates that are through."""


def detect_due(database: Database[Store], detector: Detector, *, hall: str) -> bool:
    """Examine the finished dates and hours that were not looked at; return whether there was anything to do.

    A detector that fails is noted with the dates it was to examine; they are tried again later.

    Args:
        database: of statistics.
        detector: examines counts.
        hall: the hall.
    """
    at = clock.now()
    with _session(database) as work:
        if not work.try_job(f"detection:{hall}"):
            return False
        until = clock.business_date(at - SETTLING) - timedelta(days=1)
        days = work.days_to_examine(hall, since=until - CAUGHT_UP, until=until, at=at)
        hour = _hour_due(work, hall, at)
        if days:
            _try(
                database,
                hall,
                [(day, WHOLE_DAY) for day in days],
                _examine_days(database, detector, hall, days),
            )
        if hour:
            today = clock.business_date(at)
            lines = _examine_hours(database, detector, hall, today, hour)
            _try(database, hall, [(today, hour)], lines)
    return bool(days or hour)


def detect_between(
    database: Database[Store], detector: Detector, *, hall: str, since: date, until: date
) -> Iterator[tuple[date, int]]:
    """Examine dates of the past; give each that is through and how many new findings it has.

    What was found before stays as it is.

    Args:
        database: of statistics.
        detector: examines counts.
        hall: the hall.
        since: first date.
        until: last date; days that are not over are left out.

    Raises:
        DetectionFailed: the detector broke down; what is through is stored.
    """
    over = clock.business_date(clock.now() - SETTLING) - timedelta(days=1)
    with _session(database) as work:
        work.wait_for_job(f"detection:{hall}")
        days = work.days_with_cases(hall, since=since, until=min(until, over))
        yield from _examine_days(database, detector, hall, days)


@contextmanager
def _session(database: Database[Store]) -> Iterator[Store]:
    """Give a store on a connection of its own and no transaction: what is examined takes too long for one."""
    with closing(database.connect()) as connection:
        yield Store(connection, database.queries)


def _try(
    database: Database[Store], hall: str, parts: Sequence[tuple[date, str]], lines: Iterable[tuple[date, int]]
) -> None:
    try:
        for day, found in lines:
            log.info("detection.examined", date=day.isoformat(), found=found)
    except AWAY:
        raise
    except Exception as fault:  # whatever it is, it is noted and tried again
        log.exception("detection.failed")
        with database.transaction() as store:
            for day, part in parts:
                store.detection_failed(hall, day, part, fault=repr(fault), at=clock.now())


def _examine_days(
    database: Database[Store], detector: Detector, hall: str, days: Sequence[date]
) -> Iterator[tuple[date, int]]:
    if not days:
        return
    with database.autocommit() as store:
        message = _days_message(store, hall, days)
    left, lines = list(days), list[Mapping[str, Any]]()
    for line in _findings(detector, message):
        if "examined" in line:
            day = date.fromisoformat(line["examined"])
            yield day, _keep(database, hall, day, WHOLE_DAY, lines)
            left.remove(day)
            lines = []
        else:
            lines.append(line)
    for day in left:  # rest days on which the hall had cases all the same, and those of a young hall
        yield day, _keep(database, hall, day, WHOLE_DAY, [])


def _days_message(store: Store, hall: str, days: Sequence[date]) -> Mapping[str, Any]:
    dates = store.days_with_cases(hall, since=days[0] - HISTORY, until=days[-1])
    known = store.known_findings(hall, days[0])
    return {
        "task": "days",
        "calendar": _told(store.calendar(hall)),
        "days": [day.isoformat() for day in dates],
        "examine": [day.isoformat() for day in days],
        "subjects": store.daily_counts(hall, dates),
        "known": [{**each, "seen_on": each["seen_on"].isoformat()} for each in known],
    }


def _told(calendar: Calendar) -> Mapping[str, Mapping[str, bool]]:
    return {
        str(year): {day.isoformat(): worked for day, worked in days.items()}
        for year, days in calendar.years.items()
    }


def _hour_due(store: Store, hall: str, at: datetime) -> str | None:
    """Return the last hour of the running day that is over, None when it was looked at."""
    local = (at - HOUR_SETTLING).astimezone(clock.hall_zone())
    hour = f"{local.hour - 1:02}"
    if local.hour == 0 or store.is_examined(hall, local.date(), hour, at=at):
        return None
    counted = store.hourly_counts(hall, since=local.date(), until=local.date())
    return hour if any(each["hour"] <= hour for each in counted) else None


def _examine_hours(
    database: Database[Store], detector: Detector, hall: str, today: date, hour: str
) -> Iterator[tuple[date, int]]:
    with database.autocommit() as store:
        message = _hours_message(store, hall, today, hour)
    yield today, _keep(database, hall, today, hour, list(_findings(detector, message)))


def _findings(detector: Detector, message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if len(message["days"]) >= LEAST_HISTORY:
        yield from detector.findings(message)


def _hours_message(store: Store, hall: str, today: date, until: str) -> Mapping[str, Any]:
    past = store.hourly_counts(hall, since=today - HOURS_HISTORY, until=today - timedelta(days=1))
    now = store.hourly_counts(hall, since=today, until=today)
    days = sorted({each["day"] for each in past})
    hours = sorted({each["hour"] for each in past if each["hour"] <= until})
    counts = {(each["department"], each["day"], each["hour"]): each["cases"] for each in [*past, *now]}
    return {
        "task": "hours",
        "calendar": _told(store.calendar(hall)),
        "today": today.isoformat(),
        "days": [day.isoformat() for day in days],
        "hours": hours,
        "departments": [
            {
                "department": department,
                "past": [[counts.get((department, day, hour), 0) for hour in hours] for day in days],
                "counts": [counts.get((department, today, hour), 0) for hour in hours],
            }
            for department in sorted({each["department"] for each in past})
        ],
        "known": store.known_hours(hall, today),
    }


def _keep(
    database: Database[Store], hall: str, day: date, part: str, lines: Sequence[Mapping[str, Any]]
) -> int:
    """Store what was found on a date with the note that it was looked at; return how much of it is new."""
    at, new = clock.now(), 0
    caller = Caller(hall=hall, call_id=str(uuid4()), username="analyst-process")
    with database.transaction() as store:
        for line in lines:
            if "goes_on" in line:
                on = line["goes_on"]
                which = {name: on[name] for name in ("kind", "subject", "direction")}
                store.anomaly_goes_on(hall, **which, day=date.fromisoformat(on["on"]))
                continue
            anomaly = anomaly_found(hall, line["finding"], at=at)
            if store.add_anomaly(anomaly):
                tell(store, anomaly, caller=caller, at=at)
                new += 1
        store.detection_done(hall, day, part, at=at)
    return new


def anomaly_found(hall: str, finding: Mapping[str, Any], *, at: datetime) -> Anomaly:
    """Return the anomaly of a finding in its wire form."""
    day = date.fromisoformat(finding["business_date"])
    same = (
        "subject", "department", "direction", "window_days", "observed", "expected", "lower", "upper", "chance",
        "score", "method", "last_year", "series",
    )  # fmt: skip
    return Anomaly(
        hall=hall,
        id=str(uuid4()),
        subject_kind=finding["kind"],
        business_date=day,
        since=date.fromisoformat(finding["since"]),
        since_hour=finding.get("since_hour"),
        detected_at=at,
        seen_on=day,
        **{name: finding[name] for name in same},
    )
