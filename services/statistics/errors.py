"""What statistics refuses."""

from services.chassis.errors import Conflict, Forbidden


class StaffOnly(Forbidden):
    """Only staff may see the figures."""

    code = "staff_only"


class LedgerClosed(Forbidden):
    """Only analysts and managers may see overtime."""

    code = "overtime_readers_only"


class RebuildUnderWay(Conflict):
    """The read models are being rebuilt already."""

    code = "rebuild_under_way"
