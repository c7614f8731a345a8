"""The Nameko service of statistics: its calls and what it hears."""

from typing import Any

from services.chassis.inbox import Hearing, hears
from services.chassis.service import Data, Inbox, Service, question
from services.statistics import schemas, use_cases
from services.statistics.store import Store

TICKET_VERBS = (
    "issued",
    "called",
    "recalled",
    "started",
    "held",
    "resumed",
    "finished",
    "missed",
    "requeued",
    "transferred",
    "cancelled",
    "expired",
    "closed",
)
CASE_VERBS = ("accepted", "correction_requested", "resumed", "decided", "delivered", "rejected")
APPOINTMENT_VERBS = (
    "held",
    "booked",
    "lapsed",
    "cancelled",
    "rescheduled",
    "checked_in",
    "fulfilled",
    "no_show",
    "displaced",
    "waitlisted",
    "offered",
)
ORDER_VERBS = (
    "requested",
    "screened",
    "declined",
    "scheduled",
    "assigned",
    "reassigned",
    "unassigned",
    "rescheduled",
    "cancelled",
    "departed",
    "arrived",
    "done",
    "failed",
)
NAMED = ("department", "item", "queue")


def _hearings() -> list[Hearing]:
    tickets, cases, named = schemas.TicketState(), schemas.CaseState(), schemas.Named()
    appointments, orders = schemas.AppointmentState(), schemas.OnsiteState()
    return [
        *(hears(f"ticketing.ticket.{verb}", tickets, use_cases.keep_tickets) for verb in TICKET_VERBS),
        *(hears(f"cases.case.{verb}", cases, use_cases.keep_cases) for verb in CASE_VERBS),
        *(
            hears(f"appointments.appointment.{verb}", appointments, use_cases.keep_appointments)
            for verb in APPOINTMENT_VERBS
        ),
        *(hears(f"dispatch.order.{verb}", orders, use_cases.keep_onsite) for verb in ORDER_VERBS),
        *(
            hears(f"{service}.overtime.recorded", schemas.Overtime(), use_cases.keep_overtime)
            for service in ("appointments", "dispatch")
        ),
        hears("dispatch.crew.published", named, use_cases.keep_names),
        *(hears(f"catalogue.{kind}.published", named, use_cases.keep_names) for kind in NAMED),
    ]


class Statistics(Service):
    """Figures of the hall."""

    name = "statistics"
    data = Data(Store, "services.statistics")
    inbox = Inbox(*_hearings())

    @question(schemas.GetOverview(), schemas.Overview())
    def get_overview(self, store: Store, request: dict[str, Any]) -> Any:
        """Return the figures of a business date."""
        return use_cases.get_overview(store, self.caller, **request)

    @question(schemas.GetVolumes(), schemas.Volumes())
    def get_volumes(self, store: Store, request: dict[str, Any]) -> Any:
        """Return volumes by period and group."""
        return use_cases.get_volumes(store, self.caller, **request)

    @question(schemas.GetAppointments(), schemas.AppointmentFigures(many=True))
    def get_appointments(self, store: Store, request: dict[str, Any]) -> Any:
        """Return what became of appointments, by group."""
        return use_cases.get_appointments(store, self.caller, **request)

    @question(schemas.GetOvertime(), schemas.OvertimeFigures(many=True))
    def get_overtime(self, store: Store, request: dict[str, Any]) -> Any:
        """Return overtime, by group."""
        return use_cases.get_overtime(store, self.caller, **request)

    @question(schemas.GetOnsite(), schemas.OnsiteFigures(many=True))
    def get_onsite(self, store: Store, request: dict[str, Any]) -> Any:
        """Return what became of on-site orders, by group."""
        return use_cases.get_onsite(store, self.caller, **request)
