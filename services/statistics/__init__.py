"""Statistics: figures of the hall, from what the other services say.

Owns one row of facts for each ticket, case, appointment, on-site order and stretch of overtime, the newest that was
heard, sums of tickets and cases by day and month, an archive of all that was heard, and the unusual movements found
in the sums with their follow-up, and the reports given of ended periods. Hears `ticketing.ticket.*`,
`ticketing.evaluation.*`, `ticketing.window.*` without who sits there, `cases.case.*`, `appointments.appointment.*`,
`dispatch.order.*`, overtime of appointments and dispatch, the departments, items, queues and crews, and
`identity.account.published`, and commendations of quality, which it also takes in from files, as it does cases and
overtime, and then hands on. Publishes `statistics.anomaly.*` and `statistics.commendations.*`, asks nobody. Files of
the past are taken in by processes of their own, `importing` and the `analyst`, which also looks for the movements and
advises on windows.
"""
