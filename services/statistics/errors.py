"""What statistics refuses."""

from services.chassis.errors import Conflict, Forbidden, Invalid, NotFound


class StaffOnly(Forbidden):
    """Only staff may see the figures."""

    code = "staff_only"


class LeadersOnly(Forbidden):
    """This is for analysts and managers."""

    code = "analysts_and_managers_only"


class NamesAPerson(Invalid):
    """A text holds an identity or phone number; nothing about persons is kept here."""

    code = "personal_data"


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


class NotAwaited(Conflict):
    """The import has ended; send the file again."""

    code = "import_ended"


class RebuildUnderWay(Conflict):
    """The read models are being rebuilt already."""

    code = "rebuild_under_way"
