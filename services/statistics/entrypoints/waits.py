"""Calls about waits and staffing."""

from typing import Any

from services.chassis.service import NoFields, Service, command, question
from services.statistics.schemas import waits as schemas
from services.statistics.store import Store
from services.statistics.use_cases import staffing, waits

Request = dict[str, Any]


class Waits(Service):
    """How long people waited, and how many windows would do."""

    @question(schemas.GetWaits(), schemas.WaitFigures(many=True))
    def get_waits(self, store: Store, request: Request) -> Any:
        """Return waits, estimates and services, by group."""
        return waits.get_waits(store, self.caller, **request)

    @question(schemas.GetDistribution(), schemas.Distribution())
    def get_distribution(self, store: Store, request: Request) -> Any:
        """Return a histogram of waits or services."""
        return waits.get_distribution(store, self.caller, **request)

    @command(schemas.RequestAdvice(), schemas.Advice())
    def request_advice(self, store: Store, request: Request) -> Any:
        """Have advice on staffing worked out."""
        return staffing.request_advice(store, self.caller, **request)

    @question(schemas.AdviceId(), schemas.Advice())
    def get_advice(self, store: Store, request: Request) -> Any:
        """Return advice on staffing, or how far it is."""
        return staffing.get_advice(store, self.caller, **request)

    @question(NoFields(), schemas.Advice(many=True, exclude=("rows",)))
    def list_advice(self, store: Store, request: Request) -> Any:
        """Return what advice there is."""
        return staffing.list_advice(store, self.caller)
