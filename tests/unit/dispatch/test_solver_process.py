"""The process that plans a day, and who starts it."""

import json
import signal
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from services.chassis.child import ROOT, Child
from services.dispatch.domain.planning import Plan
from services.dispatch.domain.travel import GreatCircle
from services.dispatch.solver import Solver, SolverFailed
from services.dispatch.solver.caller import COMMAND
from services.dispatch.solver.wire import Form
from tests.unit.dispatch.days import busy, job, problem, table_of
from tests.unit.dispatch.plan_checker import wrongs
from tests.waiting import DEADLINE_S

DAY = busy(30, 3)


def solver(*command: str, grace_s: float = DEADLINE_S) -> Solver:
    return Solver(GreatCircle(), command=command or COMMAND, grace_s=grace_s)


def ignore(_: Plan) -> None:
    pass


def script(text: str) -> tuple[str, ...]:
    """Return a command in the place of the process."""
    return sys.executable, "-c", f"import json, os, signal, sys\nproblem = json.load(sys.stdin)\n{text}"


def endless() -> dict[str, Any]:
    """Return a problem whose search only time would end."""
    return {
        **Form.of(DAY, table_of(DAY)).message(),
        "iterations": None,
        "patience": None,
        "seconds": 10 * DEADLINE_S,
    }


def test_a_day_is_planned_and_the_same_again() -> None:
    day, told = busy(12, 2), []
    first = solver().solve(day, told.append)
    assert wrongs(first, day, table_of(day)) == []
    assert all(wrongs(each, day, table_of(day)) == [] for each in told)
    assert solver().solve(day, ignore) == first


def test_sigterm_makes_it_print_the_best_so_far_and_end() -> None:
    with subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as child:
        assert child.stdin and child.stdout
        with child.stdin as pipe:
            json.dump(endless(), pipe)
        best = json.loads(child.stdout.readline())
        child.send_signal(signal.SIGTERM)
        *_, last = child.stdout
        solution = json.loads(last)["solution"]
        assert child.wait() == 0
    assert (solution["ended"], solution["feasible"]) == ("asked", True)
    assert solution["cost"] <= best["cost"]
    assert solution["routes"]


def test_the_process_knows_neither_eventlet_nor_a_database() -> None:
    look = "import sys; from services.dispatch.solver import search, __main__; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = set(loaded.stdout.split())
    assert "pyvrp" in names
    assert not names & {"eventlet", "nameko", "kombu", "psycopg", "matplotlib"}


def test_who_starts_the_process_loads_no_search() -> None:
    look = "import sys; import services.dispatch.solver; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not set(loaded.stdout.split()) & {"pyvrp", "numpy", "eventlet"}


def test_a_cancelled_search_returns_its_best_so_far() -> None:
    asked = solver(
        *script(
            "first = problem['start'][:1]\n"
            "def end(*_):\n"
            "    print(json.dumps({'solution': {'routes': first}}), flush=True)\n"
            "    os._exit(0)\n"
            "signal.signal(signal.SIGTERM, end)\n"
            "print(json.dumps({'progress': 0.1, 'routes': first}), flush=True)\n"
            "signal.pause()"
        )
    )
    plan = asked.solve(DAY, lambda _: asked.cancel())
    assert wrongs(plan, DAY, table_of(DAY)) == []
    assert plan.routes


def test_a_search_cancelled_before_it_can_hear_is_settled_without_it() -> None:
    asked = solver(*script("signal.pause()"))
    asked.cancel()
    plan = asked.solve(DAY, ignore)
    assert wrongs(plan, DAY, table_of(DAY)) == []


def test_what_the_listener_raises_ends_the_search_and_the_process() -> None:
    asked = solver(*script("print(json.dumps({'progress': 0.1, 'routes': []}), flush=True)\nsignal.pause()"))
    running: list[Child | None] = []

    def refuse(_: Plan) -> None:
        running.append(asked._child)
        raise RuntimeError("the database is away")

    with pytest.raises(RuntimeError, match="the database is away"):
        asked.solve(DAY, refuse)
    assert running[0] is not None
    assert running[0].process.poll() == -signal.SIGKILL


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("raise MemoryError('no room')", r"ended with status 1 before.*no room"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "killed by signal 9"),
        ("print('{\"progress\": 0.', end='')", "ended with status 0"),
        (
            "print(json.dumps({'progress': 0.5, 'routes': []}), flush=True); sys.exit(3)",
            "ended with status 3",
        ),
    ],
)
def test_a_process_that_breaks_down_is_a_clear_error(text: str, said: str) -> None:
    with pytest.raises(SolverFailed, match=f"(?s){said}"):
        solver(*script(text)).solve(DAY, ignore)


def test_a_process_past_its_time_is_killed() -> None:
    late = solver(*script("signal.pause()"), grace_s=0.1)
    with pytest.raises(SolverFailed, match="killed by signal 9"):
        late.solve(replace(DAY, seconds=0.1), ignore)


def test_a_day_without_anything_to_solve_starts_no_process() -> None:
    none = solver("/nowhere")
    assert none.solve(problem(), ignore) == Plan(routes=(), unserved=())
    assert none.solve(problem(job("j"), crews=()), ignore).unserved[0].reason == "skill"
    assert none.solve(problem(job("j", skills=frozenset({"z"}))), ignore).unserved[0].reason == "skill"
