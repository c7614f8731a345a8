"""Statistics: figures of the hall, from what the other services say.

Owns one row of facts for each ticket and case, the newest that was heard, and works figures out from these.
Hears `ticketing.ticket.*`, `cases.case.*` and the names of departments, items and queues. Publishes nothing,
asks nobody.
"""
