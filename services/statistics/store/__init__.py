"""The only caller of the queries of statistics."""

from services.statistics.store.anomalies import Anomalies
from services.statistics.store.archive import Archive
from services.statistics.store.detection import Detection
from services.statistics.store.figures import Figures


class Store(Archive, Figures, Anomalies, Detection):
    """The database of statistics."""
