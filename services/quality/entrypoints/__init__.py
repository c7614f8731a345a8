"""Calls of quality by subject, parts of the one Nameko service.

`service.py` names them through this package: it has to hold one service class alone, by which it is found.
"""

from services.quality.entrypoints.assessment import Assessment
from services.quality.entrypoints.commendations import Commendations

__all__ = ["Assessment", "Commendations"]
