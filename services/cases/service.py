"""The Nameko service of cases: its calls and what it hears."""

from typing import Any

from services.cases import schemas, use_cases
from services.cases.store import Store
from services.chassis.calls import Calls
from services.chassis.inbox import hears
from services.chassis.service import Data, Inbox, Service, command, question


class Cases(Service):
    """Business accepted at the windows."""

    name = "cases"
    data = Data(Store, "services.cases")
    calls = Calls()
    inbox = Inbox(
        hears("catalogue.item.published", schemas.ItemPublished(), use_cases.keep_items),
        hears("catalogue.calendar.published", schemas.CalendarPublished(), use_cases.keep_calendar),
        hears("dispatch.order.done", schemas.OrderDone(), use_cases.accept_on_site),
    )

    def _ticket(self, request: dict[str, Any]) -> dict[str, Any]:
        """Ask ticketing for the ticket, while nothing is locked here."""
        use_cases.require_acceptor(self.caller)
        wanted = {"id": request["ticket"]}
        return {"ticket": self.calls("ticketing", "get_ticket", wanted, caller=self.caller)}

    @command(schemas.AcceptCase(), schemas.Case(), first=_ticket)
    def accept_case(self, store: Store, request: dict[str, Any]) -> Any:
        """Accept business at a window."""
        return use_cases.accept_case(store, self.caller, **request)

    @command(schemas.CaseNumber(), schemas.Case())
    def decide_case(self, store: Store, request: dict[str, Any]) -> Any:
        """Decide a case."""
        return use_cases.decide_case(store, self.caller, **request)

    @command(schemas.CaseNumber(), schemas.Case())
    def deliver_case(self, store: Store, request: dict[str, Any]) -> Any:
        """Hand a decision over."""
        return use_cases.deliver_case(store, self.caller, **request)

    @command(schemas.CaseAndReason(), schemas.Case())
    def correct_case(self, store: Store, request: dict[str, Any]) -> Any:
        """Ask for corrected materials."""
        return use_cases.correct_case(store, self.caller, **request)

    @command(schemas.CaseNumber(), schemas.Case())
    def resume_case(self, store: Store, request: dict[str, Any]) -> Any:
        """Go on after a correction."""
        return use_cases.resume_case(store, self.caller, **request)

    @command(schemas.CaseAndReason(), schemas.Case())
    def reject_case(self, store: Store, request: dict[str, Any]) -> Any:
        """Turn a case down."""
        return use_cases.reject_case(store, self.caller, **request)

    @question(schemas.CaseNumber(), schemas.CaseWithHistory())
    def get_case(self, store: Store, request: dict[str, Any]) -> Any:
        """Return a case with its history."""
        return use_cases.get_case(store, self.caller, **request)

    @question(schemas.CasesOfTicket(), schemas.Cases())
    def list_cases(self, store: Store, request: dict[str, Any]) -> Any:
        """Return the cases of a ticket."""
        return use_cases.list_cases(store, self.caller, **request)
