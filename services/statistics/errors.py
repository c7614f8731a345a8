"""What statistics refuses."""

from services.chassis.errors import Conflict, Forbidden, NotFound


class StaffOnly(Forbidden):
    """Only staff may see the figures."""

    code = "staff_only"


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
