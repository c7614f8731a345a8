"""The only caller of the queries of statistics."""

from services.statistics.store.archive import Archive
from services.statistics.store.figures import Figures
from services.statistics.store.imports import Imports


class Store(Archive, Figures, Imports):
    """The database of statistics."""
