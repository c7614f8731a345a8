"""What statistics refuses."""

from services.chassis.errors import Conflict, Forbidden, Invalid, NotFound, ServiceAway


class StaffOnly(Forbidden):
    """Only staff may see the figures."""

    code = "staff_only"


class LedgerClosed(Forbidden):
    """Only analysts and managers may see overtime."""

    code = "overtime_readers_only"


class RebuildUnderWay(Conflict):
    """The read models are being rebuilt already."""

    code = "rebuild_under_way"


class ReportsClosed(Forbidden):
    """Only analysts and managers may read reports."""

    code = "report_readers_only"


class PeriodInvalid(Invalid):
    """There is no such period."""

    code = "period_invalid"


class DepartmentUnknown(NotFound):
    """There is no such department."""

    code = "department_not_found"


class EditionUnknown(NotFound):
    """There is no such edition of this report."""

    code = "edition_not_found"


class PeriodRunning(Conflict):
    """The period is not over, so its report is worked out anew each time and has no editions."""

    code = "period_running"


class RendererBusy(ServiceAway):
    """So many documents are being made that this one has to wait; ask again in a moment."""

    code = "renderer_busy"


class RendererFailed(ServiceAway):
    """The document could not be made."""

    code = "renderer_failed"
