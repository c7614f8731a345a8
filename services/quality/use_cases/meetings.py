"""Quarterly meetings of window heads."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.trail import was
from services.quality.domain import meetings as rules
from services.quality.domain.commendations import commended
from services.quality.domain.meetings import Action, Meeting
from services.quality.domain.quarters import Quarter
from services.quality.errors import MeetingExists, NotThatDepartment
from services.quality.store import Store
from services.quality.use_cases.assessment import Told, ranking_of
from services.quality.use_cases.common import require_analyst

MOST_TASKS = 200


def call_meeting(
    store: Store, caller: Caller, *, quarter: Quarter, held_on: date, told: Told
) -> dict[str, Any]:
    """Call the meeting of a quarter; its agenda is made from the figures there are now.

    Args:
        store: the database.
        caller: an analyst or a manager.
        quarter: what it is about.
        held_on: its day.
        told: what statistics says of the quarter.

    Raises:
        LeadersOnly: the caller is neither analyst nor manager.
        BeforeTheQuarter: it would be before the quarter.
        MeetingExists: the quarter has one.
    """
    require_analyst(caller)
    rules.check_date(quarter, held_on)
    meeting = Meeting(
        hall=caller.hall,
        id=str(uuid4()),
        quarter=quarter.name,
        held_on=held_on,
        agenda=rules.agenda_of(_figures(store, caller.hall, quarter, told)),
        minutes=None,
        version=1,
        called_by=caller.username or "",
        called_at=clock.now(),
    )
    if not store.add_meeting(meeting):
        raise MeetingExists
    return _with_actions(store, store.meeting(caller.hall, meeting.id))


def get_meeting(store: Store, caller: Caller, *, id: UUID) -> dict[str, Any]:
    """Return a meeting with its actions.

    Raises:
        LeadersOnly: the caller is neither analyst nor manager.
        NoSuchMeeting: there is none.
    """
    require_analyst(caller)
    return _with_actions(store, store.meeting(caller.hall, str(id)))


def list_meetings(store: Store, caller: Caller) -> list[dict[str, Any]]:
    """Return all meetings, the newest first.

    Raises:
        LeadersOnly: the caller is neither analyst nor manager.
    """
    require_analyst(caller)
    return store.meetings(caller.hall)


def write_minutes(store: Store, caller: Caller, *, id: UUID, minutes: str, version: int) -> dict[str, Any]:
    """Write the minutes of a meeting, over what stood there.

    Raises:
        LeadersOnly: the caller is neither analyst nor manager.
        NoSuchMeeting: there is none.
        MeetingAhead, MeetingChanged: as `domain.meetings.write_minutes`.
    """
    require_analyst(caller)
    before, today = store.meeting(caller.hall, str(id), hold=True), clock.business_date(clock.now())
    was(store, vars(before))
    after = rules.write_minutes(before, minutes, version=version, today=today)
    store.save_minutes(after)
    return _with_actions(store, after)


def agree_action(
    store: Store, caller: Caller, *, id: UUID, task: str, department: str, due_on: date
) -> dict[str, Any]:
    """Have a department do something by a date.

    Raises:
        LeadersOnly: the caller is neither analyst nor manager.
        NoSuchMeeting: there is none.
        BeforeTheMeeting: as `domain.meetings.check_action`.
        UnknownDepartment: there is no such department.
    """
    require_analyst(caller)
    meeting = store.meeting(caller.hall, str(id), hold=True)
    action = Action(
        hall=caller.hall,
        id=str(uuid4()),
        meeting=meeting.id,
        ordinal=len(store.actions(caller.hall, meeting.id)) + 1,
        task=task,
        department=department,
        due_on=due_on,
    )
    store.require_department(caller.hall, department)
    store.add_action(rules.check_action(action, meeting))
    return _with_actions(store, meeting)


def settle_action(store: Store, caller: Caller, *, id: UUID, state: str, result: str) -> Action:
    """Say that an action is done, or why it is dropped.

    Raises:
        LeadersOnly: the caller is neither analyst nor manager.
        NoSuchAction: there is none.
        NotThatDepartment: the caller is of another department.
        ActionSettled: as `domain.meetings.settle`.
    """
    require_analyst(caller)
    before = store.lock_action(caller.hall, str(id))
    if caller.limited_to not in (None, before.department):
        raise NotThatDepartment
    after = rules.settle(before, state, result=result, by=caller.username or "", at=clock.now())
    store.save_action(after)
    return after


def list_tasks(store: Store, caller: Caller) -> dict[str, Any]:
    """Return what the caller's department has agreed to and not done, what is due first."""
    if caller.department is None:
        return {"items": []}
    found = store.actions_of(caller.hall, caller.department, limit=MOST_TASKS)
    return {"items": [{**row, "title": row["task"]} for row in found]}


def _with_actions(store: Store, meeting: Meeting) -> dict[str, Any]:
    return {**asdict(meeting), "actions": store.actions(meeting.hall, meeting.id)}


def _figures(store: Store, hall: str, quarter: Quarter, told: Told) -> dict[str, Any]:
    praise = Counter[str]()
    for row in store.commendation_counts(hall, since=quarter.first, until=quarter.last):
        praise[row["kind"]] += row["count"]
    return {
        **{topic: told[topic] for topic in ("volumes", "anomalies", "evaluations")},
        "commendations": commended(praise),
        "ranking": [_without_items(each) for each in ranking_of(store, hall, quarter, told)],
        "open_actions": store.open_actions(hall),
    }


def _without_items(standing: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in standing.items() if name != "items"}
