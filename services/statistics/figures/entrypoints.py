"""Calls about figures."""

from typing import Any

from services.chassis.service import Service, question
from services.statistics.figures.schemas import evaluations as of_evaluations
from services.statistics.figures.schemas import figures as asked
from services.statistics.figures.schemas import waits as of_waits
from services.statistics.figures.schemas.quarters import GetQuarter
from services.statistics.figures.store import Store
from services.statistics.figures.use_cases import evaluations, figures, quarters, waits

Request = dict[str, Any]


class Figures(Service):
    """What was counted, by date, group and hour."""

    @question(asked.GetOverview(), asked.Overview())
    def get_overview(self, store: Store, request: Request) -> Any:
        """Return the figures of a business date."""
        return figures.get_overview(store, self.caller, **request)

    @question(asked.GetVolumes(), asked.Volumes())
    def get_volumes(self, store: Store, request: Request) -> Any:
        """Return volumes by period and group."""
        return figures.get_volumes(store, self.caller, **request)

    @question(asked.GetHeatmap(), asked.HeatmapHour(many=True))
    def get_heatmap(self, store: Store, request: Request) -> Any:
        """Return cases and tickets by weekday and hour."""
        return figures.get_heatmap(store, self.caller, **request)

    @question(asked.GetAppointments(), asked.AppointmentFigures(many=True))
    def get_appointments(self, store: Store, request: Request) -> Any:
        """Return what became of appointments, by group."""
        return figures.get_appointments(store, self.caller, **request)

    @question(asked.GetOvertime(), asked.OvertimeFigures(many=True))
    def get_overtime(self, store: Store, request: Request) -> Any:
        """Return overtime, by group."""
        return figures.get_overtime(store, self.caller, **request)

    @question(asked.GetOnsite(), asked.OnsiteFigures(many=True))
    def get_onsite(self, store: Store, request: Request) -> Any:
        """Return what became of on-site orders, by group."""
        return figures.get_onsite(store, self.caller, **request)

    @question(of_evaluations.GetEvaluations(), of_evaluations.EvaluationFigures(many=True))
    def get_evaluations(self, store: Store, request: Request) -> Any:
        """Return how visits were found, by group."""
        return evaluations.get_evaluations(store, self.caller, **request)

    @question(GetQuarter())
    def get_quarter(self, store: Store, request: Request) -> Any:
        """Return what a quarter was like, for quality."""
        return quarters.get_quarter(store, self.caller, **request)

    @question(of_waits.GetWaits(), of_waits.WaitFigures(many=True))
    def get_waits(self, store: Store, request: Request) -> Any:
        """Return waits, estimates and services, by group."""
        return waits.get_waits(store, self.caller, **request)

    @question(of_waits.GetDistribution(), of_waits.Distribution())
    def get_distribution(self, store: Store, request: Request) -> Any:
        """Return a histogram of waits or services."""
        return waits.get_distribution(store, self.caller, **request)
