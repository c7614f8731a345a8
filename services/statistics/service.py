"""The Nameko service of statistics: its calls and what it hears."""

from typing import Any

from services.chassis.config import settings
from services.chassis.inbox import Hearing, hears
from services.chassis.service import Data, Inbox, command, question
from services.statistics import entrypoints
from services.statistics.schemas import anomalies as unusual
from services.statistics.schemas import facts as heard
from services.statistics.schemas import figures as asked
from services.statistics.schemas import imports as sent
from services.statistics.schemas.quality import EvaluationState
from services.statistics.schemas.reports import AccountState
from services.statistics.schemas.waits import WindowState
from services.statistics.store import Store
from services.statistics.use_cases import anomalies, facts, figures, imports, quality, reports, waits
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
EVALUATION_VERBS = ("recorded", "assigned", "followed_up")
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
        *(
            hears(f"ticketing.evaluation.{verb}", EvaluationState(), quality.keep_evaluations)
            for verb in EVALUATION_VERBS
        ),
        *(
            hears(f"ticketing.window.{verb}", WindowState(), waits.keep_windows)
            for verb in ("signed_in", "signed_out")
        ),
        hears("identity.account.published", AccountState(), reports.keep_staff),
        hears("dispatch.crew.published", named, facts.keep_names),
        hears("catalogue.queue.published", named, facts.keep_names),
        hears("catalogue.item.published", heard.Item(), facts.keep_items),
        hears("catalogue.department.published", heard.Department(), facts.keep_departments),
    ]


class Statistics(entrypoints.Quality, entrypoints.Waits, entrypoints.Assessment, entrypoints.Reports):
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

    @question(unusual.ListAnomalies(), unusual.Anomalies())
    def list_anomalies(self, store: Store, request: dict[str, Any]) -> Any:
        """Return anomalies, the newest first."""
        return anomalies.list_anomalies(store, self.caller, **request)

    @question(unusual.AnomalyId(), unusual.WholeAnomaly())
    def get_anomaly(self, store: Store, request: dict[str, Any]) -> Any:
        """Return an anomaly with its series and history."""
        return anomalies.get_anomaly(store, self.caller, **request)

    @command(unusual.AssignAnomaly(), unusual.WholeAnomaly())
    def assign_anomaly(self, store: Store, request: dict[str, Any]) -> Any:
        """Give somebody the task to explain an anomaly."""
        return anomalies.assign_anomaly(store, self.caller, **request)

    @command(unusual.ExplainAnomaly(), unusual.WholeAnomaly())
    def explain_anomaly(self, store: Store, request: dict[str, Any]) -> Any:
        """Note what was found out."""
        return anomalies.explain_anomaly(store, self.caller, **request)

    @command(unusual.AnomalyId(), unusual.WholeAnomaly())
    def confirm_anomaly(self, store: Store, request: dict[str, Any]) -> Any:
        """Agree with the explanation."""
        return anomalies.confirm_anomaly(store, self.caller, **request)

    @command(unusual.DismissAnomaly(), unusual.WholeAnomaly())
    def dismiss_anomaly(self, store: Store, request: dict[str, Any]) -> Any:
        """Set an anomaly aside."""
        return anomalies.dismiss_anomaly(store, self.caller, **request)

    @command(unusual.FeedBackAnomaly(), unusual.WholeAnomaly())
    def feed_back_anomaly(self, store: Store, request: dict[str, Any]) -> Any:
        """Note what came of an anomaly."""
        return anomalies.feed_back_anomaly(store, self.caller, **request)

    def health_details(self, store: Store) -> dict[str, Any]:
        """Say how much of items and staff is known, up to when was looked for anomalies, and what is tried again."""
        found = store.detection_health(settings().hall)
        examined_to = found["examined_to"]
        return {
            "copies": store.copies(settings().hall),
            "detection": {
                "examined_to": examined_to.isoformat() if examined_to else None,
                "failed": found["failed"],
            },
        }

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
