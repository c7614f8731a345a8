"""The only caller of the queries of statistics."""

from services.statistics.store.anomalies import Anomalies
from services.statistics.store.archive import Archive
from services.statistics.store.commendations import Commendations
from services.statistics.store.detection import Detection
from services.statistics.store.documents import Documents
from services.statistics.store.evaluations import Evaluations
from services.statistics.store.figures import Figures
from services.statistics.store.imports import Imports
from services.statistics.store.quarters import Quarters
from services.statistics.store.reports import Reports
from services.statistics.store.waits import Waits


class Store(
    Archive,
    Figures,
    Imports,
    Anomalies,
    Detection,
    Evaluations,
    Commendations,
    Waits,
    Quarters,
    Reports,
    Documents,
):
    """The database of statistics."""
