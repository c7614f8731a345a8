"""Plans a day with a process of its own: `python -m services.dispatch.solver`, one problem in, one solution out.

`Solver` starts it, so that whoever asks neither loads the search nor waits inside it; only `search` knows pyvrp.
"""

from services.dispatch.solver.caller import Solver, SolverFailed

__all__ = ["Solver", "SolverFailed"]
