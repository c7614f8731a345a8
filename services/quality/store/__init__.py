"""The only caller of the queries of quality."""

from services.quality.store.assessment import Assessment
from services.quality.store.commendations import Commendations
from services.quality.store.copies import Copies
from services.quality.store.meetings import Meetings


class Store(Commendations, Assessment, Meetings, Copies):
    """The database of quality."""
