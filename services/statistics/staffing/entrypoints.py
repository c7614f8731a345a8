"""Calls about staffing."""

from typing import Any

from services.chassis.service import NoFields, Service, command, question
from services.statistics.staffing import schemas, use_cases
from services.statistics.staffing.store import Store

Request = dict[str, Any]


class Staffing(Service):
    """How many windows would do."""

    @command(schemas.RequestAdvice(), schemas.Advice())
    def request_advice(self, store: Store, request: Request) -> Any:
        """Have advice on staffing worked out."""
        return use_cases.request_advice(store, self.caller, **request)

    @question(schemas.AdviceId(), schemas.Advice())
    def get_advice(self, store: Store, request: Request) -> Any:
        """Return advice on staffing, or how far it is."""
        return use_cases.get_advice(store, self.caller, **request)

    @question(NoFields(), schemas.Advice(many=True, exclude=("rows",)))
    def list_advice(self, store: Store, request: Request) -> Any:
        """Return what advice there is."""
        return use_cases.list_advice(store, self.caller)
