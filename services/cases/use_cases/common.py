"""What every use case of cases needs: who may."""

from services.cases.errors import StaffOnly
from services.chassis.caller import Caller

STAFF = ("clerk", "operator", "manager", "analyst")


def require(caller: Caller, *roles: str) -> None:
    """Make sure that a caller has a role.

    Raises:
        StaffOnly: they have none of these.
    """
    if not caller.has(*roles):
        raise StaffOnly
