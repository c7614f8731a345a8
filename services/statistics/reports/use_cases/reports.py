"""Reports: worked out while their period runs, fixed once it is over."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from services.chassis import clock, wire
from services.chassis.caller import Caller
from services.chassis.config import settings
from services.statistics.errors import (
    EditionUnknown,
    PeriodInvalid,
    PeriodRunning,
    ReportsClosed,
    UnknownDepartment,
)
from services.statistics.figures.domain import periods
from services.statistics.figures.domain.periods import Period
from services.statistics.readers import ANALYSTS
from services.statistics.reports.domain import reports
from services.statistics.reports.store import Store

# Events of a period's last minutes may be under way when it ends.
SETTLING = timedelta(hours=1)
# An import by the command that nobody went on with so long is not awaited any more.
IMPORT_LEFT = timedelta(days=1)
MOST_LISTED = 2000


def get_report(
    store: Store,
    caller: Caller,
    *,
    kind: str,
    period: str,
    department: str | None = None,
    edition: int | None = None,
) -> dict[str, Any]:
    """Return a report as JSON.

    The report of a period that runs is worked out; that of one that is over is fixed by whoever asks first, and is the
    same ever after apart from the print date and `calendar_changed`, which says that the hall's working days of the
    period are others by now. A period in which the hall accepted nothing is never fixed, and none is while a history is
    being taken in: half of it would stand for ever.

    Args:
        store: the database.
        caller: an analyst or manager.
        kind: one of `domain.periods.KINDS`.
        period: as in `domain.periods.FORMS`.
        department: the department it is about, None for the hall.
        edition: which edition, None for the newest.

    Raises:
        Forbidden: the caller is neither.
        PeriodInvalid: no such period, or it has not begun.
        EditionUnknown: no such edition.
        UnknownDepartment: no such department.
    """
    about = _about(store, caller, kind, period, department)
    if not _is_over(about):
        if edition is not None:
            raise EditionUnknown
        with store.one_moment():
            return _printed(
                store, caller, wire.dumps(_worked_out(store, caller, about, department, edition=None))
            )
    found = store.edition(caller.hall, about, department, edition)
    if found is None:
        if edition is not None:
            raise EditionUnknown
        return _printed(store, caller, _fix_first(store, caller, about, department))
    return _printed(store, caller, found["content"])


def make_edition(
    store: Store, caller: Caller, *, kind: str, period: str, reason: str, department: str | None = None
) -> dict[str, Any]:
    """Work a report that was fixed out once more and fix it as its next edition; the earlier ones stay.

    Args:
        store: the database, in a transaction.
        caller: an analyst or manager.
        kind: one of `domain.periods.KINDS`.
        period: as in `domain.periods.FORMS`.
        reason: why, in words.
        department: the department it is about, None for the hall.

    Raises:
        Forbidden: the caller is neither.
        PeriodInvalid: no such period, or it has not begun.
        PeriodRunning: the period is not over.
        UnknownDepartment: no such department.
    """
    about = _about(store, caller, kind, period, department)
    if not _is_over(about):
        raise PeriodRunning
    store.lock_editions(caller.hall, about, department)
    newest = store.edition(caller.hall, about, department, None)
    number = newest["edition"] + 1 if newest else 1
    content = _worked_out(store, caller, about, department, edition=number)
    _fix(store, caller, about, department, number, content, reason=reason)
    return {
        "kind": kind,
        "period": period,
        "department": department,
        "edition": number,
        "made_at": content["made_at"],
        "made_by": caller.username,
        "reason": reason,
    }


def list_editions(store: Store, caller: Caller, *, kind: str | None = None) -> list[dict[str, Any]]:
    """Return the newest editions of reports.

    Raises:
        Forbidden: the caller is no analyst or manager.
    """
    require_reader(caller)
    return store.editions(caller.hall, kind=kind, limit=MOST_LISTED)


def require_reader(caller: Caller) -> None:
    """Refuse whoever may not read reports.

    Raises:
        ReportsClosed: the caller is no analyst or manager.
    """
    if not caller.has(*ANALYSTS):
        raise ReportsClosed


def _about(store: Store, caller: Caller, kind: str, period: str, department: str | None) -> Period:
    require_reader(caller)
    about = periods.read_period(kind, period)
    if about.first > clock.business_date(clock.now()):
        raise PeriodInvalid(errors={"period": ["It has not begun."]})
    if department is not None and not store.has_department(caller.hall, department):
        raise UnknownDepartment
    return about


def _is_over(period: Period) -> bool:
    return clock.business_date(clock.now() - SETTLING) > period.last


def _fix_first(store: Store, caller: Caller, period: Period, department: str | None) -> str:
    with store.one_moment():
        importing = store.is_importing(caller.hall, left_since=clock.now() - IMPORT_LEFT)
        content = _worked_out(store, caller, period, department, edition=1)
    if importing or content["period"]["counted_to"] is None:
        return wire.dumps({**content, "edition": None, "made_at": None})
    _fix(store, caller, period, department, 1, content, reason=None)
    fixed = store.edition(caller.hall, period, department, 1)
    return str(fixed["content"]) if fixed else wire.dumps(content)


def _fix(
    store: Store,
    caller: Caller,
    period: Period,
    department: str | None,
    number: int,
    content: Mapping[str, Any],
    *,
    reason: str | None,
) -> None:
    store.add_edition(
        caller.hall,
        period,
        department,
        edition=number,
        made_at=content["made_at"],
        made_by=caller.username or "",
        reason=reason,
        content=wire.dumps(content),
    )


def _worked_out(
    store: Store, caller: Caller, period: Period, department: str | None, *, edition: int | None
) -> dict[str, Any]:
    calendar = store.calendar(caller.hall)
    sums_of = partial(store.report_sums, caller.hall, department=department, calendar=calendar)
    sums = sums_of(period.cut(clock.business_date(clock.now())))
    counted_to = sums.counted_to or sums.period.last
    before, year_before = (
        periods.like_stretch(other, period, counted_to, calendar)
        for other in (periods.period_before(period, calendar), periods.year_before(period))
    )
    sums_before = sums_of(before)
    sums_year_before = sums_before if year_before == before else sums_of(year_before)
    known = store.known(caller.hall, sums.period, counted_to, department)
    events_until = store.events_until(caller.hall)
    return {
        "kind": period.kind,
        "period": _period(period, sums.counted_from, sums.counted_to),
        "department": _department(known.departments) if department else None,
        "hall": caller.hall,
        "time_zone": settings().time_zone,
        "events_until": events_until,
        "edition": edition,
        "made_at": clock.now() if edition else None,
        "calendar_mark": calendar.mark(period.first, period.last),
        **reports.report(
            sums, known, before=sums_before, year_before=sums_year_before, department=department
        ),
    }


def _period(period: Period, counted_from: date | None, counted_to: date | None) -> dict[str, Any]:
    return {
        "name": period.name,
        "first": period.first,
        "last": period.last,
        "counted_from": counted_from,
        "counted_to": counted_to,
        "over": _is_over(period),
    }


def _department(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    row = rows[0]
    return {"code": row["code"], "name": row["name"] or row["code"], "name_en": row["name_en"]}


def _printed(store: Store, caller: Caller, content: str) -> dict[str, Any]:
    """Return a report as it is given, with what of it has changed since it was fixed: that stays as it was."""
    report: dict[str, Any] = json.loads(content)
    mark = report.pop("calendar_mark", None)
    first, last = (date.fromisoformat(report["period"][end]) for end in ("first", "last"))
    return {
        **report,
        "calendar_changed": mark is not None and mark != store.calendar(caller.hall).mark(first, last),
        "printed_on": clock.business_date(clock.now()).isoformat(),
    }
