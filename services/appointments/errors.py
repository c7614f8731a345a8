"""What appointments refuses."""

from services.chassis.errors import Conflict, Forbidden, Invalid, NotFound


class NoSuchAppointment(NotFound):
    """There is no such appointment."""

    code = "appointment_not_found"


class NoSuchSlot(NotFound):
    """There is no such slot."""

    code = "slot_not_found"


class NoSuchPlan(NotFound):
    """There is no such slot plan."""

    code = "slot_plan_not_found"


class UnknownItem(Invalid):
    """The hall does not offer this item now."""

    code = "unknown_item"


class WrongDates(Invalid):
    """The dates are no period that can be asked for."""

    code = "wrong_dates"


class PlanInvalid(Invalid):
    """The slot plan contradicts itself."""

    code = "slot_plan_invalid"


class UnknownDepartment(Invalid):
    """The hall has no such department."""

    code = "unknown_department"


class UnknownWindow(Invalid):
    """The department has no such window."""

    code = "unknown_window"


class SessionInvalid(Invalid):
    """An extended session cannot be held like this."""

    code = "session_invalid"


class UnknownStaff(SessionInvalid):
    """Somebody who is to stay has no open account."""


class NoSuchSession(NotFound):
    """There is no such extended session."""

    code = "session_not_found"


class NoThreeServices(Conflict):
    """This department offers neither appointments nor extended hours."""

    code = "no_three_services"


class SessionOverlaps(Conflict):
    """The department has another extended session at this time."""

    code = "session_overlaps"


class TooEarlyToOpen(Conflict):
    """This session is still far off."""

    code = "too_early_to_open"


class NotBookable(Conflict):
    """This item is not offered by appointment."""

    code = "not_bookable"


class SlotFull(Conflict):
    """No place is left in this slot."""

    code = "slot_full"


class SlotPast(Conflict):
    """This slot has begun."""

    code = "slot_past"


class SlotOfOtherItem(Conflict):
    """This slot is for other items."""

    code = "slot_of_other_item"


class LimitReached(Conflict):
    """This person has as many appointments as one may have."""

    code = "limit_reached"


class BookingSuspended(Conflict):
    """After missed or cancelled appointments this person cannot book on the web for some time."""

    code = "booking_suspended"


class IllegalTransition(Conflict):
    """Its state does not allow this."""

    code = "illegal_transition"


class TooEarly(Conflict):
    """You can check in from half an hour before your appointment."""

    code = "too_early"


class WrongDay(Conflict):
    """The appointment is on another day."""

    code = "wrong_day"


class TooLateToConfirm(Conflict):
    """The place was not confirmed in time."""

    code = "hold_expired"


class NotTheHolder(Forbidden):
    """This needs the token that came with the booking, or a member of the department's staff."""

    code = "not_the_holder"


class NotAtYourWindow(Forbidden):
    """A clerk sees whom an appointment is for while that person is at the clerk's window."""

    code = "not_at_your_window"


class NotThatDepartment(Forbidden):
    """You see the appointments of your own department."""

    code = "not_your_department"


class MoreNeeded(Invalid):
    """Four digits of a phone belong to many: type at least five, or the first character of the name as well."""

    code = "more_needed"


class NotYourPhone(Forbidden):
    """A visitor books for the phone number that was proved."""

    code = "not_your_phone"


class RoleMissing(Forbidden):
    """Your role does not allow this."""

    code = "role_missing"
