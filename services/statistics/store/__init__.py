"""The only caller of the queries of statistics."""

from services.statistics.store.anomalies import Anomalies
from services.statistics.store.archive import Archive
from services.statistics.store.assessment import Assessment, Meetings
from services.statistics.store.detection import Detection
from services.statistics.store.documents import Documents
from services.statistics.store.figures import Figures
from services.statistics.store.imports import Imports
from services.statistics.store.quality import Quality
from services.statistics.store.reports import Reports
from services.statistics.store.waits import Waits


class Store(
    Archive, Figures, Imports, Anomalies, Detection, Quality, Waits, Assessment, Meetings, Reports, Documents
):
    """The database of statistics."""
