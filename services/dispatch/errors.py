"""What dispatch refuses."""

from services.chassis.errors import Conflict, Forbidden, Invalid, NotFound


class NoSuchOrder(NotFound):
    """There is no such order."""

    code = "order_not_found"


class NoSuchCrew(NotFound):
    """There is no such crew."""

    code = "crew_not_found"


class NoSuchPlan(NotFound):
    """There is no such plan."""

    code = "plan_not_found"


class UnknownItem(Invalid):
    """The hall does not offer this item now."""

    code = "unknown_item"


class WindowInvalid(Invalid):
    """The time window cannot be promised."""

    code = "window_invalid"


class NobodyThen(WindowInvalid):
    """Nobody who can do this works at that time."""

    code = "nobody_then"


class PlaceTooFar(Invalid):
    """The place is too far from where crews start."""

    code = "place_too_far"


class ReasonMissing(Invalid):
    """Say why."""

    code = "reason_missing"


class CrewInvalid(Invalid):
    """The crew contradicts itself."""

    code = "crew_invalid"


class MomentInvalid(Invalid):
    """It cannot have happened then."""

    code = "moment_invalid"


class DateInvalid(Invalid):
    """This day cannot be planned."""

    code = "date_invalid"


class NotOnSite(Conflict):
    """This item is not offered at the applicant's place."""

    code = "not_on_site"


class LimitReached(Conflict):
    """This person has as many open orders as one may have."""

    code = "limit_reached"


class IllegalTransition(Conflict):
    """The order's state does not allow this."""

    code = "illegal_transition"


class PersonErased(Conflict):
    """The person's data is erased."""

    code = "person_erased"


class NotADraft(Conflict):
    """Only a draft can be changed or published."""

    code = "plan_not_draft"


class PlanOutdated(Conflict):
    """What this plan was made of has changed; plan the day again."""

    code = "plan_outdated"


class NotFeasible(Conflict):
    """The crew cannot do this."""

    code = "not_feasible"


class CrewBusy(Conflict):
    """The crew is at another visit."""

    code = "crew_busy"


class WrongDay(Conflict):
    """The order is for another day."""

    code = "wrong_day"


class CalledOff(Conflict):
    """This visit was called off; nobody has to go there."""

    code = "called_off"


class NoCrew(Conflict):
    """No crew has this visit; it waits for a plan."""

    code = "no_crew"


class UrgentByStaff(Forbidden):
    """Only staff makes an order urgent."""

    code = "urgent_by_staff"


class NotYourPhone(Forbidden):
    """A visitor orders for the phone number that was proved."""

    code = "not_your_phone"


class NotTheHolder(Forbidden):
    """This needs the token that came with the order, or a member of staff."""

    code = "not_the_holder"


class NotYourCrew(Forbidden):
    """This is another crew's."""

    code = "not_your_crew"


class RoleMissing(Forbidden):
    """Your role does not allow this."""

    code = "role_missing"
