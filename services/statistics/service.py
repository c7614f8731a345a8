"""The Nameko service of statistics: its calls and what it hears."""

from typing import Any

from services.chassis.inbox import Hearing, hears
from services.chassis.service import Data, Inbox, Service, command, question
from services.statistics.schemas import facts as heard
from services.statistics.schemas import figures as asked
from services.statistics.schemas import imports as sent
from services.statistics.store import Store
from services.statistics.use_cases import facts, figures, imports
from services.statistics.use_cases.archive import archived

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


def hearings() -> list[Hearing]:
    """Say what is heard, and who takes it."""
    tickets, cases, named = heard.TicketState(), heard.CaseState(), heard.Named()
    appointments, orders = heard.AppointmentState(), heard.OnsiteState()
    return [
        *(hears(f"ticketing.ticket.{verb}", tickets, facts.keep_tickets) for verb in TICKET_VERBS),
        *(hears(f"cases.case.{verb}", cases, facts.keep_cases) for verb in CASE_VERBS),
        *(
            hears(f"appointments.appointment.{verb}", appointments, facts.keep_appointments)
            for verb in APPOINTMENT_VERBS
        ),
        *(hears(f"dispatch.order.{verb}", orders, facts.keep_onsite) for verb in ORDER_VERBS),
        *(
            hears(f"{service}.overtime.recorded", heard.Overtime(), facts.keep_overtime)
            for service in ("appointments", "dispatch")
        ),
        hears("dispatch.crew.published", named, facts.keep_names),
        hears("catalogue.queue.published", named, facts.keep_names),
        hears("catalogue.item.published", heard.Item(), facts.keep_items),
        hears("catalogue.department.published", heard.Department(), facts.keep_departments),
    ]


class Statistics(Service):
    """Figures of the hall."""

    name = "statistics"
    data = Data(Store, "services.statistics")
    inbox = Inbox(*archived(hearings()))

    @question(asked.GetOverview(), asked.Overview())
    def get_overview(self, store: Store, request: dict[str, Any]) -> Any:
        """Return the figures of a business date."""
        return figures.get_overview(store, self.caller, **request)

    @question(asked.GetVolumes(), asked.Volumes())
    def get_volumes(self, store: Store, request: dict[str, Any]) -> Any:
        """Return volumes by period and group."""
        return figures.get_volumes(store, self.caller, **request)

    @question(asked.GetHeatmap(), asked.HeatmapHour(many=True))
    def get_heatmap(self, store: Store, request: dict[str, Any]) -> Any:
        """Return cases and tickets by weekday and hour."""
        return figures.get_heatmap(store, self.caller, **request)

    @question(asked.GetAppointments(), asked.AppointmentFigures(many=True))
    def get_appointments(self, store: Store, request: dict[str, Any]) -> Any:
        """Return what became of appointments, by group."""
        return figures.get_appointments(store, self.caller, **request)

    @question(asked.GetOvertime(), asked.OvertimeFigures(many=True))
    def get_overtime(self, store: Store, request: dict[str, Any]) -> Any:
        """Return overtime, by group."""
        return figures.get_overtime(store, self.caller, **request)

    @question(asked.GetOnsite(), asked.OnsiteFigures(many=True))
    def get_onsite(self, store: Store, request: dict[str, Any]) -> Any:
        """Return what became of on-site orders, by group."""
        return figures.get_onsite(store, self.caller, **request)

    @command(sent.BeginImport(), sent.Import())
    def begin_import(self, store: Store, request: dict[str, Any]) -> Any:
        """Note a file that is about to be sent."""
        return imports.begin_import(store, self.caller, **request)

    @command(sent.AddImportPart())
    def add_import_part(self, store: Store, request: dict[str, Any]) -> Any:
        """Keep a part of a file."""
        return imports.add_import_part(store, self.caller, **request)

    @command(sent.QueueImport(), sent.Import())
    def queue_import(self, store: Store, request: dict[str, Any]) -> Any:
        """Have a file taken in."""
        return imports.queue_import(store, self.caller, **request)

    @question(sent.GetImport(), sent.ImportWithRefused())
    def get_import(self, store: Store, request: dict[str, Any]) -> Any:
        """Return an import and the first lines it refused."""
        return imports.get_import(store, self.caller, **request)

    @question(sent.ListImports(), sent.Imports())
    def list_imports(self, store: Store, request: dict[str, Any]) -> Any:
        """Return imports, the newest first."""
        return imports.list_imports(store, self.caller, **request)

    @question(sent.ListRefused(), sent.Refused(many=True))
    def list_refused(self, store: Store, request: dict[str, Any]) -> Any:
        """Return refused lines of an import."""
        return imports.list_refused(store, self.caller, **request)
