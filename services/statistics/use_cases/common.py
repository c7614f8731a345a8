"""Who may ask."""

from services.chassis.caller import Caller
from services.statistics.errors import StaffOnly

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
