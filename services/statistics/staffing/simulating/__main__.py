"""The process: reads a problem as JSON, prints a line of advice for each cell."""

import json
import sys
from functools import partial
from typing import Any

from services.statistics.staffing.domain import Cell, Service, advise, customers_a_try
from services.statistics.staffing.simulating.simulation import Hour


def advice(problem: dict[str, Any], cell: Cell) -> dict[str, Any]:
    """Return the advice for a cell of the problem; the same problem gives the same."""
    kept = problem["services"]
    service = Service(**(kept.get(cell.queue) or kept[""]))
    seed = f"{problem['seed']}:{cell.queue}:{cell.weekday}:{cell.hour}"
    people = Hour(cell, service, customers=customers_a_try(len(problem["cells"])), seed=seed)
    simulate = partial(people.outlook, within_s=problem["within_s"])
    return advise(cell, service, simulate, target=problem["target"], within_s=problem["within_s"])


def main() -> None:
    """Work through what stands on stdin."""
    problem = json.load(sys.stdin)
    for each in problem["cells"]:
        row = advice(problem, Cell(**each))
        sys.stdout.write(json.dumps(row, separators=(",", ":")) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
