"""The Nameko service of statistics: its calls and what it hears."""

from typing import Any

from services.chassis.config import settings
from services.chassis.inbox import Hearing, hears
from services.chassis.service import Data, Inbox, question
from services.statistics import entrypoints
from services.statistics.schemas import evaluations as of_evaluations
from services.statistics.schemas import facts as heard
from services.statistics.schemas import figures as asked
from services.statistics.schemas.commendations import CommendationState
from services.statistics.schemas.quarters import GetQuarter
from services.statistics.schemas.reports import AccountState
from services.statistics.schemas.waits import WindowState
from services.statistics.store import Store
from services.statistics.use_cases import commendations, evaluations, facts, figures, quarters, reports, waits
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
    "retold",
)
EVALUATION_VERBS = ("recorded", "assigned", "followed_up")
CASE_VERBS = ("accepted", "correction_requested", "resumed", "retimed", "decided", "delivered", "rejected")
JOINT_VERBS = ("opened", "advanced", "closed", "withdrawn")
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
    "displaced",
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
        *(hears(f"cases.joint_case.{verb}", heard.JointState(), facts.keep_joint) for verb in JOINT_VERBS),
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
            hears(
                f"ticketing.evaluation.{verb}", of_evaluations.EvaluationState(), evaluations.keep_evaluations
            )
            for verb in EVALUATION_VERBS
        ),
        *(
            hears(f"quality.commendation.{verb}", CommendationState(), commendations.keep_commendations)
            for verb in ("recorded", "corrected", "withdrawn")
        ),
        *(
            hears(f"ticketing.window.{verb}", WindowState(), waits.keep_windows)
            for verb in ("signed_in", "signed_out")
        ),
        hears("identity.account.published", AccountState(), reports.keep_staff),
        hears("dispatch.crew.published", named, facts.keep_names),
        hears("catalogue.queue.published", named, facts.keep_names),
        hears("catalogue.item.published", heard.Item(), facts.keep_items),
        hears("catalogue.item.dated", heard.ItemTerms(), facts.keep_terms),
        hears("catalogue.calendar.published", heard.CalendarYear(), facts.keep_calendar),
        hears("catalogue.department.published", heard.Department(), facts.keep_departments),
    ]


class Statistics(
    entrypoints.Anomalies,
    entrypoints.Imports,
    entrypoints.Reports,
    entrypoints.Waits,
):
    """Figures of the hall."""

    name = "statistics"
    data = Data(Store, "services.statistics")
    # Nobody sees a quarter of a second in a figure, and a batch costs the same for one event as for fifty.
    inbox = Inbox(*archived(hearings()), gather_s=0.25)

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

    @question(of_evaluations.GetEvaluations(), of_evaluations.EvaluationFigures(many=True))
    def get_evaluations(self, store: Store, request: dict[str, Any]) -> Any:
        """Return how visits were found, by group."""
        return evaluations.get_evaluations(store, self.caller, **request)

    @question(GetQuarter())
    def get_quarter(self, store: Store, request: dict[str, Any]) -> Any:
        """Return what a quarter was like, for quality."""
        return quarters.get_quarter(store, self.caller, **request)

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
