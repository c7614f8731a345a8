"""The only caller of the queries of statistics."""

from services.statistics.store.archive import Archive
from services.statistics.store.figures import Figures
from services.statistics.store.quality import Quality


class Store(Archive, Figures, Quality):
    """The database of statistics."""
