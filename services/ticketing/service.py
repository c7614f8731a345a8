"""Ticketing on the bus."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar

from services.chassis.caller import Caller
from services.chassis.calls import Calls
from services.chassis.commands import Answer
from services.chassis.config import settings
from services.chassis.effects import (
    ClosureChange,
    DaysChange,
    DepartmentChange,
    HoursChange,
    ItemChange,
    Promising,
    Touches,
    WindowChange,
)
from services.chassis.inbox import hears
from services.chassis.personal import vault
from services.chassis.service import Data, Inbox, command, every, question, statement
from services.chassis.tasks import Tasks
from services.ticketing import schemas
from services.ticketing.store import Store
from services.ticketing.use_cases import (
    before,
    boards,
    check_in,
    copies,
    day,
    effects,
    evaluations,
    floor,
    holding,
    issue,
    questions,
    serve,
    visitors,
    windows,
)
from services.ticketing.use_cases.situation import Situations

Request = dict[str, Any]

_ticket = schemas.TicketReply()
# For whoever knows a ticket's id, which stands in lists, events and logs: the rest is the visitor's own affair.
_anybodys_ticket = schemas.TicketReply(exclude=("appointment", "same_phone"))
_holders_ticket = schemas.TicketReply(exclude=("appointment",))
_window = schemas.WindowReply()
_windows, _windows_unnamed = schemas.WindowsReply(), schemas.WindowsUnnamed()
_one = schemas.TicketId()
_situations = Situations()


class Ticketing(Promising):
    """Numbers, queues, windows and boards."""

    name = "ticketing"
    data = Data(Store, "services.ticketing", plan_once=True)
    calls = Calls()
    touches: ClassVar[Mapping[str, Touches]] = {
        "item": Touches(takes=ItemChange(), find=effects.of_item),
        "days": Touches(takes=DaysChange(), find=effects.of_days),
        "hours": Touches(takes=HoursChange(), find=effects.of_hours),
        "closure": Touches(takes=ClosureChange(), find=effects.of_closure),
        "department": Touches(takes=DepartmentChange(), find=effects.of_department),
        "window": Touches(takes=WindowChange(), find=effects.of_window, roles=("manager", "clerk")),
    }
    inbox = Inbox(
        hears("catalogue.department.published", schemas.NamedPublished(), copies.keep_departments),
        hears("catalogue.zone.published", schemas.NamedPublished(), copies.keep_zones),
        hears("catalogue.queue.published", schemas.QueuePublished(), copies.keep_queues),
        hears("catalogue.window.published", schemas.WindowPublished(), copies.keep_windows),
        hears("catalogue.item.published", schemas.ItemPublished(), copies.keep_items),
        hears("catalogue.item.dated", schemas.ItemDated(), copies.keep_terms),
        hears("catalogue.hours.published", schemas.HoursPublished(), copies.keep_hours),
        hears("catalogue.closure.published", schemas.ClosurePublished(), copies.keep_closures),
        hears("catalogue.calendar.published", schemas.CalendarPublished(), copies.keep_calendar),
        *(
            hears(f"appointments.session.{verb}", schemas.SessionTold(), copies.keep_sessions)
            for verb in ("planned", "opened", "closed", "cancelled")
        ),
        hears("appointments.token.renewed", schemas.TokenRenewed(), holding.follow_appointments),
    )

    @statement(schemas.IssueTicket())
    def issue_ticket(self, store: Store, request: Request, mark: str) -> Answer:
        """Give a number."""
        return issue.issue_ticket(store, _situations, self.caller, mark, **request)

    @statement(schemas.CheckInTicket())
    def check_in_ticket(self, store: Store, request: Request, mark: str) -> Answer:
        """Give a number for an appointment."""
        return check_in.check_in_ticket(store, _situations, self.caller, **request)

    @question(schemas.ContactOf(), schemas.ContactReply())
    def contact(self, store: Store, request: Request) -> Any:
        """Where is a visitor reached? A question that leaves a trace: its answer is not stored with a command."""
        return visitors.contact(store, self.caller, **request)

    @question(_one, _anybodys_ticket)
    def get_ticket(self, store: Store, request: Request) -> Any:
        """Where is my ticket?"""
        return questions.get_ticket(store, _situations, self.caller, **request)

    @question(_one, schemas.WhyReply())
    def why_called(self, store: Store, request: Request) -> Any:
        """Why was it called when it was?"""
        return questions.why_called(store, self.caller, **request)

    @question(schemas.NumberShown(), schemas.WhyNumberReply())
    def why_number(self, store: Store, request: Request) -> Any:
        """Why was the number on the board called when it was?"""
        return questions.why_number(store, self.caller, **request)

    @command(_one, _anybodys_ticket)
    def cancel_ticket(self, store: Store, request: Request) -> Any:
        """Give a ticket up."""
        return serve.cancel_ticket(store, self.caller, **request)

    @command(schemas.LeavePhone(), _holders_ticket)
    def leave_phone(self, store: Store, request: Request) -> Any:
        """Say where I am told that my turn is near."""
        return visitors.leave_phone(store, self.caller, **request)

    @command(schemas.ReasonedTicket(), fill=holding.filled)
    def renew_token(self, store: Store, request: Request) -> Any:
        """Withdraw the token of who lost the slip, for a new one."""
        return holding.renew_token(store, self.caller, **request)

    @command(schemas.EvaluateTicket(), schemas.EvaluationReply(), routine=True)
    def evaluate_ticket(self, store: Store, request: Request) -> Any:
        """Say how the service was."""
        return evaluations.evaluate_ticket(store, self.caller, **request)

    def _owner_roles(self, request: Request) -> Request:
        """Ask identity for the roles of the account that is to follow up, while nothing is locked here."""
        evaluations.require_manager(self.caller)
        wanted = {"username": request["owner"]}
        return {"owner_roles": self.calls("identity", "staff_roles", wanted, caller=self.caller)["roles"]}

    @command(schemas.AssignEvaluation(), schemas.EvaluationDetail(), first=_owner_roles)
    def assign_evaluation(self, store: Store, request: Request) -> Any:
        """Have a negative evaluation followed up."""
        return evaluations.assign_evaluation(store, self.caller, **request)

    @command(schemas.FollowUpEvaluation(), schemas.EvaluationDetail())
    def follow_up_evaluation(self, store: Store, request: Request) -> Any:
        """Say what came of a follow-up."""
        return evaluations.follow_up_evaluation(store, self.caller, **request)

    @command(schemas.FollowUpEvaluation(), schemas.EvaluationDetail())
    def answer_follow_up(self, store: Store, request: Request) -> Any:
        """Say what came of a follow-up that the caller was given."""
        return evaluations.answer_follow_up(store, self.caller, **request)

    @question(schemas.NothingAsked(), Tasks())
    def list_tasks(self, store: Store, request: Request) -> Any:
        """What was the caller given to follow up?"""
        return evaluations.list_tasks(store, self.caller)

    @question(schemas.ListEvaluations(), schemas.EvaluationsReply())
    def list_evaluations(self, store: Store, request: Request) -> Any:
        """How was the service found?"""
        return evaluations.list_evaluations(store, self.caller, **request)

    @question(schemas.ListWindows())
    def list_windows(self, store: Store, request: Request) -> Any:
        """Which windows are there, and, for the staff, who sits at them?"""
        shown = _windows if self.caller.is_staff else _windows_unnamed
        return shown.dump(windows.list_windows(store, self.caller, **request))

    @question(schemas.ListWindows(), schemas.FloorReply())
    def get_floor(self, store: Store, request: Request) -> Any:
        """What goes on in the queues and at the windows?"""
        return floor.get_floor(store, _situations, self.caller, **request)

    @command(schemas.SignIn(), _window)
    def sign_in(self, store: Store, request: Request) -> Any:
        """Sit down at a window."""
        return windows.sign_in(store, self.caller, **request)

    @command(schemas.SignOut(), _window)
    def sign_out(self, store: Store, request: Request) -> Any:
        """Leave a window, or free it."""
        return windows.sign_out(store, _situations, self.caller, **request)

    @question(schemas.WindowCode(), schemas.DeskReply())
    def get_desk(self, store: Store, request: Request) -> Any:
        """What is before a clerk?"""
        return windows.get_desk(store, _situations, self.caller, **request)

    @question(schemas.WindowCodes(), schemas.DesksReply())
    def get_desks(self, store: Store, request: Request) -> Any:
        """What is before several clerks?"""
        return windows.get_desks(store, _situations, self.caller, **request)

    @command(schemas.WindowCode(), _ticket, routine=True)
    def call_next(self, store: Store, request: Request) -> Any:
        """Call the next ticket to a window."""
        return serve.call_next(store, _situations, self.caller, **request)

    @command(schemas.CallNumber(), _ticket)
    def call_number(self, store: Store, request: Request) -> Any:
        """Call a chosen visitor to a window."""
        return serve.call_number(store, _situations, self.caller, **request)

    @command(_one, _ticket, routine=True)
    def recall_ticket(self, store: Store, request: Request) -> Any:
        """Announce a ticket again."""
        return serve.recall_ticket(store, self.caller, **request)

    @command(_one, _ticket, routine=True)
    def start_ticket(self, store: Store, request: Request) -> Any:
        """Begin to serve."""
        return serve.start_ticket(store, _situations, self.caller, **request)

    @command(_one, _ticket, routine=True)
    def finish_ticket(self, store: Store, request: Request) -> Any:
        """End the service."""
        return serve.finish_ticket(store, self.caller, **request)

    @command(_one, _ticket, routine=True)
    def miss_ticket(self, store: Store, request: Request) -> Any:
        """Note that nobody came."""
        return serve.miss_ticket(store, self.caller, **request)

    @command(_one, _ticket, routine=True)
    def requeue_ticket(self, store: Store, request: Request) -> Any:
        """Put a missed ticket back."""
        return serve.requeue_ticket(store, _situations, self.caller, **request)

    @command(_one, _ticket, routine=True)
    def hold_ticket(self, store: Store, request: Request) -> Any:
        """Set a ticket aside."""
        return serve.hold_ticket(store, self.caller, **request)

    @command(_one, _ticket, routine=True)
    def resume_ticket(self, store: Store, request: Request) -> Any:
        """Serve a held ticket on."""
        return serve.resume_ticket(store, _situations, self.caller, **request)

    @command(schemas.TransferTicket(), _ticket)
    def transfer_ticket(self, store: Store, request: Request) -> Any:
        """Send a visitor on."""
        return serve.transfer_ticket(store, _situations, self.caller, **request)

    @command(schemas.ReasonedTicket(), _ticket)
    def put_back_ticket(self, store: Store, request: Request) -> Any:
        """Let a visitor wait again whose clerk is gone."""
        return serve.put_back_ticket(store, _situations, self.caller, **request)

    @command(schemas.ReasonedTicket(), _ticket)
    def end_ticket(self, store: Store, request: Request) -> Any:
        """End a ticket in place of its clerk."""
        return serve.end_ticket(store, self.caller, **request)

    @question(schemas.ZoneCode(), schemas.BoardReply())
    def get_board(self, store: Store, request: Request) -> Any:
        """What does a zone's board show?"""
        return boards.get_board(store, _situations, self.caller, **request)

    @question(schemas.ZoneCodes(), schemas.BoardsReply())
    def get_boards(self, store: Store, request: Request) -> Any:
        """What do the boards of several zones show?"""
        return boards.get_boards(store, _situations, self.caller, **request)

    @every(15)
    def keep_the_day(self) -> None:
        """Expire missed tickets and close days that are over."""
        self._do(day.expire_missed, day.close_ended_days, day.empty_forgotten_windows)

    @every(10)
    def recover_stretches(self) -> None:
        """Tell the stretches of visits that were sent on before these were kept."""
        self._do(before.recover_stretches)

    @every(3)
    def tell_visitors(self) -> None:
        """Tell those whose turn is near, and those who wait in a closure."""
        self._do(visitors.tell_approaching, partial(visitors.tell_paused, situations=_situations))

    @every(30)
    def keep_phones_safe(self) -> None:
        """Erase the phones of visits long ago, and seal anew what is under an old key."""
        self._do(visitors.erase_contacts, visitors.seal_again)

    def health_details(self, store: Store) -> dict[str, Any]:
        """Say how much of the catalogue is here, and how many phones are sealed under which key."""
        return {
            "copies": store.count_copies(settings().hall),
            "personal": {"active": vault().active, "rows": store.sealed_under()},
        }

    def _do(self, *jobs: Callable[[Store, Caller], object]) -> None:
        caller = Caller(hall=settings().hall, username="clock", roles=frozenset({"admin"}))
        for job in jobs:
            with self.data.transaction() as store:
                job(store, caller)
        self.wake_relay()
