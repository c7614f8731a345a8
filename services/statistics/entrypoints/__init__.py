"""Calls of statistics by subject, parts of the one Nameko service.

`service.py` names them through this package: it has to hold one service class alone, by which it is found.
"""

from services.statistics.entrypoints.anomalies import Anomalies
from services.statistics.entrypoints.imports import Imports
from services.statistics.entrypoints.reports import Reports
from services.statistics.entrypoints.waits import Waits

__all__ = ["Anomalies", "Imports", "Reports", "Waits"]
