"""Makes workbooks and documents of reports, in a process of its own: `python -m services.statistics.reports.rendering`.

What it takes to draw and write them stays out of the service, which starts the process (`caller`) for each file.
"""
