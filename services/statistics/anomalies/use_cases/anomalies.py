"""Questions for unusual movements, and their follow-up."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.outbox import publish_later
from services.statistics import events
from services.statistics.anomalies.domain import anomalies as rules
from services.statistics.anomalies.domain.anomalies import Anomaly
from services.statistics.anomalies.domain.anomaly_words import words
from services.statistics.anomalies.schemas import AnomalyEvent
from services.statistics.anomalies.store import Store
from services.statistics.anomalies.store.anomalies import anomaly_of
from services.statistics.errors import AnomaliesClosed, NoSuchAnomaly, NoSuchOwner
from services.statistics.figures.domain.figures import Place
from services.statistics.readers import ANALYSTS

_EVENT = AnomalyEvent()
MOST_TASKS = 200


def list_anomalies(
    store: Store,
    caller: Caller,
    *,
    since: date | None,
    until: date | None,
    state: str | None,
    department: str | None,
    overdue: bool | None,
    limit: int,
    cursor: Place | None,
) -> dict[str, Any]:
    """Return a page of anomalies, the newest first.

    Args:
        store: the database.
        caller: an analyst or manager, or a clerk, who sees what concerns their department.
        since: first business date.
        until: last business date.
        state: only those in this state, or all that are `open`.
        department: only those of this department.
        overdue: only those whose explanation is overdue, when true.
        limit: most rows.
        cursor: where the page before ended.

    Raises:
        Forbidden: the caller is none of them.
    """
    rows = store.list_anomalies(
        caller.hall,
        own=_scope(caller),
        since=since,
        until=until,
        state=state,
        department=department,
        overdue_on=_today() if overdue else None,
        after=(cursor.period, cursor.group) if cursor else None,
        limit=limit + 1,
    )
    page = rows[:limit]
    more = len(rows) > limit
    return {
        "items": [_shown(row) for row in page],
        "next": Place(period=page[-1]["business_date"].isoformat(), group=str(page[-1]["id"]))
        if more
        else None,
    }


def get_anomaly(store: Store, caller: Caller, *, id: UUID) -> dict[str, Any]:
    """Return an anomaly with its explanation in words, the series for a chart, and its history.

    Raises:
        NotFound, Forbidden: there is none that the caller may see; the caller is no staff.
    """
    return _whole(store, caller, str(id))


def list_owners(store: Store, caller: Caller, *, department: str | None) -> dict[str, Any]:
    """Return who may be given a task: departments, the accounts of `department`, and those that belong to none.

    Whoever reaches no further than a department is told of that department's accounts.

    Raises:
        Forbidden: the caller is neither analyst nor manager.
    """
    _require(caller)
    return {"items": store.owners(caller.hall, caller.limited_to or department)}


def list_tasks(store: Store, caller: Caller) -> dict[str, Any]:
    """Return the anomalies that the caller, or the caller's department, was given to explain, what is due first."""
    owners = [owner for owner in (caller.username, caller.department) if owner]
    found = map(_shown, store.anomalies_to_explain(caller.hall, owners, limit=MOST_TASKS))
    tasks = [
        {
            "id": each["id"],
            "department": each["department"],
            "due_on": each["due_on"],
            "title": each["words"]["zh"],
            "title_en": each["words"]["en"],
        }
        for each in found
    ]
    return {"items": tasks}


def assign_anomaly(store: Store, caller: Caller, *, id: UUID, owner: str, due_on: date) -> dict[str, Any]:
    """Give somebody the task to explain an anomaly by a date.

    Raises:
        NotFound, Conflict, Invalid, Forbidden: no such anomaly; its state; nobody is called so, or the date is over;
            the caller's role.
    """

    def assigned(anomaly: Anomaly) -> Anomaly:
        given = rules.assign(anomaly, owner=owner, due_on=due_on, today=_today())
        if not store.is_owner(caller.hall, owner):
            raise NoSuchOwner(errors={"owner": ["There is no such account or department."]})
        return given

    return _follow_up(store, caller, id, assigned)


def explain_anomaly(store: Store, caller: Caller, *, id: UUID, text: str) -> dict[str, Any]:
    """Note what its owner found out; analysts may do so on behalf of departments.

    Raises:
        NotFound, Conflict, Forbidden: no such anomaly; its state; it is not the caller's to explain.
    """

    def explained(anomaly: Anomaly) -> Anomaly:
        if not caller.has(*ANALYSTS) and anomaly.owner not in _scope(caller):
            raise AnomaliesClosed
        return rules.explain(anomaly, text=text)

    return _follow_up(store, caller, id, explained, only=False)


def confirm_anomaly(store: Store, caller: Caller, *, id: UUID) -> dict[str, Any]:
    """Agree with the explanation.

    Raises:
        NotFound, Conflict, Forbidden: no such anomaly; its state; the caller's role.
    """
    return _follow_up(store, caller, id, rules.confirm)


def dismiss_anomaly(store: Store, caller: Caller, *, id: UUID, reason: str) -> dict[str, Any]:
    """Set an explained anomaly aside.

    Raises:
        NotFound, Conflict, Forbidden: no such anomaly; its state; the caller's role.
    """
    return _follow_up(store, caller, id, lambda it: rules.dismiss(it, reason=reason))


def feed_back_anomaly(store: Store, caller: Caller, *, id: UUID, result: str) -> dict[str, Any]:
    """Note what came of an anomaly and was told to the department.

    Raises:
        NotFound, Conflict, Forbidden: no such anomaly; its state; the caller's role.
    """
    return _follow_up(store, caller, id, lambda it: rules.feed_back(it, result=result))


def tell(store: Store, anomaly: Anomaly, *, caller: Caller, at: datetime) -> None:
    """Say in what state an anomaly is now."""
    event = events.anomaly_event(anomaly.state, _EVENT.dump(anomaly), version=anomaly.version)
    publish_later(store, event, caller=caller, at=at)


def _follow_up(
    store: Store, caller: Caller, id_: UUID, step: Callable[[Anomaly], Anomaly], *, only: bool = True
) -> dict[str, Any]:
    """Bring an anomaly into its next state; `only` analysts and managers may, or else `step` says who."""
    if only:
        _require(caller)
    at = clock.now()
    found = store.lock_anomaly(caller.hall, str(id_))
    if found is None:
        raise NoSuchAnomaly
    changed = step(found)
    store.change_anomaly(changed, at=at, by=caller.username)
    tell(store, changed, caller=caller, at=at)
    return _whole(store, caller, changed.id)


def _scope(caller: Caller) -> Sequence[str]:
    """Return the department and the account whose anomalies alone a caller may see; nothing for who may see all.

    Raises:
        AnomaliesClosed: nothing.
    """
    if caller.has(*ANALYSTS):
        return ()
    if not caller.has("clerk") or caller.department is None or caller.username is None:
        raise AnomaliesClosed
    return caller.department, caller.username


def _require(caller: Caller) -> None:
    if not caller.has(*ANALYSTS):
        raise AnomaliesClosed


def _today() -> date:
    return clock.business_date(clock.now())


def _whole(store: Store, caller: Caller, id_: str) -> dict[str, Any]:
    rows = store.list_anomalies(caller.hall, id_=id_, own=_scope(caller), limit=1)
    if not rows:
        raise NoSuchAnomaly
    return {**_shown(rows[0]), "history": store.anomaly_history(caller.hall, id_)}


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as it is shown, an hour under its department's name."""
    anomaly = anomaly_of(row)
    name = row["subject_name"] or row["department_name"] or anomaly.subject
    name_en = row["subject_name_en"] or row["department_name_en"] or name
    return {
        **row,
        "overdue": anomaly.is_overdue(_today()),
        "words": words(anomaly, name=name, name_en=name_en),
    }
