"""The catalogue: what the hall offers, where, and when it is open.

Owns: departments, zones, queues, windows, items with their dated revisions, business chains, opening hours, calendar,
closures, workbooks of the hall's tables that administrators send.
Hears: identity.hall.set_up (what the hall is called until its tables are loaded).
Publishes: catalogue.department.published, catalogue.zone.published, catalogue.queue.published,
catalogue.window.published, catalogue.item.published, catalogue.item.dated (an item from each day on, announced changes
too), catalogue.hours.published, catalogue.calendar.published, catalogue.closure.published; each carries the
whole state of its subject.
"""
