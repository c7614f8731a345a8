"""The Nameko service of statistics: its calls and what it hears."""

from typing import Any

from services.chassis.config import settings
from services.chassis.inbox import Hearing, hears
from services.chassis.service import Data, Inbox
from services.statistics.anomalies import entrypoints as anomalies
from services.statistics.facts import schemas as heard
from services.statistics.facts.use_cases import facts
from services.statistics.facts.use_cases.archive import archived
from services.statistics.figures import entrypoints as figures
from services.statistics.imports import entrypoints as imports
from services.statistics.reports import entrypoints as reports
from services.statistics.staffing import entrypoints as staffing
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
            hears(f"ticketing.evaluation.{verb}", heard.EvaluationState(), facts.keep_evaluations)
            for verb in EVALUATION_VERBS
        ),
        *(
            hears(f"quality.commendation.{verb}", heard.CommendationState(), facts.keep_commendations)
            for verb in ("recorded", "corrected", "withdrawn")
        ),
        *(
            hears(f"ticketing.window.{verb}", heard.WindowState(), facts.keep_windows)
            for verb in ("signed_in", "signed_out")
        ),
        hears("identity.account.published", heard.AccountState(), facts.keep_staff),
        hears("dispatch.crew.published", named, facts.keep_names),
        hears("catalogue.queue.published", named, facts.keep_names),
        hears("catalogue.item.published", heard.Item(), facts.keep_items),
        hears("catalogue.item.dated", heard.ItemTerms(), facts.keep_terms),
        hears("catalogue.calendar.published", heard.CalendarYear(), facts.keep_calendar),
        hears("catalogue.department.published", heard.Department(), facts.keep_departments),
    ]


class Statistics(anomalies.Anomalies, figures.Figures, imports.Imports, reports.Reports, staffing.Staffing):
    """Figures of the hall."""

    name = "statistics"
    data = Data(Store, "services.statistics")
    # Nobody sees a quarter of a second in a figure, and a batch costs the same for one event as for fifty.
    inbox = Inbox(*archived(hearings()), gather_s=0.25)

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
