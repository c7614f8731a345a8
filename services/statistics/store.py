"""The database of statistics, for what works on several subjects; each subject's own store calls its queries."""

from services.statistics.anomalies import store as anomalies
from services.statistics.facts import store as facts
from services.statistics.figures import store as figures
from services.statistics.imports import store as imports
from services.statistics.reports import store as reports
from services.statistics.staffing import store as staffing


class Store(reports.Store, anomalies.Store, staffing.Store, imports.Store, figures.Store, facts.Store):
    """The database of statistics."""
