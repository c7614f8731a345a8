"""The quarterly meeting of window heads (窗口负责人会议): agenda, minutes, and what was agreed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from services.quality.domain.quarters import Quarter
from services.quality.errors import (
    ActionSettled,
    BeforeTheMeeting,
    BeforeTheQuarter,
    MeetingAhead,
    MeetingChanged,
)

# The states of an action with those that may follow.
ACTIONS: dict[str, frozenset[str]] = {
    "open": frozenset({"done", "dropped"}),
    "done": frozenset(),
    "dropped": frozenset(),
}
TOPICS = {
    "volumes": ("本季度业务量", "Volumes of the quarter"),
    "anomalies": ("异动情况", "Unusual movements"),
    "evaluations": ("好差评情况", "Evaluations"),
    "commendations": ("感谢信、锦旗和牌匾", "Letters, banners and plaques"),
    "ranking": ("考评排名", "Ranking of departments"),
    "open_actions": ("上次会议议定事项落实情况", "Open actions of earlier meetings"),
}


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """A meeting: its agenda holds the figures as they were when it was called."""

    hall: str
    id: str
    quarter: str
    held_on: date
    agenda: Sequence[Mapping[str, Any]]
    minutes: str | None
    version: int
    called_by: str
    called_at: datetime


@dataclass(frozen=True, kw_only=True)
class Action:
    """What a department was asked to do by a date."""

    hall: str
    id: str
    meeting: str
    ordinal: int
    task: str
    department: str
    due_on: date
    state: str = "open"
    result: str | None = None
    settled_by: str | None = None
    settled_at: datetime | None = None


def agenda_of(figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return an agenda: each topic with its title and its figures.

    Args:
        figures: of each topic.
    """
    return [
        {"topic": topic, "title": chinese, "title_en": english, "figures": figures[topic]}
        for topic, (chinese, english) in TOPICS.items()
    ]


def check_date(quarter: Quarter, held_on: date) -> None:
    """Refuse a meeting about a quarter before it has begun.

    Raises:
        BeforeTheQuarter: the meeting would be before the first day.
    """
    if held_on < quarter.first:
        raise BeforeTheQuarter(errors={"date": [f"May not be before {quarter.first}."]})


def write_minutes(meeting: Meeting, text: str, *, version: int, today: date) -> Meeting:
    """Write what was said, over what stood there.

    Args:
        meeting: as it is now.
        text: the minutes.
        version: of the meeting that the writer has read, so that nobody writes over another.
        today: the business date.

    Raises:
        MeetingAhead: it has not taken place.
        MeetingChanged: somebody has written meanwhile.
    """
    if today < meeting.held_on:
        raise MeetingAhead
    if version != meeting.version:
        raise MeetingChanged(version=meeting.version)
    return replace(meeting, minutes=text, version=version + 1)


def check_action(action: Action, meeting: Meeting) -> Action:
    """Return an action that may be agreed.

    Raises:
        BeforeTheMeeting: it would be due before the meeting.
    """
    if action.due_on < meeting.held_on:
        raise BeforeTheMeeting(errors={"due_on": [f"May not be before {meeting.held_on}."]})
    return action


def settle(action: Action, state: str, *, result: str, by: str, at: datetime) -> Action:
    """Say that an action is done, or why it is dropped.

    Raises:
        ActionSettled: it was settled before.
    """
    if state not in ACTIONS[action.state]:
        raise ActionSettled(f"The action is {action.state}; it cannot become {state}.", state=action.state)
    return replace(action, state=state, result=result, settled_by=by, settled_at=at)
