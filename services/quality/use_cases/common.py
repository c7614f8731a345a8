"""Who may ask."""

from services.chassis.caller import Caller
from services.quality.errors import LeadersOnly, ManagersOnly


def require_analyst(caller: Caller) -> None:
    """Refuse whoever does not lead the hall or work on its figures.

    Raises:
        LeadersOnly: the caller is neither analyst nor manager.
    """
    if not caller.has("analyst", "manager"):
        raise LeadersOnly


def require_manager(caller: Caller) -> None:
    """Refuse whoever does not lead the hall.

    Raises:
        ManagersOnly: the caller is no manager.
    """
    if not caller.has("manager"):
        raise ManagersOnly
