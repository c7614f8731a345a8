"""The only caller of the queries of statistics."""

from services.statistics.store.facts import Facts
from services.statistics.store.figures import Figures
from services.statistics.store.reports import Reports


class Store(Facts, Figures, Reports):
    """The database of statistics."""
