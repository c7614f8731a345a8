"""Calls about unusual movements."""

from typing import Any

from services.chassis.service import NoFields, Service, command, question
from services.chassis.tasks import Tasks
from services.statistics.anomalies import schemas as schemas
from services.statistics.anomalies.store import Store
from services.statistics.anomalies.use_cases import anomalies

Request = dict[str, Any]

_whole = schemas.WholeAnomaly()


class Anomalies(Service):
    """Findings and their follow-up."""

    @question(schemas.ListAnomalies(), schemas.Anomalies())
    def list_anomalies(self, store: Store, request: Request) -> Any:
        """Return anomalies, the newest first."""
        return anomalies.list_anomalies(store, self.caller, **request)

    @question(schemas.AnomalyId(), _whole)
    def get_anomaly(self, store: Store, request: Request) -> Any:
        """Return an anomaly with its series and history."""
        return anomalies.get_anomaly(store, self.caller, **request)

    @question(NoFields(), Tasks())
    def list_tasks(self, store: Store, request: Request) -> Any:
        """Return what the caller was given to explain."""
        return anomalies.list_tasks(store, self.caller)

    @question(schemas.ListOwners(), schemas.Owners())
    def list_owners(self, store: Store, request: Request) -> Any:
        """Return who may be given a task."""
        return anomalies.list_owners(store, self.caller, **request)

    @command(schemas.AssignAnomaly(), _whole)
    def assign_anomaly(self, store: Store, request: Request) -> Any:
        """Give somebody the task to explain an anomaly."""
        return anomalies.assign_anomaly(store, self.caller, **request)

    @command(schemas.ExplainAnomaly(), _whole)
    def explain_anomaly(self, store: Store, request: Request) -> Any:
        """Note what was found out."""
        return anomalies.explain_anomaly(store, self.caller, **request)

    @command(schemas.AnomalyId(), _whole)
    def confirm_anomaly(self, store: Store, request: Request) -> Any:
        """Agree with the explanation."""
        return anomalies.confirm_anomaly(store, self.caller, **request)

    @command(schemas.DismissAnomaly(), _whole)
    def dismiss_anomaly(self, store: Store, request: Request) -> Any:
        """Set an anomaly aside."""
        return anomalies.dismiss_anomaly(store, self.caller, **request)

    @command(schemas.FeedBackAnomaly(), _whole)
    def feed_back_anomaly(self, store: Store, request: Request) -> Any:
        """Note what came of an anomaly."""
        return anomalies.feed_back_anomaly(store, self.caller, **request)
