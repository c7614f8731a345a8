"""What the catalogue refuses."""

from services.chassis.errors import Conflict, Forbidden, Invalid, NotFound, ServiceAway


class HallNotLoaded(NotFound):
    """The hall has not been loaded yet."""

    code = "hall_not_loaded"


class ItemNotFound(NotFound):
    """There is no such item."""

    code = "item_not_found"


class ItemExists(Conflict):
    """An item with this code exists already."""

    code = "item_exists"


class ItemWithdrawn(Conflict):
    """The item is withdrawn on that date."""

    code = "item_withdrawn"


class ItemNotYetOffered(Conflict):
    """The item is not offered yet on that date."""

    code = "item_not_yet_offered"


class NothingChanges(Invalid):
    """The item is like that already."""

    code = "nothing_changes"


class ReferenceInvalid(Invalid):
    """Something that is named does not exist, or does not fit."""


class PlaceExists(Invalid):
    """There is one of this code already."""

    code = "place_exists"


class PlaceNotFound(NotFound):
    """There is none of this code."""

    code = "place_not_found"


class HoursInvalid(Invalid):
    """The hours do not follow one another."""

    code = "hours_invalid"


class EffectiveDateInvalid(Invalid):
    """A change cannot take effect before today."""


class CursorInvalid(Invalid):
    """The cursor is none that was given out here."""


class AdminOnly(Forbidden):
    """Only an administrator may change the catalogue."""

    code = "admin_only"


class NoSuchWorkbook(NotFound):
    """There is no such workbook."""

    code = "workbook_not_found"


class WorkbookNotAwaited(Conflict):
    """All of this workbook is here already."""

    code = "workbook_not_awaited"


class WorkbookIncomplete(Conflict):
    """Parts of the workbook are missing."""

    code = "workbook_incomplete"


class WorkbookNotChecked(Conflict):
    """Only a workbook that was checked and found sound can be applied."""

    code = "workbook_not_checked"


class AnotherWorkbook(Conflict):
    """Another workbook is being applied."""

    code = "another_workbook"


class WorkbookUnderWay(Conflict):
    """The workbook is being applied, or is over."""

    code = "workbook_under_way"


class WorkbookNotMade(ServiceAway):
    """The workbook could not be read or written."""


class ClosureInvalid(Invalid):
    """There is no such place to close, or the times are none."""

    code = "closure_invalid"


class NoSuchClosure(NotFound):
    """There is no such closure."""

    code = "closure_not_found"


class ClosureOver(Conflict):
    """The closure has ended, or was called off."""

    code = "closure_over"


class RoleMissing(Forbidden):
    """Your role does not allow this."""

    code = "role_missing"


class NotYourDepartment(Forbidden):
    """It is another department's, or the whole hall's."""

    code = "not_yours_to_close"
