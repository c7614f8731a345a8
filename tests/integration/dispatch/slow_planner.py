"""A planner whose solver does not end, for a test to kill: `python -m tests.integration.dispatch.slow_planner`."""

import time
from collections.abc import Callable

from services.chassis.chores import be_beside
from services.dispatch.domain.planning import Plan, Problem
from services.dispatch.planner import PAUSE_S, plan_with
from services.dispatch.store import Store


class Slow:
    """Never done."""

    def solve(self, problem: Problem, on_progress: Callable[[Plan], None]) -> Plan:
        """Tell of an empty plan again and again."""
        while True:
            time.sleep(0.1)  # Timed: so that telling does not fill the machine; any pause will do.
            on_progress(Plan(routes=(), unserved=()))


if __name__ == "__main__":
    be_beside("dispatch", "planner", Store, [[plan_with(Slow())]], pause_s=PAUSE_S)
