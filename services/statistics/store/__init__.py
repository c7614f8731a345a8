"""The only caller of the queries of statistics."""

from services.statistics.store.facts import Facts
from services.statistics.store.figures import Figures


class Store(Facts, Figures):
    """The database of statistics."""
