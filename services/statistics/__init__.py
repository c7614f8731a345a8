"""Statistics: figures of the hall, from what the other services say.

Owns one row of facts for each ticket, case, appointment, on-site order and stretch of overtime, the newest that was
heard, sums of tickets and cases by day and month, and an archive of all that was heard. Hears `ticketing.ticket.*`,
`cases.case.*`, `appointments.appointment.*`, `dispatch.order.*`, overtime of appointments and dispatch, and the
departments, items, queues and crews. Publishes nothing, asks nobody. Files of the past are taken in by processes of
their own, `importing` and the `analyst`.
"""
