"""The only caller of the queries of reports."""

from services.statistics.figures import store as figures
from services.statistics.imports import store as imports
from services.statistics.reports.store.documents import Documents
from services.statistics.reports.store.reports import Reports


class Store(Reports, Documents, imports.Store, figures.Store):
    """Reports, their editions and their files."""
