"""The only caller of the queries of statistics."""

from services.statistics.store.archive import Archive
from services.statistics.store.figures import Figures


class Store(Archive, Figures):
    """The database of statistics."""
