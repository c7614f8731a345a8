"""The process: reads a problem as JSON, prints its progress line by line and at the end the solution.

SIGTERM makes it print the best solution found so far and end.
"""

import signal
import time

STARTED = time.monotonic()
ASKED_TO_END: list[int] = []
signal.signal(signal.SIGTERM, lambda number, _frame: ASKED_TO_END.append(number))

import json
import os
import sys
from typing import Any

# One core, and no threads that wait for more.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from services.dispatch.solver.search import Limits, Search


def say(line: dict[str, Any]) -> None:
    """Print a line at once."""
    sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Solve what stands on stdin; `seconds` count from the start of this process."""
    problem = json.load(sys.stdin)
    limits = Limits(
        started=STARTED,
        seconds=problem["seconds"],
        iterations=problem.get("iterations"),
        patience=problem.get("patience"),
        asked=lambda: bool(ASKED_TO_END),
    )
    say({"solution": Search(problem, limits, say).run()})


if __name__ == "__main__":
    main()
