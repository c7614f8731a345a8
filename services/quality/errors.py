"""What quality refuses."""

from services.chassis.errors import Conflict, Forbidden, Invalid, NotFound


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


class NotThatDepartment(Forbidden):
    """You may settle what your own department has agreed to alone."""

    code = "other_department"


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
