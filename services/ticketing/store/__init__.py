"""Ticketing's database in its own words; the only caller of queries.sql."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from psycopg import errors as pg
from psycopg.rows import DictRow

from services.chassis import wire
from services.ticketing.domain.before import Passage
from services.ticketing.domain.estimate import QueueLoad, WindowLoad
from services.ticketing.domain.ticket import Stretch, Ticket
from services.ticketing.domain.window import Window
from services.ticketing.errors import ClerkElsewhere, NoSuchTicket, NoSuchWindow
from services.ticketing.store.contacts import Contacts
from services.ticketing.store.copies import Copies
from services.ticketing.store.evaluations import Evaluations

PACE_PRIOR_S = 3600.0
SLOWEST_PACE, FASTEST_PACE = 3.0, 0.3
# Of a stretch, which is kept as JSON.
MOMENTS = ("entered_at", "called_at", "left_at")


def _ticket(row: DictRow) -> Ticket:
    appointment = row["appointment"]
    return Ticket(
        **{
            **row,
            "id": str(row["id"]),
            "appointment": str(appointment) if appointment else None,
            "past": tuple(_stretch(each) for each in row["past"]),
        }
    )


def _stretch(kept: Mapping[str, Any]) -> Stretch:
    moments = {name: kept[name] and datetime.fromisoformat(kept[name]) for name in MOMENTS}
    return Stretch(**{**kept, **moments})


def _found(row: DictRow | None) -> Ticket:
    if row is None:
        raise NoSuchTicket
    return _ticket(row)


def _window(row: DictRow | None) -> Window:
    if row is None:
        raise NoSuchWindow
    return Window(**row)


@dataclass(frozen=True, kw_only=True)
class Served:
    """How long a ticket was served before in its present stretch, and since when; no time on hold."""

    times: int
    before_s: float
    since: datetime | None

    def spent(self, at: datetime) -> int | None:
        """Return the whole seconds of service up to a moment, None when there was none."""
        return self.until(at) if self.times else None

    def until(self, at: datetime) -> int:
        """Return the whole seconds of service up to a moment."""
        now_s = (at - self.since).total_seconds() if self.since else 0.0
        return round(self.before_s + max(0.0, now_s))


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The number of a visitor whom a clerk calls out of turn, and why."""

    number: str | None = None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A window and the tickets before its clerk as rows, as `schemas.TicketReply` has them."""

    window: Window
    ticket: DictRow | None
    held: Sequence[DictRow]
    missed: Sequence[DictRow]
    waiting: Sequence[DictRow]
    waiting_count: int
    as_of: datetime


def _desk(
    at: datetime, *, window: Sequence[DictRow], ticket: Sequence[DictRow], **tickets: Sequence[DictRow]
) -> Desk:
    own = window[0]["own"]
    signed_in = own["signed_in_at"]
    seated = {**own, "signed_in_at": datetime.fromisoformat(signed_in) if signed_in else None}
    return Desk(
        window=Window(**seated),
        ticket=next(iter(ticket), None),
        **tickets,
        waiting_count=window[0]["ahead"],
        as_of=at,
    )


def _tickets(rows: Iterable[DictRow]) -> list[Ticket]:
    return [_ticket(row) for row in rows]


class Store(Copies, Contacts, Evaluations):
    """Named queries on one connection.

    `since` is the first business date whose tickets count: today's, or that of an extended session that has run past
    midnight; `kept` says the same of departments that have such a session.
    """

    def issue(self, values: Mapping[str, Any], *, reachable: bool) -> tuple[str, int]:
        """Issue a ticket; returns its number and how many wait before it.

        One statement, but for a visitor who can be reached: that is noted in the same transaction.
        """
        if reachable:
            with self.transaction():
                row = self._one("issue_ticket", **values)
                self.run("add_contact", **values)
        else:
            row = self._one("issue_ticket", **values)
        return row["number"], row["ahead_at_issue"]

    def was_answered(self, command_id: str) -> bool:
        """Tell whether a command with this id was answered before."""
        return self.row("find_command", command_id=command_id) is not None

    def ticket_of_appointment(self, hall: str, appointment: str) -> Ticket | None:
        """Return the ticket that was made for an appointment, None when there is none."""
        row = self.row("ticket_of_appointment", hall=hall, appointment=appointment)
        return _ticket(row) if row else None

    def call_next(
        self, window: Window, *, at: datetime, since: date, extended: bool, chosen: Chosen | None = None
    ) -> Ticket | None:
        """Call the first ticket of a window's queues or a chosen one, as an extended one or not; None without any."""
        chosen = chosen or Chosen()
        row = self.row(
            "call_next",
            hall=window.hall,
            window=window.code,
            clerk=window.clerk,
            zone=window.zone,
            profile=list(window.profile or ()),
            at=at,
            since=since,
            extended=extended,
            number=chosen.number,
            reason=chosen.reason,
        )
        return _ticket(row) if row else None

    def announced(self, ticket: Ticket) -> tuple[int, datetime]:
        """Return how often a called ticket was called again, and when it was announced last."""
        row = self._one("announced", hall=ticket.hall, ticket=ticket.id)
        return row["recalls"], row["last_at"]

    def note_recall(self, ticket: Ticket, *, zone: str, at: datetime) -> None:
        """Note that a ticket was announced again."""
        self.run(
            "note_recall",
            hall=ticket.hall,
            ticket=ticket.id,
            number=ticket.number,
            zone=zone,
            window=ticket.window,
            clerk=ticket.clerk,
            at=at,
        )

    def last_call(self, hall: str, ticket: str) -> DictRow | None:
        """Return the last real call of a ticket with its reasons."""
        return self.row("last_call", hall=hall, ticket=ticket)

    def call_of_number(self, hall: str, *, zone: str, number: str, since: datetime) -> DictRow | None:
        """Return the last real call of a number in a zone since a moment, with its reasons."""
        return self.row("call_of_number", hall=hall, zone=zone, number=number, since=since)

    def ticket(self, hall: str, id_: str) -> Ticket:
        """Return a ticket.

        Raises:
            NoSuchTicket: there is none.
        """
        return _found(self.row("find_ticket", hall=hall, id=id_))

    def lock_ticket(self, hall: str, id_: str) -> Ticket:
        """Return a ticket and hold it until the transaction ends.

        Raises:
            NoSuchTicket: there is none.
        """
        return _found(self.row("lock_ticket", hall=hall, id=id_))

    def save(
        self, ticket: Ticket, *, at: datetime, reason: str | None = None, through: Ticket | None = None
    ) -> None:
        """Write a ticket that has entered another state.

        Args:
            ticket: as it is now.
            at: when it entered the state.
            reason: why, where somebody gave a reason.
            through: a state of no duration in between, as `transferred`.
        """
        self.save_same_state(ticket)
        first = through or ticket
        self.run("change_state", **_state(first, reason), at=at, passing=through is not None)
        if through:
            self.run("add_state", **_state(ticket, reason))

    def save_same_state(self, ticket: Ticket) -> None:
        """Write a ticket whose state has not changed."""
        row = asdict(ticket)
        self.run("save_ticket", **{**row, "past": wire.dumps(row["past"])})

    def lock_ticket_served(self, hall: str, id_: str) -> tuple[Ticket, Served]:
        """Return a ticket, held until the transaction ends, and how long it has been served.

        Raises:
            NoSuchTicket: there is none.
        """
        locked = self.ask("lock_ticket", hall=hall, id=id_)
        served = self._served(hall, id_)
        return _found(locked()), served

    def served(self, ticket: Ticket) -> Served:
        """Return how long a ticket that is held has been served."""
        return self._served(ticket.hall, ticket.id)

    def _served(self, hall: str, id_: str) -> Served:
        return Served(**self._one("time_served", hall=hall, id=id_))

    def ahead(self, ticket: Ticket, at: datetime, since: date) -> int:
        """Return how many tickets of its queue would be called before a waiting one."""
        return int(self.value("tickets_ahead", hall=ticket.hall, id=ticket.id, at=at, since=since))

    def desks(self, hall: str, since: Mapping[str, date], *, at: datetime, limit: int) -> list[Desk]:
        """Return windows with the tickets before their clerks, in one statement; what is no window is left out.

        Args:
            hall: the hall's code.
            since: by the code of each window the first business date whose tickets count there.
            at: now.
            limit: how many of those who wait at a window, at most.
        """
        rows = self.rows("desks", hall=hall, codes=list(since), since=wire.dumps(since), at=at, limit=limit)
        found: dict[str, dict[str, list[DictRow]]] = {
            code: {part: [] for part in ("window", "ticket", "held", "missed", "waiting")} for code in since
        }
        for row in rows:
            found[row["desk"]][row["part"]].append(row)
        return [_desk(at, **parts) for parts in found.values() if parts["window"]]

    def ended_days(
        self,
        hall: str,
        business_date: date,
        *,
        kept: Mapping[str, date],
        finishing: Mapping[str, date],
        limit: int,
    ) -> list[Ticket]:
        """Return open tickets of days that are over, held.

        Args:
            hall: the hall's code.
            business_date: today.
            kept: by department, the first date whose tickets stay.
            finishing: the same for tickets that are at a window.
            limit: how many at most.
        """
        rows = self.rows(
            "ended_days",
            hall=hall,
            business_date=business_date,
            kept=wire.dumps(kept),
            finishing=wire.dumps(finishing),
            limit=limit,
        )
        return _tickets(rows)

    def long_missed(
        self, hall: str, business_date: date, *, kept: Mapping[str, date], before: datetime, limit: int
    ) -> list[Ticket]:
        """Return tickets missed before a moment, held."""
        rows = self.rows(
            "long_missed",
            hall=hall,
            business_date=business_date,
            kept=wire.dumps(kept),
            before=before,
            limit=limit,
        )
        return _tickets(rows)

    def take_visits_without_stretches(self, hall: str, *, limit: int) -> list[Ticket]:
        """Return tickets whose stretches of before are still to be made, held, and take them off the list."""
        return _tickets(self.rows("take_visits_without_stretches", hall=hall, limit=limit))

    def passages(self, ticket: Ticket) -> list[Passage]:
        """Return the states that a ticket went through, in order."""
        return [Passage(**row) for row in self.rows("passages", hall=ticket.hall, id=ticket.id)]

    def window(self, hall: str, code: str) -> Window:
        """Return a window.

        Raises:
            NoSuchWindow: there is none.
        """
        return _window(self.row("find_window", hall=hall, code=code))

    def seat_of(self, hall: str, clerk: str | None) -> Window | None:
        """Return the window where a clerk is signed in, None when there is none."""
        row = self.row("window_of_clerk", hall=hall, clerk=clerk)
        return Window(**row) if row else None

    def lock_window(self, hall: str, code: str) -> Window:
        """Return a window and hold it until the transaction ends.

        Raises:
            NoSuchWindow: there is none.
        """
        return _window(self.row("lock_window", hall=hall, code=code))

    def lock_window_with_ticket(self, hall: str, code: str) -> tuple[Window, Ticket | None]:
        """Return a window, held until the transaction ends, and the ticket that is called to it or served there.

        Two statements, so that the second sees what was committed while the first waited.

        Raises:
            NoSuchWindow: there is none.
        """
        locked = self.ask("lock_window", hall=hall, code=code)
        row = self.row("ticket_at_window", hall=hall, window=code)
        return _window(locked()), _ticket(row) if row else None

    def ticket_at(self, hall: str, window: str) -> Ticket | None:
        """Return the ticket that is called to a window or served there, None when there is none."""
        row = self.row("ticket_at_window", hall=hall, window=window)
        return _ticket(row) if row else None

    def held(self, hall: str) -> dict[str, list[str]]:
        """Return the numbers of those who are set aside, by the window where that was done."""
        return {row["window"]: row["numbers"] for row in self.rows("held_by_window", hall=hall)}

    def at_windows(self, hall: str) -> dict[str, DictRow]:
        """Return number, state and since when of the tickets that are called or served, by window."""
        return {row["window"]: row for row in self.rows("tickets_at_windows", hall=hall)}

    def held_at(self, window: Window) -> list[str]:
        """Return the numbers of those who are set aside at a window."""
        return self.held(window.hall).get(window.code, [])

    def note_freed(self, window: Window, *, by: str | None, reason: str, at: datetime) -> None:
        """Note who has signed a clerk out of a window, and why."""
        self.run(
            "note_freed",
            hall=window.hall,
            window=window.code,
            clerk=window.clerk,
            by=by,
            reason=reason,
            at=at,
        )

    def windows(self, hall: str, department: str | None) -> list[Window]:
        """Return the windows of the hall or of one department."""
        return [Window(**row) for row in self.rows("list_windows", hall=hall, department=department)]

    def forgotten_windows(self, hall: str, midnight: datetime, *, kept: Sequence[str]) -> list[Window]:
        """Return windows where somebody signed in before a moment, but for the kept ones, held."""
        rows = self.rows("forgotten_windows", hall=hall, midnight=midnight, kept=list(kept))
        return [Window(**row) for row in rows]

    def seat(self, window: Window, *, at: datetime) -> int:
        """Write who sits at a window, with the session that begins or ends; returns the window's version.

        Raises:
            ClerkElsewhere: the clerk sits at another window.
        """
        if window.clerk is None:
            self.run("close_session", hall=window.hall, window=window.code, at=at)
        else:
            self.run(
                "open_session",
                hall=window.hall,
                window=window.code,
                clerk=window.clerk,
                queues=window.profile,
                at=at,
            )
        try:
            return int(
                self.value(
                    "seat_clerk",
                    hall=window.hall,
                    code=window.code,
                    clerk=window.clerk,
                    profile=window.profile,
                    signed_in_at=window.signed_in_at,
                )
            )
        except pg.UniqueViolation:
            raise ClerkElsewhere from None

    def queue_loads(
        self,
        hall: str,
        *,
        at: datetime,
        business_date: date,
        kept: Mapping[str, date],
        usual: Mapping[str, float],
    ) -> dict[str, QueueLoad]:
        """Return what waits in each queue.

        Args:
            hall: the hall's code.
            at: now.
            business_date: today.
            kept: by department, the first date whose tickets wait on.
            usual: how many windows usually serve each queue at this hour.
        """
        rows = self.rows(
            "queue_loads",
            hall=hall,
            business_date=business_date,
            kept=wire.dumps(kept),
            lately=at - timedelta(hours=2),
        )
        return {
            row["queue"]: QueueLoad(
                waiting=row["waiting"],
                work_s=row["work_s"],
                pace=_pace(row["served_s"], row["typical_s"]),
                usual_windows=usual.get(row["queue"], 1.0),
            )
            for row in rows
        }

    def window_loads(self, hall: str, at: datetime) -> list[WindowLoad]:
        """Return the open windows with what is at each."""
        return [WindowLoad(**row) for row in self.rows("window_loads", hall=hall, at=at)]

    def usual_windows(self, hall: str, *, at: datetime, midnight: datetime, zone: str) -> dict[str, float]:
        """Return how many windows served each queue at this hour on other days."""
        local = at.astimezone(midnight.tzinfo)
        rows = self.rows(
            "usual_windows",
            hall=hall,
            zone=zone,
            since=at - timedelta(days=14),
            midnight=midnight,
            hour_begins=time(local.hour),
            hour_ends=time(local.hour, 59, 59),
        )
        return {row["queue"]: row["usual"] for row in rows}

    def waiting_counts(self, hall: str, business_date: date, *, kept: Mapping[str, date]) -> dict[str, int]:
        """Return how many tickets wait in each queue that has any."""
        rows = self.rows("waiting_counts", hall=hall, business_date=business_date, kept=wire.dumps(kept))
        return {row["queue"]: row["waiting"] for row in rows}

    def floor(self, hall: str, business_date: date, *, kept: Mapping[str, date]) -> dict[str, DictRow]:
        """Return how many of each queue wait, are set aside and were missed, and since when the first of them waits."""
        rows = self.rows("floor_queues", hall=hall, business_date=business_date, kept=wire.dumps(kept))
        return {row["queue"]: row for row in rows}

    def calling(self, hall: str, zones: Sequence[str]) -> list[DictRow]:
        """Return what the boards of some zones show as called or being served, each row with its zone."""
        return self.rows("board_calling", hall=hall, zones=list(zones))

    def missed(
        self, hall: str, zones: Sequence[str], business_date: date, *, kept: Mapping[str, date]
    ) -> list[DictRow]:
        """Return the numbers of some zones that were missed and may be queued again, each row with its zone."""
        return self.rows(
            "board_missed", hall=hall, zones=list(zones), business_date=business_date, kept=wire.dumps(kept)
        )

    def announcements(self, hall: str, zones: Sequence[str], since: datetime) -> list[DictRow]:
        """Return the calls of some zones since a moment, each row with its zone."""
        return self.rows("board_announcements", hall=hall, zones=list(zones), since=since)

    def _one(self, query: str, **params: Any) -> DictRow:
        row = self.row(query, **params)
        assert row is not None, query  # noqa: S101 - the query always gives a row
        return row


def _state(ticket: Ticket, reason: str | None) -> dict[str, Any]:
    return {
        "hall": ticket.hall,
        "id": ticket.id,
        "version": ticket.version,
        "state": ticket.state,
        "queue": ticket.queue,
        "window": ticket.window,
        "clerk": ticket.clerk,
        "reason": reason,
    }


def _pace(served_s: float, typical_s: float) -> float:
    """Return real by typical service time, pulled towards one while little was served."""
    pace = (served_s + PACE_PRIOR_S) / (typical_s + PACE_PRIOR_S)
    return min(max(pace, FASTEST_PACE), SLOWEST_PACE)
