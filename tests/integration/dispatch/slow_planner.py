"""A planner whose solver does not end, for a test to kill: `python -m tests.integration.dispatch.slow_planner`."""

import time
from collections.abc import Callable

from services.chassis.config import settings
from services.chassis.db import Database, load_queries
from services.dispatch.domain.planning import Plan, Problem
from services.dispatch.planner import plan_days
from services.dispatch.store import Store
from tests.waiting import DEADLINE_S


class Slow:
    """Never done."""

    def solve(self, problem: Problem, on_progress: Callable[[Plan], None]) -> Plan:
        """Tell of an empty plan again and again."""
        while True:
            time.sleep(0.1)  # Timed: so that telling does not fill the machine; any pause will do.
            on_progress(Plan(routes=(), unserved=()))


if __name__ == "__main__":
    plan_days(
        Database(
            Store, load_queries("services.dispatch"), url=settings().database_url, size=4, timeout=DEADLINE_S
        ),
        Slow(),
    )
