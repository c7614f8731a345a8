"""Extended sessions, who is at their windows, and the ledger of overtime."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from uuid import UUID

from services.appointments.domain.sessions import LONGEST, Overtime, Session, Signing
from services.appointments.store.rows import overtime_of, session_of, session_row
from services.chassis import db

# Ticketing signs everybody out when the day is over, so nobody sits at a window for longer.
LONGEST_STAY = timedelta(days=2)


class Sessions(db.Store):
    """When departments stay open, and who worked then."""

    def windows_of(self, hall: str, department: str, codes: Collection[str]) -> set[str]:
        """Return which of some windows are a department's."""
        rows = self.rows("windows_of_department", hall=hall, department=department, codes=list(codes))
        return {row["code"] for row in rows}

    def add_session(self, session: Session, *, at: datetime, by: str | None) -> None:
        """Store a planned session."""
        self.run("add_session", **session_row(session), at=at, by=by)

    def change_session(self, session: Session, *, at: datetime, by: str | None) -> None:
        """Store a session in its next state."""
        self.run("change_session", **session_row(session), at=at, by=by)

    def session(self, hall: str, id_: str) -> Session | None:
        """Return a session."""
        row = self.row("find_session", hall=hall, id=id_)
        return session_of(row) if row else None

    def lock_session(self, hall: str, id_: str) -> Session | None:
        """Return a session, locked; the ledger is locked before."""
        row = self.row("lock_session", hall=hall, id=id_)
        return session_of(row) if row else None

    def sessions(
        self, hall: str, *, since: datetime, until: datetime, department: str | None
    ) -> list[Session]:
        """Return the sessions that touch a stretch of time, in order."""
        params = {"since": since, "until": until, "department": department, "longest": LONGEST}
        return [session_of(row) for row in self.rows("list_sessions", hall=hall, **params)]

    def others(self, session: Session, since: datetime, until: datetime) -> list[Session]:
        """Return the other planned and open sessions of a department that touch a stretch of time, in order."""
        params = {"department": session.department, "besides": session.id, "since": since, "until": until}
        return [session_of(row) for row in self.rows("sessions_between", hall=session.hall, **params)]

    def sessions_due(self, hall: str, at: datetime) -> list[UUID]:
        """Return the ids of open sessions past their plan, then of those to open."""
        return [row["id"] for row in self.rows("sessions_due", hall=hall, at=at)]

    def sessions_unheld(self, hall: str, at: datetime) -> list[str]:
        """Return the ids of planned sessions that their department cannot hold any more, or not at their windows."""
        return [row["id"] for row in self.rows("sessions_unheld", hall=hall, at=at)]

    def closed_since(self, hall: str, windows: Collection[str], since: datetime) -> list[Session]:
        """Return closed sessions at some windows that were still open at a moment."""
        params = {"windows": list(windows), "since": since}
        return [session_of(row) for row in self.rows("closed_since", hall=hall, **params)]

    def keep_signings(self, hall: str, signings: Sequence[Signing]) -> None:
        """Note who signed in and out; what is known already changes nothing."""
        self.run_many("keep_signing", [{**asdict(signing), "hall": hall} for signing in signings])

    def signings(self, session: Session) -> list[Signing]:
        """Return what was heard of the windows of a session that has been opened."""
        since = (session.opened_at or session.starts_at) - LONGEST_STAY
        params = {"windows": list(session.windows), "since": since}
        return [Signing(**row) for row in self.rows("list_signings", hall=session.hall, **params)]

    def lock_ledger(self, hall: str) -> None:
        """Count overtime alone until the transaction ends."""
        self.run("lock_ledger", hall=hall)

    def add_overtime(self, hall: str, entries: Sequence[Overtime], *, at: datetime) -> None:
        """Add to the ledger."""
        self.run_many("add_overtime", [{**asdict(entry), "hall": hall, "at": at} for entry in entries])

    def overtime_of(self, hall: str, sessions: Collection[str]) -> list[Overtime]:
        """Return the newest entries of some sessions."""
        rows = self.rows("overtime_of_sessions", hall=hall, sessions=list(sessions))
        return [overtime_of(row) for row in rows]

    def overtime(
        self, hall: str, *, since: date, until: date, department: str | None, staff: str | None
    ) -> list[Overtime]:
        """Return the newest entries of some dates, in order."""
        params = {"since": since, "until": until, "department": department, "staff": staff}
        return [overtime_of(row) for row in self.rows("list_overtime", hall=hall, **params)]
