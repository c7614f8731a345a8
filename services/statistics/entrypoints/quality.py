"""Calls about the quality of service."""

from typing import Any

from services.chassis.service import Service, command, question
from services.statistics.schemas import quality as schemas
from services.statistics.store import Store
from services.statistics.use_cases import quality

Request = dict[str, Any]

_history = schemas.CommendationHistory()


class Quality(Service):
    """Commendations and evaluations."""

    @question(schemas.GetEvaluations(), schemas.EvaluationFigures(many=True))
    def get_evaluations(self, store: Store, request: Request) -> Any:
        """Return how visits were found, by group."""
        return quality.get_evaluations(store, self.caller, **request)

    @command(schemas.RecordCommendation(), schemas.CommendationReply())
    def record_commendation(self, store: Store, request: Request) -> Any:
        """Record a letter, banner or plaque."""
        return quality.record_commendation(store, self.caller, **request)

    @command(schemas.CorrectCommendation(), _history)
    def correct_commendation(self, store: Store, request: Request) -> Any:
        """Set a commendation right."""
        return quality.correct_commendation(store, self.caller, **request)

    @command(schemas.WithdrawCommendation(), _history)
    def withdraw_commendation(self, store: Store, request: Request) -> Any:
        """Count a commendation no more."""
        return quality.withdraw_commendation(store, self.caller, **request)

    @question(schemas.CommendationId(), _history)
    def get_commendation(self, store: Store, request: Request) -> Any:
        """Return a commendation with its changes."""
        return quality.get_commendation(store, self.caller, **request)

    @question(schemas.ListCommendations(), schemas.CommendationReply(many=True))
    def list_commendations(self, store: Store, request: Request) -> Any:
        """Return commendations."""
        return quality.list_commendations(store, self.caller, **request)
