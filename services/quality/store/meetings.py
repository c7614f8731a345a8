"""The meetings of window heads, and what was agreed there."""

from typing import Any

from services.chassis import db, wire
from services.quality.domain.meetings import Action, Meeting
from services.quality.errors import NoSuchAction, NoSuchMeeting


class Meetings(db.Store):
    """Meetings of window heads."""

    def add_meeting(self, meeting: Meeting) -> bool:
        """Call a meeting; False when there is one of the quarter."""
        row = {**meeting.__dict__, "agenda": wire.dumps(meeting.agenda)}
        return self.row("add_meeting", **row) is not None

    def meeting(self, hall: str, id_: str, *, hold: bool = False) -> Meeting:
        """Return a meeting; with `hold` nobody else changes it until the transaction ends.

        Raises:
            NoSuchMeeting: there is none.
        """
        if hold:
            self.run("lock_meeting", hall=hall, id=id_)
        row = self.row("find_meeting", hall=hall, id=id_)
        if row is None:
            raise NoSuchMeeting
        return Meeting(**row)

    def save_minutes(self, meeting: Meeting) -> None:
        """Write minutes."""
        row = {"minutes": meeting.minutes, "version": meeting.version}
        self.run("save_minutes", hall=meeting.hall, id=meeting.id, **row)

    def meetings(self, hall: str) -> list[dict[str, Any]]:
        """Return all meetings, the newest first, with how many of their actions are open."""
        return self.rows("list_meetings", hall=hall)

    def add_action(self, action: Action) -> None:
        """Keep an action, behind those of the meeting, which is held."""
        self.run("add_action", **action.__dict__)

    def lock_action(self, hall: str, id_: str) -> Action:
        """Return an action, held until the transaction ends.

        Raises:
            NoSuchAction: there is none.
        """
        row = self.row("lock_action", hall=hall, id=id_)
        if row is None:
            raise NoSuchAction
        return Action(**row)

    def save_action(self, action: Action) -> None:
        """Settle an action."""
        self.run("save_action", **action.__dict__)

    def actions(self, hall: str, meeting: str) -> list[Action]:
        """Return the actions of a meeting in their order."""
        return [Action(**row) for row in self.rows("meeting_actions", hall=hall, meeting=meeting)]

    def actions_of(self, hall: str, department: str, *, limit: int) -> list[dict[str, Any]]:
        """Return what a department has agreed to and not done, what is due first."""
        return self.rows("actions_of", hall=hall, department=department, limit=limit)

    def open_actions(self, hall: str) -> list[dict[str, Any]]:
        """Return what is open of all meetings, what is due first."""
        return self.rows("open_actions", hall=hall)
