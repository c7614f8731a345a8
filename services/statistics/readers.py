"""Who may ask."""

from services.chassis.caller import Caller
from services.statistics.errors import LeadersOnly, StaffOnly

STAFF = ("clerk", "operator", "dispatcher", "crew", "analyst", "manager")
# What tells of persons, and what is for those who lead the hall.
ANALYSTS = ("analyst", "manager")


def require_staff(caller: Caller) -> None:
    """Refuse whoever does not work in the hall.

    Raises:
        Forbidden: the caller is no staff.
    """
    if not caller.has(*STAFF):
        raise StaffOnly


def require_analyst(caller: Caller) -> None:
    """Refuse whoever does not lead the hall or work on its figures.

    Raises:
        LeadersOnly: the caller is neither analyst nor manager.
    """
    if not caller.has(*ANALYSTS):
        raise LeadersOnly
