"""Staffing by simulation, in a process of its own: `python -m services.statistics.staffing.simulating`.

`caller` starts it from the analyst and follows it; only `simulation` loads ciw, and only the process loads that.
"""
