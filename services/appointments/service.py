"""Appointments on the bus."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from services.appointments import schemas
from services.appointments.domain.appointment import Appointment
from services.appointments.store import Store
from services.appointments.use_cases import (
    booking,
    common,
    copies,
    desk,
    effects,
    holding,
    jobs,
    overtime,
    plans,
    sessions,
)
from services.chassis.caller import Caller
from services.chassis.calls import Calls
from services.chassis.config import settings
from services.chassis.effects import (
    ClosureChange,
    DaysChange,
    DepartmentChange,
    HoursChange,
    ItemChange,
    Promising,
    Touches,
)
from services.chassis.inbox import hears
from services.chassis.personal import vault
from services.chassis.service import Data, Inbox, command, every, question

Request = dict[str, Any]

_one = schemas.AppointmentId()
_plan = schemas.PlanReply()
_session = schemas.SessionState()
_which_session = schemas.SessionId()


class Appointments(Promising):
    """Slots, places and who has them."""

    name = "appointments"
    data = Data(Store, "services.appointments")
    calls = Calls()
    touches: ClassVar[Mapping[str, Touches]] = {
        "item": Touches(takes=ItemChange(), find=effects.of_item),
        "days": Touches(takes=DaysChange(), find=effects.of_days),
        "hours": Touches(takes=HoursChange(), find=effects.of_hours),
        "closure": Touches(takes=ClosureChange(), find=effects.of_closure),
        "department": Touches(takes=DepartmentChange(), find=effects.of_department),
        "plan": Touches(takes=schemas.PlanChange(), find=effects.of_plan),
    }
    inbox = Inbox(
        hears("catalogue.department.published", schemas.DepartmentPublished(), copies.keep_departments),
        hears("catalogue.item.published", schemas.ItemPublished(), copies.keep_items),
        hears("catalogue.item.dated", schemas.ItemDated(), copies.keep_terms),
        hears("catalogue.window.published", schemas.WindowPublished(), copies.keep_windows),
        hears("catalogue.hours.published", schemas.HoursPublished(), copies.keep_hours),
        hears("catalogue.closure.published", schemas.ClosurePublished(), copies.keep_closures),
        hears("catalogue.calendar.published", schemas.CalendarPublished(), copies.keep_calendar),
        hears("ticketing.ticket.issued", schemas.TicketTold(), copies.keep_tickets, wanted=copies.is_ours),
        hears("ticketing.ticket.finished", schemas.TicketTold(), copies.keep_tickets, wanted=copies.is_ours),
        hears("ticketing.token.renewed", schemas.TokenRenewed(), copies.keep_tokens),
        hears("ticketing.window.signed_in", schemas.WindowSigned(), overtime.keep_signings),
        hears("ticketing.window.signed_out", schemas.WindowSigned(), overtime.keep_signings),
    )

    @question(schemas.ListSlots(), schemas.SlotsReply())
    def list_slots(self, store: Store, request: Request) -> Any:
        """When can an item be booked?"""
        return plans.list_slots(store, self.caller, **request)

    @question(schemas.ListDay(), schemas.DayReply())
    def list_day(self, store: Store, request: Request) -> Any:
        """What is booked and free on a day?"""
        return plans.list_day(store, self.caller, **request)

    @command(schemas.Book(), fill=holding.filled)
    def book(self, store: Store, request: Request) -> Any:
        """Take a place."""
        return self._shown(store, booking.book(store, self.caller, **request), made=True)

    @command(_one, fill=holding.filled)
    def confirm(self, store: Store, request: Request) -> Any:
        """Book a held or offered place."""
        return self._shown(store, booking.confirm(store, self.caller, **request))

    @command(_one, fill=holding.filled)
    def cancel(self, store: Store, request: Request) -> Any:
        """Give a place up."""
        return self._shown(store, booking.cancel(store, self.caller, **request))

    @command(schemas.Reschedule(), fill=holding.filled)
    def reschedule(self, store: Store, request: Request) -> Any:
        """Move to another slot."""
        moved = booking.reschedule(store, self.caller, **request)
        return self._shown(store, moved, made=moved.id != str(request["id"]))

    @command(schemas.JoinWaitlist(), fill=holding.filled)
    def join_waitlist(self, store: Store, request: Request) -> Any:
        """Wait for a place."""
        return self._shown(store, booking.join_waitlist(store, self.caller, **request), made=True)

    def _ticket(self, request: Request) -> Request:
        """Have ticketing make the ticket of who checks in, while nothing is locked here."""
        with self.data.transaction() as store:
            wanted = desk.arrive(store, self.caller, **request)
        if wanted is None:
            return {"ticket": None}
        caller = replace(
            self.caller,
            username="appointments",
            roles=frozenset({"service"}),
            command_id=f"check-in:{wanted['appointment']}",
            token=None,
        )
        return {"ticket": self.calls("ticketing", "check_in_ticket", wanted, caller=caller)}

    @command(_one, first=_ticket, fill=holding.filled)
    def check_in(self, store: Store, request: Request) -> Any:
        """Come and get a ticket."""
        one = desk.check_in(store, self.caller, **request)
        has_come = desk.has_come(store, self.caller, one, ticket=request["ticket"])
        return self._shown(store, one, has_come=has_come)

    @command(schemas.RenewToken(), fill=holding.filled)
    def renew_token(self, store: Store, request: Request) -> Any:
        """Withdraw the token of who lost it, for a new one."""
        return self._shown(store, holding.renew_token(store, self.caller, **request), made=True)

    @question(_one)
    def get_appointment(self, store: Store, request: Request) -> Any:
        """What of my appointment?"""
        return holding.filled(self._shown(store, desk.get_appointment(store, self.caller, **request)))

    @question(_one, schemas.MovesReply())
    def get_moves(self, store: Store, request: Request) -> Any:
        """Which appointment was it first, and how often was it moved?"""
        return desk.get_moves(store, self.caller, **request)

    @question(schemas.Lookup())
    def lookup(self, store: Store, request: Request) -> Any:
        """Which is mine, by reference and phone? Who knows both is its holder and has the token from now on."""
        return holding.filled(self._shown(store, desk.lookup(store, self.caller, **request), made=True))

    @question(schemas.LookupToday())
    def lookup_today(self, store: Store, request: Request) -> Any:
        """Who stands at the kiosk?"""
        at_kiosk = not self.caller.has(*desk.AT_A_DESK)
        found = desk.lookup_today(store, self.caller, **request)
        return (schemas.ComersReply() if at_kiosk else schemas.AppointmentsReply()).dump(found)

    @question(schemas.ListAppointments(), schemas.AppointmentsReply())
    def list_appointments(self, store: Store, request: Request) -> Any:
        """Which appointments are there?"""
        return desk.list_appointments(store, self.caller, **request)

    @question(schemas.PhoneOf(), schemas.HistoryReply())
    def person_history(self, store: Store, request: Request) -> Any:
        """What did a person book, keep and miss?"""
        return desk.person_history(store, self.caller, **request)

    def _served(self, request: Request) -> Request:
        """Have ticketing say who serves the ticket of an appointment, where the caller's role does not suffice."""
        if self.caller.has(*desk.MAY_REVEAL):
            return {"ticket": None}
        with self.data.autocommit() as store:
            id_ = desk.ticket_of(store, self.caller, id=request["id"])
        return {"ticket": id_ and self.calls("ticketing", "get_ticket", {"id": id_}, caller=self.caller)}

    @question(schemas.Reveal(), schemas.PersonReply(), first=_served)
    def reveal_person(self, store: Store, request: Request) -> Any:
        """Who is it? The answer is not stored with the command, so this is a question that leaves a trace."""
        return desk.reveal_person(store, self.caller, **request)

    @question(schemas.Contact(), schemas.ContactReply())
    def contact(self, store: Store, request: Request) -> Any:
        """Whom does a message go to?"""
        return desk.contact(store, self.caller, **request)

    @command(schemas.SavePlan(), _plan)
    def save_slot_plan(self, store: Store, request: Request) -> Any:
        """Make or change a plan."""
        return plans.save_slot_plan(store, self.caller, **request)

    @command(schemas.LoadPlans(), schemas.PlansReply())
    def load_slot_plans(self, store: Store, request: Request) -> Any:
        """Load the plans of the reference hall."""
        return plans.load_slot_plans(store, self.caller, **request)

    @question(schemas.ListPlans(), schemas.PlansReply())
    def list_slot_plans(self, store: Store, request: Request) -> Any:
        """Which plans are there?"""
        return plans.list_slot_plans(store, self.caller, **request)

    @command(schemas.WithdrawPlan(), _plan)
    def withdraw_slot_plan(self, store: Store, request: Request) -> Any:
        """End a plan."""
        return plans.withdraw_slot_plan(store, self.caller, **request)

    def _accounts(self, request: Request) -> Request:
        """Ask identity whether all who are to stay have accounts, while nothing is locked here."""
        common.require(self.caller, "manager")
        wanted = {"usernames": request["staff"]}
        sessions.require_accounts(
            self.calls("identity", "no_accounts", wanted, caller=self.caller)["usernames"]
        )
        return {}

    @command(schemas.PlanSession(), _session, first=_accounts)
    def plan_session(self, store: Store, request: Request) -> Any:
        """Plan an extended session."""
        return sessions.plan_session(store, self.caller, **request)

    @command(_which_session, _session)
    def open_session(self, store: Store, request: Request) -> Any:
        """Open a session before its time."""
        return sessions.open_session(store, self.caller, **request)

    @command(_which_session, _session)
    def close_session(self, store: Store, request: Request) -> Any:
        """Close a session."""
        return sessions.close_session(store, self.caller, **request)

    @command(_which_session, _session)
    def cancel_session(self, store: Store, request: Request) -> Any:
        """Call a session off."""
        return sessions.cancel_session(store, self.caller, **request)

    @question(_which_session, _session)
    def get_session(self, store: Store, request: Request) -> Any:
        """What of a session?"""
        return sessions.get_session(store, self.caller, **request)

    @question(schemas.Dates(), schemas.SessionsReply())
    def list_sessions(self, store: Store, request: Request) -> Any:
        """Which sessions are there?"""
        return sessions.list_sessions(store, self.caller, **request)

    @question(schemas.ListOvertime(), schemas.OvertimeReply())
    def list_overtime(self, store: Store, request: Request) -> Any:
        """Who worked overtime?"""
        return overtime.list_overtime(store, self.caller, **request)

    def health_details(self, store: Store) -> dict[str, Any]:
        """Say how much of the catalogue is here, and how many persons are sealed under which key."""
        return {
            "copies": store.count_copies(settings().hall),
            "personal": {"active": vault().active, "rows": store.sealed_under()},
        }

    @every(5)
    def do_what_is_due(self) -> None:
        """Open and close sessions, lapse holds, give withheld places back, make slots and offer them."""
        self._do("turns", jobs.turns)
        self._do("due", jobs.due)
        self._do("fill", jobs.fill)

    @every(60)
    def end_days(self) -> None:
        """Note no-shows, erase and seal again."""
        self._do("daily", jobs.daily)

    def _shown(self, store: Store, one: Appointment, **about: bool) -> dict[str, Any]:
        return holding.shown(store, self.caller, one, **about)

    def _do(self, job: str, pieces: Callable[[Store, Caller], Iterator[jobs.Piece]]) -> None:
        caller = Caller(hall=settings().hall, username="clock", roles=frozenset({"admin"}))
        with self.data.autocommit() as store:
            work = list(pieces(store, caller))
        for piece in work:
            with self.data.transaction() as store:
                if not store.try_job(job):
                    return
                piece(store)
        self.wake_relay()
