"""The only caller of the queries of figures."""

from services.statistics.facts import store as facts
from services.statistics.figures.store.commendations import Commendations
from services.statistics.figures.store.evaluations import Evaluations
from services.statistics.figures.store.figures import Figures
from services.statistics.figures.store.quarters import Quarters
from services.statistics.figures.store.waits import Waits


class Store(Figures, Waits, Evaluations, Commendations, Quarters, facts.Store):
    """What is counted."""
