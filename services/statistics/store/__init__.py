"""The only caller of the queries of statistics."""

from services.statistics.store.archive import Archive
from services.statistics.store.figures import Figures
from services.statistics.store.reports import Reports


class Store(Archive, Figures, Reports):
    """The database of statistics."""
