"""What statistics refuses."""

from services.chassis.errors import Conflict, Forbidden, Invalid, NotFound, ServiceAway


class StaffOnly(Forbidden):
    """Only staff may see the figures."""

    code = "staff_only"


class LeadersOnly(Forbidden):
    """This is for analysts and managers."""

    code = "analysts_and_managers_only"


class NotYet(Invalid):
    """The day is still ahead."""

    code = "in_the_future"


class UnknownDepartment(Invalid):
    """There is no such department."""

    code = "unknown_department"


class NoSuchCommendation(NotFound):
    """There is no such commendation."""

    code = "commendation_not_found"


class AlreadyWithdrawn(Conflict):
    """This was withdrawn before."""

    code = "already_withdrawn"


class NoSuchAdvice(NotFound):
    """There is no such advice."""

    code = "advice_not_found"


class ManagersOnly(Forbidden):
    """Only a manager may do this."""

    code = "manager_only"


class NotAnAward(Invalid):
    """No rule gives awards under this code on that day."""

    code = "not_an_award"


class NoSuchAward(NotFound):
    """There is no such award."""

    code = "award_not_found"


class QuarterRunning(Conflict):
    """The quarter is not over; its ranking is fixed afterwards."""

    code = "quarter_running"


class QuarterPublished(Conflict):
    """The ranking of this quarter is fixed."""

    code = "quarter_published"


class BeforeTheQuarter(Invalid):
    """The meeting would be before the quarter that it is about."""

    code = "before_the_quarter"


class MeetingExists(Conflict):
    """The quarter has its meeting already."""

    code = "meeting_exists"


class NoSuchMeeting(NotFound):
    """There is no such meeting."""

    code = "meeting_not_found"


class MeetingAhead(Conflict):
    """The meeting has not taken place yet."""

    code = "meeting_ahead"


class MeetingChanged(Conflict):
    """Somebody has written the minutes meanwhile; read them first."""

    code = "meeting_changed"


class BeforeTheMeeting(Invalid):
    """The action would be due before the meeting."""

    code = "before_the_meeting"


class NoSuchAction(NotFound):
    """There is no such action."""

    code = "action_not_found"


class ActionSettled(Conflict):
    """This action was settled before."""

    code = "action_settled"


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
    """Only an import of cases that has ended and brought some can be taken back, once."""

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
