"""Statistics: figures of the hall, from what the other services say.

Owns one row of facts for each ticket, case, appointment and stretch of overtime, the newest that was heard, and works
figures out from these. Hears `ticketing.ticket.*`, `cases.case.*`, `appointments.appointment.*`,
`appointments.overtime.recorded` and the names of departments, items and queues. Publishes nothing,
asks nobody.
"""
