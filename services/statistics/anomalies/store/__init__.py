"""The only caller of the queries of anomalies."""

from services.statistics.anomalies.store.anomalies import Anomalies
from services.statistics.anomalies.store.detection import Detection
from services.statistics.facts import store as facts


class Store(Anomalies, Detection, facts.Store):
    """Unusual movements, and how far was looked for them."""
