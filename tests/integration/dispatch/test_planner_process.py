"""A planner as a process of its own: killed while it solves, the plan is another's at once."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from services.chassis import clock
from services.chassis.db import Database, load_queries
from services.dispatch.domain.plan import DayPlan
from services.dispatch.store import Store
from services.dispatch.use_cases import solving
from tests.integration.dispatch.in_process import Hall, Settling
from tests.shared import ROOT
from tests.waiting import DEADLINE_S, until

Run = Callable[[str], subprocess.Popen[bytes]]


@pytest.fixture
def there(database: Callable[[str], str]) -> Iterator[tuple[Hall, Run]]:
    """A hall, and what starts processes on its database."""
    url = database("dispatch")
    opened = Database(Store, load_queries("services.dispatch"), url=url, size=4, timeout=DEADLINE_S)
    hall, started = Hall(opened), []

    def run(module: str) -> subprocess.Popen[bytes]:
        environment = os.environ | {"DATABASE_URL": url, "HALL_CLOCK": f"{hall.now.isoformat()}@1"}
        command = ["setpriv", "--pdeathsig", "KILL", sys.executable, "-m", module]
        started.append(subprocess.Popen(command, env=environment, cwd=ROOT, stdin=subprocess.DEVNULL))
        return started[-1]

    with clock.showing(lambda: hall.now):
        hall.open()
        yield hall, run
    for process in started:
        process.kill()
        process.wait(timeout=DEADLINE_S)
    opened.close()


def wait_until(hall: Hall, plan: DayPlan, holds: Callable[[DayPlan], object]) -> DayPlan:
    def found() -> DayPlan | None:
        now = hall.plan(plan)
        return now if holds(now) else None

    reached = until(found, what="the plan gets on", seen=lambda: hall.plan(plan).state)
    assert reached is not None
    return reached


def test_a_plan_whose_planner_is_killed_is_taken_up_by_another(there: tuple[Hall, Run]) -> None:
    hall, run = there
    order = hall.screened(1)
    asked = hall.request()
    slow = run("tests.integration.dispatch.slow_planner")
    wait_until(hall, asked, lambda plan: plan.progress)
    assert not solving.solve_next(hall.database, Settling()), "it is the slow one's"
    slow.kill()
    slow.wait(timeout=DEADLINE_S)
    run("services.dispatch.planner")
    done = wait_until(hall, asked, lambda plan: plan.state == "draft")
    assert (done.attempts, [stop.job for _, stop in done.stops]) == (2, [order.id])
    hall.publish(done)
    assert hall.now_is(order).state == "assigned"
