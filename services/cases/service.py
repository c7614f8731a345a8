"""The Nameko service of cases: its calls and what it hears."""

from collections.abc import Mapping
from typing import Any, ClassVar

from services.cases import schemas
from services.cases.store import Store
from services.cases.use_cases import cases, copies, effects, joint, procedures
from services.chassis.calls import Calls
from services.chassis.effects import (
    ClosureChange,
    DaysChange,
    DepartmentChange,
    ItemChange,
    Promising,
    Touches,
)
from services.chassis.inbox import hears
from services.chassis.service import Data, Inbox, command, question


class Cases(Promising):
    """Business accepted at the windows, and joint approval by several departments."""

    name = "cases"
    data = Data(Store, "services.cases")
    calls = Calls()
    touches: ClassVar[Mapping[str, Touches]] = {
        "item": Touches(takes=ItemChange(), find=effects.of_item),
        "days": Touches(takes=DaysChange(), find=effects.of_days),
        "closure": Touches(takes=ClosureChange(), find=effects.of_closure),
        "department": Touches(takes=DepartmentChange(), find=effects.of_department),
    }
    inbox = Inbox(
        hears("catalogue.item.published", schemas.ItemPublished(), copies.keep_items),
        hears("catalogue.item.dated", schemas.ItemDated(), copies.keep_terms),
        hears("catalogue.calendar.published", schemas.CalendarPublished(), copies.keep_calendar),
        hears("catalogue.closure.published", schemas.ClosurePublished(), copies.keep_closures),
        hears("dispatch.order.done", schemas.OrderDone(), cases.accept_on_site),
    )

    def _ticket(self, request: dict[str, Any]) -> dict[str, Any]:
        """Ask ticketing for the ticket, while nothing is locked here."""
        cases.require_acceptor(self.caller)
        wanted = {"id": request["ticket"]}
        return {"ticket": self.calls("ticketing", "get_ticket", wanted, caller=self.caller)}

    @command(schemas.AcceptCase(), schemas.Case(), first=_ticket, routine=True)
    def accept_case(self, store: Store, request: dict[str, Any]) -> Any:
        """Accept business at a window."""
        return cases.accept_case(store, self.caller, **request)

    @command(schemas.DecideCase(), schemas.Case())
    def decide_case(self, store: Store, request: dict[str, Any]) -> Any:
        """Grant or refuse what a case asks for."""
        return cases.decide_case(store, self.caller, **request)

    @command(schemas.CaseNumber(), schemas.Case())
    def deliver_case(self, store: Store, request: dict[str, Any]) -> Any:
        """Hand a decision over."""
        return cases.deliver_case(store, self.caller, **request)

    @command(schemas.CaseAndReason(), schemas.Case())
    def correct_case(self, store: Store, request: dict[str, Any]) -> Any:
        """Ask for corrected materials."""
        return cases.correct_case(store, self.caller, **request)

    @command(schemas.CaseNumber(), schemas.Case())
    def resume_case(self, store: Store, request: dict[str, Any]) -> Any:
        """Go on after a correction."""
        return cases.resume_case(store, self.caller, **request)

    @command(schemas.CaseAndReason(), schemas.Case())
    def reject_case(self, store: Store, request: dict[str, Any]) -> Any:
        """Turn a case down."""
        return cases.reject_case(store, self.caller, **request)

    @question(schemas.CaseNumber(), schemas.CaseWithHistory())
    def get_case(self, store: Store, request: dict[str, Any]) -> Any:
        """Return a case with its history."""
        return cases.get_case(store, self.caller, **request)

    @question(schemas.CasesOfTicket(), schemas.Cases())
    def list_cases(self, store: Store, request: dict[str, Any]) -> Any:
        """Return the cases of a ticket."""
        return cases.list_cases(store, self.caller, **request)

    @question(schemas.Nothing(), schemas.Cases())
    def list_my_cases(self, store: Store, request: dict[str, Any]) -> Any:
        """Return what the caller accepted today."""
        return cases.list_my_cases(store, self.caller, **request)

    @command(schemas.NewProcedure(), schemas.Procedure())
    def define_joint_procedure(self, store: Store, request: dict[str, Any]) -> Any:
        """Define how a kind of project is approved."""
        return procedures.define_procedure(store, self.caller, **request)

    @command(schemas.NewProcedure(), schemas.Procedure())
    def change_joint_procedure(self, store: Store, request: dict[str, Any]) -> Any:
        """Define anew how a kind of project is approved."""
        return procedures.change_procedure(store, self.caller, **request)

    @command(schemas.Procedures(), schemas.ProcedureList())
    def load_joint_procedures(self, store: Store, request: dict[str, Any]) -> Any:
        """Take the procedures of the reference hall."""
        return procedures.load_procedures(store, self.caller, **request)

    @command(schemas.ProcedureCode(), schemas.Procedure())
    def withdraw_joint_procedure(self, store: Store, request: dict[str, Any]) -> Any:
        """Let no more projects begin under a procedure."""
        return procedures.withdraw_procedure(store, self.caller, **request)

    @question(schemas.Nothing(), schemas.ProcedureList())
    def list_joint_procedures(self, store: Store, request: dict[str, Any]) -> Any:
        """Return the procedures of joint approval."""
        return procedures.list_procedures(store, self.caller, **request)

    @command(schemas.OpenJointCase(), schemas.JointCase())
    def open_joint_case(self, store: Store, request: dict[str, Any]) -> Any:
        """Open a joint case."""
        return joint.open_joint_case(store, self.caller, **request)

    @command(schemas.HandIn(), schemas.JointCase())
    def hand_in_material(self, store: Store, request: dict[str, Any]) -> Any:
        """Take a material of a joint case, once for all steps."""
        return joint.hand_in(store, self.caller, **request)

    @command(schemas.Commit(), schemas.JointCase())
    def commit_step(self, store: Store, request: dict[str, Any]) -> Any:
        """Take a co-handler's written commitment."""
        return joint.commit_step(store, self.caller, **request)

    @command(schemas.Urge(), schemas.JointCase())
    def urge_step(self, store: Store, request: dict[str, Any]) -> Any:
        """Write to the department of a step."""
        return joint.urge_step(store, self.caller, **request)

    @command(schemas.JointNumber(), schemas.JointCase())
    def close_joint_case(self, store: Store, request: dict[str, Any]) -> Any:
        """Close a joint case."""
        return joint.close_joint_case(store, self.caller, **request)

    @command(schemas.JointAndReason(), schemas.JointCase())
    def withdraw_joint_case(self, store: Store, request: dict[str, Any]) -> Any:
        """End a joint case whose project is given up."""
        return joint.withdraw_joint_case(store, self.caller, **request)

    @question(schemas.JointNumber(), schemas.JointCase())
    def get_joint_case(self, store: Store, request: dict[str, Any]) -> Any:
        """Return a joint case."""
        return joint.get_joint_case(store, self.caller, **request)

    @question(schemas.JointCasesWanted(), schemas.JointCases())
    def list_joint_cases(self, store: Store, request: dict[str, Any]) -> Any:
        """Return joint cases."""
        return joint.list_joint_cases(store, self.caller, **request)
