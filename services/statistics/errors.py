"""What statistics refuses."""

from services.chassis.errors import Conflict, Forbidden, Invalid, NotFound, ServiceAway


class StaffOnly(Forbidden):
    """Only staff may see the figures."""

    code = "staff_only"


class LeadersOnly(Forbidden):
    """This is for analysts and managers."""

    code = "analysts_and_managers_only"


class UnknownDepartment(Invalid):
    """There is no such department."""

    code = "unknown_department"


class NoSuchAdvice(NotFound):
    """There is no such advice."""

    code = "advice_not_found"


class LedgerClosed(Forbidden):
    """Only analysts and managers may see overtime."""

    code = "overtime_readers_only"


class AnalystsOnly(Forbidden):
    """Only analysts may import, and only they and managers may look at imports."""

    code = "analysts_only"


class NoSuchImport(NotFound):
    """There is no such import."""

    code = "no_such_import"


class UploadIncomplete(Conflict):
    """Parts of the file are missing."""

    code = "upload_incomplete"


class ImportEnded(Conflict):
    """The import has ended, so there is nothing to call off."""

    code = "import_ended"


class CannotTakeBack(Conflict):
    """Only an import that has ended and had rows, of which is known that they are its own, can be taken back, once."""

    code = "cannot_take_back"


class NotAwaited(Conflict):
    """The import has ended; send the file again."""

    code = "import_ended"


class RebuildUnderWay(Conflict):
    """The read models are being rebuilt already."""

    code = "rebuild_under_way"


class AnomaliesClosed(Forbidden):
    """Only analysts and managers may follow up unusual movements, and a department's staff those that concern it."""

    code = "anomaly_readers_only"


class NoSuchAnomaly(NotFound):
    """There is no such anomaly."""


class IllegalTransition(Conflict):
    """The anomaly's state forbids it."""


class NoSuchOwner(Invalid):
    """There is no such account of the staff, and no such department."""

    code = "no_such_owner"


class DueInThePast(Invalid):
    """The date is over."""


class ReportsClosed(Forbidden):
    """Only analysts and managers may read reports."""

    code = "report_readers_only"


class PeriodInvalid(Invalid):
    """There is no such period."""

    code = "period_invalid"


class EditionUnknown(NotFound):
    """There is no such edition of this report."""

    code = "edition_not_found"


class PeriodRunning(Conflict):
    """The period is not over, so its report is worked out anew each time and has no editions."""

    code = "period_running"


class TooMuchAdvice(Conflict):
    """So much advice is still to be worked out that more has to wait."""

    code = "too_much_advice"


class NoSuchDocument(NotFound):
    """There is no such document, or it was forgotten; ask for the report again."""

    code = "document_not_found"


class DocumentNotReady(Conflict):
    """The document is still being made."""

    code = "document_not_ready"


class TooManyDocuments(Conflict):
    """So many documents of yours are being made that another has to wait."""

    code = "too_many_documents"


class RendererBusy(ServiceAway):
    """So many documents are being made that this one has to wait; ask again in a moment."""

    code = "renderer_busy"


class RendererFailed(ServiceAway):
    """The document could not be made."""

    code = "renderer_failed"
