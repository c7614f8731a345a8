"""The facts statistics publishes.

None holds a free text, since an explanation may name whom it is about, but for the notes of imported commendations,
which name nobody and which quality keeps.
"""

from collections.abc import Mapping
from typing import Any

from services.chassis.outbox import Event

# statistics.anomaly.<verb>: detected assigned explained confirmed dismissed fed_back.
# statistics.commendations.<verb>: imported taken_back.
# statistics.records.handed_over: what quality took over, written by a migration alone.


def anomaly_event(state: str, data: Mapping[str, Any], *, version: int) -> Event:
    """Say that an unusual movement was found, or what became of it, with its whole state afterwards."""
    return Event(type=f"statistics.anomaly.{state}", subject=data["id"], sequence=version, data=data)


def commendations_event(verb: str, import_: str, data: Mapping[str, Any], *, telling: int) -> Event:
    """Say that rows of a file were taken in or back; the newest telling says whether a row is there."""
    return Event(type=f"statistics.commendations.{verb}", subject=import_, sequence=telling, data=data)
