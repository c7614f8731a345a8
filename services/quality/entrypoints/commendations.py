"""Calls about commendations."""

from typing import Any

from services.chassis.service import Service, command, question
from services.quality.schemas import commendations as schemas
from services.quality.store import Store
from services.quality.use_cases import commendations

Request = dict[str, Any]

_history = schemas.CommendationHistory()


class Commendations(Service):
    """Letters, banners and plaques."""

    @command(schemas.RecordCommendation(), schemas.CommendationReply())
    def record_commendation(self, store: Store, request: Request) -> Any:
        """Record a letter, banner or plaque."""
        return commendations.record_commendation(store, self.caller, **request)

    @command(schemas.CorrectCommendation(), _history)
    def correct_commendation(self, store: Store, request: Request) -> Any:
        """Set a commendation right."""
        return commendations.correct_commendation(store, self.caller, **request)

    @command(schemas.WithdrawCommendation(), _history)
    def withdraw_commendation(self, store: Store, request: Request) -> Any:
        """Count a commendation no more."""
        return commendations.withdraw_commendation(store, self.caller, **request)

    @question(schemas.CommendationId(), _history)
    def get_commendation(self, store: Store, request: Request) -> Any:
        """Return a commendation with its changes."""
        return commendations.get_commendation(store, self.caller, **request)

    @question(schemas.ListCommendations(), schemas.CommendationReply(many=True))
    def list_commendations(self, store: Store, request: Request) -> Any:
        """Return commendations."""
        return commendations.list_commendations(store, self.caller, **request)
