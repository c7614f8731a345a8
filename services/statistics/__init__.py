"""Statistics: figures of the hall, from what the other services say.

Owns one row of facts for each ticket, case, appointment, on-site order and stretch of overtime, the newest that was
heard, sums of tickets and cases by day and month, an archive of all that was heard, and the reports it has given of
ended periods. Hears `ticketing.ticket.*`, `cases.case.*`, `appointments.appointment.*`, `dispatch.order.*`, overtime of
appointments and dispatch, the departments, items, queues and crews, and `identity.account.published`. Publishes
nothing, asks nobody.
"""
